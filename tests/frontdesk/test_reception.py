"""The front office: type in, recognise, tick the card, hand out the number; and who may."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from sapa.activity.models import Event
from sapa.frontdesk import queue, recognition, requirements
from sapa.frontdesk.arrivals import arrive
from sapa.frontdesk.entries import Entry
from sapa.frontdesk.models import QueueTicket, Visit
from sapa.offices.models import Desk, Office
from sapa.people.models import Client, Officer
from tests.conftest import Clock
from tests.frontdesk.visitors import entry, posted


@pytest.fixture
def url(office: Office, clock: Clock) -> str:
    return reverse("reception", args=[office.code])


def came(office: Office, clock: Clock, **changes) -> QueueTicket:
    return arrive(
        office, entry=entry(**changes), door=Visit.Door.KIOSK, by=None, at=clock.at, submission_key=uuid4()
    )


def filled(**changes: str) -> dict[str, str]:
    return posted(service="consultation", submission_key=str(uuid4())) | changes


def test_the_front_office_types_a_visitor_in_and_gives_a_number(url: str, signed_in, fajar: Officer) -> None:
    answer = signed_in(fajar).post(
        url + "kunjungan/", filled(identity_kind="ktp", means="website"), follow=True
    )
    ticket = QueueTicket.objects.get()
    visit = Visit.objects.get()
    assert ticket.label in answer.content.decode()
    assert (visit.door, visit.by_id, visit.identity_kind) == ("front_office", fajar.pk, "ktp")
    assert visit.means == ["in_person", "website"]


def test_a_double_click_is_one_visit_and_one_number(url: str, signed_in, fajar: Officer) -> None:
    form = filled()
    browser = signed_in(fajar)
    browser.post(url + "kunjungan/", form)
    browser.post(url + "kunjungan/", form)
    assert (Visit.objects.count(), QueueTicket.objects.count()) == (1, 1)


def test_mistakes_are_shown_and_what_was_typed_stays(url: str, signed_in, fajar: Officer) -> None:
    answer = signed_in(fajar).post(url + "kunjungan/", filled(birth_year="1800"))
    assert answer.status_code == 422
    assert 'value="Ani Lestari"' in answer.content.decode()
    assert not Visit.objects.exists()


def test_a_form_without_a_key_begins_again(url: str, signed_in, fajar: Officer) -> None:
    assert signed_in(fajar).post(url + "kunjungan/", filled(submission_key="x")).status_code == 302
    assert not Visit.objects.exists()


def test_an_officer_may_give_a_number_after_the_day_was_full(
    url: str, signed_in, fajar: Officer, office: Office, clock: Clock
) -> None:
    office.services.update(daily_limit=1)
    came(office, clock)
    signed_in(fajar).post(url + "kunjungan/", filled())
    assert QueueTicket.objects.count() == 2


@pytest.mark.parametrize("q", ["0812-3456-7890", "ani.lestari@contoh.example", "lestari", "Ani"])
def test_a_returning_visitor_is_found_by_phone_email_or_name(
    url: str, signed_in, fajar: Officer, office: Office, clock: Clock, q: str
) -> None:
    came(office, clock)
    page = signed_in(fajar).post(url + "pencarian/", {"q": q}).content.decode()
    assert 'name="me"' in page
    assert "81234567890" not in page
    assert "ani.lestari@contoh.example" not in page.replace(f'value="{q}"', "")


@pytest.mark.parametrize("q", ["", "a", "0812 999", "%", "x" * 10_000, "tidak@ada.example"])
def test_a_search_that_finds_nobody_says_so(
    url: str, signed_in, fajar: Officer, office: Office, clock: Clock, q: str
) -> None:
    came(office, clock)
    answer = signed_in(fajar).post(url + "pencarian/", {"q": q})
    assert answer.status_code == 200
    assert 'name="me"' not in answer.content.decode()


def test_visitors_of_another_office_are_not_found(url: str, signed_in, fajar: Officer, ani: Client) -> None:
    page = signed_in(fajar).post(url + "pencarian/", {"q": "0812 3456 7890"}).content.decode()
    assert 'name="me"' not in page


def test_picking_somebody_shows_the_profile_and_keeps_who_read_it(
    url: str, signed_in, fajar: Officer, office: Office, clock: Clock
) -> None:
    client = came(office, clock).visit.client
    token = recognition.masked(office, client).token
    page = signed_in(fajar).post(url + "isian/", {"me": token, "service": "consultation"}).content.decode()
    assert 'value="ani.lestari@contoh.example"' in page
    read = Event.objects.get(name="client.read")
    assert (read.subject_id, read.by_id) == (client.pk, fajar.user_id)


def test_a_returning_visitor_needs_only_todays_matter(
    url: str, signed_in, fajar: Officer, office: Office, clock: Clock
) -> None:
    client = came(office, clock).visit.client
    browser = signed_in(fajar)
    form = {
        "me": recognition.masked(office, client).token,
        "service": "library",
        "submission_key": str(uuid4()),
        "purpose": "research",
    }
    assert browser.post(url + "kunjungan/", form).status_code == 302
    assert Visit.objects.filter(client=client).count() == 2


def test_the_kind_of_card_is_ticked_in_todays_list(
    url: str, signed_in, fajar: Officer, office: Office, clock: Clock
) -> None:
    visit = came(office, clock).visit
    browser = signed_in(fajar)
    browser.post(f"{url}kunjungan/{visit.pk}/kartu/", {"kind": "sim"})
    visit.refresh_from_db()
    assert visit.identity_kind == "sim"
    answer = browser.post(f"{url}kunjungan/{visit.pk}/kartu/", {"kind": "1802131234567890"}, follow=True)
    assert 'class="notice warning"' in answer.content.decode()
    visit.refresh_from_db()
    assert visit.identity_kind == "sim"


def test_a_missing_email_is_waived_with_a_reason(
    url: str, signed_in, fajar: Officer, office: Office, clock: Clock
) -> None:
    visit = came(office, clock).visit
    signed_in(fajar).post(f"{url}kunjungan/{visit.pk}/tanpa-email/", {"reason": "none_owned"})
    visit.refresh_from_db()
    assert visit.email_waiver == "none_owned"


def test_a_visit_of_another_office_or_another_day_cannot_be_ticked(
    url: str, signed_in, fajar: Officer, office: Office, clock: Clock
) -> None:
    visit = came(office, clock).visit
    clock.advance(days=1)
    assert signed_in(fajar).post(f"{url}kunjungan/{visit.pk}/kartu/", {"kind": "ktp"}).status_code == 404


def test_todays_list_shows_errands_apart(
    url: str, signed_in, fajar: Officer, office: Office, clock: Clock
) -> None:
    came(office, clock)
    errand = Entry(service_key="errand", name="Pak Joko", errand_text="Mengantar surat")
    arrive(office, entry=errand, door=Visit.Door.KIOSK, by=None, at=clock.at, submission_key=uuid4())
    page = signed_in(fajar).get(url + "hari-ini/").content.decode()
    assert re.search(r"Ani Lestari.*<h2[^>]*>.*Pak Joko", page, re.DOTALL)


def test_todays_list_takes_as_many_queries_for_three_visitors_as_for_one(
    url: str, signed_in, fajar: Officer, office: Office, clock: Clock, django_assert_num_queries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = signed_in(fajar)
    came(office, clock)
    browser.get(url)
    with CaptureQueriesContext(connection) as one:
        browser.get(url)
    came(office, clock, name="Bayu")
    came(office, clock, name="Cici")
    with django_assert_num_queries(len(one)):
        browser.get(url)


def test_a_stranger_finds_nothing_here(url: str, signed_in, dewi: Officer) -> None:
    assert signed_in(dewi).get(url).status_code == 404


def test_the_administrator_of_the_office_does_not_read_visitors(url: str, signed_in, hadi: Officer) -> None:
    assert signed_in(hadi).get(url).status_code == 403


def test_the_front_office_cancels_a_number_and_stays_where_it_was(
    url: str, signed_in, fajar: Officer, office: Office, clock: Clock
) -> None:
    ticket = came(office, clock)
    cancel = reverse("ticket_withdraw", args=[office.code, ticket.pk])
    browser = signed_in(fajar)
    assert f'action="{cancel}"' in browser.get(url).content.decode()
    answer = browser.post(cancel, {"next": "reception"}, follow=True)
    assert answer.redirect_chain == [(url, 302)]
    assert "Nomor K-001 dibatalkan." in answer.content.decode()
    ticket.refresh_from_db()
    assert ticket.state == "withdrawn"
    assert f'action="{cancel}"' not in answer.content.decode()


@pytest.mark.parametrize("where", ["https://jahat.example/", "//jahat.example", "/1808/pengaturan/", ""])
def test_nobody_is_sent_elsewhere_after_a_cancelled_number(
    url: str, signed_in, fajar: Officer, office: Office, clock: Clock, where: str
) -> None:
    ticket = came(office, clock)
    answer = signed_in(fajar).post(reverse("ticket_withdraw", args=[office.code, ticket.pk]), {"next": where})
    assert answer.headers["Location"] == reverse("workspace", args=[office.code])


def test_a_visitor_who_is_late_is_put_on_hold_and_back_at_the_front_office(
    url: str, signed_in, fajar: Officer, office: Office, clock: Clock
) -> None:
    ticket = came(office, clock)
    browser = signed_in(fajar)
    for name, state in (("ticket_hold", "held"), ("ticket_return", "waiting")):
        answer = browser.post(reverse(name, args=[office.code, ticket.pk]), {"next": "reception"})
        ticket.refresh_from_db()
        assert (answer.headers["Location"], ticket.state) == (url, state)


def test_the_front_office_cannot_hold_a_number_that_is_at_a_desk(
    url: str, signed_in, fajar: Officer, budi: Officer, office: Office, desk: Desk, clock: Clock
) -> None:
    ticket = came(office, clock)
    queue.sit(desk, by=budi, at=clock.at)
    queue.call_next(desk, by=budi, at=clock.at)
    hold = reverse("ticket_hold", args=[office.code, ticket.pk])
    browser = signed_in(fajar)
    assert f'action="{hold}"' not in browser.get(url).content.decode()
    browser.post(hold, {"next": "reception"})
    ticket.refresh_from_db()
    assert ticket.state == "called"


def test_a_wrongly_ticked_card_is_replaced_or_taken_back_and_the_record_keeps_both(
    url: str, signed_in, fajar: Officer, citra: Officer, office: Office, clock: Clock
) -> None:
    visit = came(office, clock).visit
    requirements.see_identity(visit, kind="sim", by=citra, at=clock.at)
    correction = f"{url}kunjungan/{visit.pk}/kartu/koreksi/"
    browser = signed_in(fajar)
    browser.post(correction, {"kind": "ktp"})
    visit.refresh_from_db()
    assert (visit.identity_kind, visit.identity_seen_by_id) == ("ktp", fajar.pk)
    browser.post(correction, {"kind": ""})
    visit.refresh_from_db()
    assert (visit.identity_kind, visit.identity_seen_at, visit.identity_seen_by) == ("", None, None)
    kept = Event.objects.filter(name="identity.corrected").order_by("id").values_list("data", flat=True)
    assert list(kept) == [{"was": "sim", "kind": "ktp"}, {"was": "ktp", "kind": ""}]


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_stale_tick_is_told_in_the_list_itself(
    url: str, signed_in, fajar: Officer, citra: Officer, office: Office, clock: Clock, headers: dict[str, str]
) -> None:
    visit = came(office, clock).visit
    requirements.see_identity(visit, kind="ktp", by=citra, at=clock.at)
    page = signed_in(fajar).post(
        f"{url}kunjungan/{visit.pk}/kartu/", {"kind": "sim"}, headers=headers, follow=True
    )
    told = "Kartu lain sudah dicentang untuk pengunjung ini. Bila keliru, pilih “Koreksi kartu”."
    assert page.content.decode().count(told) == 1
    visit.refresh_from_db()
    assert (visit.identity_kind, visit.identity_seen_by) == ("ktp", citra)


def test_a_card_correction_that_makes_no_sense_changes_nothing(
    url: str, signed_in, fajar: Officer, office: Office, clock: Clock
) -> None:
    visit = came(office, clock).visit
    browser = signed_in(fajar)
    correction = f"{url}kunjungan/{visit.pk}/kartu/koreksi/"
    unticked = browser.post(correction, {"kind": "ktp"}, follow=True).content.decode()
    assert "sudah tidak tercentang lagi" in unticked
    requirements.see_identity(visit, kind="sim", by=fajar, at=clock.at)
    assert 'class="notice warning"' in browser.post(correction, {"kind": "x"}, follow=True).content.decode()
    browser.post(correction, {"kind": "sim"})
    visit.refresh_from_db()
    assert (visit.identity_kind, Event.objects.filter(name="identity.corrected").count()) == ("sim", 0)
