"""The recap of complaints: how many by door, kind and state, and how the days were kept. No text, no name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from sapa.feedback.models import Complaint
from sapa.offices.models import Office
from sapa.reports.period import Period
from sapa.reports.table import Cell, Table

State = Complaint.State


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the page, the print and the files show."""

    period: Period
    received: int
    anonymous: int
    late: int
    doors: Table
    kinds: Table
    states: Table
    days: Table


def report(office: Office, period: Period, *, at: datetime) -> Report:
    """What was received in the period, as it stands at `at`; one query however many there were."""
    start, end = period.instants(office.zone)
    found = list(
        Complaint.objects.filter(office=office, received_at__gte=start, received_at__lt=end).only(
            *("office", "door", "kind", "handling", "state", "is_anonymous", "verified_at"),
            *("received_at", "verify_due_at", "answer_due_at", "answered_at"),
        )
    )
    steps = {_("Verified"): Counter(_verified(each, at) for each in found)}
    steps[_("Answered")] = Counter(_answered(each, at) for each in found)
    return Report(
        period=period,
        received=len(found),
        anonymous=sum(each.is_anonymous for each in found),
        late=sum("late" in (_verified(each, at), _answered(each, at)) for each in found),
        doors=_counted(
            "pintu-pengaduan", _("By door"), _("Door"), Complaint.Door, Counter(each.door for each in found)
        ),
        kinds=_kinds(found),
        states=_counted(
            "keadaan-pengaduan",
            _("By state"),
            _("State"),
            Complaint.State,
            Counter(each.state for each in found),
        ),
        days=_days(steps),
    )


def _kinds(found: Sequence[Complaint]) -> Table:
    kinds = Counter(each.kind for each in found)
    handlings = Counter(each.handling for each in found)
    body: list[list[Cell]] = []
    for kind in Complaint.Kind:
        if kinds[kind]:
            body.append([str(kind.label), kinds[kind]])
        if kind == Complaint.Kind.COMPLAINT:
            body += [[f"– {each.label}", handlings[each]] for each in Complaint.Handling if handlings[each]]
    head = [_("Kind"), _("Complaints")]
    empty = _("No complaints in this period")
    return Table("jenis-pengaduan", _("By kind"), head, body, numeric=(1,), empty=empty)


def _verified(each: Complaint, at: datetime) -> str:
    return _kept(each.verified_at, each.verify_due_at, at)


def _answered(each: Complaint, at: datetime) -> str:
    """By the last answer and the date it was due; one that its reporter brought back waits for the next."""
    if each.answer_due_at is None:
        return "none"
    is_open = each.state in (State.NEW, State.VERIFIED, State.FORWARDED, State.FOLLOWED_UP)
    return _kept(None if is_open else each.answered_at, each.answer_due_at, at)


def _kept(done_at: datetime | None, due_at: datetime, at: datetime) -> str:
    if (done_at or at) > due_at:
        return "late"
    return "in_time" if done_at else "open"


def _days(steps: dict[str, Counter[str]]) -> Table:
    body: list[list[Cell]] = [
        [step, many["in_time"], many["late"], many["open"], many["none"]]
        for step, many in steps.items()
        if many.total()
    ]
    head = [_("Step"), _("In time"), _("Late"), _("Not due yet"), _("No deadline")]
    return Table(
        "tenggat-pengaduan",
        _("Days kept"),
        head,
        body,
        numeric=(1, 2, 3, 4),
        empty=_("No complaints in this period"),
    )


def _counted(key: str, title: str, what: str, choices: type[TextChoices], many: Counter[str]) -> Table:
    body: Sequence[Sequence[Cell]] = [
        [str(each.label), many[each.value]] for each in choices if many[each.value]
    ]
    return Table(
        key, title, [what, _("Complaints")], body, numeric=(1,), empty=_("No complaints in this period")
    )
