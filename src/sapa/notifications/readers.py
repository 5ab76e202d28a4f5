"""How somebody wants to be written to: the language, the hours of rest, the hour of the digest."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.core.errors import Refused
from sapa.notifications.models import Reader
from sapa.offices.models import Office
from sapa.people.models import Officer, User
from sapa.ui.language import SPOKEN

# An officer's evening belongs to the officer (lessons.md E.2: mails at midnight); a client's night to the client.
OFFICERS_REST: Final = (time(18), time(6, 30))
CLIENTS_REST: Final = (time(21), time(6))
DIGEST_TIME: Final = time(7, 30)
AFTER_WEEKEND: Final = time(7)


def reader_of(user: User, *, at: datetime, language: str = "", office: Office | None = None) -> Reader:
    """How this person wants to be written to; made with the habits of an officer or a client when there is no row."""
    known = Reader.objects.filter(user=user).first()
    if known is not None:
        return known
    officer = _officer_of(user)
    place = officer.office if officer is not None else office
    made = Reader(
        user=user, language=language or "id", zone_name=place.zone_name if place else Office.Zone.WIB
    )
    if officer is None:
        made.quiet_from, made.quiet_until = CLIENTS_REST
    else:
        made.quiet_from, made.quiet_until = OFFICERS_REST
        made.quiet_weekends, made.digest_time = True, DIGEST_TIME
        made.digest_due_at = next_digest(made, at)
    values = {
        name: getattr(made, name)
        for name in (
            "language",
            "zone_name",
            "quiet_from",
            "quiet_until",
            "quiet_weekends",
            "digest_time",
            "digest_due_at",
        )
    }
    return Reader.objects.get_or_create(user=user, defaults=values)[0]


def change(
    reader: Reader,
    *,
    language: str,
    quiet_from: time | None,
    quiet_until: time | None,
    quiet_weekends: bool,
    digest_time: time | None,
    at: datetime,
) -> None:
    """The reader is written to in that way from now on. Refused when only one end of the rest is given."""
    if (quiet_from is None) != (quiet_until is None):
        raise Refused(_("Quiet hours need a beginning and an end, or neither."), code="half_quiet")
    if quiet_from is not None and quiet_from == quiet_until:
        raise Refused(
            _("Quiet hours cannot begin and end at the same time. Leave both empty for none."),
            code="half_quiet",
        )
    reader.language, reader.language_is_chosen = language, True
    reader.quiet_from, reader.quiet_until, reader.quiet_weekends = quiet_from, quiet_until, quiet_weekends
    reader.digest_time = digest_time
    reader.digest_due_at = next_digest(reader, at)
    reader.save()


def speaks(user: User, language: str, *, at: datetime) -> None:
    """The person reads pages in `language` now: mails follow, unless another one was chosen for them."""
    if language not in SPOKEN:
        return
    reader = reader_of(user, at=at, language=language)
    if not reader.language_is_chosen and reader.language != language:
        Reader.objects.filter(pk=reader.pk, language_is_chosen=False).update(language=language)


def after_rest(reader: Reader, at: datetime) -> datetime:
    """`at` itself, or the end of the rest in which it falls, on the reader's own clock."""
    moment = at
    # An evening before a weekend ends on Monday morning: a few steps, never more.
    for _step in range(4):
        wake = _end_of_rest(reader, moment)
        if wake is None:
            return moment
        moment = wake
    return moment


def next_digest(reader: Reader, after: datetime) -> datetime | None:
    """The next instant of the reader's digest hour; with quiet weekends not on Saturday and Sunday."""
    if reader.digest_time is None:
        return None
    zone = ZoneInfo(reader.zone_name)
    day = after.astimezone(zone).date()
    while True:
        found = datetime.combine(day, reader.digest_time, tzinfo=zone)
        if found > after and not (reader.quiet_weekends and day.weekday() >= 5):
            return found
        day += timedelta(days=1)


def _end_of_rest(reader: Reader, at: datetime) -> datetime | None:
    zone = ZoneInfo(reader.zone_name)
    wall = at.astimezone(zone)
    if reader.quiet_weekends and wall.weekday() >= 5:
        monday = wall.date() + timedelta(days=7 - wall.weekday())
        return datetime.combine(monday, reader.quiet_until or AFTER_WEEKEND, tzinfo=zone)
    begins, ends = reader.quiet_from, reader.quiet_until
    if begins is None or ends is None:
        return None
    now = wall.time()
    if begins < ends:
        return datetime.combine(wall.date(), ends, tzinfo=zone) if begins <= now < ends else None
    if now >= begins:
        return datetime.combine(wall.date() + timedelta(days=1), ends, tzinfo=zone)
    return datetime.combine(wall.date(), ends, tzinfo=zone) if now < ends else None


def _officer_of(user: User) -> Officer | None:
    with scopes_disabled():
        return Officer.objects.select_related("office").filter(user=user, is_active=True).first()
