"""What the pages say of a consultation's clocks, with the explanation day by day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sapa.consultations import ledger
from sapa.consultations.models import Consultation, Deadline
from sapa.core import sql
from sapa.offices.calendar import Language

_CLOCKS: Final = (
    "consultation_id = %s AND (kind = %s OR (met_at IS NULL AND stopped_at IS NULL)) ORDER BY id DESC"
)


@dataclass(frozen=True, slots=True)
class Promise:
    """The promised working days of one consultation as the element `promise_clock` shows them."""

    start: datetime
    due: datetime
    state: str
    at: datetime | None
    explanation: list[str] = field(default_factory=list)


def clocks_of(consultation: Consultation) -> list[Deadline]:
    """The clocks of the response, and those that are not over, the latest first. A long conversation has a clock of
    silence for each turn: those that are over are not read."""
    found = sql.every(Deadline, _CLOCKS, [consultation.pk, Deadline.Kind.ONLINE_RESPONSE])
    for each in found:
        each.consultation = consultation
        if each.office_id == consultation.office_id:
            each.office = consultation.office
    return found


def promise_of(clocks: Iterable[Deadline], *, language: Language) -> Promise | None:
    """The clock of the response, running, paused, kept or broken; None before the request was accepted."""
    deadline = next((each for each in clocks if each.kind == Deadline.Kind.ONLINE_RESPONSE), None)
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


def running(clocks: Iterable[Deadline], kind: Deadline.Kind) -> Deadline | None:
    """The clock of this kind that runs or stands still, if one does."""
    live = (each for each in clocks if each.met_at is None and each.stopped_at is None)
    return next((each for each in live if each.kind == kind), None)
