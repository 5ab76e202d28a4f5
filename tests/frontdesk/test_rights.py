"""What the guest book's notice promises: see, correct, withdraw, erase (UU 27/2022), at the front office."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.consultations.models import Consultation
from sapa.core.errors import Refused
from sapa.frontdesk import queue, recognition, rights
from sapa.frontdesk.arrivals import arrive
from sapa.frontdesk.models import QueueTicket, Visit
from sapa.offices.models import Office
from sapa.people.models import Client, Institution, Officer
from tests.conftest import Clock
from tests.frontdesk.visitors import entry

PROFILE = {
    "name": "Ani Lestari",
    "phone": "0812-3456-7890",
    "email": "ani.lestari@contoh.example",
    "gender": "female",
    "birth_year": "2003",
    "education": "bachelor",
    "occupation": "student",
    "occupation_text": "",
    "institution_name": "Universitas Lampung",
}


@pytest.fixture
def ticket(office: Office, clock: Clock) -> QueueTicket:
    """Ani signed today, with a consent for the survey, and has a number."""
    return arrive(
        office,
        entry=entry(agreed=frozenset({"skd_contact"})),
        door=Visit.Door.KIOSK,
        by=None,
        at=clock.at,
        submission_key=uuid4(),
    )


@pytest.fixture
def person(ticket: QueueTicket) -> Client:
    return ticket.visit.client


@pytest.fixture
def page(signed_in, fajar: Officer, person: Client, office: Office):
    """`page("erase", sure="yes")` posts what the button sends; `page()` reads the record."""
    browser = signed_in(fajar)

    def ask(what: str = "record", **fields: str):
        address = reverse(f"client_{what}", args=[office.code, person.pk])
        return browser.get(address) if what == "record" else browser.post(address, fields, follow=True)

    return ask


def events(name: str) -> list[dict]:
    return list(Event.objects.filter(name=name).order_by("id").values_list("data", flat=True))


def test_what_is_kept_is_shown_and_the_reading_is_on_record(page, person: Client, fajar: Officer) -> None:
    text = page().content.decode()
    for kept in ("+6281234567890", "ani.lestari@contoh.example", "2003", "Universitas Lampung", "Berlaku"):
        assert kept in text
    read = Event.objects.get(name="client.read")
    assert (read.subject_id, read.by_id, read.data) == (person.pk, fajar.user_id, {"at": "record"})


def test_the_page_is_reached_from_the_visitor_that_was_picked(
    signed_in, fajar: Officer, office: Office, person: Client
) -> None:
    token = recognition.masked(office, person).token
    picked = signed_in(fajar).post(reverse("reception_form", args=[office.code]), {"me": token})
    assert reverse("client_record", args=[office.code, person.pk]) in picked.content.decode()


def test_a_correction_changes_the_profile_and_only_the_names_of_fields_are_on_record(
    page, person: Client
) -> None:
    person.email_verified_at = person.created_at
    person.save()
    answer = page("correct", **(PROFILE | {"name": "Ani Lestary", "email": "ANI@contoh.example"}))
    assert "Data telah dikoreksi." in answer.content.decode()
    person.refresh_from_db()
    assert (person.name, person.email) == ("Ani Lestary", "ani@contoh.example")
    assert Client.objects.get(pk=person.pk).email_verified_at is None
    assert events("client.corrected") == [{"fields": ["name", "email"]}]


def test_the_institution_is_corrected_without_counting_it_as_written_again(page, person: Client) -> None:
    Institution.objects.create(key="itera", name="Itera", uses=1)
    page("correct", **(PROFILE | {"institution_name": "ITERA"}))
    person.refresh_from_db()
    assert person.institution is not None
    assert (person.institution.name, person.institution.uses) == ("Itera", 1)
    page("correct", **(PROFILE | {"institution_name": ""}))
    person.refresh_from_db()
    assert person.institution is None


def test_a_correction_that_changes_nothing_says_so_and_leaves_no_event(page) -> None:
    assert "Tidak ada yang berbeda" in page("correct", **PROFILE).content.decode()
    assert events("client.corrected") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "123"},
        {"name": "x" * 121},
        {"phone": "abc"},
        {"email": "tanpa-at"},
        {"birth_year": "1800"},
        {"birth_year": "x"},
        {"gender": "lain"},
        {"institution_name": "x" * 161},
    ],
)
def test_a_wrong_correction_is_explained_and_nothing_is_changed(page, person: Client, wrong: dict) -> None:
    answer = page("correct", **(PROFILE | {"education": ""} | wrong))
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert len(events("client.read")) == 1
    person.refresh_from_db()
    assert (person.name, person.education) == ("Ani Lestari", "bachelor")


def test_the_survey_consent_is_withdrawn_once(page, person: Client, clock: Clock) -> None:
    assert "Izin ditarik." in page("consent_withdraw").content.decode()
    assert person.consents.get().withdrawn_at == clock.at
    assert 'class="notice error"' in page("consent_withdraw").content.decode()
    assert events("consent.withdrawn") == [{"purpose": "skd_contact"}]


def test_nothing_is_erased_while_a_number_is_open(page, person: Client) -> None:
    assert "Nomor K-001 masih terbuka" in page("erase", sure="yes").content.decode()
    person.refresh_from_db()
    assert (person.name, events("client.erased")) == ("Ani Lestari", [])


def test_nothing_is_erased_without_the_tick(page, person: Client, ticket: QueueTicket, clock: Clock) -> None:
    queue.withdraw(ticket, by=None, at=clock.at)
    page("erase")
    person.refresh_from_db()
    assert person.name == "Ani Lestari"


def test_on_request_only_counts_remain(page, person: Client, ticket: QueueTicket, clock: Clock) -> None:
    queue.withdraw(ticket, by=None, at=clock.at)
    answer = page("erase", sure="yes")
    assert "tinggal hitungan" in answer.content.decode()
    assert "Ani Lestari" not in answer.content.decode()
    person.refresh_from_db()
    visit = Visit.objects.get()
    assert (person.name, person.phone, person.email, person.birth_year, person.institution, person.user) == (
        *("–", "", "", None, None, None),
    )
    assert (visit.subject, visit.institution, visit.gender) == ("", None, "female")
    assert Consultation.objects.get().subject == ""
    assert person.consents.get().withdrawn_at == clock.at
    assert events("client.erased") == [{}]
    assert page().status_code == 404
    assert page("erase", sure="yes").status_code == 404


def test_a_number_at_another_office_is_open_too(
    person: Client, ticket: QueueTicket, fajar: Officer, office: Office, other_office: Office, clock: Clock
) -> None:
    queue.withdraw(ticket, by=None, at=clock.at)
    with scopes_disabled():
        there = other_office.services.get(key="consultation")
        visit = Visit.objects.get()
        Visit.objects.filter(pk=visit.pk).update(office=other_office)
        QueueTicket.objects.filter(pk=ticket.pk).update(
            office=other_office, service=there, state="waiting", ended_at=None
        )
    with pytest.raises(Refused):
        rights.erase(person, office=office, by=fajar, at=clock.at)


def test_a_visitor_of_another_office_is_not_found(
    signed_in, dewi: Officer, other_office: Office, person: Client
) -> None:
    browser = signed_in(dewi)
    for what in ("correct", "consent_withdraw", "erase"):
        address = reverse(f"client_{what}", args=[other_office.code, person.pk])
        assert browser.post(address, PROFILE | {"sure": "yes"}).status_code == 404
    assert browser.get(reverse("client_record", args=[other_office.code, person.pk])).status_code == 404
    person.refresh_from_db()
    assert (person.name, Event.objects.filter(name="client.read").count()) == ("Ani Lestari", 0)


def test_strangers_and_administrators_see_nothing(
    client, hadi: Officer, dewi: Officer, person: Client, office: Office
) -> None:
    address = reverse("client_record", args=[office.code, person.pk])
    assert client.get(address).status_code == 302
    for stranger, status in ((hadi, 403), (dewi, 404)):
        client.force_login(stranger.user)
        assert (client.get(address).status_code, client.post(address + "penghapusan/").status_code) == (
            status,
            status,
        )
    assert not Event.objects.filter(name="client.read").exists()


def test_three_visits_cost_as_many_queries_as_one(page, office: Office, person: Client, clock: Clock) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    page()
    with CaptureQueriesContext(connection) as one:
        page()
    for _ in range(2):
        arrive(
            office,
            entry=entry(),
            door=Visit.Door.KIOSK,
            by=None,
            at=clock.at,
            submission_key=uuid4(),
            client=person,
        )
    with CaptureQueriesContext(connection) as three:
        page()
    assert len(three) == len(one)
