"""The guest book on the visitor's own phone: one page, without JavaScript, ending at the live ticket."""

import re
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse

from sapa.frontdesk import recognition
from sapa.frontdesk.models import QueueTicket, Visit
from sapa.frontdesk.views import phone
from sapa.offices.models import Device, Office
from sapa.people.models import Client, Consent
from tests.conftest import Clock
from tests.frontdesk.visitors import posted


@pytest.fixture
def url(office: Office) -> str:
    return reverse("guestbook", args=[office.code])


@pytest.fixture
def poster(office: Office) -> Device:
    return office.devices.create(kind=Device.Kind.POSTER, name="Poster")


def filled(**changes: str) -> dict[str, str]:
    return posted(layanan="consultation", submission_key=str(uuid4())) | changes


def test_a_visit_ends_at_the_live_ticket(client: Browser, url: str, office: Office, clock: Clock) -> None:
    answer = client.post(url, filled(survey="on"))
    ticket = QueueTicket.objects.get()
    assert answer.headers["Location"] == reverse("ticket", args=[office.code, ticket.token])
    visit = Visit.objects.get()
    assert (visit.door, visit.client.name, visit.client.phone) == ("phone", "Ani Lestari", "+6281234567890")
    assert Consent.objects.get().purpose == "skd_contact"


def test_the_first_page_asks_for_the_service(client: Browser, url: str, clock: Clock) -> None:
    page = client.get(url).content.decode()
    assert re.findall(r'name="layanan" value="([a-z]+)"', page) == ["consultation", "library", "errand"]


def test_pressing_the_button_twice_is_one_visit_and_one_number(
    client: Browser, url: str, clock: Clock
) -> None:
    form = filled()
    assert client.post(url, form).headers["Location"] == client.post(url, form).headers["Location"]
    assert (Visit.objects.count(), QueueTicket.objects.count()) == (1, 1)


def test_a_form_shown_has_its_own_key(client: Browser, url: str, clock: Clock) -> None:
    def key() -> str:
        page = client.get(url, {"layanan": "consultation"}).content.decode()
        return re.search(r'name="submission_key" value="([^"]+)"', page)[1]  # type: ignore[index]

    assert key() != key()


def test_mistakes_are_listed_at_the_top_and_what_was_typed_stays(
    client: Browser, url: str, clock: Clock
) -> None:
    answer = client.post(url, filled(email="ani", gender="", birth_year="1800"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="notice error error-summary"' in page
    assert 'href="#id_email"' in page
    assert 'value="Ani Lestari"' in page
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "x" * 10_000},
        {"subject": "x" * 10_000},
        {"birth_year": "9" * 10_000},
        {"men": "9" * 10_000},
        {"men": "-3"},
        {"gender": "<script>"},
        {"purpose": "world domination"},
        {"email": "a" * 10_000 + "@contoh.example"},
        {"phone": "'; DROP TABLE"},
        {"has_disability": "maybe"},
        {"name": "\u202e\u200b"},
    ],
)
def test_impossible_input_is_refused_with_a_page_that_says_what_to_do(
    client: Browser, url: str, clock: Clock, changes: dict[str, str]
) -> None:
    answer = client.post(url, filled(**changes))
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not Visit.objects.exists()


def test_a_hidden_key_changed_by_hand_is_replaced(client: Browser, url: str, clock: Clock) -> None:
    answer = client.post(url, filled(submission_key="not-a-key"))
    assert answer.status_code == 422
    assert 'value="not-a-key"' not in answer.content.decode()


def test_hostile_letters_are_shown_as_letters(client: Browser, url: str, clock: Clock) -> None:
    page = client.post(url, filled(name="<script>alert(1)</script>", email="")).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_errand_is_short(client: Browser, url: str, clock: Clock) -> None:
    page = client.get(url, {"layanan": "errand"}).content.decode()
    assert 'name="education"' not in page
    client.post(
        url,
        {
            "layanan": "errand",
            "submission_key": str(uuid4()),
            "name": "Pak Joko",
            "errand_text": "Mengantar surat",
        },
    )
    assert Visit.objects.get().is_errand is True


def test_a_returning_visitor_sees_masked_data_only_and_fills_in_todays_matter(
    client: Browser, url: str, office: Office, ani: Client, clock: Clock
) -> None:
    client.post(url, filled())
    first = Visit.objects.get().client
    ani.delete()
    known = client.post(
        url + "kenal/", {"layanan": "consultation", "contact": "0812 3456 7890"}
    ).content.decode()
    assert "Lestari" not in known
    token = re.search(r'name="me" value="([^"]+)"', known)[1]  # type: ignore[index]
    page = client.post(url, {"layanan": "consultation", "me": token}).content.decode()
    assert "Lestari" not in page
    assert "contoh.example" not in page
    assert 'name="education"' not in page
    form = {"layanan": "consultation", "me": token, "submission_key": str(uuid4()), "purpose": "research"}
    assert client.post(url, form).status_code == 302
    assert Visit.objects.filter(client=first).count() == 2


def test_an_unknown_number_is_told_kindly(client: Browser, url: str, clock: Clock) -> None:
    answer = client.post(url + "kenal/", {"layanan": "consultation", "contact": "0812 0000 0000"})
    assert answer.status_code == 200
    assert 'name="me"' not in answer.content.decode()


def test_a_number_that_is_none_is_asked_again(client: Browser, url: str, clock: Clock) -> None:
    assert client.post(url + "kenal/", {"layanan": "consultation", "contact": "xyz"}).status_code == 422


def test_trying_out_numbers_comes_to_an_end(client: Browser, url: str, clock: Clock) -> None:
    codes = [
        client.post(
            url + "kenal/", {"layanan": "consultation", "contact": f"0812 0000 00{n:02d}"}
        ).status_code
        for n in range(10)
    ]
    assert codes == [200] * 8 + [422] * 2


def test_an_old_confirmation_is_asked_again(client: Browser, url: str, clock: Clock) -> None:
    answer = client.post(url, filled(me="forged:token:x"))
    assert answer.status_code == 422
    assert not Visit.objects.exists()


def test_too_many_forms_from_one_address_are_stopped(
    client: Browser, url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone, "SIGNED_IN_AN_HOUR", 2)
    assert [client.post(url, filled()).status_code for _ in range(3)] == [302, 302, 429]
    assert Visit.objects.count() == 2


def test_an_office_that_wants_visitors_in_the_house_asks_for_the_poster(
    client: Browser, url: str, office: Office, poster: Device, kiosk: Device, clock: Clock
) -> None:
    office.remote_queue = False
    office.save()
    assert client.get(url).status_code == 403
    assert client.post(url, filled()).status_code == 403
    assert client.get(url, {"di": kiosk.token}).status_code == 403
    assert client.get(url, {"di": poster.token}).status_code == 200
    assert client.post(url, filled(di=poster.token)).status_code == 302
    poster.revoked_at = clock.at
    poster.save()
    assert client.post(url, filled(di=poster.token)).status_code == 403
    assert Visit.objects.count() == 1


def test_the_poster_of_another_office_opens_nothing_here(
    client: Browser, url: str, office: Office, other_office: Office, clock: Clock
) -> None:
    office.remote_queue = False
    office.save()
    stranger = Device(office=other_office, kind=Device.Kind.POSTER, name="Poster")
    stranger.save()
    assert client.get(url, {"di": stranger.token}).status_code == 403


def test_a_closed_office_says_when_it_opens(client: Browser, url: str, clock: Clock) -> None:
    clock.advance(hours=12)
    answer = client.post(url, filled())
    assert answer.status_code == 409
    assert "Selasa, 24 November 2026 pukul 08.00 WIB" in answer.content.decode()


def test_nobody_keeps_the_page(client: Browser, url: str, clock: Clock) -> None:
    assert "no-store" in client.get(url, {"layanan": "consultation"}).headers["Cache-Control"]


def test_a_known_visitor_whose_profile_has_gaps_is_asked_only_those(
    client: Browser, url: str, office: Office, ani: Client, clock: Clock
) -> None:
    ani.education, ani.occupation = "bachelor", "student"
    ani.save()
    form = {"layanan": "consultation", "me": recognition.masked(office, ani).token}
    page = client.post(url, form).content.decode()
    asked = {
        name
        for name in ("name", "email", "gender", "education", "institution_category")
        if f'name="{name}"' in page
    }
    assert asked == {"institution_category"}
    rest = {"submission_key": str(uuid4()), "purpose": "research", "institution_category": "private"}
    assert client.post(url, form | rest).status_code == 302
    assert (Visit.objects.get().client, Visit.objects.get().gender) == (ani, "female")
