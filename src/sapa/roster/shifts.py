"""Shifts: planned from the weekly pattern, changed by hand for a day, gone with the officer."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.core.errors import Refused
from sapa.offices.calendar import is_working_day
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Office
from sapa.people.models import Officer
from sapa.roster import swaps
from sapa.roster.models import KeptDay, Part, Shift, WeeklyPattern
from sapa.roster.patterns import pattern_on, patterns_of
from sapa.roster.rules import can_stand_duty

MOST_WEEKS: Final = 8
FARTHEST: Final = timedelta(days=366)


def plan_weeks(office: Office, *, first: date, weeks: int, by: Officer, at: datetime) -> int:
    """Every working day of these weeks is as the weekly pattern says, from today on; days that were changed by
    hand stay, days off have nobody. How many shifts there are now that were not there before."""
    if not 1 <= weeks <= MOST_WEEKS:
        raise Refused(_("Plan between 1 and %(most)s weeks at once.") % {"most": MOST_WEEKS})
    today = _today(office, at)
    monday = monday_of(first)
    if monday > today + FARTHEST:
        raise Refused(_("These weeks are more than a year away. Choose earlier ones."))
    days = [monday + timedelta(days=ahead) for ahead in range(7 * weeks)]
    days = [day for day in days if day >= today]
    if not days:
        raise Refused(_("These weeks have passed. Choose this week or a later one."))
    with transaction.atomic(), scopes_disabled():
        _lock(office)
        patterns = patterns_of(office)
        if not any(pattern_on(patterns, day) for day in days):
            raise Refused(
                _("No weekly pattern covers these weeks. Write down first who is on duty on which weekday.")
            )
        wanted = _wanted(office, patterns, days)
        stored = {(row.officer_id, row.on): row for row in Shift.objects.filter(office=office, on__in=days)}
        kept = set(KeptDay.objects.filter(office=office, on__in=days).values_list("on", flat=True))
        gone = [row.pk for key, row in stored.items() if key[1] not in kept and wanted.get(key) != row.part]
        Shift.objects.filter(pk__in=gone).delete()
        stays = {key for key, row in stored.items() if row.pk not in gone}
        fresh = [
            Shift(office=office, officer_id=officer, on=on, part=part)
            for (officer, on), part in wanted.items()
            if on not in kept and (officer, on) not in stays
        ]
        Shift.objects.bulk_create(fresh)
        if fresh or gone:
            data = {"from": days[0].isoformat(), "until": days[-1].isoformat(), "shifts": len(fresh)}
            record("shift.planned", office, office_id=office.pk, by=by.user, at=at, data=data)
    return len(fresh)


def set_day(office: Office, on: date, *, parts: Mapping[int, str], by: Officer, at: datetime) -> bool:
    """On that date exactly these officers are on duty (id -> part of the day), and planning leaves the day alone.
    Swaps asked for a shift that is gone are withdrawn. False when it was so already."""
    today = _today(office, at)
    if on < today:
        raise Refused(_("This day has passed; what was is not changed any more."))
    if on > today + FARTHEST:
        raise Refused(_("This day is more than a year away. Choose an earlier one."))
    if any(part not in Part.values for part in parts.values()):
        raise Refused(_("Please choose a part of the day from the list."))
    with transaction.atomic(), scopes_disabled():
        _lock(office)
        here = {
            each.pk for each in Officer.objects.filter(office=office, is_active=True) if can_stand_duty(each)
        }
        if set(parts) - here:
            raise Refused(_("Only officers who work here at the front office or a desk can be on duty."))
        stored = {row.officer_id: row for row in Shift.objects.filter(office=office, on=on)}
        before = {officer: row.part for officer, row in stored.items()}
        if before == dict(parts):
            return False
        _remove([row for officer, row in stored.items() if officer not in parts], at=at)
        for officer, part in parts.items():
            row = stored.get(officer)
            if row is None:
                Shift.objects.create(office=office, officer_id=officer, on=on, part=part)
            elif row.part != part:
                Shift.objects.filter(pk=row.pk).update(part=part)
        kept, _made = KeptDay.objects.get_or_create(office=office, on=on)
        data = {"on": on.isoformat(), "before": _told(before), "after": _told(parts)}
        record("shift.changed", kept, office_id=office.pk, by=by.user, at=at, data=data)
    return True


def clear_after(event: Event, at: datetime) -> None:
    """Who was dismissed, or works in a role that stands no duty, has no shift after today and no swap is asked of
    them any more (wired to officer.dismissed and officer.role_changed)."""
    with transaction.atomic(), scopes_disabled():
        officer = Officer.objects.select_related("office").get(pk=event.subject_id)
        if can_stand_duty(officer):
            return
        _lock(officer.office)
        today = _today(officer.office, at)
        _remove(list(Shift.objects.filter(officer=officer, on__gt=today)), at=at)
        swaps.withdraw_all_of(officer, at=at)


def monday_of(on: date) -> date:
    """The Monday of the date's week."""
    return on - timedelta(days=on.weekday())


def _remove(rows: list[Shift], *, at: datetime) -> None:
    swaps.withdraw_for(rows, at=at)
    Shift.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _wanted(office: Office, patterns: list[WeeklyPattern], days: list[date]) -> dict[tuple[int, date], str]:
    """(officer, date) -> part, as the patterns say for the working days among `days`."""
    calendar = calendar_of(office)
    active = Officer.objects.filter(office=office, is_active=True)
    here = {each.pk for each in active if can_stand_duty(each)}
    wanted = {}
    for day in days:
        pattern = pattern_on(patterns, day)
        if pattern is None or not is_working_day(calendar, day):
            continue
        for duty in pattern.duties.all():
            if duty.weekday == day.weekday() and duty.officer_id in here:
                wanted[duty.officer_id, day] = duty.part
    return wanted


def _lock(office: Office) -> None:
    """One change of an office's roster at a time; the office comes last (docs/architecture.md, Locks)."""
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)


def _today(office: Office, at: datetime) -> date:
    return at.astimezone(office.zone).date()


def _told(parts: Mapping[int, str]) -> dict[str, str]:
    return {str(officer): str(part) for officer, part in sorted(parts.items())}
