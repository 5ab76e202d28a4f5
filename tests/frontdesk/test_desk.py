"""The desk workspace as an officer uses it."""

import pytest
from django.urls import reverse

from sapa.consultations.models import Consultation
from sapa.frontdesk import queue
from sapa.frontdesk.models import Call
from tests.frontdesk.test_queue import fresh, serve


@pytest.fixture
def at_desk(signed_in, budi, desk, clock):
    queue.sit(desk, by=budi, at=clock.at)
    return signed_in(budi)


def address(name, office, *args):
    return reverse(name, args=[office.code, *args])


def test_an_officer_chooses_a_desk_and_calls_the_next(signed_in, budi, desk, office, number, clock):
    ticket = number()
    page = signed_in(budi)
    assert page.get(address("workspace", office)).status_code == 200
    page.post(address("seat", office), {"desk": desk.pk})
    page.post(address("call", office))
    assert fresh(ticket).desk == desk


def test_the_page_tells_why_this_one_is_next(at_desk, office, number):
    number()
    page = at_desk.get(address("workspace", office)).content.decode()
    assert "K-001" in page
    assert "Satu-satunya yang menunggu" in page


def test_the_whole_service_is_played_with_buttons(at_desk, office, number, clock):
    ticket = number()
    at_desk.post(address("call", office))
    at_desk.post(address("service_start", office, ticket.pk))
    clock.advance(minutes=8)
    answer = at_desk.post(
        address("finish", office, ticket.pk),
        {
            "subject": "Penduduk 2024",
            "answer": "Diberikan tabel per kecamatan.",
            "sources": "Tulang Bawang Dalam Angka https://tulangbawangkab.bps.go.id/da",
        },
        follow=True,
    )
    consultation = Consultation.objects.get()
    assert (answer.status_code, fresh(ticket).state, consultation.answer) == (
        200,
        "finished",
        "Diberikan tabel per kecamatan.",
    )
    assert list(consultation.citations.values_list("title", "url")) == [
        ("Tulang Bawang Dalam Angka", "https://tulangbawangkab.bps.go.id/da")
    ]


def test_finishing_without_an_answer_asks_for_a_few_words_and_keeps_the_rest(
    at_desk, office, desk, budi, number, clock
):
    number()
    ticket = serve(desk, budi, clock)
    page = at_desk.post(
        address("finish", office, ticket.pk), {"subject": "Padi & palawija", "answer": "  ", "sources": ""}
    )
    assert (page.status_code, fresh(ticket).state) == (422, "serving")
    assert "Padi &amp; palawija" in page.content.decode()


def test_a_source_with_a_broken_address_is_refused_with_its_line(at_desk, office, desk, budi, number, clock):
    number()
    ticket = serve(desk, budi, clock)
    page = at_desk.post(
        address("finish", office, ticket.pk),
        {"subject": "x", "answer": "y", "sources": "Judul\nTabel http://javascript:alert(1)"},
    )
    assert (page.status_code, fresh(ticket).state) == (422, "serving")
    assert "Baris 2" in page.content.decode()


def test_what_is_typed_is_kept_on_the_server(at_desk, office, desk, budi, number, clock):
    number()
    ticket = serve(desk, budi, clock)
    kept = at_desk.post(
        address("answer", office, ticket.pk),
        {"subject": "PDRB", "answer": "Setengah jad", "sources": ""},
        headers={"HX-Request": "true"},
    )
    assert (kept.status_code, Consultation.objects.get().answer) == (200, "Setengah jad")
    assert "Setengah jad" in at_desk.get(address("workspace", office)).content.decode()


def test_hostile_text_is_shown_as_text(at_desk, office, desk, budi, number, clock):
    number()
    ticket = serve(desk, budi, clock)
    at_desk.post(
        address("answer", office, ticket.pk),
        {"subject": "<script>alert(1)</script>", "answer": "", "sources": ""},
    )
    page = at_desk.get(address("workspace", office)).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_answer_of_a_megabyte_is_refused_with_a_sentence(at_desk, office, desk, budi, number, clock):
    number()
    ticket = serve(desk, budi, clock)
    page = at_desk.post(
        address("finish", office, ticket.pk), {"subject": "x", "answer": "a" * 500_000, "sources": ""}
    )
    assert (page.status_code, fresh(ticket).state) == (422, "serving")


def test_a_double_click_on_call_next_calls_once(at_desk, office, number):
    number(), number()
    at_desk.post(address("call", office))
    again = at_desk.post(address("call", office), follow=True)
    assert (Call.objects.count(), again.status_code) == (1, 200)
    assert "K-001 masih di Meja 1" in again.content.decode()


def test_a_stale_page_is_told_and_changes_nothing(at_desk, office, desk, budi, number, clock):
    number()
    ticket = serve(desk, budi, clock)
    queue.finish(ticket, by=budi, at=clock.at)
    page = at_desk.post(address("ticket_hold", office, ticket.pk), follow=True)
    assert fresh(ticket).state == "finished"
    assert "sudah berubah" in page.content.decode()


def test_a_colleague_cannot_write_into_my_consultation(signed_in, citra, budi, desk, office, number, clock):
    queue.sit(desk, by=budi, at=clock.at)
    number()
    ticket = serve(desk, budi, clock)
    page = signed_in(citra)
    page.post(address("answer", office, ticket.pk), {"subject": "x", "answer": "bukan saya", "sources": ""})
    assert Consultation.objects.get().answer == ""


def test_a_ticket_of_another_office_is_not_found(signed_in, dewi, other_office, number):
    ticket = number()
    page = signed_in(dewi)
    answer = page.post(reverse("ticket_hold", args=[other_office.code, ticket.pk]))
    assert (answer.status_code, fresh(ticket).state) == (404, "waiting")


def test_a_given_number_needs_a_reason(at_desk, office, number):
    number()
    chosen = number()
    page = at_desk.post(address("call", office), {"ticket": chosen.pk, "reason": ""}, follow=True)
    assert fresh(chosen).state == "waiting"
    assert "di luar urutan" in page.content.decode()
    at_desk.post(address("call", office), {"ticket": chosen.pk, "reason": "Rombongan tadi"})
    assert fresh(chosen).state == "called"


@pytest.mark.parametrize("nonsense", ["abc", "-1", "9" * 30, "١٢"])
def test_a_nonsense_ticket_number_is_not_found(at_desk, office, nonsense):
    assert at_desk.post(address("call", office), {"ticket": nonsense}).status_code == 404


def test_an_unknown_desk_is_a_sentence(signed_in, budi, office):
    page = signed_in(budi).post(address("seat", office), {"desk": "999999"}, follow=True)
    assert "tidak ada lagi" in page.content.decode()


def test_earlier_consultations_of_the_visitor_are_shown(at_desk, office, desk, budi, arrive, ani, clock):
    service = office.services.get(key="consultation")
    for subject in ("Kemiskinan 2023", "Inflasi"):
        ticket = queue.issue(arrive(ani), service=service, at=clock.at, subject=subject)
        called = queue.call_next(desk, by=budi, at=clock.at)
        if subject == "Kemiskinan 2023":
            queue.start(fresh(called.ticket), by=budi, at=clock.at)
            queue.finish(fresh(ticket), by=budi, at=clock.at)
    assert "Kemiskinan 2023" in at_desk.get(address("workspace", office)).content.decode()


def test_a_data_need_is_noted_and_taken_off(at_desk, office, desk, budi, number, clock):
    number()
    ticket = serve(desk, budi, clock)
    at_desk.post(
        address("data_need", office, ticket.pk),
        {"detail": "Luas panen padi", "outcome": "matching", "year_from": 2020, "year_until": 2024},
    )
    need = ticket.consultation.data_needs.get()
    assert (need.detail, need.year_from, need.year_until) == ("Luas panen padi", 2020, 2024)
    at_desk.post(address("data_need_drop", office, ticket.pk, need.pk))
    assert ticket.consultation.data_needs.count() == 0


def test_years_in_the_wrong_order_are_refused(at_desk, office, desk, budi, number, clock):
    number()
    ticket = serve(desk, budi, clock)
    page = at_desk.post(
        address("data_need", office, ticket.pk),
        {"detail": "Padi", "outcome": "matching", "year_from": 2024, "year_until": 2020},
    )
    assert (page.status_code, ticket.consultation.data_needs.count()) == (422, 0)


def test_a_referral_issues_the_other_number(at_desk, office, desk, budi, number, clock):
    number()
    ticket = serve(desk, budi, clock)
    library = office.services.get(key="library")
    page = at_desk.post(
        address("ticket_refer", office, ticket.pk), {"service": library.pk, "note": "Buku"}, follow=True
    )
    assert "P-001" in page.content.decode()


def test_the_workspace_asks_the_same_number_of_queries_for_one_and_for_fifty(
    at_desk, office, number, django_assert_num_queries, clock
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    number()
    at_desk.get(address("workspace", office))
    with CaptureQueriesContext(connection) as one:
        at_desk.get(address("workspace", office))
    for _ in range(49):
        number()
    with CaptureQueriesContext(connection) as fifty:
        at_desk.get(address("workspace", office))
    assert len(fifty) == len(one)


def test_a_front_desk_officer_sees_the_room_but_cannot_call(signed_in, fajar, office, number):
    ticket = number()
    page = signed_in(fajar)
    assert page.get(address("workspace", office)).status_code == 200
    assert page.post(address("call", office)).status_code == 403
    assert fresh(ticket).state == "waiting"


def test_a_number_on_hold_is_cancelled_from_the_list_and_the_workspace_follows(
    at_desk, office, budi, number, clock
):
    ticket = number()
    queue.hold(ticket, by=budi, at=clock.at)
    cancel = address("ticket_withdraw", office, ticket.pk)
    assert f'action="{cancel}"' in at_desk.get(address("workspace", office)).content.decode()
    answer = at_desk.post(cancel, {"next": "workspace"}, follow=True)
    assert (fresh(ticket).state, answer.redirect_chain) == (
        "withdrawn",
        [(address("workspace", office), 302)],
    )


def test_a_colleague_cannot_note_a_data_need_at_my_desk(signed_in, citra, budi, desk, office, number, clock):
    queue.sit(desk, by=budi, at=clock.at)
    number()
    ticket = serve(desk, budi, clock)
    signed_in(citra).post(
        address("data_need", office, ticket.pk), {"detail": "Luas panen", "outcome": "matching"}
    )
    assert ticket.consultation.data_needs.count() == 0


def test_a_data_need_sent_twice_is_noted_once(at_desk, office, desk, budi, number, clock):
    number()
    ticket = serve(desk, budi, clock)
    for _ in range(2):
        at_desk.post(address("data_need", office, ticket.pk), {"detail": "Luas panen", "outcome": "matching"})
    assert ticket.consultation.data_needs.count() == 1


def test_a_hand_over_names_the_desks_where_nobody_sits_and_offers_them_last(
    at_desk, office, number, desk, second_desk
):
    number()
    at_desk.post(address("call", office))
    choices = at_desk.get(address("workspace", office)).context["transfer_form"].fields["desk"].choices
    assert [str(label) for _, label in choices] == [
        "meja mana saja",
        "Meja 1",
        "Meja 2 (tidak ada petugas)",
    ]


def test_a_hand_over_to_an_empty_desk_says_who_may_call_and_lets_them(
    at_desk, office, number, desk, second_desk, budi, citra, clock
):
    ticket = number()
    at_desk.post(address("call", office))
    page = at_desk.post(
        address("ticket_transfer", office, ticket.pk), {"desk": second_desk.pk, "service": ""}, follow=True
    ).content.decode()
    told = "nomor K-001 dapat dipanggil meja mana saja yang melayani layanan ini."
    assert (told in page, fresh(ticket).state) == (True, "waiting")
    assert queue.call_next(desk, by=budi, at=clock.at).ticket == ticket


def test_a_hand_over_to_a_staffed_desk_is_kept_for_it(
    at_desk, office, number, desk, second_desk, budi, citra, clock
):
    ticket = number()
    queue.sit(second_desk, by=citra, at=clock.at)
    at_desk.post(address("call", office))
    page = at_desk.post(
        address("ticket_transfer", office, ticket.pk), {"desk": second_desk.pk, "service": ""}, follow=True
    ).content.decode()
    assert ("dapat dipanggil meja mana saja" in page, fresh(ticket).reserved_desk) == (False, second_desk)
