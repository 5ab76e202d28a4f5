"""Shorthand for the tests of people."""

import uuid
from collections.abc import Callable

import pytest

from sapa.frontdesk.lines import service_day
from sapa.frontdesk.models import Visit
from sapa.offices.models import Office
from sapa.people.models import Client
from tests.conftest import Clock


@pytest.fixture
def arrive_at_office(office: Office, clock: Clock) -> Callable[[Client, str], Visit]:
    """`arrive_at_office(ani, "PDRB")` is a visit of hers today."""

    def sign(client: Client, subject: str) -> Visit:
        return office.visits.create(
            client=client,
            submission_key=uuid.uuid4(),
            service_day=service_day(office, clock.at),
            signed_at=clock.at,
            door=Visit.Door.KIOSK,
            codelist_version="skd-2026",
            subject=subject,
        )

    return sign
