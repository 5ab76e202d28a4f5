"""A front with a quick heartbeat, served to pages that listen."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.front import Front
from sapa.offices.models import Office
from tests.serving import served

Happen = Callable[..., Event]


def no_pages(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("404 Not Found", [])
    return []


@pytest.fixture(scope="module")
def front() -> Front:
    return Front(no_pages, beat=0.25)


@pytest.fixture(scope="module")
def url(front: Front) -> Iterator[str]:
    with served(front) as address:
        yield address


@pytest.fixture
def happen(office: Office) -> Happen:
    """Record and commit one event that concerns the line of the office."""

    def make(name: str = "ticket.called", *, topics: tuple[str, ...] = ()) -> Event:
        with transaction.atomic():
            return record(
                name,
                office,
                office_id=office.pk,
                by=None,
                at=datetime(2026, 11, 23, tzinfo=UTC),
                topics=topics or (f"queue:{office.pk}",),
            )

    return make
