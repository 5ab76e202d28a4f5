"""Closing a request that nobody will answer here: junk, asked twice, given up, or answered on another way."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from sapa.consultations import holding, lifecycle
from sapa.consultations.models import Consultation, Door, Reason
from sapa.core.errors import Refused
from sapa.inbox import writing
from sapa.people.models import Officer

REASONS: Final = (Reason.JUNK, Reason.DUPLICATE, Reason.WITHDRAWN, Reason.ELSEWHERE)


def set_aside(
    consultation: Consultation,
    *,
    reason: Reason,
    by: Officer,
    at: datetime,
    double_of: Consultation | None = None,
) -> None:
    """The request is closed without an answer, and the conversation says why; a word of the client opens it again.

    Whoever does it has it in hand. Refused once it has been answered, and for a double of what is no other online
    question of the same client at this office.
    """
    if reason not in REASONS:
        raise Refused(_("Please choose why it is closed without an answer."), code="reason")
    other = double_of if reason == Reason.DUPLICATE else None
    with transaction.atomic():
        writing.locked(consultation)
        standing = _held(consultation, other)
        if standing[consultation.pk].answered_at is not None:
            raise Refused(_("This has been answered. Please close it as done."), code="answered")
        if reason == Reason.DUPLICATE:
            _check_other(consultation, standing.get(other.pk) if other else None)
        holding.claim(consultation, by=by, at=at)
        lifecycle.close(consultation, reason=reason, double_of=other, by=by, at=at)
        said = {"double_of": other.code} if other else {}
        writing.announce(consultation, what=f"set_aside_{reason}", data=said, by=by, at=at)


def may_be_repeated(other: Consultation) -> bool:
    """Whether another question may be closed as a double of this one: chains of doubles lead nowhere."""
    return other.door == Door.WEB and other.closing_reason != Reason.DUPLICATE


def _held(consultation: Consultation, other: Consultation | None) -> dict[int, Consultation]:
    """Both as they stand now, held by us, in the order in which everybody takes several."""
    keys = [consultation.pk, *([other.pk] if other else [])]
    held = Consultation.objects.select_for_update(of=("self",), no_key=True)
    return {each.pk: each for each in held.filter(pk__in=keys).order_by("pk")}


def _check_other(consultation: Consultation, other: Consultation | None) -> None:
    if (
        other is None
        or other.pk == consultation.pk
        or other.client_id != consultation.client_id
        or not may_be_repeated(other)
    ):
        raise Refused(_("Please choose which other question of this client it repeats."), code="double_of")
