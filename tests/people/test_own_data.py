"""The owner of an account sees, takes along and erases what is kept."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.test import Client as Browser
from django.urls import reverse
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.consultations.models import Consultation
from sapa.frontdesk import queue
from sapa.frontdesk.models import Visit
from sapa.offices.models import Office
from sapa.people import clients
from sapa.people.models import Client, Consent, Officer, User
from tests.conftest import Clock
from tests.people.test_accounts import PASSWORD, is_signed_in, verified

Sign = Callable[[Client, str], Visit]


@pytest.fixture
def rini(office: Office, clock: Clock) -> Client:
    user = verified(User.objects.create_user("rini@contoh.example", PASSWORD, name="Rini Puspita"))
    return clients.link_account(user, email=user.email, at=clock.at)


@pytest.fixture
def browser(client: Browser, rini: Client) -> Browser:
    assert rini.user is not None
    client.force_login(rini.user)
    return client


@pytest.fixture
def consent(rini: Client, office: Office, clock: Clock) -> Consent:
    return rini.consents.create(
        office=office,
        purpose="skd_contact",
        text_version="skd_contact-1",
        language="id",
        door="kiosk",
        given_at=clock.at,
    )


def test_the_file_holds_everything_of_the_owner_and_nothing_of_others(
    browser: Browser, rini: Client, ani: Client, consent: Consent, arrive_at_office: Sign
) -> None:
    arrive_at_office(rini, "PDRB")
    arrive_at_office(ani, "Rahasia orang lain")
    answer = browser.get(reverse("account_data"))
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="data-saya.json"'
    assert "no-store" in answer.headers["Cache-Control"]
    told = answer.json()
    assert told["account"]["email"] == "rini@contoh.example"
    assert told["profile"]["name"] == "Rini Puspita"
    assert [each["subject"] for each in told["visits"]] == ["PDRB"]
    assert [each["purpose"] for each in told["consents"]] == ["skd_contact"]
    assert "Rahasia" not in answer.content.decode()
    assert "password" not in answer.content.decode()


def test_an_account_without_a_client_has_a_file_too(client: Browser, budi: Officer) -> None:
    client.force_login(budi.user)
    assert client.get(reverse("account_data")).json()["account"]["name"] == "Budi"


def test_erasing_leaves_counts_and_no_way_in(
    browser: Browser, rini: Client, consent: Consent, arrive_at_office: Sign, clock: Clock
) -> None:
    visit = arrive_at_office(rini, "PDRB")
    answer = browser.post(reverse("account_erasure"), {"sure": "yes"}, follow=True)
    assert answer.redirect_chain[0] == (reverse("home"), 302)
    assert "Data Anda sudah dihapus." in answer.content.decode()
    assert not is_signed_in(browser)
    rini.refresh_from_db()
    visit.refresh_from_db()
    consent.refresh_from_db()
    assert (rini.name, rini.email, rini.user, rini.anonymised_at) == ("–", "", None, clock.at)
    assert visit.subject == ""
    assert consent.withdrawn_at == clock.at
    user = User.objects.get()
    assert (user.email, user.name, user.is_active) == (f"{user.pk}@erased.invalid", "", False)
    assert EmailAddress.objects.count() == 0
    answer = Browser().post(reverse("account_login"), {"login": "rini@contoh.example", "password": PASSWORD})
    assert answer.status_code == 200
    assert Event.objects.filter(name="client.erased", subject_id=rini.pk, by=user).count() == 1


def test_the_address_is_free_for_a_new_account_afterwards(browser: Browser, rini: Client) -> None:
    browser.post(reverse("account_erasure"), {"sure": "yes"})
    answer = Browser().post("/akun/signup/", {"email": "rini@contoh.example", "password1": PASSWORD})
    assert answer.headers["Location"] == "/akun/confirm-email/"
    assert User.objects.filter(email="rini@contoh.example").count() == 1


def test_without_the_tick_nothing_is_erased(browser: Browser, rini: Client) -> None:
    answer = browser.post(reverse("account_erasure"), {}, follow=True)
    assert "Centang dahulu bahwa Anda yakin" in answer.content.decode()
    rini.refresh_from_db()
    assert rini.anonymised_at is None


def test_an_open_number_stands_against_it_and_says_so(
    browser: Browser, rini: Client, office: Office, arrive_at_office: Sign, clock: Clock
) -> None:
    visit = arrive_at_office(rini, "PDRB")
    ticket = queue.issue(visit, service=office.services.get(key="consultation"), at=clock.at)
    answer = browser.post(reverse("account_erasure"), {"sure": "yes"}, follow=True)
    assert f"Nomor {ticket.label} masih terbuka." in answer.content.decode()
    rini.refresh_from_db()
    assert rini.anonymised_at is None
    assert is_signed_in(browser)


def test_an_open_matter_at_any_office_stands_against_it(
    browser: Browser, rini: Client, other_office: Office, clock: Clock
) -> None:
    with scopes_disabled():
        Consultation.objects.create(
            office=other_office,
            client=rini,
            service=other_office.services.get(key="consultation"),
            standard=other_office.standards.get(),
            code="KST-9",
            door="visit",
            requested_at=clock.at,
        )
    page = browser.get(reverse("account")).content.decode()
    assert "Konsultasi KST-9 masih terbuka." in page
    assert reverse("account_erasure") not in page
    browser.post(reverse("account_erasure"), {"sure": "yes"})
    rini.refresh_from_db()
    assert rini.anonymised_at is None


def test_an_officer_keeps_the_account_and_loses_the_client(
    client: Browser, budi: Officer, clock: Clock
) -> None:
    own = clients.client_of(budi.user, at=clock.at)
    client.force_login(budi.user)
    client.post(reverse("account_erasure"), {"sure": "yes"})
    own.refresh_from_db()
    assert own.anonymised_at == clock.at
    assert is_signed_in(client)
    budi.user.refresh_from_db()
    assert budi.user.is_active is True


def test_a_consent_is_withdrawn_by_its_owner(browser: Browser, consent: Consent, clock: Clock) -> None:
    browser.post(reverse("account_consent_withdraw", args=[consent.pk]))
    consent.refresh_from_db()
    assert consent.withdrawn_at == clock.at
    clock.advance(hours=1)
    browser.post(reverse("account_consent_withdraw", args=[consent.pk]))
    consent.refresh_from_db()
    assert consent.withdrawn_at != clock.at
    assert Event.objects.filter(name="consent.withdrawn").count() == 1


def test_somebody_elses_consent_is_not_found(client: Browser, consent: Consent) -> None:
    client.force_login(verified(User.objects.create_user("lain@contoh.example", PASSWORD)))
    assert client.post(reverse("account_consent_withdraw", args=[consent.pk])).status_code == 404
    consent.refresh_from_db()
    assert consent.withdrawn_at is None
