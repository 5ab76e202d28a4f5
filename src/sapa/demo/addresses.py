"""Where everything is: the addresses of an office's pages and devices, and the demonstration's sign-ins."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django_scopes import scope

from sapa.demo.cast import PASSWORD, WITH_PASSWORD, client_email
from sapa.offices.models import Device, Office
from sapa.people.models import Officer

PAGES = {
    Device.Kind.KIOSK: "kiosk",
    Device.Kind.BOARD: "board",
    Device.Kind.TABLET: "rating_tablet",
}


def addresses(office: Office, base: str) -> list[tuple[str, str]]:
    """What to open, in the order in which a visitor meets it: name and full address."""
    found = [(_("Public page"), _page("office", office)), (_("Service standard"), _page("standard", office))]
    with scope(office=office):
        devices = list(office.devices.filter(revoked_at=None).order_by("id"))
    for device in devices:
        if device.kind == Device.Kind.POSTER:
            found.append(
                (_("Guest book on the phone (QR poster)"), _page("guestbook", office) + f"?di={device.token}")
            )
        else:
            name = PAGES[Device.Kind(device.kind)]
            found.append((f"{device.get_kind_display()}: {device.name}", _page(name, office, device.token)))
    found += [
        (_("Front office"), _page("reception", office)),
        (_("Desk"), _page("workspace", office)),
        (_("Ask online: search first"), _page("search", office)),
        (_("Inbox"), _page("inbox", office)),
        *(
            (_("Inbox of the province"), _page("inbox", above))
            for above in office.lineage()[1:2]
            if office.is_demo
        ),
        (_("Duty roster"), _page("roster", office)),
        (_("Reports"), _page("reports", office)),
        (_("Settings"), _page("settings", office)),
        (_("Sign in"), reverse("account_login")),
    ]
    return [(name, base.rstrip("/") + path) for name, path in found if path]


def sign_ins(office: Office) -> list[tuple[str, str, str]]:
    """Officers, those of the province too, and clients of a demonstration: role, e-mail, password."""
    offices = office.lineage()[:2]
    with scope(office=offices):
        rows = Officer.objects.filter(office__in=offices, is_active=True).select_related("user", "office")
        staff = [
            (
                each.get_role_display() + ("" if each.office_id == office.pk else f" ({each.office.name})"),
                each.user.email,
                PASSWORD,
            )
            for each in rows.order_by("id")
        ]
    return staff + [(_("Client"), client_email(short), PASSWORD) for short in WITH_PASSWORD]


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """The rows as lines with straight columns."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))] if rows else []
    return [
        "  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _page(name: str, office: Office, *rest: str) -> str:
    try:
        return reverse(name, args=[office.code, *rest])
    except NoReverseMatch:
        return ""
