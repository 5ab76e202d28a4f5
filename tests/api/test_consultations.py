"""Consultations and their messages, for other programs."""

from datetime import timedelta
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from sapa.consultations import holding, lifecycle
from sapa.consultations.models import Consultation, Reason, RequestDraft
from sapa.inbox import asking
from sapa.inbox.models import Kind, Message
from sapa.inbox.setting_aside import set_aside
from sapa.inbox.writing import Words, announce, note, office_says
from sapa.offices.models import Office
from sapa.people.models import Client, Officer
from tests.api.conftest import QUESTION, Maker, done, problem
from tests.conftest import Clock


def test_a_program_asks_for_a_client_with_an_account(caller: Maker, ani: Client, office: Office) -> None:
    made = done(caller("consultations:write").post("/consultations", QUESTION), 201)
    kept = Consultation.objects.get(code=made["id"])
    assert (kept.client_id, kept.office_id, kept.door) == (ani.pk, office.pk, "web")
    assert made["request"]["question"] == QUESTION["question"]
    assert (made["state"], made["waiting_for"], made["missing"], made["clocks"]) == (
        "requested",
        "office",
        [],
        [],
    )
    assert Message.objects.get(conversation__consultation=kept).text == QUESTION["question"]


def test_what_a_person_without_an_account_still_lacks_is_named(caller: Maker, office: Office) -> None:
    body = QUESTION | {
        "client": {"name": "Sari Dewi", "email": "Sari@Contoh.example", "phone": "0812 3456 7890"}
    }
    made = done(caller().post("/consultations", body), 201)
    assert [each["key"] for each in made["missing"]] == ["email", "account"]
    assert made["has_account"] is False
    person = Consultation.objects.get(code=made["id"]).client
    assert (person.name, person.email, person.phone) == ("Sari Dewi", "sari@contoh.example", "+6281234567890")


def test_what_the_client_has_typed_on_the_page_stays_there(
    caller: Maker, ani: Client, office: Office, clock: Clock
) -> None:
    draft = asking.draft_of(ani, office, at=clock())
    done(caller().post("/consultations", QUESTION), 201)
    assert list(RequestDraft.objects.all()) == [draft]


def test_an_address_that_no_account_has_confirmed_is_refused(
    caller: Maker, ani: Client, office: Office
) -> None:
    ani.email_verified_at = None
    ani.save()
    assert problem(caller().post("/consultations", QUESTION)) == (422, "no_account")
    assert not Consultation.objects.exists()


def test_the_rules_of_the_form_hold_for_programs_too(caller: Maker, ani: Client) -> None:
    answer = caller().post(
        "/consultations", QUESTION | {"purpose": "nothing_known", "year_from": 2025, "year_until": 2020}
    )
    assert problem(answer) == (422, "invalid")
    assert {each["field"] for each in answer.json()["errors"]} == {"purpose", "year_until"}


def test_one_consultation_is_shown_with_its_clock_counted_day_by_day(
    caller: Maker, ani: Client, budi: Officer, clock: Clock
) -> None:
    made = done(caller().post("/consultations", QUESTION), 201)
    lifecycle.accept(Consultation.objects.get(code=made["id"]), by=budi, at=clock())
    shown = done(caller("consultations:read").get(f"/consultations/{made['id']}"))
    (promise,) = shown["clocks"]
    assert (promise["kind"], promise["due_at"], promise["met_at"]) == (
        "online_response",
        "2026-11-26T08:30:00Z",
        None,
    )
    assert shown["due_at"] == promise["due_at"]
    assert len(promise["explanation"]) > 2


def test_what_was_set_aside_says_why_and_names_the_other(
    caller: Maker, ani: Client, budi: Officer, clock: Clock
) -> None:
    first, second = (done(caller().post("/consultations", QUESTION), 201)["id"] for _each in range(2))
    twice = Consultation.objects.get(code=second)
    lifecycle.accept(twice, by=budi, at=clock())
    other = Consultation.objects.get(code=first)
    set_aside(twice, reason=Reason.DUPLICATE, double_of=other, by=budi, at=clock())
    shown = done(caller("consultations:read").get(f"/consultations/{second}"))
    assert (shown["closing_reason"], shown["double_of"]) == ("duplicate", first)
    assert [(each["stop_reason"], each["met_at"]) for each in shown["clocks"]] == [("duplicate", None)]
    said = done(caller("messages:read").get(f"/consultations/{second}/messages"))["items"]
    assert said[-1]["notice"] == "set_aside_duplicate"


def test_who_asked_is_not_told(caller: Maker, ani: Client) -> None:
    made = done(caller().post("/consultations", QUESTION), 201)
    listed = caller("consultations:read").get("/consultations")
    shown = caller("consultations:read").get(f"/consultations/{made['id']}")
    for answer in (listed, shown):
        for personal in (ani.name, ani.email, ani.phone):
            assert personal not in answer.content.decode()


def test_the_list_goes_on_where_it_ended_though_new_ones_came(
    caller: Maker, ani: Client, office: Office, clock: Clock
) -> None:
    c = caller()
    codes: list[str] = []
    for _each in range(5):
        codes.insert(0, done(c.post("/consultations", QUESTION), 201)["id"])
    first = done(c.get("/consultations", limit=2))
    clock.advance(minutes=1)
    newest = done(c.post("/consultations", QUESTION), 201)["id"]
    second = done(c.get("/consultations", limit=2, cursor=first["next_cursor"]))
    third = done(c.get("/consultations", limit=2, cursor=second["next_cursor"]))
    assert [each["id"] for part in (first, second, third) for each in part["items"]] == codes
    assert third["next_cursor"] is None
    since = (clock() - timedelta(seconds=1)).isoformat()
    assert [each["id"] for each in done(c.get("/consultations", since=since))["items"]] == [newest]
    assert done(c.get("/consultations", state="closed"))["items"] == []
    assert len(done(c.get("/consultations", waiting_for="office"))["items"]) == 6
    assert problem(c.get("/consultations", cursor="bm9uc2Vuc2U")) == (422, "bad_cursor")


def test_a_list_of_three_asks_no_more_often_than_a_list_of_one(caller: Maker, ani: Client) -> None:
    c, counts = caller(), []
    for many in (1, 3):
        while len(done(c.get("/consultations"))["items"]) < many:
            done(c.post("/consultations", QUESTION), 201)
        with CaptureQueriesContext(connection) as asked:
            done(c.get("/consultations"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_client_and_office_write_and_read_but_never_the_notes(
    caller: Maker, ani: Client, budi: Officer, clock: Clock
) -> None:
    c = caller(acts_as=budi)
    code = done(c.post("/consultations", QUESTION), 201)["id"]
    kept = Consultation.objects.get(code=code)
    said = done(
        c.post(f"/consultations/{code}/messages", {"side": "office", "text": "Kami <b>periksa</b>."}), 201
    )
    note(kept, text="RAHASIA KANTOR", key=uuid4(), by=budi, at=clock())
    done(c.post(f"/consultations/{code}/messages", {"side": "client", "text": "Terima kasih"}), 201)
    assert (said["sequence"], said["side"], said["kind"], said["text"]) == (
        2,
        "office",
        "message",
        "Kami <b>periksa</b>.",
    )
    read = c.get(f"/consultations/{code}/messages")
    assert [(each["sequence"], each["side"]) for each in done(read)["items"]] == [
        (1, "client"),
        (2, "office"),
        (3, "client"),
    ]
    assert "RAHASIA" not in read.content.decode()
    after = done(c.get(f"/consultations/{code}/messages", after=2))
    assert ([each["text"] for each in after["items"]], after["last_sequence"]) == (["Terima kasih"], 3)
    message = Message.objects.get(conversation__consultation=kept, sequence=2)
    assert message.officer == budi
    assert "<b>" not in message.html


def test_nobody_writes_in_a_name_that_is_not_there(
    caller: Maker, ani: Client, budi: Officer, citra: Officer
) -> None:
    code = done(caller().post("/consultations", QUESTION), 201)["id"]
    office_word = {"side": "office", "text": "Halo"}
    assert problem(caller().post(f"/consultations/{code}/messages", office_word)) == (403, "no_officer")
    c = caller(acts_as=budi)
    holding.claim(
        Consultation.objects.get(code=code), by=citra, at=Consultation.objects.get(code=code).requested_at
    )
    assert problem(c.post(f"/consultations/{code}/messages", office_word)) == (409, "claimed")
    budi.is_active = False
    budi.save()
    assert problem(c.post(f"/consultations/{code}/messages", office_word)) == (403, "no_officer")
    walk_in = QUESTION | {"client": {"name": "Sari"}}
    other = done(c.post("/consultations", walk_in), 201)["id"]
    client_word = {"side": "client", "text": "Halo"}
    assert problem(c.post(f"/consultations/{other}/messages", client_word)) == (409, "no_account")


def test_the_way_into_a_meeting_stays_out_of_what_programs_read(
    caller: Maker, ani: Client, budi: Officer, clock: Clock
) -> None:
    code = done(caller().post("/consultations", QUESTION), 201)["id"]
    kept = Consultation.objects.get(code=code)
    announce(kept, what="meeting_ready", data={"link": "https://rapat.example/x"}, at=clock())
    read = caller("messages:read").get(f"/consultations/{code}/messages")
    assert [each["notice"] for each in done(read)["items"]] == ["", "meeting_ready"]
    assert "rapat.example" not in read.content.decode()
    office_says(kept, Words(uuid4(), "Jawaban"), kind=Kind.ANSWER, by=budi, at=clock())
    assert done(caller().get(f"/consultations/{code}"))["answered_at"] == "2026-11-23T01:30:00Z"
