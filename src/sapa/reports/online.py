"""How the online promise of the standard was kept: answered within the promised working days, what waited for the
client, how consultations ended, what each office had of those that were forwarded, and how many needed no officer.

Every online consultation that was asked in the period and that this office had stands in exactly one outcome.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from statistics import median
from typing import Final

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.catalogue import trails
from sapa.catalogue.trails import Deflection
from sapa.consultations import ledger
from sapa.consultations.ledger import Line, Share
from sapa.consultations.models import ClockEntry, Consultation, Deadline, Door, Reason, State
from sapa.core.errors import Refused
from sapa.offices import calendar
from sapa.offices.calendar import Calendar
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Office
from sapa.offices.standards import standard_in_force
from sapa.reports.period import Kind, Period
from sapa.reports.promise import PUBLIC_DAYS, PUBLIC_SECONDS, Score
from sapa.reports.table import Bar, Cell, Table
from sapa.ui.dates import duration, long_date

# Below five a percentage says more about chance than about the office: the public page shows the numbers alone.
FEWEST: Final = 5


class Outcome(StrEnum):
    """What became of the promise to one question. KEPT and BROKEN are counted, the others told beside them."""

    KEPT = "kept"
    BROKEN = "broken"
    PENDING = "pending"
    NOT_CLEAR = "not_clear"
    ENDED = "ended"
    SET_ASIDE = "set_aside"
    ELSEWHERE = "elsewhere"


EXCLUDED: Final = {
    Outcome.PENDING: gettext_lazy("The promise still runs, or waits for the client"),
    Outcome.NOT_CLEAR: gettext_lazy("Not yet clear and complete, so no promise has begun"),
    Outcome.ENDED: gettext_lazy("Ended before an answer was due"),
    Outcome.SET_ASIDE: gettext_lazy(
        "Closed by the office without an answer: no question, asked twice, or answered elsewhere"
    ),
    Outcome.ELSEWHERE: gettext_lazy("Forwarded: the promise is counted at the office that has it now"),
}
_ENDS: Final = {
    Reason.DONE: gettext_lazy("Done"),
    Reason.SILENCE: gettext_lazy("Closed after days of silence"),
    Reason.WITHDRAWN: gettext_lazy("Given up by the client"),
    Reason.JUNK: gettext_lazy("Without an answer: no question for the office"),
    Reason.DUPLICATE: gettext_lazy("Without an answer: the same question as another one"),
    Reason.ELSEWHERE: gettext_lazy("Without an answer here: answered elsewhere"),
}
_SET_ASIDE: Final = (Reason.JUNK, Reason.DUPLICATE, Reason.ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Row:
    """One online consultation as the report reads it. `worked` is the counted open time until the first answer,
    `late` the open time by which it missed, `paused` the open time in which it waited for the client."""

    code: str
    month: date
    outcome: Outcome
    state: str
    reason: str
    started_at: datetime | None
    due_at: datetime | None
    met_at: datetime | None
    worked: timedelta | None
    late: timedelta | None
    paused: timedelta
    pauses: int
    shares: Sequence[Share]
    reopened: int

    @property
    def was_forwarded(self) -> bool:
        return len(self.shares) > 1


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the page, the print and the files show."""

    period: Period
    working_days: int | None
    total: int
    score: Score
    median: timedelta | None
    answered: int
    paused: timedelta
    paused_ones: int
    reopened: int
    ends: Mapping[str, int]
    searches: Deflection
    months: Table
    left_out: Table
    breaches: Table
    endings: Table
    shares: Table
    bars: Sequence[Bar]

    @property
    def deflected(self) -> Decimal | None:
        """Of those who found or asked, how many needed no officer, in per cent."""
        return _deflected(self.searches)


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """What the public page may say of the last ninety days. `share` is None below five cases."""

    days: int
    working_days: int | None
    kept: int
    counted: int
    share: Decimal | None


def report(office: Office, period: Period, *, at: datetime) -> Report:
    """The report of the office; a fixed number of queries, however many consultations there were."""
    found = rows(office, period, at=at)
    start, end = period.instants(office.zone)
    searched = trails.deflection_by_month(office, since=start, until=end)
    result, months = score(found), _months(found, searched)
    worked = [row.worked for row in found if row.worked is not None]
    outcomes = Counter(row.outcome for row in found)
    return Report(
        period=period,
        working_days=promised_days(office, period.last),
        total=len(found),
        score=result,
        median=_median(worked),
        answered=len(worked),
        paused=sum((row.paused for row in found), timedelta()),
        paused_ones=sum(row.pauses > 0 for row in found),
        reopened=sum(row.reopened > 0 for row in found),
        ends=Counter(row.reason for row in found if row.reason),
        searches=_together(searched.values()),
        months=_by_month(months, searched),
        left_out=_left_out(outcomes),
        breaches=_breaches(found),
        endings=_endings(found),
        shares=_shares(found),
        bars=[_bar(_month_name(month), score(part)) for month, part in months],
    )


def rows(office: Office, period: Period, *, at: datetime) -> list[Row]:
    """Every online consultation that was asked in the period and that this office had, in the order of asking."""
    start, end = period.instants(office.zone)
    # Those that another office has now are out of this office's scope, and part of its report.
    with scopes_disabled():
        asked = Consultation.objects.filter(
            door=Door.WEB, handlings__office=office, requested_at__gte=start, requested_at__lt=end
        ).distinct()
        keys = asked.order_by().values("pk")
        clocks: dict[int, Deadline] = {}
        for each in (
            Deadline.objects.filter(kind=Deadline.Kind.ONLINE_RESPONSE, consultation__in=keys)
            .defer("explanation")
            .order_by("id")
        ):
            # One that was opened again before its answer has a second promise; a broken one is not forgotten for it.
            if each.consultation_id not in clocks or clocks[each.consultation_id].breached_at is None:
                clocks[each.consultation_id] = each
        lines: dict[int, list[Line]] = {}
        for deadline, what, when, holder, reason in (
            ClockEntry.objects.filter(
                deadline__kind=Deadline.Kind.ONLINE_RESPONSE, deadline__consultation__in=keys
            )
            .order_by("id")
            .values_list("deadline", "what", "at", "office", "reason")
        ):
            lines.setdefault(deadline, []).append(Line(what, when, holder, reason))
        reopened = Counter(
            Event.objects.filter(
                name="consultation.reopened", subject_type="consultation", subject_id__in=keys
            ).values_list("subject_id", flat=True)
        )
        holders = {line.office_id for each in lines.values() for line in each}
        openings = {each.pk: calendar_of(each) for each in _offices(holders)}
        return [
            _row(
                consultation,
                office,
                clocks.get(consultation.pk),
                lines,
                openings,
                reopened[consultation.pk],
                at=at,
            )
            for consultation in asked.order_by("requested_at", "id").defer("answer", "subject")
        ]


def score(found: Sequence[Row]) -> Score:
    """Kept of counted: only promises that were met or fell due."""
    outcomes = Counter(row.outcome for row in found)
    return Score(outcomes[Outcome.KEPT], outcomes[Outcome.KEPT] + outcomes[Outcome.BROKEN])


def promised_days(office: Office, on: date) -> int | None:
    """What the standard in force on that day promises; None when there is none."""
    try:
        return standard_in_force(office, on).online_working_days
    except Refused:
        return None


def public_figures(office: Office, on: date) -> PublicFigures:
    """The last ninety days up to `on` for the public page: one query for the figures and one or two for the standard,
    then kept for ten minutes. No percentage below five cases."""
    key = f"public-online-figures:{office.pk}:{on.isoformat()}"
    known: PublicFigures | None = cache.get(key)
    if known is not None:
        return known
    start, end = Period(Kind.CUSTOM, on - timedelta(days=PUBLIC_DAYS - 1), on).instants(office.zone)
    counted = Deadline.objects.filter(
        office=office, kind=Deadline.Kind.ONLINE_RESPONSE, started_at__gte=start, started_at__lt=end
    ).aggregate(
        broken=Count("consultation", distinct=True, filter=Q(breached_at__isnull=False)),
        all=Count(
            "consultation", distinct=True, filter=Q(breached_at__isnull=False) | Q(met_at__isnull=False)
        ),
    )
    promise = Score(counted["all"] - counted["broken"], counted["all"])
    figures = PublicFigures(
        days=PUBLIC_DAYS,
        working_days=promised_days(office, on),
        kept=promise.kept,
        counted=promise.counted,
        share=promise.share if promise.counted >= FEWEST else None,
    )
    cache.set(key, figures, PUBLIC_SECONDS)
    return figures


def _row(
    consultation: Consultation,
    office: Office,
    clock: Deadline | None,
    lines: Mapping[int, Sequence[Line]],
    openings: Mapping[int, Calendar],
    reopened: int,
    *,
    at: datetime,
) -> Row:
    own = lines.get(clock.pk, ()) if clock is not None else ()
    shares = ledger.divided(own, clock, openings, at=at) if clock is not None and own else []
    holder = openings.get(clock.office_id) if clock is not None else None
    ended = (clock.met_at or clock.stopped_at or at) if clock is not None else at
    paused, many = _paused(own, openings, ended)
    late = None
    if clock is not None and clock.breached_at is not None and holder is not None and ended > clock.due_at:
        late = calendar.working_time_between(holder, clock.due_at, ended).total
    return Row(
        code=consultation.code,
        month=consultation.requested_at.astimezone(office.zone).date().replace(day=1),
        outcome=_outcome(consultation, office, clock),
        state=consultation.state,
        reason=consultation.closing_reason,
        started_at=clock.started_at if clock else None,
        due_at=clock.due_at if clock else None,
        met_at=clock.met_at if clock else None,
        worked=sum((each.counted for each in shares), timedelta()) if clock and clock.met_at else None,
        late=late,
        paused=paused,
        pauses=many,
        shares=shares,
        reopened=reopened,
    )


def _outcome(consultation: Consultation, office: Office, clock: Deadline | None) -> Outcome:
    """A promise that was late before it was stopped is broken, whatever came after. What an officer set aside in
    time is neither kept nor broken: it stands apart, in the open."""
    if (clock.office_id if clock is not None else consultation.office_id) != office.pk:
        return Outcome.ELSEWHERE
    if clock is not None and clock.breached_at is not None:
        return Outcome.BROKEN
    if clock is not None and clock.met_at is not None:
        return Outcome.KEPT
    if consultation.state == State.CLOSED:
        return Outcome.SET_ASIDE if consultation.closing_reason in _SET_ASIDE else Outcome.ENDED
    return Outcome.NOT_CLEAR if clock is None else Outcome.PENDING


def _paused(lines: Sequence[Line], openings: Mapping[int, Calendar], end: datetime) -> tuple[timedelta, int]:
    """The open time spent waiting for the client, by the calendar of the office that had it, and how often."""
    spent, many, since = timedelta(), 0, None
    for line in lines:
        if line.what == ClockEntry.What.PAUSED and since is None:
            since, many = line, many + 1
        elif line.what == ClockEntry.What.RESUMED and since is not None:
            spent += calendar.working_time_between(openings[since.office_id], since.at, line.at).total
            since = None
    if since is not None and end > since.at:
        spent += calendar.working_time_between(openings[since.office_id], since.at, end).total
    return spent, many


def _offices(keys: set[int]) -> list[Office]:
    return list(Office.objects.filter(pk__in=keys).select_related("parent__parent"))


def _median(found: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(each.total_seconds() for each in found)) if found else None


def _deflected(searches: Deflection) -> Decimal | None:
    return Score(searches.answered, searches.answered + searches.asked).share


def _together(parts: Iterable[Deflection]) -> Deflection:
    found = list(parts)
    return Deflection(
        trails=sum(each.trails for each in found),
        answered=sum(each.answered for each in found),
        asked=sum(each.asked for each in found),
        left=sum(each.left for each in found),
        under_way=sum(each.under_way for each in found),
    )


def _months(found: Sequence[Row], searched: Mapping[date, Deflection]) -> list[tuple[date, list[Row]]]:
    months: dict[date, list[Row]] = {month: [] for month in searched}
    for row in found:
        months.setdefault(row.month, []).append(row)
    return sorted(months.items())


def _month_name(month: date) -> str:
    return " ".join(long_date(month).split()[2:])


def _by_month(months: Sequence[tuple[date, Sequence[Row]]], searched: Mapping[date, Deflection]) -> Table:
    body: list[list[Cell]] = []
    for month, part in months:
        result, reasons = score(part), Counter(row.reason for row in part)
        searches = searched.get(month)
        body.append(
            [
                _month_name(month),
                len(part),
                result.kept,
                result.counted,
                result.share,
                _median([row.worked for row in part if row.worked is not None]),
                reasons[Reason.DONE],
                reasons[Reason.SILENCE],
                reasons[Reason.WITHDRAWN],
                sum(reasons[each] for each in _SET_ASIDE),
                sum(row.reopened > 0 for row in part),
                searches.answered if searches else 0,
                _deflected(searches) if searches else None,
            ]
        )
    head = [
        _("Month"),
        _("Questions"),
        _("Answered in time"),
        _("Counted"),
        _("Per cent"),
        _("Working time to the answer, median"),
        _("Done"),
        _("Silence"),
        _("Given up"),
        _("Set aside"),
        _("Opened again"),
        _("Answered by the search"),
        _("No officer needed, per cent"),
    ]
    return Table(
        "bulan",
        _("By month"),
        head,
        body,
        numeric=tuple(range(1, 13)),
        empty=_("No online questions in this period"),
    )


def _left_out(outcomes: Counter[Outcome]) -> Table:
    body: list[list[Cell]] = [[str(EXCLUDED[each]), outcomes[each]] for each in EXCLUDED if outcomes[each]]
    return Table(
        "tidak-dihitung",
        _("Not counted, and why"),
        [_("Reason"), _("Consultations")],
        body,
        numeric=(1,),
        empty=_("Every online consultation of this period is counted"),
    )


def _breaches(found: Sequence[Row]) -> Table:
    body: list[list[Cell]] = [
        [row.code, row.started_at, row.due_at, row.met_at, row.late, _circumstances(row)]
        for row in found
        if row.outcome is Outcome.BROKEN
    ]
    head = [
        _("Consultation"),
        _("Promise began"),
        _("Was due"),
        _("Answered"),
        _("Late by (office hours)"),
        _("What came in between"),
    ]
    return Table("terlambat", _("Answers that came late"), head, body, numeric=(4,), empty=_("None was late"))


def _circumstances(row: Row) -> str:
    """What the record has of why: nobody is asked for excuses, and none are invented."""
    said = []
    if row.met_at is None:
        said.append(_("closed without an answer") if row.state == State.CLOSED else _("not answered yet"))
    if row.was_forwarded:
        many = len(row.shares) - 1
        said.append(ngettext("forwarded once", "forwarded %(n)s times", many) % {"n": many})
    if row.pauses:
        said.append(_("waited %(length)s for the client (not counted)") % {"length": duration(row.paused)})
    return "; ".join(said) or _("nothing: it lay with the office")


def _endings(found: Sequence[Row]) -> Table:
    reasons = Counter(row.reason for row in found if row.reason)
    body: list[list[Cell]] = [[str(_ENDS[each]), reasons[each]] for each in _ENDS]
    body.append([_("Still open"), sum(row.state != State.CLOSED for row in found)])
    body.append(
        [_("Opened again after the end (also in the lines above)"), sum(row.reopened > 0 for row in found)]
    )
    return Table(
        "akhir",
        _("How they ended"),
        [_("How it ended"), _("Consultations")],
        body if found else [],
        numeric=(1,),
        empty=_("No online questions in this period"),
    )


def _shares(found: Sequence[Row]) -> Table:
    """One line for each office that had a forwarded one, in the order in which they had it."""
    forwarded = [row for row in found if row.was_forwarded]
    names = {
        each.pk: each.name
        for each in _offices({share.office_id for row in forwarded for share in row.shares})
    }
    body: list[list[Cell]] = [
        [row.code, names.get(share.office_id, ""), share.counted, _("has it now") if share.has_it else ""]
        for row in forwarded
        for share in row.shares
    ]
    head = [_("Consultation"), _("Office"), _("Counted time"), _("Note")]
    return Table(
        "bagian",
        _("Forwarded: the share of each office"),
        head,
        body,
        numeric=(2,),
        empty=_("None was forwarded"),
    )


def _bar(label: str, result: Score) -> Bar:
    share = result.share
    words = _("%(kept)s of %(counted)s") % {"kept": result.kept, "counted": result.counted}
    return Bar(label, share if share is not None else Decimal(0), words)
