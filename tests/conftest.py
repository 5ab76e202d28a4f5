"""What every test may ask for: the movable clock, the office, and the cast of people."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django_scopes import scope

from sapa import wiring
from sapa.catalogue.search import keeping, vocabulary
from sapa.core import time as present
from sapa.core.work import work as settle
from sapa.offices.models import Desk, Device, Office, Service
from sapa.people.models import Client, Officer, User
from tests.cast import make_client, make_office, make_officer

pytest_plugins = ["tests.plugin"]


class Clock:
    """Stands still at a Monday morning, 08.30 WIB, until a test moves it."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **span: float) -> datetime:
        self.at += timedelta(**span)
        return self.at

    def set(self, at: datetime) -> datetime:
        self.at = at
        return self.at


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()
    keeping.close()
    vocabulary.forget()


@pytest.fixture
def clock() -> Iterator[Clock]:
    moved = Clock()
    present.use(moved)
    yield moved
    present.use(None)


@pytest.fixture
def work(clock: Clock):  # type: ignore[no-untyped-def]
    """Run everything that is due at the clock's instant."""
    return lambda: settle(clock.at, paths=wiring.SOURCES)


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    """BPS Kabupaten Tulang Bawang (1808), open Monday to Friday 08.00 to 15.30; its scope is active."""
    made = make_office()
    with scope(office=made):
        yield made


@pytest.fixture
def consultation_service(office: Office) -> Service:
    return office.services.get(key="consultation")


@pytest.fixture
def desk(office: Office) -> Desk:
    return office.desks.get(name="Meja 1")


@pytest.fixture
def second_desk(office: Office) -> Desk:
    return office.desks.get(name="Meja 2")


@pytest.fixture
def ani(db: None) -> Client:
    """A client: student, with e-mail and phone."""
    return make_client()


@pytest.fixture
def budi(office: Office) -> Officer:
    return make_officer(office, "budi", Officer.Role.CONSULTANT)


@pytest.fixture
def citra(office: Office) -> Officer:
    return make_officer(office, "citra", Officer.Role.SUPERVISOR)


@pytest.fixture
def fajar(office: Office) -> Officer:
    return make_officer(office, "fajar", Officer.Role.FRONT_DESK)


@pytest.fixture
def gita(office: Office) -> Officer:
    return make_officer(office, "gita", Officer.Role.HEAD)


@pytest.fixture
def hadi(office: Office) -> Officer:
    return make_officer(office, "hadi", Officer.Role.ADMIN)


@pytest.fixture
def other_office(office: Office) -> Office:
    """BPS Kabupaten Tulang Bawang Barat (1812): the stranger next door."""
    assert office.parent is not None
    return make_office(code="1812", name="BPS Kabupaten Tulang Bawang Barat", parent=office.parent)


@pytest.fixture
def dewi(other_office: Office) -> Officer:
    return make_officer(other_office, "dewi", Officer.Role.SUPERVISOR)


@pytest.fixture
def eko(office: Office) -> Officer:
    """A supervisor of the national office."""
    return make_officer(office.lineage()[-1], "eko", Officer.Role.SUPERVISOR)


@pytest.fixture
def kiosk(office: Office) -> Device:
    return office.devices.create(kind=Device.Kind.KIOSK, name="Kios")


@pytest.fixture
def board(office: Office) -> Device:
    return office.devices.create(kind=Device.Kind.BOARD, name="Papan")


@pytest.fixture
def tablet(office: Office, desk: Desk) -> Device:
    return office.devices.create(kind=Device.Kind.TABLET, name="Tablet", desk=desk)


@pytest.fixture
def signed_in(client):  # type: ignore[no-untyped-def]
    """`signed_in(budi)` is a test client in which that officer is signed in."""

    def sign_in(person: Officer | User):  # type: ignore[no-untyped-def]
        client.force_login(person.user if isinstance(person, Officer) else person)
        return client

    return sign_in
