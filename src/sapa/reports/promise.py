"""How the promise of the standard was kept: who was served within the promised minutes, who was not, who is not
counted and why. Nobody disappears: every number of the period stands in exactly one outcome.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from statistics import median
from typing import Final

from django.core.cache import cache
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sapa.consultations.models import Deadline
from sapa.core.errors import Refused
from sapa.feedback import ratings, skm
from sapa.feedback.models import Rating
from sapa.frontdesk.models import QueueTicket, ServiceDay, TicketState
from sapa.offices.models import Desk, Office, Service
from sapa.offices.standards import standard_in_force
from sapa.reports import pauses
from sapa.reports.pauses import Pause
from sapa.reports.period import Kind, Period
from sapa.reports.table import Bar, Cell, Table
from sapa.ui.dates import short_date

PUBLIC_DAYS: Final = 90
PUBLIC_SECONDS: Final = 600


class Outcome(StrEnum):
    """What became of the promise to one number. KEPT and BROKEN are counted, the others told beside them."""

    KEPT = "kept"
    BROKEN = "broken"
    PENDING = "pending"
    NO_CLOCK = "no_clock"
    NO_SHOW = "no_show"
    WITHDRAWN = "withdrawn"
    UNSERVED = "unserved"


EXCLUDED: Final = {
    Outcome.PENDING: gettext_lazy("Still waiting, on hold, or the promise still runs"),
    Outcome.NO_CLOCK: gettext_lazy("Served before their promise began to run (called out of turn)"),
    Outcome.NO_SHOW: gettext_lazy("Did not come when called"),
    Outcome.WITHDRAWN: gettext_lazy("Gave up their number before the promise was due"),
    Outcome.UNSERVED: gettext_lazy("Not served by the end of the day, without a promise that fell due"),
}
_ENDED: Final = {
    TicketState.NO_SHOW: Outcome.NO_SHOW,
    TicketState.WITHDRAWN: Outcome.WITHDRAWN,
    TicketState.UNSERVED: Outcome.UNSERVED,
}
_OPEN: Final = {TicketState.WAITING, TicketState.CALLED, TicketState.HELD}


@dataclass(frozen=True, slots=True)
class Row:
    """One number for a consultation, with the clock that decided its outcome."""

    label: str
    day: date
    service: str
    desk: str
    outcome: Outcome
    issued_at: datetime
    started_at: datetime | None
    clock_started_at: datetime | None
    due_at: datetime | None
    breached_at: datetime | None
    met_at: datetime | None
    was_held: bool
    is_flagged: bool
    pauses: Sequence[Pause]

    @property
    def felt(self) -> timedelta | None:
        """From the number to the chair: what the visitor felt as waiting."""
        return None if self.started_at is None else self.started_at - self.issued_at


@dataclass(frozen=True, slots=True)
class Score:
    """So many of so many."""

    kept: int
    counted: int

    @property
    def share(self) -> Decimal | None:
        """Per cent, half up to one decimal; None when nothing was counted."""
        if not self.counted:
            return None
        return Decimal(math.floor(Fraction(self.kept * 1000, self.counted) + Fraction(1, 2))).scaleb(-1)


@dataclass(frozen=True, slots=True)
class Felt:
    """The felt waiting time of those who were served; who had been on hold is counted apart."""

    served: int
    held: int
    median: timedelta | None
    ninetieth: timedelta | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the page, the print and the files show."""

    period: Period
    minutes: int | None
    total: int
    score: Score
    excluded: Mapping[Outcome, int]
    pauses: int
    holds: int
    holds_by_officers: int
    flagged: int
    felt: Felt
    forecasts: Score
    days_unsettled: int
    weeks: Table
    desks: Table
    left_out: Table
    breaches: Table
    pauses_listed: Table
    pauses_by: Table
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """What the public page may say: the promise and the index of the last ninety days."""

    days: int
    minutes: int | None
    kept: int
    counted: int
    share: Decimal | None
    index: Decimal | None
    grade: skm.Grade | None
    ratings: int


def report(office: Office, period: Period) -> Report:
    """The promise report of the office; six queries however long the period."""
    found = rows(office, period)
    outcomes = Counter(row.outcome for row in found)
    days = ServiceDay.objects.filter(office=office, day__range=(period.first, period.last)).aggregate(
        held=Sum("forecasts_held", filter=Q(settled_at__isnull=False)),
        made=Sum("forecasts_made", filter=Q(settled_at__isnull=False)),
        unsettled=Count("id", filter=Q(settled_at=None)),
    )
    weeks = _weeks(found)
    paused = [pause for row in found for pause in row.pauses]
    holds = [each for each in paused if each.reason == pauses.HELD]
    return Report(
        period=period,
        minutes=promised_minutes(office, period.last),
        total=len(found),
        score=score(found),
        excluded={each: outcomes[each] for each in EXCLUDED if outcomes[each]},
        pauses=len(paused),
        holds=len(holds),
        holds_by_officers=sum(bool(each.by) for each in holds),
        flagged=sum(row.is_flagged for row in found),
        felt=felt(found),
        forecasts=Score(days["held"] or 0, days["made"] or 0),
        days_unsettled=days["unsettled"],
        weeks=_score_table("minggu", _("By week"), _("Week from"), weeks),
        desks=_score_table("meja", _("By desk"), _("Desk"), _desks(found)),
        left_out=_left_out(found, outcomes),
        breaches=_breaches(found),
        pauses_listed=pauses.listed((row.label, row.service, row.desk, row.pauses) for row in found),
        pauses_by=pauses.by_author(row.pauses for row in found),
        bars=[_bar(short_date(monday), score(part)) for monday, part in weeks],
    )


def rows(office: Office, period: Period) -> list[Row]:
    """Every number of the period that stands for a consultation, in the order of issue."""
    tickets = QueueTicket.objects.filter(
        office=office, service_day__range=(period.first, period.last), consultation__isnull=False
    ).order_by("issued_at", "id")
    clocks: dict[int, list[Deadline]] = {}
    for clock in Deadline.objects.filter(
        office=office,
        kind=Deadline.Kind.ONSITE_SERVICE,
        consultation__in=tickets.order_by().values("consultation_id"),
    ).defer("explanation"):
        clocks.setdefault(clock.consultation_id, []).append(clock)
    services = {each.pk: each.name for each in Service.objects.filter(office=office)}
    desks = dict(Desk.objects.filter(office=office).values_list("id", "name"))
    is_paused = any(each.stop_reason in pauses.REASONS for own in clocks.values() for each in own)
    by = pauses.authors(office, tickets) if is_paused else {}
    made = []
    for ticket in tickets:
        own = clocks.get(ticket.consultation_id or 0, [])
        made.append(_row(ticket, own, services, desks, pauses.of_ticket(ticket.pk, own, by)))
    return made


def score(found: Iterable[Row]) -> Score:
    """Kept of counted: only promises that were met or fell due."""
    outcomes = Counter(row.outcome for row in found)
    return Score(outcomes[Outcome.KEPT], outcomes[Outcome.KEPT] + outcomes[Outcome.BROKEN])


def felt(found: Iterable[Row]) -> Felt:
    """Median, and the time within which nine of ten sat down (nearest rank: a wait somebody really had)."""
    served = [row for row in found if row.felt is not None]
    waits = sorted(row.felt for row in served if row.felt is not None and not row.was_held)
    return Felt(
        served=len(waits),
        held=len(served) - len(waits),
        median=timedelta(seconds=median(wait.total_seconds() for wait in waits)) if waits else None,
        ninetieth=waits[math.ceil(len(waits) * Fraction(9, 10)) - 1] if waits else None,
    )


def promised_minutes(office: Office, on: date) -> int | None:
    """What the standard in force on that day promises; None when there is none."""
    try:
        return standard_in_force(office, on).onsite_minutes
    except Refused:
        return None


def public_figures(office: Office, on: date) -> PublicFigures:
    """The last ninety days up to `on` for the public page: two queries for the figures and one or two for the
    standard, then kept for ten minutes. A breach counts once per visitor; the index is withheld below five ratings.
    """
    key = f"public-figures:{office.pk}:{on.isoformat()}"
    known: PublicFigures | None = cache.get(key)
    if known is not None:
        return known
    period = Period(Kind.CUSTOM, on - timedelta(days=PUBLIC_DAYS - 1), on)
    start, end = period.instants(office.zone)
    counted = Deadline.objects.filter(
        office=office, kind=Deadline.Kind.ONSITE_SERVICE, started_at__gte=start, started_at__lt=end
    ).aggregate(
        broken=Count("consultation", distinct=True, filter=Q(breached_at__isnull=False)),
        all=Count(
            "consultation", distinct=True, filter=Q(breached_at__isnull=False) | Q(met_at__isnull=False)
        ),
    )
    given = Rating.objects.filter(office=office, rated_at__gte=start, rated_at__lt=end)
    result = skm.index(ratings.answers_of(given.only("id", *(str(each) for each in skm.Element))))
    promise = Score(counted["all"] - counted["broken"], counted["all"])
    figures = PublicFigures(
        days=PUBLIC_DAYS,
        minutes=promised_minutes(office, on),
        kept=promise.kept,
        counted=promise.counted,
        share=promise.share,
        index=result.published,
        grade=result.grade if result.published is not None else None,
        ratings=result.count,
    )
    cache.set(key, figures, PUBLIC_SECONDS)
    return figures


def _row(
    ticket: QueueTicket,
    clocks: Sequence[Deadline],
    services: Mapping[int, str],
    desks: Mapping[int, str],
    paused: Sequence[Pause],
) -> Row:
    broken = next((each for each in clocks if each.breached_at is not None), None)
    met = next((each for each in clocks if each.met_at is not None), None)
    decisive = broken or met
    return Row(
        label=ticket.label,
        day=ticket.service_day,
        service=services.get(ticket.service_id, ""),
        desk=desks.get(ticket.desk_id or 0, ""),
        outcome=_outcome(ticket, broken, met),
        issued_at=ticket.issued_at,
        started_at=ticket.started_at,
        clock_started_at=decisive.started_at if decisive else None,
        due_at=decisive.due_at if decisive else None,
        breached_at=broken.breached_at if broken else None,
        met_at=decisive.met_at if decisive else None,
        was_held=ticket.was_returned,
        is_flagged=ticket.flagged_at is not None,
        pauses=paused,
    )


def _outcome(ticket: QueueTicket, broken: Deadline | None, met: Deadline | None) -> Outcome:
    """A promise that was late before it was stopped is broken, whatever came after."""
    if broken is not None:
        return Outcome.BROKEN
    if met is not None:
        return Outcome.KEPT
    state = TicketState(ticket.state)
    if state in _OPEN:
        return Outcome.PENDING
    return _ENDED.get(state, Outcome.NO_CLOCK)


def _weeks(found: Sequence[Row]) -> list[tuple[date, list[Row]]]:
    weeks: dict[date, list[Row]] = {}
    for row in found:
        weeks.setdefault(row.day - timedelta(days=row.day.weekday()), []).append(row)
    return sorted(weeks.items())


def _desks(found: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    desks: dict[str, list[Row]] = {}
    for row in found:
        desks.setdefault(row.desk, []).append(row)
    return [
        (name or _("Without a desk"), desks[name])
        for name in sorted(desks, key=lambda name: (not name, name))
    ]


def _score_table(
    key: str, title: str, first: str, parts: Sequence[tuple[str | date, Sequence[Row]]]
) -> Table:
    body: list[list[Cell]] = []
    for name, part in parts:
        result, waits = score(part), felt(part)
        left_out = len(part) - result.counted
        body.append(
            [
                name,
                result.kept,
                result.counted,
                result.share,
                left_out,
                waits.median,
                waits.ninetieth,
                sum(len(row.pauses) for row in part),
            ]
        )
    head = [
        first,
        _("In time"),
        _("Counted"),
        _("Per cent"),
        _("Not counted"),
        _("Waiting, median"),
        _("Waiting, nine of ten within"),
        _("Pauses"),
    ]
    return Table(key, title, head, body, numeric=(1, 2, 3, 4, 5, 6, 7), empty=_("No numbers in this period"))


def _left_out(found: Sequence[Row], outcomes: Counter[Outcome]) -> Table:
    body: list[list[Cell]] = [[str(EXCLUDED[each]), outcomes[each]] for each in EXCLUDED if outcomes[each]]
    return Table(
        "tidak-dihitung",
        _("Not counted, and why"),
        [_("Reason"), _("Numbers")],
        body,
        numeric=(1,),
        empty=_("Every number of this period is counted"),
    )


def _breaches(found: Sequence[Row]) -> Table:
    body: list[list[Cell]] = [
        [
            row.label,
            row.service,
            row.desk,
            row.clock_started_at,
            row.breached_at,
            row.met_at,
            None if row.met_at is None or row.breached_at is None else row.met_at - row.breached_at,
            row.felt,
        ]
        for row in found
        if row.outcome is Outcome.BROKEN
    ]
    head = [
        _("Number"),
        _("Service"),
        _("Desk"),
        _("Promise began"),
        _("Was due"),
        _("Served"),
        _("Late by"),
        _("Felt waiting"),
    ]
    return Table(
        "terlambat", _("Promises not kept"), head, body, numeric=(6, 7), empty=_("No promise was broken")
    )


def _bar(label: str, result: Score) -> Bar:
    share = result.share
    words = _("%(kept)s of %(counted)s") % {"kept": result.kept, "counted": result.counted}
    return Bar(label, share if share is not None else Decimal(0), words)
