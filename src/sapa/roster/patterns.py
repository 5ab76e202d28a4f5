"""The weekly pattern: who is on duty on which weekday, from a date on."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.activity.recording import record
from sapa.core.errors import Refused, Stale
from sapa.offices.models import Office
from sapa.people.models import Officer
from sapa.roster.models import Part, WeeklyDuty, WeeklyPattern
from sapa.roster.rules import can_stand_duty

# An officer and a weekday (0 is Monday) -> which part of that day.
Duties = Mapping[tuple[int, int], str]
LONGEST_AHEAD: Final = timedelta(days=366)


def set_pattern(
    office: Office,
    *,
    duties: Duties,
    valid_from: date,
    valid_until: date | None = None,
    by: Officer,
    at: datetime,
) -> WeeklyPattern:
    """From `valid_from` on the week looks like `duties`; until `valid_until`, when given, after which the pattern
    before it rules again. A pattern with the same beginning is replaced. Shifts change when weeks are planned."""
    today = at.astimezone(office.zone).date()
    if not today <= valid_from <= today + LONGEST_AHEAD:
        raise Refused(_("A pattern begins today or later, within a year. Choose another first day."))
    if valid_until is not None and valid_until < valid_from:
        raise Refused(_("The last day must not come before the first day."))
    _refuse_strangers(office, duties)
    with transaction.atomic(), scopes_disabled():
        Office.objects.select_for_update(no_key=True).get(pk=office.pk)
        pattern, _made = WeeklyPattern.objects.update_or_create(
            office=office, valid_from=valid_from, defaults={"valid_until": valid_until}
        )
        before = _told(pattern)
        pattern.duties.all().delete()
        WeeklyDuty.objects.bulk_create(
            WeeklyDuty(pattern=pattern, officer_id=officer, weekday=weekday, part=part)
            for (officer, weekday), part in sorted(duties.items())
        )
        data = {
            "from": valid_from.isoformat(),
            "until": valid_until.isoformat() if valid_until else None,
            "before": before,
            "after": _told(pattern),
        }
        record("duty_pattern.changed", pattern, office_id=office.pk, by=by.user, at=at, data=data)
    return pattern


def drop(pattern: WeeklyPattern, *, by: Officer, at: datetime) -> None:
    """The pattern plans nothing any more: one that has begun ended yesterday, one to come is gone. What is planned
    stays until the weeks are planned again."""
    with transaction.atomic(), scopes_disabled():
        Office.objects.select_for_update(no_key=True).get(pk=pattern.office_id)
        today = at.astimezone(by.office.zone).date()
        still = Q(valid_until=None) | Q(valid_until__gte=today)
        stored = WeeklyPattern.objects.filter(still, pk=pattern.pk).first()
        if stored is None:
            raise Stale(_("This pattern has already been ended."))
        data = {"from": stored.valid_from.isoformat(), "before": _told(stored)}
        record("duty_pattern.ended", stored, office_id=stored.office_id, by=by.user, at=at, data=data)
        if stored.valid_from < today:
            WeeklyPattern.objects.filter(pk=stored.pk).update(valid_until=today - timedelta(days=1))
        else:
            WeeklyPattern.objects.filter(pk=stored.pk).delete()


def pattern_on(patterns: list[WeeklyPattern], on: date) -> WeeklyPattern | None:
    """The pattern that rules the date: of those that cover it, the one that began last."""
    covering = [
        each
        for each in patterns
        if each.valid_from <= on and (each.valid_until is None or on <= each.valid_until)
    ]
    return max(covering, key=lambda each: each.valid_from, default=None)


def patterns_of(office: Office) -> list[WeeklyPattern]:
    """All patterns of the office with their duties; two queries."""
    with scopes_disabled():
        return list(WeeklyPattern.objects.filter(office=office).prefetch_related("duties"))


def _refuse_strangers(office: Office, duties: Duties) -> None:
    if any(weekday not in range(7) or part not in Part.values for (_o, weekday), part in duties.items()):
        raise Refused(_("Please choose a weekday and a part of the day from the list."))
    wanted = {officer for officer, _weekday in duties}
    with scopes_disabled():
        known = {
            each.pk for each in Officer.objects.filter(office=office, pk__in=wanted) if can_stand_duty(each)
        }
    if wanted - known:
        raise Refused(_("Only officers who work here at the front office or a desk can be on duty."))


def _told(pattern: WeeklyPattern) -> list[list[int | str]]:
    rows = WeeklyDuty.objects.filter(pattern=pattern).order_by("officer_id", "weekday")
    return [[row.officer_id, row.weekday, row.part] for row in rows]
