"""When an office does not serve: days off with their decree, closures, hours.

Every change is recorded, and the open deadlines that lean on it are counted anew (wiring.py).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from django.db import models, transaction
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.core.errors import Refused, Stale
from sapa.offices.calendar import DayOff, Decree, load_national
from sapa.offices.calendars import touch
from sapa.offices.models import Closure, Holiday, HolidayDecree, Hours, Office, OpeningInterval

NATION: Final = "0000"
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_CLOSURE = timedelta(days=366)

Week = Mapping[int, Sequence[tuple[time, time]]]


def declare(
    office: Office,
    *,
    on: date,
    name_id: str,
    name_en: str,
    kind: str,
    source: str,
    by: models.Model | None,
    at: datetime,
) -> Holiday:
    """The date is off for the office and all below it. Said twice in the same words it is still once; a
    second day off of the same kind on the same date is refused."""
    name_id, name_en, source = name_id.strip(), name_en.strip(), source.strip()
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise Refused(
            _("The year must lie between %(first)s and %(last)s.")
            % {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        )
    if kind not in Holiday.Kind.values or not (name_id and name_en and source):
        raise Refused(_("A day off needs a kind, both names and the decree or letter that says so."))
    with transaction.atomic():
        holiday, is_new = Holiday.objects.get_or_create(
            office=office,
            on=on,
            kind=kind,
            defaults={"name_id": name_id, "name_en": name_en, "source": source},
        )
        if not is_new:
            if (holiday.name_id, holiday.name_en, holiday.source) == (name_id, name_en, source):
                return holiday
            raise Refused(
                _("This date is already off as “%(name)s”. Withdraw that day off first if it is wrong.")
                % {"name": holiday.name}
            )
        touch(office)
        record("holiday.declared", holiday, office_id=office.pk, by=by, at=at, data=_told(holiday))
    return holiday


def withdraw(holiday: Holiday, *, by: models.Model | None, at: datetime) -> None:
    """The date counts as a working day again, unless something else makes it one off."""
    with transaction.atomic():
        # The row's key is gone from the object after delete(); the record needs it.
        kept = Holiday(pk=holiday.pk)
        if not Holiday.objects.filter(pk=holiday.pk).delete()[0]:
            raise Stale(_("This day off has already been withdrawn."))
        touch(holiday.office)
        record("holiday.withdrawn", kept, office_id=holiday.office_id, by=by, at=at, data=_told(holiday))


def confirm_year(
    nation: Office, *, year: int, title: str, by: models.Model | None, at: datetime
) -> HolidayDecree:
    """The joint decree for the year is known: deadlines that reach into it no longer warn."""
    if nation.kind != Office.Kind.NATIONAL:
        raise Refused(_("Only the national office confirms the holiday decree of a year."))
    title = title.strip()
    if not title or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(_("Please give the year and the number of its decree."))
    with transaction.atomic():
        decree, _made = HolidayDecree.objects.update_or_create(
            year=year, defaults={"title": title, "confirmed": True}
        )
        touch(nation)
        record(
            "holidays.confirmed",
            decree,
            office_id=nation.pk,
            by=by,
            at=at,
            data={"year": year, "title": title},
        )
    return decree


def seed_national(at: datetime, *, by: models.Model | None = None) -> int:
    """The shipped days off and decrees stand in the national office, which is made when it is missing.
    Returns how many days off were added; what an administrator withdrew is not brought back."""
    days_off, decrees = load_national()
    with transaction.atomic(), scopes_disabled():
        nation, _made = Office.objects.get_or_create(
            code=NATION, defaults={"kind": Office.Kind.NATIONAL, "name": "Badan Pusat Statistik"}
        )
        known = set(Holiday.objects.filter(office=nation).values_list("on", "kind"))
        withdrawn = {
            (data["on"], data["kind"])
            for data in Event.objects.filter(office=nation, name="holiday.withdrawn").values_list(
                "data", flat=True
            )
        }
        added = [
            _row(nation, day)
            for days in days_off.values()
            for day in days
            if (day.on, day.kind.value) not in known and (day.on.isoformat(), day.kind.value) not in withdrawn
        ]
        Holiday.objects.bulk_create(added)
        years = _seed_decrees(decrees)
        if added or years:
            touch(nation)
            data = {"days_off": len(added), "years": years}
            record("holidays.loaded", nation, office_id=nation.pk, by=by, at=at, data=data)
    return len(added)


def close(
    office: Office,
    *,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by: models.Model | None,
    at: datetime,
) -> Closure:
    """The office does not serve between the two instants; visitors read the reason. The same closure said
    twice is one; an overlapping one is refused."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("Please say why the office is closed; visitors will read it."))
    if ends_at <= starts_at:
        raise Refused(_("The end must come after the beginning."))
    if ends_at - starts_at > LONGEST_CLOSURE:
        raise Refused(_("A closure can last a year at most. Please check the dates."))
    with transaction.atomic(), scopes_disabled():
        Office.objects.select_for_update(no_key=True).get(pk=office.pk)
        other = Closure.objects.filter(office=office, starts_at__lt=ends_at, ends_at__gt=starts_at).first()
        if other is not None:
            if (other.starts_at, other.ends_at, other.reason) == (starts_at, ends_at, reason):
                return other
            raise Refused(
                _("The office is already closed in that time: “%(reason)s”. Withdraw that closure first.")
                % {"reason": other.reason}
            )
        closure = Closure.objects.create(office=office, starts_at=starts_at, ends_at=ends_at, reason=reason)
        touch(office)
        record("closure.declared", closure, office_id=office.pk, by=by, at=at, data=_span(closure))
    return closure


def reopen(closure: Closure, *, by: models.Model | None, at: datetime) -> None:
    """The closure is withdrawn: its time counts again."""
    with transaction.atomic(), scopes_disabled():
        kept = Closure(pk=closure.pk)
        if not Closure.objects.filter(pk=closure.pk).delete()[0]:
            raise Stale(_("This closure has already been withdrawn."))
        touch(closure.office)
        record("closure.withdrawn", kept, office_id=closure.office_id, by=by, at=at, data=_span(closure))


def set_hours(
    office: Office,
    *,
    name: str,
    week: Week,
    starts_on: date | None = None,
    ends_on: date | None = None,
    by: models.Model | None,
    at: datetime,
) -> Hours:
    """The week is the office's regular one, or, with dates, the one that overrides it between them (both
    included). A week with the same beginning is replaced."""
    name = name.strip()
    if not name:
        raise Refused(_("Please give these hours a name."))
    if (starts_on is None) != (ends_on is None):
        raise Refused(_("Please give both dates, or none for the regular week."))
    if starts_on and ends_on and ends_on < starts_on:
        raise Refused(_("The last day must not come before the first day."))
    check_week(week)
    with transaction.atomic(), scopes_disabled():
        Office.objects.select_for_update(no_key=True).get(pk=office.pk)
        _refuse_overlap(office, starts_on, ends_on)
        hours, _made = Hours.objects.update_or_create(
            office=office, starts_on=starts_on, defaults={"name": name, "ends_on": ends_on}
        )
        before = _week_told(hours)
        hours.intervals.all().delete()
        OpeningInterval.objects.bulk_create(
            OpeningInterval(hours=hours, weekday=day, opens=opens, closes=closes)
            for day, intervals in sorted(week.items())
            for opens, closes in intervals
        )
        touch(office)
        data = {
            "name": name,
            "starts_on": starts_on and starts_on.isoformat(),
            "ends_on": ends_on and ends_on.isoformat(),
            "before": before,
            "after": _week_told(hours),
        }
        record("hours.changed", hours, office_id=office.pk, by=by, at=at, data=data)
    return hours


def drop_hours(hours: Hours, *, by: models.Model | None, at: datetime) -> None:
    """The dated week is gone; the regular one rules those dates again."""
    if hours.starts_on is None:
        raise Refused(_("The regular week cannot be removed; change it instead."))
    with transaction.atomic(), scopes_disabled():
        data = {"name": hours.name, "starts_on": hours.starts_on.isoformat(), "before": _week_told(hours)}
        kept = Hours(pk=hours.pk)
        if not Hours.objects.filter(pk=hours.pk).delete()[0]:
            raise Stale(_("These hours have already been removed."))
        touch(hours.office)
        record("hours.changed", kept, office_id=hours.office_id, by=by, at=at, data=data)


def check_week(week: Week) -> None:
    """Refuses a week in which an interval ends before it begins, or two of a day overlap."""
    for day, intervals in week.items():
        ordered = sorted(intervals)
        for opens, closes in ordered:
            if closes <= opens:
                raise Refused(
                    _("%(day)s: the hours %(opens)s–%(closes)s end before they begin.")
                    % {"day": weekday_name(day), "opens": f"{opens:%H.%M}", "closes": f"{closes:%H.%M}"}
                )
        for (opens, closes), (later, until) in pairwise(ordered):
            if later < closes:
                raise Refused(
                    _("%(day)s: the hours %(first)s and %(second)s overlap. Please join or separate them.")
                    % {
                        "day": weekday_name(day),
                        "first": f"{opens:%H.%M}–{closes:%H.%M}",
                        "second": f"{later:%H.%M}–{until:%H.%M}",
                    }
                )


def weekday_name(day: int) -> str:
    """Monday for 0, in the reader's language."""
    return (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )[day]


def _refuse_overlap(office: Office, starts_on: date | None, ends_on: date | None) -> None:
    if starts_on is None:
        return
    other = (
        Hours.objects.filter(office=office, starts_on__lte=ends_on, ends_on__gte=starts_on)
        .exclude(starts_on=starts_on)
        .first()
    )
    if other is not None:
        raise Refused(
            _("These dates overlap with “%(name)s”. Change its dates or choose others.")
            % {"name": other.name}
        )


def _seed_decrees(decrees: Sequence[Decree]) -> list[int]:
    """Confirm the years whose decree is shipped; an amended one is named with its amendment."""
    amended = {decree.amends: decree.number for decree in decrees if decree.amends}
    years = []
    for decree in decrees:
        if decree.confirms is None:
            continue
        title = decree.number + (f", {amended[decree.key]}" if decree.key in amended else "")
        row, is_new = HolidayDecree.objects.get_or_create(
            year=decree.confirms, defaults={"title": title, "confirmed": True}
        )
        if not is_new and not row.confirmed:
            row.title, row.confirmed, is_new = title, True, True
            row.save(update_fields=["title", "confirmed"])
        if is_new:
            years.append(decree.confirms)
    return years


def _row(nation: Office, day: DayOff) -> Holiday:
    return Holiday(
        office=nation,
        on=day.on,
        name_id=day.name_id,
        name_en=day.name_en,
        kind=day.kind.value,
        source=day.source,
    )


def _told(holiday: Holiday) -> dict[str, str]:
    return {
        "on": holiday.on.isoformat(),
        "kind": holiday.kind,
        "name_id": holiday.name_id,
        "name_en": holiday.name_en,
        "source": holiday.source,
    }


def _span(closure: Closure) -> dict[str, str]:
    return {
        "starts_at": closure.starts_at.isoformat(),
        "ends_at": closure.ends_at.isoformat(),
        "reason": closure.reason,
    }


def _week_told(hours: Hours) -> list[list[str | int]]:
    rows = OpeningInterval.objects.filter(hours=hours)
    return [[row.weekday, f"{row.opens:%H:%M}", f"{row.closes:%H:%M}"] for row in rows]
