"""What the pages say of a consultation's clocks, with the explanation day by day."""

from dataclasses import dataclass, field
from datetime import datetime

from sapa.consultations import ledger
from sapa.consultations.models import Consultation, Deadline
from sapa.offices.calendar import Language


@dataclass(frozen=True, slots=True)
class Promise:
    """The promised working days of one consultation as the element `promise_clock` shows them."""

    start: datetime
    due: datetime
    state: str
    at: datetime | None
    explanation: list[str] = field(default_factory=list)


def promise_of(consultation: Consultation, *, language: Language) -> Promise | None:
    """The clock of the response, running, paused, kept or broken; None before the request was accepted."""
    deadline = (
        Deadline.objects.select_related("office")
        .filter(consultation=consultation, kind=Deadline.Kind.ONLINE_RESPONSE)
        .order_by("-id")
        .first()
    )
    if deadline is None:
        return None
    state = "running"
    if deadline.met_at is not None:
        state = "met" if deadline.breached_at is None else "breached"
    elif deadline.paused_at is not None:
        state = "paused"
    elif deadline.breached_at is not None:
        state = "breached"
    return Promise(
        deadline.started_at,
        deadline.due_at,
        state,
        deadline.met_at or deadline.stopped_at,
        ledger.explained(deadline, language),
    )


def running(consultation: Consultation, kind: Deadline.Kind) -> Deadline | None:
    """The clock of this kind that runs or stands still, if one does."""
    return Deadline.objects.filter(consultation=consultation, kind=kind, met_at=None, stopped_at=None).first()
