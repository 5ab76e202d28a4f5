"""Whose turn it is after somebody wrote, and what that does to the clocks (lessons.md E.2: whose turn is it)."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from sapa.consultations import clocks
from sapa.consultations.models import Consultation, State, WaitingFor
from sapa.core import sql

# A reply to a conversation that is closed opens it again; later it begins a new one that names it.
REOPEN_WITHIN: Final = timedelta(days=30)
_SPOKEN: Final = "UPDATE consultations_consultation SET last_message_at = %s WHERE id = %s"


def client_wrote(consultation: Consultation, *, at: datetime) -> None:
    """It is the office's turn: the silence ends, a promise that waited for the client goes on."""
    if consultation.waiting_for == WaitingFor.OFFICE:
        sql.run(_SPOKEN, [sql.stored(at), consultation.pk])
        return
    _give_turn(consultation, WaitingFor.OFFICE, at=at)
    clocks.stop(consultation, clocks.Kind.SILENCE, reason="client_wrote", at=at)
    clocks.resume_response(consultation, reason="client_wrote", at=at)


def office_answered(consultation: Consultation, *, at: datetime) -> None:
    """The first answer keeps the promise (Standard: "dilayani" in three working days); the silence begins."""
    clocks.meet(consultation, clocks.Kind.ONLINE_RESPONSE, at=at)
    first = {"answered_at": at} if consultation.answered_at is None else {}
    _wait_for_client(consultation, at=at, **first)


def office_asked(consultation: Consultation, *, at: datetime) -> None:
    """The office needs something: until it comes, the promise waits without counting."""
    clocks.pause_response(consultation, reason="asked_back", at=at)
    _wait_for_client(consultation, at=at)


def office_wrote(consultation: Consultation, *, at: datetime) -> None:
    """A message that is no answer. Who still owes an answer keeps the turn; else the silence begins."""
    if consultation.waiting_for == WaitingFor.OFFICE and consultation.answered_at is None:
        Consultation.objects.filter(pk=consultation.pk).update(last_message_at=at)
        return
    _wait_for_client(consultation, at=at)


def still_needed(consultation: Consultation, *, at: datetime) -> bool:
    """One tap: the client still needs it, and the silent days begin anew. False when none were running."""
    return clocks.keep(consultation, at=at)


def may_reopen(consultation: Consultation, *, at: datetime) -> bool:
    """A closed consultation opens again within thirty days."""
    return (
        consultation.state == State.CLOSED
        and consultation.closed_at is not None
        and at - consultation.closed_at <= REOPEN_WITHIN
    )


def _wait_for_client(consultation: Consultation, *, at: datetime, **more: datetime) -> None:
    _give_turn(consultation, WaitingFor.CLIENT, at=at, **more)
    clocks.start_silence(consultation, at=at)


def _give_turn(consultation: Consultation, to: WaitingFor, *, at: datetime, **more: datetime) -> None:
    """`turn_at` says since when; a second message of the same side does not begin it anew."""
    turned = consultation.waiting_for != to
    changes = {"last_message_at": at, **more, **({"waiting_for": to, "turn_at": at} if turned else {})}
    if to == WaitingFor.CLIENT:
        changes["due_at"] = None
    Consultation.objects.filter(Q(pk=consultation.pk), ~Q(waiting_for="")).update(**changes)
    for name, value in changes.items():
        setattr(consultation, name, value)
