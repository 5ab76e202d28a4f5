"""An online consultation, an office with Zoom, and appointments in one line."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from sapa.consultations.models import Consultation, Door, State
from sapa.inbox.models import Conversation
from sapa.meetings import booking, policy
from sapa.meetings.models import FollowUp, MeetingPolicy
from sapa.offices.models import Office, Service
from sapa.offices.standards import standard_in_force
from sapa.people.models import Client, Officer, User
from tests.conftest import Clock
from tests.frontdesk.conftest import arrive, number  # noqa: F401  # fixtures: a visitor without appointment
from tests.simulators.zoom import ACCOUNT, CLIENT, SECRET, Zoom, serve

# Wednesday, 25 November 2026, 10.00 WIB: two days after the clock's Monday.
WEDNESDAY_TEN = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


@pytest.fixture
def online(office: Office, clock: Clock) -> Callable[..., Consultation]:
    """`online(ani)` is her consultation begun through the web application, accepted and waiting for the office."""
    count = iter("23456789ABCDEFGH")

    def make(client: Client, **fields: Any) -> Consultation:
        if client.user is None:
            client.user = User.objects.create_user(client.email, "sandi-yang-panjang-1", name=client.name)
            client.save()
        made = Consultation.objects.create(
            office=office,
            client=client,
            service=office.services.get(key="consultation"),
            standard=standard_in_force(office, clock.at.date()),
            code=f"KST-7KQ4-M2XW-9TR{next(count)}",
            door=Door.WEB,
            state=State.IN_SERVICE,
            subject="Jumlah penduduk per kecamatan 2025",
            requested_at=clock.at,
            accepted_at=clock.at,
            waiting_for="office",
            turn_at=clock.at,
            **fields,
        )
        Conversation.objects.create(office=office, consultation=made)
        return made

    return make


@pytest.fixture
def consultation(online: Callable[..., Consultation], ani: Client, budi: Officer) -> Consultation:
    return online(ani, officer=budi)


@pytest.fixture
def book(consultation: Consultation, budi: Officer, clock: Clock) -> Callable[..., FollowUp]:
    """`book()` is a visit on Wednesday at ten with Budi; `book(kind="video", provider="zoom")` a meeting."""

    def make(**changes: Any) -> FollowUp:
        values: dict[str, Any] = {
            "kind": "visit",
            "provider": "",
            "officer": budi,
            "starts_at": WEDNESDAY_TEN,
            "minutes": 30,
            "by": budi,
            "at": clock.at,
            "key": uuid4(),
        }
        values |= changes
        return booking.book(values.pop("consultation", consultation), **values)

    return make


@pytest.fixture
def zoom(settings) -> Iterator[Zoom]:  # type: ignore[no-untyped-def]
    """Zoom's API on this machine; the server's settings lead there."""
    with serve() as running:
        settings.ZOOM_API = running.origin + "/v2"
        settings.ZOOM_OAUTH = running.origin + "/oauth/token"
        yield running


@pytest.fixture
def set_policy(office: Office, hadi: Officer, clock: Clock) -> Callable[..., MeetingPolicy]:
    """`set_policy(minutes=45)`: the office's rules, as its administrator would save them."""

    def change(*, zoom_secret: str = "", **values: object) -> MeetingPolicy:
        return policy.set_policy(office, values=values, zoom_secret=zoom_secret, by=hadi.user, at=clock.at)

    return change


@pytest.fixture
def with_zoom(zoom: Zoom, set_policy: Callable[..., MeetingPolicy]) -> MeetingPolicy:
    return set_policy(zoom_account=ACCOUNT, zoom_client=CLIENT, zoom_secret=SECRET, video_provider="zoom")


@pytest.fixture
def service(consultation_service: Service) -> Service:
    return consultation_service
