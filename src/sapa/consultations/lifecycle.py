"""A consultation from request to close. `_move` is the one door through which its state changes."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sapa.activity.recording import record
from sapa.consultations import clocks, holding, news, requirements, turns
from sapa.consultations.models import (
    Consultation,
    Door,
    Handling,
    OnlineRequest,
    Reason,
    Referral,
    State,
    WaitingFor,
)
from sapa.core.errors import Refused, Stale
from sapa.core.ids import readable_code
from sapa.offices.models import Office, Service, ServiceStandard
from sapa.people.models import Client, Officer

OPEN = (State.REQUESTED, State.IN_SERVICE)


def request_on_site(
    office: Office,
    *,
    client: Client,
    service: Service,
    standard: ServiceStandard,
    subject: str,
    at: datetime,
) -> Consultation:
    """A visitor has put a request to the office (step 1 of the standard): it waits, no clock runs yet."""
    return Consultation.objects.create(
        office=office,
        client=client,
        service=service,
        standard=standard,
        code=readable_code("KST"),
        door=Door.VISIT,
        subject=subject,
        requested_at=at,
    )


def request_online(
    office: Office,
    *,
    client: Client,
    service: Service,
    standard: ServiceStandard,
    subject: str,
    asked: Mapping[str, Any],
    submission_key: UUID,
    continues: Consultation | None = None,
    at: datetime,
) -> Consultation:
    """A client has put a request through the application (steps 7 to 10): the office reads it; no clock runs yet.

    `asked` holds the fields of OnlineRequest. The same submission a second time is the same consultation.
    """
    with transaction.atomic():
        known = Consultation.objects.filter(request__submission_key=submission_key, client=client).first()
        if known is not None:
            return known
        consultation = Consultation.objects.create(
            office=office,
            client=client,
            service=service,
            standard=standard,
            code=readable_code("KST"),
            door=Door.WEB,
            subject=subject,
            requested_at=at,
            waiting_for=WaitingFor.OFFICE,
            turn_at=at,
            last_message_at=at,
            continues=continues,
        )
        OnlineRequest.objects.create(consultation=consultation, submission_key=submission_key, **asked)
        Handling.objects.create(consultation=consultation, office=office, from_at=at)
        news.tell("consultation.requested", consultation, by=client.user, at=at)
    return consultation


def accept(consultation: Consultation, *, by: Officer, at: datetime) -> None:
    """The request is clear and complete: the promised working days begin (Standard, Waktu Penyelesaian 2).

    Refused while something is missing; whoever accepts has it in hand.
    """
    with transaction.atomic():
        lacking = requirements.missing(consultation)
        if lacking:
            raise Refused(
                _("Still missing: %(what)s.") % {"what": ", ".join(each.label for each in lacking)},
                code="missing",
            )
        holding.claim(consultation, by=by, at=at)
        turned = consultation.waiting_for != WaitingFor.OFFICE
        _move(
            consultation,
            to=State.IN_SERVICE,
            since=(State.REQUESTED,),
            accepted_at=at,
            started_at=consultation.started_at or at,
            waiting_for=WaitingFor.OFFICE,
            turn_at=at if turned else consultation.turn_at,
        )
        clocks.stop(consultation, clocks.Kind.SILENCE, reason="accepted", at=at)
        clocks.start_response(consultation, at=at)
        news.tell("consultation.accepted", consultation, by=by.user, at=at)


def reopen(consultation: Consultation, *, by: Officer | None, at: datetime) -> None:
    """A closed one lives again with its history: it is the office's turn. `by` is None when the client wrote.

    Within thirty days; refused later. The standard promises no second answer; who was never given the first one
    has the promise anew.
    """
    if consultation.state == State.CLOSED and not turns.may_reopen(consultation, at=at):
        raise Refused(_("This was closed more than 30 days ago. Please begin a new one."), code="too_late")
    with transaction.atomic():
        _move(
            consultation,
            to=State.IN_SERVICE if consultation.accepted_at else State.REQUESTED,
            since=(State.CLOSED,),
            closed_at=None,
            closing_reason="",
            double_of=None,
            waiting_for=WaitingFor.OFFICE,
            turn_at=at,
            last_message_at=at,
        )
        if consultation.accepted_at and consultation.answered_at is None:
            clocks.start_response(consultation, at=at, cause="reopened")
        news.tell("consultation.reopened", consultation, by=by.user if by else None, at=at)


def start(consultation: Consultation, *, by: Officer, at: datetime) -> None:
    """The officer serves: the on-site clock is met (late or in time), the first start is kept."""
    with transaction.atomic():
        _move(
            consultation,
            to=State.IN_SERVICE,
            since=(State.REQUESTED,),
            officer=by,
            started_at=consultation.started_at or at,
        )
        clocks.meet(consultation, clocks.Kind.ONSITE_SERVICE, at=at)


def put_back(
    consultation: Consultation, *, at: datetime, reason: str, service: Service | None = None
) -> None:
    """It waits again, perhaps for another service; a running on-site clock stops for `reason`."""
    with transaction.atomic():
        _move(
            consultation,
            to=State.REQUESTED,
            since=OPEN,
            service=service or consultation.service,
        )
        clocks.stop(consultation, clocks.Kind.ONSITE_SERVICE, reason=reason, at=at)


def close(
    consultation: Consultation,
    *,
    reason: Reason,
    by: Officer | None,
    at: datetime,
    double_of: Consultation | None = None,
) -> None:
    """End the consultation; clocks that still run stop for the same reason. `by` is None for visitor or system.

    A duplicate names the other one in `double_of`.
    """
    with transaction.atomic():
        _move(
            consultation,
            to=State.CLOSED,
            since=OPEN,
            closed_at=at,
            closing_reason=reason,
            double_of=double_of,
            waiting_for="",
            turn_at=None,
            due_at=None,
        )
        if consultation.door == Door.WEB:
            clocks.stop_all(consultation, reason=reason, at=at)
        else:
            clocks.stop(consultation, clocks.Kind.ONSITE_SERVICE, reason=reason, at=at)
        news.tell(
            "consultation.closed",
            consultation,
            by=by.user if by else None,
            at=at,
            data={"reason": str(reason)} | ({"double_of": double_of.code} if double_of else {}),
        )


def refer(consultation: Consultation, *, to: Service, note: str, by: Officer, at: datetime) -> Referral:
    """Note that the visitor goes on to another service of the PST (step 4 of the standard)."""
    with transaction.atomic():
        referral = Referral.objects.create(
            consultation=consultation, to_service=to, note=note, by=by, referred_at=at
        )
        record(
            "consultation.referred",
            consultation,
            office_id=consultation.office_id,
            by=by.user,
            at=at,
            data={"to": to.key},
        )

    return referral


def _move(consultation: Consultation, *, to: State, since: Collection[State], **changes: Any) -> None:
    """Compare-and-set on the state: changes everything or, when somebody was quicker, nothing and says so."""
    moved = Consultation.objects.filter(pk=consultation.pk, state__in=since).update(state=to, **changes)
    if not moved:
        raise Stale(
            _("This consultation has changed in the meantime. The page now shows how it stands."),
            code="consultation_changed",
        )
    consultation.state = to
    for name, value in changes.items():
        setattr(consultation, name, value)
