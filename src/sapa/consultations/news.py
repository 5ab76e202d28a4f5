"""What happened to a consultation, recorded and signalled: to its own pages, and to the inbox of its office."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models

from sapa.activity import push
from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.consultations.models import Consultation


def topic(consultation_id: int) -> str:
    """What the pages of this consultation hear, the client's and the officers'."""
    return f"consultation:{consultation_id}"


def inbox_topic(office_id: int) -> str:
    """What the inbox of the office hears."""
    return f"inbox:{office_id}"


def tell(
    name: str,
    consultation: Consultation,
    *,
    by: models.Model | None,
    at: datetime,
    subject: models.Model | None = None,
    data: Mapping[str, Any] | None = None,
    office_id: int | None = None,
) -> Event:
    """The event is recorded in the caller's transaction; `by` is the User who did it. `subject` is the
    consultation unless something of it is meant."""
    office = office_id or consultation.office_id
    event = record(
        name,
        subject or consultation,
        office_id=office,
        by=by,
        at=at,
        data=data,
        topics=(topic(consultation.pk),),
    )
    push.after_commit(push.Signal(event.pk, "inbox.changed", consultation.pk), topics=(inbox_topic(office),))
    return event


def tell_office(
    name: str,
    consultation: Consultation,
    *,
    subject: models.Model,
    by: models.Model | None,
    at: datetime,
) -> Event:
    """As `tell`, but only officers' pages hear of it: that something was written is already too much to tell."""
    return record(
        name,
        subject,
        office_id=consultation.office_id,
        by=by,
        at=at,
        topics=(office_topic(consultation.pk),),
    )


def office_topic(consultation_id: int) -> str:
    """What only the officers' pages of this consultation hear."""
    return f"consultation-office:{consultation_id}"


def client_topic(consultation_id: int) -> str:
    """What only the client's pages of this consultation hear."""
    return f"consultation-client:{consultation_id}"
