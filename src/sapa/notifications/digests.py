"""One overview a day, at the hour its reader chose: for officers what waits, for clients what is new. Due rows.

On a day on which the office is closed officers are left alone, and where nothing waits nothing is sent.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_scopes import scopes_disabled

from sapa.consultations.models import Consultation, WaitingFor
from sapa.core.work import Source
from sapa.notifications import readers, reading
from sapa.notifications.kinds import DIGEST
from sapa.notifications.letters import Item, absolute
from sapa.notifications.models import Delivery, Notification, Reader, Way
from sapa.notifications.words import words_of
from sapa.offices.calendar import open_intervals
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Office
from sapa.people import rules
from sapa.people.models import Officer, User

SOON = timedelta(days=1)
MOST_UNSEEN = 10


def items_of(user: User, *, at: datetime) -> list[Item]:
    """What the overview says now, in the active language; empty when nothing waits."""
    officer = _officer(user)
    if officer is None:
        return _of_client(user)
    return _of_officer(officer, at) if rules.can_serve(officer) or rules.can_supervise(officer) else []


def _of_officer(officer: Officer, at: datetime) -> list[Item]:
    rows = Consultation.objects.filter(office=officer.office, waiting_for=WaitingFor.OFFICE)
    inbox = absolute(reverse("inbox", args=[officer.office.code]))
    late = rows.filter(due_at__lte=at).count()
    soon = rows.filter(due_at__gt=at, due_at__lte=at + SOON).count()
    mine = rows.filter(officer=officer).count()
    nobodys = rows.filter(officer=None).count()
    lines = (
        (late, ngettext("%(count)s promise is overdue", "%(count)s promises are overdue", late)),
        (soon, ngettext("%(count)s promise ends within a day", "%(count)s promises end within a day", soon)),
        (mine, ngettext("%(count)s of yours waits for you", "%(count)s of yours wait for you", mine)),
        (
            nobodys,
            ngettext("%(count)s has not been taken yet", "%(count)s have not been taken yet", nobodys),
        ),
    )
    return [
        Item(title=text % {"count": count}, text="", action=_("Open the inbox"), address=inbox)
        for count, text in lines
        if count
    ]


def _of_client(user: User) -> list[Item]:
    return [
        Item(
            title=said.title,
            text="",
            action=said.action,
            address=absolute(reverse("notification", args=[each.pk])),
        )
        for each in reading.unseen(user)[:MOST_UNSEEN]
        for said in (words_of(each),)
    ]


def _officer(user: User) -> Officer | None:
    return Officer.objects.select_related("office").filter(user=user, is_active=True).first()


def _due(at: datetime, limit: int) -> list[int]:
    rows = Reader.objects.filter(digest_due_at__lte=at).order_by("digest_due_at", "id")
    return list(rows.values_list("id", flat=True)[:limit])


def _run(row: int, at: datetime) -> None:
    """The next one is planned and this one is on its way, in one step: said twice it is one."""
    with transaction.atomic(), scopes_disabled():
        reader = Reader.objects.select_related("user").get(pk=row)
        if reader.digest_due_at is None or reader.digest_due_at > at:
            return
        claimed = Reader.objects.filter(pk=row, digest_due_at=reader.digest_due_at)
        if not claimed.update(digest_due_at=readers.next_digest(reader, at)) or not reader.user.is_active:
            return
        officer = _officer(reader.user)
        office = officer.office if officer is not None else _office_of(reader.user)
        if office is None or (officer is not None and not _opens(office, at)):
            return
        if not items_of(reader.user, at=at):
            return
        notification = Notification.objects.create(
            user=reader.user,
            office=office,
            what=DIGEST,
            path=reverse("inbox", args=[office.code]) if officer else reverse("notifications"),
            params={} if officer else {"variant": "client"},
            in_page=False,
            created_at=at,
        )
        Delivery.objects.create(notification=notification, way=Way.MAIL, due_at=at)


def _office_of(user: User) -> Office | None:
    """The office that a client heard from last."""
    last = reading.unseen(user).first()
    return last.office if last is not None else None


def _opens(office: Office, at: datetime) -> bool:
    return bool(open_intervals(calendar_of(office), at.astimezone(office.zone).date()))


def _fail(row: int, at: datetime, reason: str) -> None:
    """An overview that cannot be made is left out: tomorrow's says the same."""
    reader = Reader.objects.get(pk=row)
    reader.digest_due_at = readers.next_digest(reader, at)
    reader.save(update_fields=["digest_due_at"])


def _oldest() -> datetime | None:
    oldest: datetime | None = Reader.objects.aggregate(oldest=Min("digest_due_at"))["oldest"]
    return oldest


SOURCE = Source(name="digests", due=_due, run=_run, fail=_fail, oldest=_oldest)
