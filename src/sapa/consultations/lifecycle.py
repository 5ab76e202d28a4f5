"""A consultation from request to close. `_move` is the one door through which its state changes."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sapa.activity.recording import record
from sapa.consultations import clocks
from sapa.consultations.models import Consultation, Reason, Referral, State
from sapa.core.errors import Stale
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
        door="visit",
        subject=subject,
        requested_at=at,
    )


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


def close(consultation: Consultation, *, reason: Reason, by: Officer | None, at: datetime) -> None:
    """End the consultation; clocks that still run stop for the same reason. `by` is None for visitor or system."""
    with transaction.atomic():
        _move(consultation, to=State.CLOSED, since=OPEN, closed_at=at, closing_reason=reason)
        clocks.stop(consultation, clocks.Kind.ONSITE_SERVICE, reason=reason, at=at)
        record(
            "consultation.closed",
            consultation,
            office_id=consultation.office_id,
            by=by.user if by else None,
            at=at,
            data={"reason": str(reason)},
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
