"""An online consultation to speak in, and short ways to say something."""

from uuid import uuid4

import pytest
from django.test import Client as Browser

from sapa.consultations.models import Consultation
from sapa.inbox import asking
from sapa.offices.models import Office
from sapa.people.models import Client, User
from tests.cast import make_client
from tests.conftest import Clock


@pytest.fixture
def ani(db: None, clock: Clock) -> Client:
    """A client with an account and a confirmed e-mail address."""
    user = User.objects.create_user("ani@contoh.example", "sandi-yang-panjang-1", name="Ani Lestari")
    return make_client(user=user, email_verified_at=clock())


@pytest.fixture
def at_home(ani: Client) -> Browser:
    """Ani, signed in, with a complete profile."""
    Client.objects.filter(pk=ani.pk).update(
        education="bachelor", occupation="student", institution_category="research_education", gender="female"
    )
    browser = Browser()
    assert ani.user is not None
    browser.force_login(ani.user)
    return browser


@pytest.fixture
def other_client(db: None) -> Browser:
    """Somebody else with an account, signed in."""
    user = User.objects.create_user("lain@contoh.example", "sandi-yang-panjang-1")
    make_client("Lain", user=user, email="lain@contoh.example")
    browser = Browser()
    browser.force_login(user)
    return browser


def ask(client: Client, office: Office, clock: Clock, **said: object) -> Consultation:
    """A complete request of the client to the office."""
    draft = asking.draft_of(client, office, at=clock())
    asked = {"question": "Berapa jumlah penduduk per kecamatan?", "purpose": "research"}
    subject = str(said.pop("subject", "Jumlah penduduk per kecamatan"))
    return asking.ask(draft, subject=subject, asked=asked | said, at=clock())


@pytest.fixture
def question(ani: Client, office: Office, clock: Clock) -> Consultation:
    """Ani asked Tulang Bawang online, Monday 08.30."""
    return ask(ani, office, clock)


def words(text: str = "Halo", **more: object):  # type: ignore[no-untyped-def]
    """What somebody says, with a key of its own."""
    from sapa.inbox.writing import Words

    return Words(key=uuid4(), text=text, **more)  # type: ignore[arg-type]
