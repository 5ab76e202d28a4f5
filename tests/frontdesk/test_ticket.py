"""The visitor's number on the phone, and the slip."""

import pytest
from django.urls import reverse

from sapa.frontdesk import queue
from tests.frontdesk.test_queue import fresh, serve


def page(client, name, ticket):
    return client.get(reverse(name, args=[ticket.office.code, ticket.token])).content.decode()


def test_it_tells_the_place_in_line_and_an_honest_interval(client, number):
    number()
    second = number()
    shown = page(client, "ticket", second)
    assert "<strong>1</strong> pengunjung sebelum Anda" in shown
    assert "Perkiraan Anda dipanggil dalam" in shown


def test_it_says_come_now_when_called(client, number, desk, budi, clock):
    ticket = number()
    queue.sit(desk, by=budi, at=clock.at)
    queue.call_next(desk, by=budi, at=clock.at)
    assert "Silakan menuju <strong>Meja 1</strong> sekarang." in page(client, "ticket_state", ticket)


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (lambda ticket, budi, at: queue.withdraw(ticket, by=None, at=at), "Anda membatalkan giliran"),
        (lambda ticket, budi, at: queue.hold(ticket, by=None, at=at), "Nomor Anda ditunda"),
    ],
)
def test_each_state_has_its_sentence(client, number, budi, clock, end, words):
    ticket = number()
    end(fresh(ticket), budi, clock.at)
    assert words in page(client, "ticket", ticket)


def test_after_the_service_it_invites_to_rate(client, number, desk, budi, clock):
    number()
    queue.sit(desk, by=budi, at=clock.at)
    ticket = serve(desk, budi, clock)
    queue.finish(ticket, by=budi, at=clock.at)
    assert "Terima kasih atas kunjungan Anda" in page(client, "ticket", ticket)


def test_late_and_back_and_give_up_by_the_visitor(client, number):
    ticket = number()
    where = [ticket.office.code, ticket.token]
    client.post(reverse("ticket_late", args=where))
    assert (fresh(ticket).state, fresh(ticket).is_late) == ("held", True)
    client.post(reverse("ticket_back", args=where))
    assert (fresh(ticket).state, fresh(ticket).is_late) == ("waiting", False)
    client.post(reverse("ticket_give_up", args=where))
    again = client.post(reverse("ticket_give_up", args=where), follow=True)
    assert (fresh(ticket).state, again.status_code) == ("withdrawn", 200)
    assert "sudah berubah" in again.content.decode()


def test_a_visit_to_a_changing_address_changes_nothing(client, number):
    ticket = number()
    answer = client.get(reverse("ticket_give_up", args=[ticket.office.code, ticket.token]))
    assert (answer.status_code, fresh(ticket).state) == (405, "waiting")


def test_an_unknown_address_is_not_found(client, office):
    assert client.get(reverse("ticket", args=[office.code, "x" * 22])).status_code == 404


def test_the_address_works_only_below_its_own_office(client, number, other_office):
    ticket = number()
    assert client.get(reverse("ticket", args=[other_office.code, ticket.token])).status_code == 404


def test_no_name_and_no_cache_on_the_phone_page(client, number):
    ticket = number(priority=True)
    answer = client.get(reverse("ticket", args=[ticket.office.code, ticket.token]))
    assert answer["Cache-Control"] == "no-store, private"
    assert ticket.visit.client.name not in answer.content.decode()


def test_the_slip_carries_number_and_qr_but_no_name(client, number):
    ticket = number()
    shown = page(client, "slip", ticket)
    assert ("K-001" in shown, "<svg" in shown, ticket.visit.client.name in shown) == (True, True, False)
