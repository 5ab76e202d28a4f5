"""Shorthand for the queue's tests: a signed visit and a number in one line."""

import uuid
from collections.abc import Callable
from datetime import datetime

import pytest

from sapa.frontdesk import queue
from sapa.frontdesk.lines import service_day
from sapa.frontdesk.models import QueueTicket, Visit
from sapa.offices.models import Office, Service
from sapa.people.models import Client
from tests.cast import make_client
from tests.conftest import Clock


@pytest.fixture
def arrive(office: Office, clock: Clock) -> Callable[..., Visit]:
    """`arrive()` is a new visitor who has signed the guest book at the clock's instant."""
    count = iter(range(1, 10_000))

    def sign(client: Client | None = None, at: datetime | None = None) -> Visit:
        number = next(count)
        return office.visits.create(
            client=client or make_client(f"Tamu {number}", phone=f"+62812000{number:05d}"),
            submission_key=uuid.uuid4(),
            service_day=service_day(office, at or clock.at),
            signed_at=at or clock.at,
            door=Visit.Door.KIOSK,
            codelist_version="skd-2026",
            subject="Jumlah penduduk per kecamatan",
        )

    return sign


@pytest.fixture
def number(
    arrive: Callable[..., Visit], consultation_service: Service, clock: Clock
) -> Callable[..., QueueTicket]:
    """`number()` is the number of a new visitor for a consultation."""

    def take(*, priority: bool = False, service: Service | None = None) -> QueueTicket:
        return queue.issue(
            arrive(), service=service or consultation_service, at=clock.at, is_priority=priority
        )

    return take
