"""From the rows of an office and the offices above it to its pure calendar."""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import date
from threading import Lock

from django_scopes import scopes_disabled

from sapa.core.ids import token
from sapa.offices.calendar import Calendar, Closure, DayOff, HolidayKind, Interval, Timetable
from sapa.offices.models import Closure as ClosureRow
from sapa.offices.models import Holiday, HolidayDecree, Hours, Office

# One entry is about 40 kB; an installation for the whole country has some 550 offices.
MOST_KEPT = 600

_Stamp = tuple[str, ...]
_kept: OrderedDict[int, tuple[_Stamp, Calendar]] = OrderedDict()
_lock = Lock()


def calendar_of(office: Office) -> Calendar:
    """The calendar of the office: own hours (else those of the nearest office above that has any), the days
    off of its whole lineage, own closures, the years a decree has confirmed. Built once and kept in this
    process until the office or one above it changes; every process notices, for the stamps are read with the
    office.

    The day-zero rule belongs to the standard of a request: pass `day_zero=` where working days are counted.
    """
    lineage = office.lineage()
    stamp = (office.zone_name, *(each.calendar_stamp for each in lineage))
    with _lock:
        known = _kept.get(office.pk)
        if known is not None and known[0] == stamp:
            _kept.move_to_end(office.pk)
            return known[1]
    calendar = _build(office, lineage)
    with _lock:
        _kept[office.pk] = (stamp, calendar)
        if len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return calendar


def touch(office: Office) -> None:
    """From now on the calendars of the office and of all offices below it are built anew."""
    office.calendar_stamp = token()
    office.save(update_fields=["calendar_stamp"])


def _build(office: Office, lineage: list[Office]) -> Calendar:
    with scopes_disabled():
        weeks = list(Hours.objects.filter(office__in=lineage).prefetch_related("intervals"))
        holidays = list(Holiday.objects.filter(office__in=lineage))
        closures = list(ClosureRow.objects.filter(office=office))
        confirmed = HolidayDecree.objects.filter(confirmed=True).values_list("year", flat=True)
        return Calendar(
            zone=office.zone,
            timetables=tuple(_timetable(week) for week in nearest(weeks, lineage)),
            days_off=_days_off(holidays, lineage),
            closures=tuple(Closure(row.starts_at, row.ends_at, row.reason) for row in closures),
            confirmed_years=frozenset(confirmed),
        )


def nearest(weeks: Iterable[Hours], lineage: list[Office]) -> list[Hours]:
    """The hours of the first office of the line that has any."""
    by_office: dict[int, list[Hours]] = {}
    for week in weeks:
        by_office.setdefault(week.office_id, []).append(week)
    return next((by_office[each.pk] for each in lineage if each.pk in by_office), [])


def _timetable(hours: Hours) -> Timetable:
    week: list[list[Interval]] = [[] for _ in range(7)]
    for row in hours.intervals.all():
        week[row.weekday].append(Interval(row.opens, row.closes))
    return Timetable(hours.name, tuple(tuple(day) for day in week), hours.starts_on, hours.ends_on)


def _days_off(holidays: Iterable[Holiday], lineage: list[Office]) -> dict[date, tuple[DayOff, ...]]:
    scopes = {each.pk: each.kind for each in lineage}
    days: dict[date, tuple[DayOff, ...]] = {}
    for row in sorted(holidays, key=lambda row: (row.on, row.kind, row.pk)):
        day = DayOff(
            row.on, row.name_id, row.name_en, HolidayKind(row.kind), row.source, str(scopes[row.office_id])
        )
        days[row.on] = (*days.get(row.on, ()), day)
    return days
