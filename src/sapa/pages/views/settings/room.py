"""Settings of the room: desks, services, devices, the rules of the queue."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sapa.core.time import now
from sapa.frontdesk.qr import qr_svg
from sapa.offices import equipping
from sapa.offices.models import Desk, Device, Service
from sapa.pages import replay
from sapa.pages.forms.settings import DeskForm, DeviceForm, PolicyForm, ServiceForm
from sapa.pages.views.settings import done, tried
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view


@officer_view(rules.can_administer)
@require_http_methods(["GET", "POST"])
def desks(request: OfficerRequest) -> HttpResponse:
    """Every desk with its services; a new one."""
    return _desk_page(request, None)


@officer_view(rules.can_administer)
@require_http_methods(["GET", "POST"])
def desk(request: OfficerRequest, desk: int) -> HttpResponse:
    """Change one desk."""
    return _desk_page(request, get_object_or_404(Desk, office=request.office, pk=desk))


def _desk_page(request: OfficerRequest, desk: Desk | None) -> HttpResponse:
    here = request.office
    initial = (
        {"name": desk.name, "services": desk.services.all(), "is_active": desk.is_active} if desk else None
    )
    form = DeskForm(request.POST or None, office=here, initial=initial)

    def act() -> Desk:
        return equipping.set_desk(here, desk=desk, **form.cleaned_data, by=request.user, at=now())

    if request.method == "POST" and done(form, act):
        messages.success(request, _("The desk is saved."))
        return redirect("settings_desks", office=here.code)
    rows = here.desks.prefetch_related("services").select_related("officer__user")
    context = {"office": here, "form": form, "desk": desk, "rows": rows}
    return render(request, "pages/settings/desks.html", context, status=422 if form.errors else 200)


@officer_view(rules.can_administer)
def services(request: OfficerRequest) -> HttpResponse:
    """Every service with prefix, limit and typical length."""
    context = {"office": request.office, "rows": request.office.services.all()}
    return render(request, "pages/settings/services.html", context)


@officer_view(rules.can_administer)
@require_http_methods(["GET", "POST"])
def service(request: OfficerRequest, service: int) -> HttpResponse:
    """Change one service."""
    found = get_object_or_404(Service, office=request.office, pk=service)
    names = [name for name in ServiceForm.base_fields if name != "letters"]
    initial = {name: getattr(found, name) for name in names} | {"letters": found.prefix}
    form = ServiceForm(request.POST or None, initial=initial)

    def act() -> Service:
        values = {name: form.cleaned_data[name] for name in names} | {"prefix": form.cleaned_data["letters"]}
        return equipping.set_service(found, values=values, by=request.user, at=now())

    if request.method == "POST" and done(form, act):
        messages.success(request, _("The service is saved."))
        return redirect("settings_services", office=request.office.code)
    context = {"office": request.office, "form": form, "service": found}
    return render(request, "pages/settings/service.html", context, status=422 if form.errors else 200)


@officer_view(rules.can_administer)
@require_http_methods(["GET", "POST"])
def devices(request: OfficerRequest) -> HttpResponse:
    """Kiosks, boards, tablets, posters; a new one leads to its page with address and code."""
    here = request.office
    form = DeviceForm(request.POST or None, office=here)
    made: list[Device] = []
    if request.method == "POST" and done(
        form,
        lambda: made.append(equipping.add_device(here, **form.cleaned_data, by=request.user, at=now())),
    ):
        return redirect("settings_device", office=here.code, device=made[0].pk)
    context = {"office": here, "form": form, "rows": here.devices.select_related("desk")}
    return render(request, "pages/settings/devices.html", context, status=422 if form.errors else 200)


@officer_view(rules.can_administer)
def device(request: OfficerRequest, device: int) -> HttpResponse:
    """The address of one device, as text and as a QR code to scan with it."""
    found = get_object_or_404(Device.objects.select_related("desk"), office=request.office, pk=device)
    address = request.build_absolute_uri(address_of(found, request.office.code))
    context = {
        "office": request.office,
        "device": found,
        "address": address,
        "qr": qr_svg(address) if found.revoked_at is None else "",
    }
    return render(request, "pages/settings/device.html", context)


def address_of(device: Device, code: str) -> str:
    """Where the device begins: its own page, or the guest book for the poster's QR code."""
    if device.kind == Device.Kind.POSTER:
        return f"{reverse('guestbook', args=[code])}?di={device.token}"
    name = {
        Device.Kind.KIOSK: "kiosk",
        Device.Kind.BOARD: "board",
        Device.Kind.TABLET: "rating_tablet",
    }[Device.Kind(device.kind)]
    return reverse(name, args=[code, device.token])


@officer_view(rules.can_administer)
@require_POST
def revoke_device(request: OfficerRequest, device: int) -> HttpResponse:
    """The device's address leads nowhere from now on."""
    found = get_object_or_404(Device, office=request.office, pk=device)
    tried(
        request,
        lambda: equipping.revoke_device(found, by=request.user, at=now()),
        _("The device is revoked. Its address no longer works."),
    )
    return redirect("settings_devices", office=request.office.code)


@officer_view(rules.can_administer)
@require_http_methods(["GET", "POST"])
def policy(request: OfficerRequest) -> HttpResponse:
    """Priority, numbers from afar, second step at sign-in; a proposed rule is tried on the last service day first."""
    here, at = request.office, now()
    initial = {name: getattr(here, name) for name in PolicyForm.base_fields}
    form = PolicyForm(request.POST or None, initial=initial)
    proposed = form.cleaned_data.get("priority_every") if form.is_bound and form.is_valid() else None
    is_trial = request.POST.get("action") == "try"
    if (
        request.method == "POST"
        and not is_trial
        and done(form, lambda: equipping.set_policy(here, **form.cleaned_data, by=request.user, at=at))
    ):
        messages.success(request, _("The rules are saved."))
        return redirect("settings_policy", office=here.code)
    context = {
        "office": here,
        "form": form,
        "is_trial": is_trial and proposed is not None,
        "replay": replay.comparison(here, proposed=proposed, before=at.astimezone(here.zone).date()),
    }
    return render(request, "pages/settings/policy.html", context, status=422 if form.errors else 200)
