"""Visits and queue numbers, for other programs: an outside kiosk, a board, a planner."""

from sapa.frontdesk import queue
from sapa.frontdesk.models import QueueTicket, Visit
from sapa.offices.models import Desk, Office
from sapa.people.models import Officer
from tests.api.conftest import GUEST, Maker, done, problem
from tests.conftest import Clock


def test_a_visitor_signs_at_an_outside_kiosk_and_has_a_number(
    caller: Maker, office: Office, clock: Clock
) -> None:
    made = done(caller("visits:write").post("/visits", GUEST), 201)
    ticket = QueueTicket.objects.get()
    assert made["ticket"]["id"] == "2026-11-23-K-001"
    assert (made["ticket"]["label"], made["ticket"]["state"]) == ("K-001", "waiting")
    assert made["visit"]["tickets"] == ["2026-11-23-K-001"]
    assert made["page"].endswith(f"/1808/tiket/{ticket.token}/")
    visit = Visit.objects.get()
    assert (visit.door, visit.client.name, visit.client.email, visit.purpose) == (
        "kiosk",
        "Sari Dewi",
        "sari@contoh.example",
        "research",
    )


def test_what_the_guest_book_lacks_is_named_field_by_field(
    caller: Maker, office: Office, clock: Clock
) -> None:
    answer = caller().post("/visits", {"service": "consultation", "name": "Sari"})
    assert problem(answer) == (422, "incomplete")
    assert {"email", "gender", "birth_year", "education", "occupation", "purpose"} <= {
        each["field"] for each in answer.json()["errors"]
    }
    assert problem(caller().post("/visits", GUEST | {"service": "nothing"})) == (422, "no_service")
    assert not Visit.objects.exists()


def test_an_errand_needs_a_name_and_what_for(caller: Maker, office: Office, clock: Clock) -> None:
    body = {"service": "errand", "name": "Joko", "errand_text": "Mengantar surat"}
    made = done(caller().post("/visits", body), 201)
    assert (made["visit"]["is_errand"], made["ticket"]["consultation"]) == (True, None)


def test_no_number_while_the_office_is_closed(caller: Maker, office: Office, clock: Clock) -> None:
    clock.advance(hours=12)
    assert problem(caller().post("/visits", GUEST)) == (409, "closed")
    assert not Visit.objects.exists()


def test_reading_tells_that_somebody_came_not_who(caller: Maker, office: Office, clock: Clock) -> None:
    made = done(caller().post("/visits", GUEST), 201)
    for path in ("/visits", f"/visits/{made['visit']['id']}", "/tickets", f"/tickets/{made['ticket']['id']}"):
        text = caller("visits:read", "tickets:read").get(path).content.decode()
        for personal in ("Sari", "sari@", "PT Contoh", QueueTicket.objects.get().token):
            assert personal not in text
    c = caller()
    assert done(c.get("/visits", day="2026-11-23"))["items"] == [made["visit"]]
    assert done(c.get("/visits", day="2026-11-22"))["items"] == []
    assert done(c.get("/tickets", day="2026-11-23", state="waiting"))["items"] == [made["ticket"]]
    assert done(c.get("/tickets", state="finished"))["items"] == []


def test_a_number_is_given_up_once_and_not_while_it_is_served(
    caller: Maker, office: Office, desk: Desk, budi: Officer, clock: Clock
) -> None:
    c = caller()
    first = done(c.post("/visits", GUEST), 201)["ticket"]["id"]
    second = done(c.post("/visits", GUEST), 201)["ticket"]["id"]
    assert done(c.post(f"/tickets/{second}/withdrawal"), 201)["state"] == "withdrawn"
    assert problem(c.post(f"/tickets/{second}/withdrawal")) == (409, "ticket_changed")
    queue.sit(desk, by=budi, at=clock())
    queue.start(queue.call_next(desk, by=budi, at=clock()).ticket, by=budi, at=clock())
    assert done(c.get(f"/tickets/{first}"))["desk"] == "Meja 1"
    assert problem(c.post(f"/tickets/{first}/withdrawal")) == (409, "ticket_changed")
    assert problem(c.get("/tickets/2026-13-45-K-001")) == (404, "not_found")


def test_the_codes_are_those_that_the_guest_book_takes(caller: Maker, office: Office, clock: Clock) -> None:
    codes = done(caller("visits:write").get("/codes"))
    assert [each["key"] for each in codes["services"]] == ["consultation", "library", "errand"]
    for field in ("gender", "education", "occupation", "institution_category", "purpose"):
        assert GUEST[field] in [each["key"] for each in codes["lists"][field]]
