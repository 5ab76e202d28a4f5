"""The online office of the browser tests: clients with a complete profile, each with a conversation of their own."""

from datetime import datetime, timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client as Visitor

from sapa.catalogue import figures
from sapa.catalogue.models import Entry
from sapa.catalogue.search.indexing import index
from sapa.consultations import holding, lifecycle
from sapa.inbox import asking, writing
from sapa.inbox.models import Kind
from sapa.inbox.writing import Words
from sapa.meetings import policy as meeting_policy
from sapa.offices.models import Office
from sapa.people import clients
from sapa.people.models import Client, Officer, User
from tests.browser.seed_figures import population
from tests.browser.server import PASSWORD

# One client for each test, so that the tests run in any order and beside each other.
TAKEN = (
    "reload",
    "sleep",
    "slow",
    "cut",
    "twice",
    "tabs",
    "offline",
    "keys",
    "note",
    "files",
    "plain",
    "looks",
    "long",
    "silent",
    "half",
    "wrong",
    "bell",
    "typed",
    "lan",
    "passkey",
    "cites",
)
MANY = 34  # more than a page shows at once
ASKING = ("play",)


def client_of(name: str, at: datetime) -> Client:
    """A client with an account, a confirmed address and every answer of the guest book."""
    user = User.objects.create_user(f"{name}@contoh.example", PASSWORD, name=f"Ani {name.capitalize()}")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = clients.link_account(user, email=user.email, at=at)
    Client.objects.filter(pk=client.pk).update(
        name=user.name,
        gender="female",
        birth_year=2003,
        education="bachelor",
        occupation="student",
        institution_category="research_education",
    )
    client.refresh_from_db()
    return client


def taken(
    office: Office, client: Client, officer: Officer, at: datetime, *, lines: int = 1
) -> dict[str, str]:
    """A request that the officer has taken, stated complete and begun to talk about."""
    asked = {"question": "Berapa jumlah penduduk per kecamatan?", "purpose": "research"}
    subject = "Jumlah penduduk per kecamatan 2025"
    draft = asking.draft_of(client, office, at=at)
    consultation = asking.ask(draft, subject=subject, asked=asked, at=at)
    holding.claim(consultation, by=officer, at=at)
    lifecycle.accept(consultation, by=officer, at=at)
    for number in range(lines):
        words = Words(uuid4(), "Baik, kami carikan." if number == 0 else f"Kabar ke-{number}.")
        writing.office_says(
            consultation, words, kind=Kind.MESSAGE, by=officer, at=at + timedelta(seconds=number)
        )
    return {"token": consultation.token, "code": consultation.code}


def online(office: Office, staff: dict[str, Officer], at: datetime) -> dict[str, dict[str, str]]:
    """Tokens for addresses and sessions of the clients."""
    found: dict[str, dict[str, str]] = {"tokens": {}, "sessions": {}}
    entry = Entry.objects.create(
        office=office,
        kind=Entry.Kind.STATIC_TABLE,
        title="PDRB Kabupaten Way Kanan menurut Lapangan Usaha",
        published_at=at,
    )
    table = Entry.objects.create(
        office=office,
        kind=Entry.Kind.DYNAMIC_TABLE,
        title="Jumlah Penduduk menurut Kecamatan dan Jenis Kelamin",
        url="https://waykanankab.bps.go.id/id/statistics-table/2/31",
        published_at=at,
    )
    figures.keep(table, population(), at=at)
    index([entry, table])
    meeting_policy.set_policy(
        office,
        values={"video_provider": "jitsi", "jitsi_url": "https://temu.contoh.go.id"},
        zoom_secret="",
        by=staff["oki"].user,
        at=at,
    )
    found["tokens"]["entry_figures"] = str(table.pk)
    for name in (*ASKING, *TAKEN):
        client = client_of(name, at)
        assert client.user is not None
        browser = Visitor()
        browser.force_login(client.user)
        found["sessions"][name] = browser.cookies[settings.SESSION_COOKIE_NAME].value
        if name in TAKEN:
            made = taken(office, client, staff["nana"], at, lines=MANY if name == "long" else 1)
            found["tokens"] |= {f"room_{name}": made["token"], f"case_{name}": made["code"]}
    return found
