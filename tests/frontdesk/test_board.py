"""The board: what it shows, what it says aloud, and that a call counts once it has been said."""

from datetime import timedelta

import pytest
from django.urls import reverse

from sapa.activity.models import Event
from sapa.frontdesk import calls, queue
from sapa.frontdesk.models import Call
from tests.frontdesk.test_queue import fresh, serve


def called(number, desk, officer, clock):
    ticket = number()
    queue.sit(desk, by=officer, at=clock.at)
    return ticket, queue.call_next(desk, by=officer, at=clock.at)


def test_the_newest_call_stands_large_with_its_desk(client, board, office, number, desk, budi, clock):
    called(number, desk, budi, clock)
    page = client.get(reverse("board", args=[office.code, board.token])).content.decode()
    assert "K-001" in page
    assert "Meja 1" in page


def test_nobody_is_named_on_the_board(client, board, office, number, desk, budi, clock):
    ticket, _ = called(number, desk, budi, clock)
    page = client.get(reverse("board", args=[office.code, board.token])).content.decode()
    assert ticket.visit.client.name not in page


def test_a_call_is_said_in_indonesian_words(number, desk, budi, clock, office):
    called(number, desk, budi, clock)
    shown = calls.board(office, at=clock.at)
    assert [each.say for each in shown.to_announce] == ["nomor-antrean k satu silakan-menuju meja satu"]


def test_a_call_counts_as_announced_when_the_board_says_so(client, board, office, number, desk, budi, clock):
    _, call = called(number, desk, budi, clock)
    address = reverse("announce", args=[office.code, board.token, call.pk])
    assert client.post(address).status_code == 204
    assert client.post(address).status_code == 204
    call.refresh_from_db()
    assert (call.announced_at, call.announced_by) == (clock.at, board)
    assert Event.objects.filter(name="call.announced").count() == 1
    assert calls.board(office, at=clock.at).to_announce == []


def test_without_a_board_the_officer_is_told_not_announced(signed_in, budi, office, number, desk, clock):
    _, call = called(number, desk, budi, clock)
    page = signed_in(budi)
    assert "Belum diumumkan" not in page.get(reverse("workspace", args=[office.code])).content.decode()
    clock.advance(seconds=21)
    assert "Belum diumumkan" in page.get(reverse("workspace", args=[office.code])).content.decode()
    calls.announce(call, by=office.devices.create(kind="board", name="Papan"), at=clock.at)
    assert "Sudah diumumkan" in page.get(reverse("workspace", args=[office.code])).content.decode()


def test_a_recall_is_said_again(number, desk, budi, clock, office, board):
    ticket, call = called(number, desk, budi, clock)
    calls.announce(call, by=board, at=clock.at)
    clock.advance(seconds=30)
    again = queue.recall(fresh(ticket), by=budi, at=clock.at)
    assert [each.call.pk for each in calls.board(office, at=clock.at).to_announce] == [again.pk]


def test_what_was_called_three_times_while_the_board_was_silent_is_said_once(
    number, desk, budi, clock, office
):
    ticket, _ = called(number, desk, budi, clock)
    for _again in range(2):
        clock.advance(seconds=30)
        last = queue.recall(fresh(ticket), by=budi, at=clock.at)
    assert [each.call.pk for each in calls.board(office, at=clock.at).to_announce] == [last.pk]


def test_calls_are_said_in_the_order_in_which_they_were_made(
    number, desk, second_desk, budi, citra, clock, office
):
    number(), number()
    queue.sit(desk, by=budi, at=clock.at)
    queue.sit(second_desk, by=citra, at=clock.at)
    queue.call_next(desk, by=budi, at=clock.at)
    clock.advance(seconds=1)
    queue.call_next(second_desk, by=citra, at=clock.at)
    shown = calls.board(office, at=clock.at)
    assert [each.label for each in shown.to_announce] == ["K-001", "K-002"]
    assert (shown.current.label, [each.label for each in shown.last]) == ("K-002", ["K-001"])


def test_after_a_power_cut_old_calls_are_not_shouted(number, desk, budi, clock, office):
    called(number, desk, budi, clock)
    clock.advance(minutes=4)
    assert calls.board(office, at=clock.at).to_announce == []


def test_a_visitor_who_has_come_is_not_called_any_more(number, desk, budi, clock, office):
    number()
    queue.sit(desk, by=budi, at=clock.at)
    ticket = serve(desk, budi, clock)
    queue.finish(ticket, by=budi, at=clock.at)
    assert calls.board(office, at=clock.at).to_announce == []


@pytest.mark.parametrize("change", [{"kind": "kiosk"}, {"revoked_at": "now"}, {"expires_on": "yesterday"}])
def test_a_board_that_is_none_any_more_shows_nothing(client, board, office, clock, change):
    if "revoked_at" in change:
        board.revoked_at = clock.at
    elif "expires_on" in change:
        board.expires_on = clock.at.date() - timedelta(days=1)
    else:
        board.kind = change["kind"]
    board.save()
    assert client.get(reverse("board", args=[office.code, board.token])).status_code == 404


def test_a_board_of_another_office_cannot_announce(client, other_office, board, number, desk, budi, clock):
    _, call = called(number, desk, budi, clock)
    address = reverse("announce", args=[other_office.code, board.token, call.pk])
    assert client.post(address).status_code == 404
    assert Call.objects.get().announced_at is None
