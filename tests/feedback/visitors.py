"""Visitors in a few words: somebody signs, takes a number, is called, sits down, is finished."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sapa.feedback.models import Rating
from sapa.feedback.skm import Element
from sapa.frontdesk import queue
from sapa.frontdesk.lines import service_day
from sapa.frontdesk.models import QueueTicket, Visit
from sapa.offices.models import Desk, Office, Service
from sapa.people.models import Client, Officer
from tests.cast import make_client

MINUTE = timedelta(minutes=1)


def sign(office: Office, at: datetime, client: Client | None = None, **fields: Any) -> Visit:
    """A line of the guest book."""
    who = client or make_client(f"Tamu {uuid.uuid4().hex[:6]}", phone="+6281200000000")
    values: dict[str, Any] = {
        "client": who,
        "submission_key": uuid.uuid4(),
        "service_day": service_day(office, at),
        "signed_at": at,
        "door": Visit.Door.KIOSK,
        "codelist_version": "skd-2026",
    }
    return office.visits.create(**(values | fields))


def take(
    office: Office, at: datetime, *, visit: Visit | None = None, service: str = "consultation"
) -> QueueTicket:
    """A number for a consultation, or for another service."""
    chosen = Service.objects.get(office=office, key=service)
    return queue.issue(visit or sign(office, at), service=chosen, at=at)


def call_and_start(desk: Desk, officer: Officer, at: datetime) -> QueueTicket:
    """Whoever is next sits down at the desk."""
    ticket = queue.call_next(desk, by=officer, at=at).ticket
    queue.start(ticket, by=officer, at=at)
    return ticket


def serve(
    desk: Desk, officer: Officer, clock: Any, *, visit: Visit | None = None, minutes: int = 5
) -> QueueTicket:
    """A visitor comes, is served at once, and leaves; the officer sits at the desk."""
    if desk.officer_id != officer.pk:
        queue.sit(desk, by=officer, at=clock.at)
        desk.refresh_from_db()
    take(officer.office, clock.at, visit=visit)
    ticket = call_and_start(desk, officer, clock.at)
    queue.finish(ticket, by=officer, at=clock.advance(minutes=minutes))
    return ticket


def rated(office: Office, at: datetime, scores: dict[Element, int], *, comment: str = "") -> Rating:
    """A visit that was rated so at that instant, without the way there."""
    visit = sign(office, at)
    return Rating.objects.create(
        office=office,
        visit=visit,
        service=Service.objects.get(office=office, key="consultation"),
        invited_at=at,
        expires_at=at + timedelta(days=30),
        rated_at=at,
        comment=comment,
        **{str(each): score for each, score in scores.items()},
    )


def all_of(score: int) -> dict[Element, int]:
    return dict.fromkeys(Element, score)
