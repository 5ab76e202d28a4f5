"""What a page hears, and who may listen: a real server, real threads, a real database."""

import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client as Browser

from sapa.activity import push, stream
from sapa.activity.hub import Hub
from sapa.front import Front
from sapa.frontdesk.models import Visit
from sapa.offices.models import Device, Office, Service
from sapa.people.models import Client, Officer
from tests.activity.conftest import Happen, no_pages
from tests.conftest import Clock
from tests.serving import Heard, listening, served, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def papan(url: str, board: Device) -> str:
    return f"{url}/1808/aliran/papan/{board.token}/"


@pytest.fixture
def meja(url: str, office: Office) -> str:
    return f"{url}/1808/aliran/meja/"


@pytest.fixture
def ticket_token(office: Office, ani: Client, consultation_service: Service, clock: Clock) -> str:
    visit = office.visits.create(
        client=ani,
        submission_key=uuid.uuid4(),
        service_day=clock.at.date(),
        signed_at=clock.at,
        door=Visit.Door.PHONE,
        codelist_version="skd-2026",
    )
    ticket = office.tickets.create(
        visit=visit,
        service=consultation_service,
        service_day=clock.at.date(),
        prefix="K",
        number=1,
        issued_at=clock.at,
        joined_at=clock.at,
    )
    return str(ticket.token)


def cookie_of(browser: Browser) -> dict[str, str]:
    return {"Cookie": f"sapa_session={browser.cookies['sapa_session'].value}"}


def test_a_page_hears_hello_then_signals_then_beats(papan: str, happen: Happen, office: Office) -> None:
    before = happen()
    with listening(papan) as page:
        assert page.next() == Heard("hello", {"last": before.pk, "recent": True}, before.pk)
        event = happen("ticket.called")
        said = {"id": event.pk, "name": "ticket.called", "ids": [office.pk]}
        assert page.next() == Heard("signal", said, event.pk)
        assert page.next_of_all() == Heard("beat", {})


def test_the_answer_is_never_kept_by_a_proxy(papan: str) -> None:
    with listening(papan) as page:
        headers = page.response.headers
        assert headers["content-type"] == "text/event-stream; charset=utf-8"
        assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-store", "no")


def test_what_is_rolled_back_is_not_told(papan: str, happen: Happen) -> None:
    with listening(papan) as page:
        page.next()
        with transaction.atomic():
            happen("ticket.issued")
            transaction.set_rollback(True)
        assert page.beats()


def test_an_event_with_two_topics_of_the_page_is_heard_once(
    url: str, happen: Happen, office: Office, ticket_token: str
) -> None:
    with listening(f"{url}/1808/aliran/tiket/{ticket_token}/") as page:
        page.next()
        happen("ticket.called", topics=(f"ticket:{ticket_token}", f"queue:{office.pk}"))
        assert page.next().name == "signal"
        assert page.beats()


def test_the_events_of_other_topics_are_not_heard(papan: str, happen: Happen) -> None:
    with listening(papan) as page:
        page.next()
        happen(topics=("queue:0", "ticket:x"))
        assert page.beats()


@pytest.mark.parametrize(("behind", "recent"), [(0, False), (1, True)])
def test_after_a_cut_the_page_learns_whether_it_missed_something(
    front: Front, url: str, board: Device, happen: Happen, behind: int, recent: bool, monkeypatch: Any
) -> None:
    last = happen().pk
    # As if nothing had been heard for long: only the number the page sends can tell.
    monkeypatch.setattr(Hub, "heard", lambda hub, topics, since: False)
    with listening(
        f"{url}/1808/aliran/papan/{board.token}/", **{"Last-Event-ID": str(last - behind)}
    ) as page:
        assert page.next() == Heard("hello", {"last": last, "recent": recent}, last)


def test_strangers_are_refused_without_a_detail(
    url: str, office: Office, other_office: Office, board: Device
) -> None:
    answers = {
        path: httpx.get(f"{url}/{path}").status_code
        for path in (
            "1808/aliran/papan/salah/",
            f"1812/aliran/papan/{board.token}/",
            "9999/aliran/papan/salah/",
            "1808/aliran/tiket/salah/",
            "1808/aliran/gosip/",
            "1808/aliran/meja/",
        )
    }
    assert list(answers.values()) == [404, 404, 404, 404, 404, 403]


def test_only_get_and_only_our_own_host_names(papan: str) -> None:
    assert httpx.post(papan).status_code == 405
    assert httpx.head(papan).headers["allow"] == "GET"
    assert httpx.get(papan, headers={"Host": "jahat.example"}).status_code == 400


def test_one_address_may_not_take_all_streams(settings: Any, transactional_db: None, board: Device) -> None:
    settings.STREAMS_PER_CLIENT = 2
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    with served(Front(no_pages)) as url:
        papan = f"{url}/1808/aliran/papan/{board.token}/"
        with listening(papan), listening(papan):
            refused = httpx.get(papan)
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
            with listening(papan, **{"X-Forwarded-For": "203.0.113.9"}) as page:
                assert page.next().name == "hello"


def test_a_page_that_leaves_is_forgotten(front: Front, papan: str) -> None:
    with listening(papan) as page:
        page.next()
        assert (len(front.streams), len(front.hub)) == (1, 1)
    until(lambda: (len(front.streams), len(front.hub)) == (0, 0))


def test_an_officer_hears_the_line_of_the_own_office_only(
    url: str, meja: str, signed_in: Any, budi: Officer, other_office: Office, happen: Happen
) -> None:
    cookie = cookie_of(signed_in(budi))
    with listening(meja, **cookie) as page:
        page.next()
        happen()
        assert page.next().name == "signal"
    assert httpx.get(f"{url}/1812/aliran/meja/", headers=cookie).status_code == 403


def leaves_at_the_next_beat(page: Any) -> bool:
    return bool(page.next().name == "bye" and page.is_over())


def test_a_signed_out_officer_loses_the_stream(meja: str, signed_in: Any, budi: Officer) -> None:
    browser = signed_in(budi)
    with listening(meja, **cookie_of(browser)) as page:
        page.next()
        browser.logout()
        assert leaves_at_the_next_beat(page)


def test_a_deactivated_officer_loses_the_stream(meja: str, signed_in: Any, budi: Officer) -> None:
    with listening(meja, **cookie_of(signed_in(budi))) as page:
        page.next()
        Officer.objects.filter(pk=budi.pk).update(is_active=False)
        assert leaves_at_the_next_beat(page)


def test_a_deactivated_account_loses_the_stream(meja: str, signed_in: Any, budi: Officer) -> None:
    with listening(meja, **cookie_of(signed_in(budi))) as page:
        page.next()
        budi.user.is_active = False
        budi.user.save()
        assert leaves_at_the_next_beat(page)


def test_a_changed_password_ends_the_streams_of_older_sessions(
    meja: str, signed_in: Any, budi: Officer
) -> None:
    with listening(meja, **cookie_of(signed_in(budi))) as page:
        page.next()
        budi.user.set_password("sandi-yang-lain-sekali-2")
        budi.user.save()
        assert leaves_at_the_next_beat(page)


def test_an_office_that_asks_for_a_second_factor_asks_here_too(
    meja: str, signed_in: Any, budi: Officer, office: Office
) -> None:
    Office.objects.filter(pk=office.pk).update(mfa_required=True)
    browser = signed_in(budi)
    cookie = cookie_of(browser)
    assert httpx.get(meja, headers=cookie).status_code == 403
    # That the account has one is not enough: this session has not done it.
    Authenticator.objects.create(user=budi.user, type=Authenticator.Type.TOTP, data={})
    assert httpx.get(meja, headers=cookie).status_code == 403
    session = browser.session
    session["account_authentication_methods"] = [{"method": "mfa"}]
    session.save()
    with listening(meja, **cookie) as page:
        assert page.next().name == "hello"


def test_a_revoked_board_loses_the_stream(papan: str, board: Device, clock: Clock) -> None:
    with listening(papan) as page:
        page.next()
        Device.objects.filter(pk=board.pk).update(revoked_at=clock.at)
        assert leaves_at_the_next_beat(page)


def test_a_board_is_noted_as_seen_once_a_minute(papan: str, board: Device, clock: Clock) -> None:
    began = clock.at

    def seen() -> Any:
        return Device.objects.get(pk=board.pk).seen_at

    with listening(papan) as page:
        page.next()
        assert seen() == began
        clock.advance(seconds=59)
        assert [page.beats(), seen()] == [True, began]
        clock.advance(seconds=1)
        until(lambda: seen() == began + timedelta(minutes=1))


def test_a_page_that_may_have_missed_signals_says_hello_again(
    front: Front, papan: str, happen: Happen
) -> None:
    with listening(papan) as page:
        page.next()
        last = happen().pk
        assert page.next().name == "signal"
        front.hub.sync()
        assert page.next() == Heard("hello", {"last": last, "recent": True}, last)


def test_when_the_database_does_not_answer_the_page_hears_no_beat_but_keeps_its_stream(
    front: Front, papan: str, happen: Happen, monkeypatch: Any, caplog: Any
) -> None:
    asked = stream._ask
    with listening(papan) as page:
        page.next()

        def broken(path: str, address: stream.Address) -> Any:
            raise OSError("no database")

        monkeypatch.setattr(stream, "_ask", broken)
        until(lambda: "could not ask" in caplog.text)
        monkeypatch.setattr(stream, "_ask", asked)
        assert page.beats()


def test_the_newest_event_of_an_office_is_what_a_page_has_seen(
    office: Office, other_office: Office, happen: Happen
) -> None:
    assert push.last_event_id(office.pk) == 0
    assert [happen().pk, happen().pk][-1] == push.last_event_id(office.pk)
    assert push.last_event_id(other_office.pk) == 0
