"""Zoom, against a simulator of its documented API: what it does on good days and on bad ones."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from sapa.activity.models import Event
from sapa.meetings import booking, rooms
from sapa.meetings.models import FollowUp, MeetingPolicy, Room
from sapa.meetings.providers import zoom as provider
from tests.meetings.conftest import WEDNESDAY_TEN
from tests.simulators.zoom import SECRET, Reply

pytestmark = pytest.mark.usefixtures("with_zoom")


@pytest.fixture
def meeting(book):
    return book(kind="video", provider="zoom")


def fresh(meeting) -> FollowUp:
    return FollowUp.objects.get(pk=meeting.pk)


def room() -> Room:
    return Room.objects.get()


def told(name: str) -> list[dict]:
    return [event.data for event in Event.objects.filter(name=name).order_by("id")]


def test_a_booked_meeting_stands_at_zoom_with_link_and_passcode(meeting, zoom, work):
    assert (fresh(meeting).link, room().settled_at) == ("", None)
    work()
    [(number, made)] = zoom.meetings.items()
    assert made["topic"] == f"{meeting.office.name}: {meeting.consultation.code}"
    assert (made["start_time"], made["duration"], made["timezone"]) == (
        "2026-11-25T03:00:00Z",
        30,
        "Asia/Jakarta",
    )
    shown = fresh(meeting)
    assert (shown.link, shown.passcode) == (f"https://zoom.example/j/{number}?pwd=abc", "582913")
    assert (room().outside_id, room().reason, room().dead_at) == (number, "", None)
    assert told("meeting.ready") == [{"provider": "zoom"}]


def test_no_name_and_no_question_of_the_client_goes_to_zoom(meeting, zoom, work):
    work()
    [made] = zoom.meetings.values()
    assert "Ani" not in str(made)
    assert "penduduk" not in str(made)


def test_moving_tells_zoom_the_new_time_and_keeps_the_link(meeting, zoom, work, clock, budi):
    work()
    link = fresh(meeting).link
    booking.move(
        fresh(meeting),
        starts_at=WEDNESDAY_TEN + timedelta(hours=1),
        minutes=60,
        by=budi,
        at=clock.advance(hours=1),
    )
    work()
    [made] = zoom.meetings.values()
    assert (made["start_time"], made["duration"], fresh(meeting).link) == ("2026-11-25T04:00:00Z", 60, link)


def test_cancelling_takes_it_away_at_zoom(meeting, zoom, work, clock, budi):
    work()
    booking.cancel(fresh(meeting), reason="", by=budi, at=clock.advance(hours=1))
    work()
    assert (zoom.meetings, room().outside_id) == ({}, "")


def test_a_meeting_that_somebody_deleted_at_zoom_is_cancelled_all_the_same(meeting, zoom, work, clock, budi):
    work()
    zoom.meetings.clear()
    booking.cancel(fresh(meeting), reason="", by=budi, at=clock.advance(hours=1))
    work()
    assert (room().settled_at, room().dead_at, zoom.asked("DELETE")) == (clock.at, None, 1)


def test_a_meeting_that_somebody_deleted_at_zoom_is_made_anew_when_it_is_moved(
    meeting, zoom, work, clock, budi
):
    work()
    first = fresh(meeting).link
    zoom.meetings.clear()
    booking.move(
        fresh(meeting),
        starts_at=WEDNESDAY_TEN + timedelta(hours=1),
        minutes=30,
        by=budi,
        at=clock.advance(hours=1),
    )
    work()
    [made] = zoom.meetings.values()
    assert (fresh(meeting).link, fresh(meeting).link != first) == (made["join_url"], True)


def test_one_token_serves_many_calls(meeting, zoom, work, clock, budi):
    work()
    booking.cancel(fresh(meeting), reason="", by=budi, at=clock.advance(hours=1))
    work()
    assert zoom.calls.count(("POST", "/oauth/token")) == 1


def test_a_token_that_expired_is_renewed_once_without_anybody_noticing(meeting, zoom, work, clock, budi):
    work()
    zoom.expire_tokens()
    booking.cancel(fresh(meeting), reason="", by=budi, at=clock.advance(hours=1))
    work()
    assert (zoom.meetings, zoom.calls.count(("POST", "/oauth/token")), told("meeting.failed")) == ({}, 2, [])


def test_a_token_that_is_refused_again_and_again_is_no_loop(meeting, zoom, work):
    zoom.next("POST", *[Reply(401, {"code": 124, "message": "Invalid access token."})] * 5)
    work()
    assert (zoom.asked("POST"), room().reason, room().dead_at is not None) == (2, "not_allowed", True)


def test_the_token_is_not_readable_in_the_cache(meeting, work, zoom):
    work()
    [token] = zoom.tokens
    kept = [cache._cache[key] for key in cache._cache if "zoom-token" in key]
    assert len(kept) == 1
    assert token.encode() not in kept[0]


def test_wrong_credentials_are_given_up_at_once_and_the_officer_hears_of_it(meeting, zoom, work, set_policy):
    set_policy(zoom_secret="keliru")
    work()
    assert (room().reason, room().dead_at is not None) == ("credentials_refused", True)
    assert told("meeting.failed") == [{"provider": "zoom", "reason": "credentials_refused", "given_up": True}]


def test_missing_scopes_are_given_up_at_once(meeting, zoom, work):
    zoom.scopes = False
    work()
    assert (room().reason, room().dead_at is not None) == ("http_400", True)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "90"}, timedelta(seconds=90)),
        # The daily limit is told as an instant.
        ({"Retry-After": "2026-11-23T03:30:00Z"}, timedelta(hours=2)),
        ({"X-RateLimit-Type": "Daily-limit"}, timedelta(hours=22, minutes=30)),
        ({"X-RateLimit-Type": "QPS"}, timedelta(seconds=30)),
        # A clock that is wrong on either side makes the worker neither hammer nor wait for ever.
        ({"Retry-After": "2020-01-01T00:00:00Z"}, timedelta(seconds=1)),
        ({"Retry-After": "2036-01-01T00:00:00Z"}, timedelta(hours=24)),
        ({"Retry-After": "bukan angka"}, timedelta(minutes=1)),
    ],
)
def test_a_rate_limit_is_waited_for_as_long_as_zoom_says(meeting, zoom, work, clock, headers, wait):
    zoom.next("POST", Reply(429, {"code": 429, "message": "You have exceeded the limit."}, headers))
    work()
    assert (room().due_at - clock.at, room().reason, room().dead_at) == (wait, "rate_limited", None)
    clock.set(room().due_at)
    work()
    assert (len(zoom.meetings), fresh(meeting).link != "") == (1, True)


def test_the_daily_limit_of_a_host_that_is_told_in_words_only_ends_at_midnight_utc(
    meeting, zoom, work, clock
):
    words = "You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted."
    zoom.next("POST", Reply(429, {"code": 429, "message": words}, {"X-RateLimit-Category": "Light"}))
    work()
    assert room().due_at == datetime(2026, 11, 24, tzinfo=UTC)


def test_a_limit_that_always_ends_in_a_second_is_not_asked_every_second_for_hours(meeting, zoom, work, clock):
    zoom.next("POST", *[Reply(429, {"code": 429}, {"Retry-After": "1"})] * 10)
    for _ in range(10):
        work()
        clock.set(room().due_at)
    assert (room().dead_at, clock.at - datetime(2026, 11, 23, 1, 30, tzinfo=UTC) > timedelta(hours=1)) == (
        None,
        True,
    )


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(500, b"<html>Oops</html>"), "http_500"),
        (Reply(503, {"message": "Service Unavailable"}), "http_503"),
        (Reply(201, b"not json at all"), "answer_not_understood"),
        (Reply(201, ["a", "list"]), "answer_not_understood"),
        (Reply(201, {"id": 5, "join_url": "javascript:alert(1)"}), "answer_not_understood"),
        (Reply(201, {"join_url": "https://zoom.example/j/1"}), "answer_not_understood"),
        (Reply(201, b"x" * 1_100_000), "answer_too_large"),
    ],
)
def test_a_bad_answer_is_tried_again_later(meeting, zoom, work, clock, reply, reason):
    zoom.next("POST", reply)
    work()
    assert (room().reason, room().dead_at, fresh(meeting).link) == (reason, None, "")
    clock.set(room().due_at)
    work()
    assert (len(zoom.meetings), room().settled_at) == (1, clock.at)


def test_an_answer_that_never_comes_is_tried_again_and_finds_what_was_made(
    meeting, zoom, work, clock, monkeypatch
):
    monkeypatch.setattr(provider, "TIMEOUT", 0.2)
    zoom.next("POST", Reply(201, {}, after_seconds=0.6, does_it=True))
    work()
    assert (room().reason, len(zoom.meetings)) == ("timed_out", 1)
    clock.set(room().due_at)
    work()
    [made] = zoom.meetings.values()
    shown = fresh(meeting)
    assert (shown.link, shown.passcode, zoom.asked("POST")) == (made["join_url"], made["password"], 1)


@pytest.fixture
def lost(meeting, zoom, work, monkeypatch):
    """Zoom made the meeting and we never heard of it."""
    monkeypatch.setattr(provider, "TIMEOUT", 0.2)
    zoom.next("POST", Reply(201, {}, after_seconds=0.6, does_it=True))
    work()
    monkeypatch.setattr(provider, "TIMEOUT", 8.0)
    assert (room().reason, room().outside_id, len(zoom.meetings)) == ("timed_out", "", 1)
    return meeting


def test_a_lost_meeting_is_taken_away_when_the_appointment_is_cancelled(lost, zoom, work, clock, budi):
    booking.cancel(fresh(lost), reason="", by=budi, at=clock.advance(hours=1))
    work()
    assert (zoom.meetings, room().asked_at, room().settled_at) == ({}, None, clock.at)


def test_a_lost_meeting_is_taken_away_when_another_way_is_chosen(lost, zoom, work, clock, budi):
    link = "https://meet.example.org/abc"
    booking.choose_way(fresh(lost), kind="video", provider="link", link=link, by=budi, at=clock.at)
    clock.advance(hours=1)
    work()
    assert (zoom.meetings, fresh(lost).link) == ({}, link)


def test_a_lost_meeting_is_found_again_after_the_appointment_moved_to_another_day(
    lost, zoom, work, clock, budi
):
    later = WEDNESDAY_TEN + timedelta(days=1)
    booking.move(fresh(lost), starts_at=later, minutes=60, by=budi, at=clock.advance(hours=1))
    work()
    [made] = zoom.meetings.values()
    assert (zoom.asked("POST"), made["start_time"], made["duration"]) == (1, "2026-11-26T03:00:00Z", 60)
    assert (fresh(lost).link, room().outside_id) == (made["join_url"], str(made["id"]))


def test_a_lost_meeting_that_was_given_up_is_found_when_somebody_tries_again(lost, zoom, work, clock, budi):
    zoom.next("GET", Reply(404, {"code": 1001, "message": "User does not exist."}))
    clock.set(room().due_at)
    work()
    assert room().dead_at == clock.at
    rooms.retry(fresh(lost), by=budi, at=clock.advance(hours=1))
    work()
    [made] = zoom.meetings.values()
    assert (zoom.asked("POST"), fresh(lost).link) == (1, made["join_url"])


def test_a_lost_meeting_is_found_behind_many_others(lost, zoom, work, clock):
    [ours] = zoom.meetings.values()
    others = {str(number): {**ours, "id": number, "agenda": "Rapat"} for number in range(1, 6)}
    zoom.meetings = others | zoom.meetings
    zoom.most_listed = 2
    clock.set(room().due_at)
    work()
    assert (zoom.asked("POST"), room().outside_id, len(zoom.meetings)) == (1, str(ours["id"]), 6)


def test_two_that_were_made_for_one_appointment_become_one(lost, zoom, work, clock):
    [ours] = zoom.meetings.values()
    zoom.meetings["7"] = {**ours, "id": 7}
    clock.set(room().due_at)
    work()
    assert list(zoom.meetings) == [room().outside_id]


def test_meetings_of_other_appointments_of_the_same_matter_are_left_alone(lost, zoom, work, clock, budi):
    [ours] = zoom.meetings.values()
    zoom.meetings["7"] = {**ours, "id": 7, "agenda": "Sapa KST-7KQ4-M2XW-9TR2/999"}
    booking.cancel(fresh(lost), reason="", by=budi, at=clock.advance(hours=1))
    work()
    assert list(zoom.meetings) == ["7"]


def test_nothing_is_looked_for_at_zoom_when_nothing_was_ever_asked(meeting, zoom, work, clock, budi):
    booking.cancel(fresh(meeting), reason="", by=budi, at=clock.at)
    work()
    assert zoom.calls == []


def test_a_worker_that_died_after_the_call_does_not_make_a_second_meeting(
    meeting, zoom, clock, work, monkeypatch
):
    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(rooms, "_done", die)
        with pytest.raises(SystemExit):
            rooms.settle(room().pk, clock.at)
    assert (len(zoom.meetings), room().settled_at) == (1, None)
    work()
    assert zoom.asked("POST") == 1  # the lease holds
    clock.set(room().due_at)
    work()
    [made] = zoom.meetings.values()
    assert (fresh(meeting).link, zoom.asked("POST")) == (made["join_url"], 1)


def test_a_provider_that_is_down_for_hours_alarms_once_and_makes_the_meeting_in_the_end(
    meeting, zoom, work, clock
):
    zoom.next("POST", *[Reply(500)] * 12)
    while not fresh(meeting).link:
        work()
        clock.set(max(room().due_at, clock.at + timedelta(seconds=1)))
    assert clock.at - datetime(2026, 11, 23, 1, 30, tzinfo=UTC) > timedelta(hours=2)
    assert told("meeting.failed") == [{"provider": "zoom", "reason": "http_500", "given_up": False}]
    assert told("meeting.ready") == [{"provider": "zoom"}]


def test_nothing_is_tried_any_more_once_the_meeting_is_over(meeting, zoom, work, clock):
    zoom.next("POST", *[Reply(500)] * 2)
    work()
    clock.set(meeting.ends_at - timedelta(seconds=10))
    work()
    assert (room().dead_at, rooms.SOURCE.dead()) == (clock.at, 1)


def test_meetings_of_the_same_account_do_not_wait_in_vain_one_after_the_other(
    meeting, book, online, zoom, work, clock
):
    from tests.cast import make_client

    other = online(make_client("Joko Susilo", email="joko@contoh.example"))
    book(consultation=other, kind="video", provider="zoom", starts_at=WEDNESDAY_TEN + timedelta(hours=1))
    zoom.next("POST", Reply(500))
    work()
    assert (zoom.asked("POST"), {each.due_at for each in Room.objects.all()}) == (
        1,
        {clock.at + timedelta(seconds=30)},
    )


def test_a_meeting_cancelled_while_zoom_was_making_it_is_taken_away_again(
    meeting, zoom, clock, work, budi, monkeypatch
):
    original = rooms._done

    def cancelled_meanwhile(*arguments: object) -> None:
        monkeypatch.setattr(rooms, "_done", original)
        booking.cancel(fresh(meeting), reason="", by=budi, at=clock.at)
        original(*arguments)

    monkeypatch.setattr(rooms, "_done", cancelled_meanwhile)
    work()
    assert (zoom.meetings, fresh(meeting).link, room().settled_at) == ({}, "", clock.at)


def test_another_provider_is_chosen_when_zoom_fails_and_zoom_is_told(meeting, zoom, work, clock, budi):
    work()
    booking.choose_way(
        fresh(meeting),
        kind="video",
        provider="link",
        link="https://meet.example.org/abc",
        by=budi,
        at=clock.at,
    )
    work()
    assert (zoom.meetings, fresh(meeting).link, fresh(meeting).passcode) == (
        {},
        "https://meet.example.org/abc",
        "",
    )


def test_no_secret_and_no_link_stand_in_logs_or_events(meeting, zoom, work, caplog, clock):
    zoom.next("token", Reply(500, {"reason": SECRET}))
    zoom.next("POST", Reply(500, {"message": SECRET}))
    with caplog.at_level(logging.DEBUG):
        for _ in range(3):
            work()
            clock.set(max(room().due_at, clock.at))
    assert fresh(meeting).link
    logged = caplog.text + " ".join(str(vars(record)) for record in caplog.records)
    assert not [secret for secret in (SECRET, *zoom.tokens, "582913", "pwd=abc") if secret in logged]
    kept = str(list(Event.objects.values_list("data", flat=True)))
    assert not [secret for secret in (SECRET, "582913", "pwd=abc") if secret in kept]


def test_the_secret_is_sealed_in_the_database_and_told_apart_when_the_key_changed(
    with_zoom, meeting, settings, zoom, work
):
    assert SECRET not in MeetingPolicy.objects.get().zoom_secret
    settings.SECRET_KEY = "another installation's key"
    work()
    assert (room().reason, room().dead_at is not None) == ("secret_unreadable", True)
