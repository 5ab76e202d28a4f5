"""The touch screen at the door: one question per screen, one number at the end, and nothing left behind."""

import re
from datetime import date, timedelta
from time import sleep
from uuid import uuid4

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django_scopes import scope

from sapa.frontdesk.models import QueueTicket, Visit, VisitDraft
from sapa.offices.models import Device, Office
from sapa.people.models import Client
from tests.conftest import Clock
from tests.frontdesk.visitors import ANI

START = "kiosk"


class Screen:
    """Somebody at the kiosk: answers what stands on the screen and follows where it leads."""

    def __init__(self, office: Office, device: Device, browser: Browser) -> None:
        self.office, self.device, self.browser = office, device, browser
        self.at = self.url("kiosk")
        self.text = ""
        self.screens = 0

    def url(self, name: str, *more: str) -> str:
        return reverse(name, args=[self.office.code, self.device.token, *more])

    def open(self, path: str):
        response = self.browser.get(path, follow=True)
        self.at = response.redirect_chain[-1][0] if response.redirect_chain else path
        self.text = response.content.decode()
        return response

    def post(self, path: str, **fields: str):
        response = self.browser.post(path, fields, follow=True)
        self.at = response.redirect_chain[-1][0] if response.redirect_chain else path
        self.text = response.content.decode()
        self.screens += 1
        return response

    def choose(self, service: str = "consultation", **fields: str):
        return self.post(self.url("kiosk"), service=service, **fields)

    def key(self) -> str:
        with scope(office=self.office):
            return str(VisitDraft.objects.get(device=self.device).submission_key)

    def answer(self, **fields: str):
        return self.post(self.at, **({"draft": self.key()} | fields))

    def fill_in(self) -> None:
        """A first visit, up to the last question."""
        self.choose()
        self.answer(contact="0812-3456-7890")
        self.answer(name=ANI["name"], email=ANI["email"], phone="0812-3456-7890")
        self.answer(gender="female", birth_year="2003")
        self.answer(education="bachelor", occupation="student")
        self.answer(institution_category="research_education", institution_name="Universitas Lampung")
        self.answer(purpose="school_work", subject="Jumlah penduduk")


@pytest.fixture
def screen(office: Office, kiosk: Device, client: Browser, clock: Clock) -> Screen:
    return Screen(office, kiosk, client)


def step_of(screen: Screen) -> str:
    found = re.search(r"/langkah/([^/]+)/$", screen.at)
    return found[1] if found else screen.at.rstrip("/").rsplit("/", 1)[-1]


def test_a_first_visit_takes_eight_screens_and_ends_with_a_number(screen: Screen) -> None:
    screen.fill_in()
    screen.answer()
    assert step_of(screen) == "nomor"
    assert screen.screens == 8
    ticket = QueueTicket.objects.get()
    assert ticket.label in screen.text
    visit = Visit.objects.get()
    assert (visit.door, visit.client.name, visit.client.phone) == ("kiosk", "Ani Lestari", "+6281234567890")
    assert (visit.purpose, visit.means) == ("school_work", ["in_person"])


def test_a_returning_visitor_may_think_before_saying_yes(screen: Screen, ani: Client) -> None:
    screen.choose()
    screen.answer(contact="0812 3456 7890")
    offered = re.findall(r'name="me" value="([^"]+)"', screen.text)
    sleep(1.1)  # tokens are signed with the second of their making
    screen.open(screen.at)
    assert re.findall(r'name="me" value="([^"]+)"', screen.text) == offered


def test_a_returning_visitor_confirms_masked_data_and_is_done_in_five_screens(
    screen: Screen, ani: Client
) -> None:
    ani.education, ani.occupation = "bachelor", "student"
    from sapa.people import institutions

    ani.institution = institutions.register("Universitas Lampung", category="research_education")
    ani.save()
    screen.choose()
    screen.answer(contact="0812 3456 7890")
    assert step_of(screen) == "kenal"
    assert "Lestari" not in screen.text
    assert "A•• L••••••" in screen.text
    token = re.search(r'name="me" value="([^"]+)"', screen.text)
    assert token is not None
    screen.answer(me=token[1])
    assert step_of(screen) == "keperluan"
    screen.answer(purpose="research", subject="PDRB")
    assert "Lestari" not in screen.text
    screen.answer()
    assert screen.screens == 5
    assert Visit.objects.get().client == ani


def test_whoever_says_that_is_not_me_fills_everything_in(screen: Screen, ani: Client) -> None:
    screen.choose()
    screen.answer(contact="0812 3456 7890")
    screen.answer(me="")
    assert step_of(screen) == "nama"


def test_a_candidate_that_was_never_shown_cannot_be_confirmed(
    screen: Screen, ani: Client, office: Office
) -> None:
    from sapa.frontdesk import recognition

    screen.choose()
    screen.answer(contact="0812 0000 0000")
    screen.post(
        screen.url("kiosk_step", "kenal"), draft=screen.key(), me=recognition.masked(office, ani).token
    )
    assert VisitDraft.objects.get().client is None


def test_an_errand_is_asked_two_things(screen: Screen) -> None:
    screen.choose("errand")
    screen.answer(name="Pak Joko", errand_text="Mengantar surat")
    screen.answer()
    visit = Visit.objects.get()
    assert (screen.screens, visit.is_errand, visit.errand_text) == (3, True, "Mengantar surat")
    assert QueueTicket.objects.get().consultation is None


def test_whoever_asks_for_priority_gets_it_without_a_reason(screen: Screen) -> None:
    screen.fill_in()
    screen.answer(wants_priority="on")
    assert QueueTicket.objects.get().is_priority is True
    assert Visit.objects.get().has_disability is None


def test_a_mistake_is_shown_on_its_own_screen_and_keeps_what_was_typed(screen: Screen) -> None:
    screen.choose()
    screen.answer(contact="")
    screen.answer(name="Ani Lestari", email="ani.contoh")
    assert step_of(screen) == "nama"
    assert 'value="Ani Lestari"' in screen.text
    assert "error-summary" in screen.text


def test_later_questions_cannot_be_reached_before_the_earlier_ones(screen: Screen) -> None:
    screen.choose()
    screen.open(screen.url("kiosk_step", "selesai"))
    assert step_of(screen) == "kontak"
    screen.open(screen.url("kiosk_step", "tidak-ada"))
    assert step_of(screen) == "kontak"


def test_pressing_take_a_number_twice_gives_one_number(screen: Screen) -> None:
    screen.fill_in()
    last, key = screen.at, screen.key()
    screen.answer()
    screen.post(last, draft=key)
    assert step_of(screen) == "nomor"
    assert (Visit.objects.count(), QueueTicket.objects.count()) == (1, 1)


def everything_kept(screen: Screen) -> str:
    """Whatever the kiosk could still find: cookies, session, and all pages of its history, opened again."""
    kept = repr(dict(screen.browser.cookies)) + repr(dict(screen.browser.session))
    names = ["kontak", "kenal", "nama", "tentang-anda", "latar-belakang", "instansi", "keperluan", "selesai"]
    for path in [screen.url("kiosk_number"), *(screen.url("kiosk_step", name) for name in names)]:
        response = screen.browser.get(path, follow=True)
        kept += response.content.decode()
        assert response.redirect_chain[-1][0] == screen.url("kiosk")
    return kept


def nothing_of_ani(kept: str) -> None:
    for trace in (
        "Ani",
        "Lestari",
        "3456",
        "7890",
        "contoh.example",
        "Universitas Lampung",
        "2003",
        "penduduk",
    ):
        assert trace not in kept


def test_after_finishing_nothing_is_left_on_the_kiosk(screen: Screen) -> None:
    screen.fill_in()
    screen.answer()
    assert VisitDraft.objects.get().answers == {}
    screen.open(screen.url("kiosk"))
    nothing_of_ani(everything_kept(screen) + screen.text)
    assert not VisitDraft.objects.exists()
    assert QueueTicket.objects.get().label not in screen.text


def test_after_cancelling_nothing_is_left_on_the_kiosk(screen: Screen) -> None:
    screen.fill_in()
    assert f'href="{screen.url("kiosk")}"' in screen.text
    screen.open(screen.url("kiosk"))
    nothing_of_ani(everything_kept(screen))
    assert not VisitDraft.objects.exists()
    assert not Client.objects.exists()


def test_after_a_time_out_nothing_is_left_even_when_the_screen_went_dark(
    screen: Screen, clock: Clock, work
) -> None:
    screen.fill_in()
    clock.advance(minutes=4)
    nothing_of_ani(everything_kept(screen))
    work()
    assert not VisitDraft.objects.exists()


def test_the_work_loop_leaves_a_visitor_alone_who_is_still_typing(screen: Screen, clock: Clock, work) -> None:
    screen.fill_in()
    clock.advance(seconds=50)
    work()
    assert VisitDraft.objects.count() == 1


def test_the_next_visitor_begins_with_an_empty_form_in_indonesian(screen: Screen) -> None:
    screen.choose(language="en")
    assert '<html lang="en"' in screen.text
    screen.answer(contact="0812 3456 7890")
    screen.open(screen.url("kiosk"))
    assert '<html lang="id"' in screen.text
    screen.choose()
    assert '<html lang="id"' in screen.text
    assert "3456" not in screen.text


def test_a_page_left_open_by_the_visitor_before_does_not_touch_the_next_one(screen: Screen) -> None:
    screen.choose()
    old_page, old_key = screen.at, screen.key()
    screen.choose()
    screen.post(old_page, draft=old_key, contact="ani@contoh.example")
    assert screen.at == screen.url("kiosk")
    assert not VisitDraft.objects.exists()  # the start forgets


def test_the_language_can_be_changed_in_the_middle(screen: Screen) -> None:
    screen.choose()
    screen.post(screen.url("kiosk_language"), draft=screen.key(), language="en", step="kontak")
    assert '<html lang="en"' in screen.text
    assert step_of(screen) == "kontak"
    assert "sapa_language" not in screen.browser.cookies


def test_every_page_forbids_the_browser_to_keep_it(screen: Screen) -> None:
    screen.choose()
    for path in (screen.url("kiosk"), screen.at):
        assert "no-store" in screen.browser.get(path).headers["Cache-Control"]


def test_fields_do_not_offer_what_others_typed(screen: Screen) -> None:
    screen.choose()
    screen.answer(contact="")
    inputs = re.findall(r"<input[^>]*type=\"(?:text|email|tel)\"[^>]*>", screen.text)
    assert inputs
    assert [each for each in inputs if 'autocomplete="off"' not in each] == []


def test_hostile_letters_are_shown_as_letters(screen: Screen) -> None:
    screen.choose()
    screen.answer(contact="")
    screen.answer(name='<script>alert("x")</script>\u202eevil\x07', email="x")
    assert "<script>alert" not in screen.text
    screen.answer(name="<b>Ani</b>\u202e\x07\tL", email="ani@contoh.example")
    assert VisitDraft.objects.get().answers["nama"]["name"] == "<b>Ani</b>\u202e\x07\tL"
    screen.answer(gender="female", birth_year="2003")
    screen.answer(education="bachelor", occupation="student")
    screen.answer(institution_category="private", institution_name="x" * 10_000)
    assert step_of(screen) == "instansi"
    screen.answer(institution_category="private", institution_name="")
    screen.answer(purpose="commercial")
    screen.answer()
    assert Client.objects.get().name == "<b>Ani</b> L"


@pytest.mark.parametrize("year", ["1800", "2030", "abc", "19 98", "99999", "-1", "", "²⁰⁰³"])
def test_an_impossible_birth_year_is_asked_again(screen: Screen, year: str) -> None:
    screen.choose()
    screen.answer(contact="")
    screen.answer(name="Ani", email="ani@contoh.example")
    screen.answer(gender="female", birth_year=year)
    assert step_of(screen) == "tentang-anda"
    assert "1998" in screen.text


@pytest.mark.parametrize(
    "contact", ["abc", "0812", "ani@", "0" * 10_000, "+62 812 <b>", "ani@contoh.example, x@y.example"]
)
def test_a_contact_that_is_none_is_asked_again(screen: Screen, contact: str) -> None:
    screen.choose()
    screen.answer(contact=contact)
    assert step_of(screen) == "kontak"
    assert "error-summary" in screen.text


def test_an_unknown_service_leads_back_to_the_start(screen: Screen) -> None:
    screen.choose("horoscope")
    assert screen.at == screen.url("kiosk")


def test_a_closed_office_says_when_it_opens_before_anybody_types(screen: Screen, clock: Clock) -> None:
    clock.advance(hours=12)
    screen.open(screen.url("kiosk"))
    assert "Selasa, 24 November 2026 pukul 08.00 WIB" in screen.text
    screen.choose()
    assert not VisitDraft.objects.exists()


def test_closing_time_in_the_middle_of_typing_leaves_nothing_half_written(
    screen: Screen, clock: Clock
) -> None:
    screen.fill_in()
    clock.set(clock.at.replace(hour=8, minute=29))  # 15.29 WIB
    VisitDraft.objects.update(expires_at=clock.at + timedelta(minutes=3))
    clock.advance(minutes=2)
    screen.answer()
    assert not Visit.objects.exists()
    assert not VisitDraft.objects.exists()
    assert "Selasa, 24 November 2026 pukul 08.00 WIB" in screen.text


def test_a_full_day_is_said_before_anybody_types(screen: Screen, office: Office) -> None:
    office.services.filter(key="consultation").update(daily_limit=1)
    screen.fill_in()
    screen.answer()
    screen.open(screen.url("kiosk"))
    screen.choose()
    assert not VisitDraft.objects.exists()
    assert screen.at == screen.url("kiosk")
    assert QueueTicket.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"revoked_at": "now"}, {"expires_on": date(2026, 11, 22)}, {"kind": "board"}]
)
def test_a_kiosk_whose_address_does_not_count_any_more_is_not_found(
    screen: Screen, kiosk: Device, clock: Clock, change: dict
) -> None:
    for name, value in change.items():
        setattr(kiosk, name, clock.at if value == "now" else value)
    kiosk.save()
    assert screen.browser.get(screen.url("kiosk")).status_code == 404
    assert screen.browser.post(screen.url("kiosk"), {"service": "consultation"}).status_code == 404


def test_the_kiosk_of_another_office_is_not_found_here(
    screen: Screen, other_office: Office, kiosk: Device
) -> None:
    assert screen.browser.get(reverse("kiosk", args=[other_office.code, kiosk.token])).status_code == 404
    assert screen.browser.get(reverse("kiosk", args=[screen.office.code, "x"])).status_code == 404


def test_suggestions_show_only_names_that_say_nothing_about_one_person(screen: Screen) -> None:
    from sapa.people import institutions

    institutions.register("Bimbel Rahasia Ani", category="private")
    for _ in range(2):
        institutions.register("Bimbel Cerdas", category="private")
    answer = screen.browser.get(screen.url("kiosk_suggestions"), {"q": "bimbel"}).json()
    assert answer == {"results": ["Bimbel Cerdas"]}


def test_a_forged_draft_key_leads_to_the_start(screen: Screen) -> None:
    screen.choose()
    screen.post(screen.at, draft=str(uuid4()), contact="0812 3456 7890")
    assert screen.at == screen.url("kiosk")
