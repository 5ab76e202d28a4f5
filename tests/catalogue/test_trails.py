"""Search trails: how people looked, without who they are; and how many needed no officer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django_scopes import scopes_disabled

from sapa.catalogue import trails
from sapa.catalogue.models import Absence, SearchTrail, TrailStep
from sapa.core.errors import Refused
from sapa.core.ids import token as new_token
from sapa.offices.models import Office
from tests.catalogue.conftest import MakeEntry
from tests.conftest import Clock

Outcome = SearchTrail.Outcome


@pytest.fixture
def trail(office: Office, clock: Clock) -> SearchTrail:
    return trails.begin(office, language="id", at=clock.at)


def steps(trail: SearchTrail) -> list[tuple[str, str]]:
    return [(step.kind, step.text) for step in trail.steps.all()]


def test_a_trail_holds_nothing_that_leads_to_a_person() -> None:
    kept = {field.name for field in SearchTrail._meta.get_fields()}
    assert kept == {
        *("id", "office", "token", "language", "began_at", "outcome", "settled_at", "due_at", "steps"),
        *(field.name for field in SearchTrail._meta.related_objects if field.name != "steps"),
    }
    assert {field.name for field in TrailStep._meta.get_fields()} == {
        *("id", "trail", "kind", "at", "text", "results", "entry", "absence")
    }


def test_typing_a_word_on_is_one_step(trail: SearchTrail, clock: Clock) -> None:
    for typed in ("pe", "pend", "penduduk", "pendu", "penduduk miskin"):
        trails.note_search(trail, text=typed, results=len(typed), at=clock.advance(seconds=2))
    trails.note_search(trail, text="padi", results=1, at=clock.advance(seconds=2))
    trails.note_search(trail, text="padi sawah", results=1, at=clock.advance(seconds=60))
    trails.note_search(trail, text="padi sawah", results=1, at=clock.advance(minutes=5))
    assert steps(trail) == [
        ("searched", "penduduk miskin"),
        ("searched", "padi"),
        ("searched", "padi sawah"),
    ]
    assert [step.results for step in trail.steps.all()] == [15, 1, 1]


def test_letters_typed_quickly_belong_to_one_trail(office: Office, clock: Clock) -> None:
    given = new_token()
    made = {trails.begin(office, language="id", at=clock.at, token=given).pk for _time in range(3)}
    assert len(made) == 1


@pytest.mark.parametrize("given", ["", "x", "x" * 23, "../../etc", "x" * 5000])
def test_a_token_that_is_none_begins_a_new_trail(office: Office, clock: Clock, given: str) -> None:
    made = trails.begin(office, language="id", at=clock.at, token=given)
    assert made.token != given
    assert len(made.token) == trails.TOKEN_LENGTH


def test_a_finished_an_old_and_a_foreign_trail_are_not_gone_on_with(
    trail: SearchTrail, office: Office, other_office: Office, clock: Clock
) -> None:
    with scopes_disabled():
        foreign = trails.begin(other_office, language="id", at=clock.at)
    assert trails.begin(office, language="id", at=clock.at, token=foreign.token).pk != foreign.pk
    trails.answered(trail, None, at=clock.at)
    assert trails.begin(office, language="id", at=clock.at, token=trail.token).pk != trail.pk
    fresh = trails.begin(office, language="id", at=clock.at)
    later = clock.advance(hours=13)
    assert trails.begin(office, language="id", at=later, token=fresh.token).pk != fresh.pk


def test_what_answered_stands_on_the_trail_and_twice_is_once(
    trail: SearchTrail, make_absence: Callable[..., Absence], clock: Clock
) -> None:
    absence = make_absence()
    for _press in range(2):
        trails.answered(trail, absence, at=clock.at)
    assert [(step.kind, step.absence) for step in trail.steps.all()] == [("answered", absence)]
    assert SearchTrail.objects.get().outcome == Outcome.ANSWERED


def test_opening_and_putting_aside_count_once(
    trail: SearchTrail, make_entry: MakeEntry, make_absence: Callable[..., Absence], clock: Clock
) -> None:
    entry, absence = make_entry(), make_absence()
    for _press in range(2):
        trails.note_opened(trail, entry, at=clock.at)
        trails.note_dismissed(trail, entry, at=clock.at)
        trails.note_dismissed(trail, absence, at=clock.at)
    assert [step.kind for step in trail.steps.all()] == ["opened", "dismissed", "dismissed"]
    assert trails.dismissed(trail) == ({entry.pk}, {absence.pk})


def test_an_answered_search_is_not_asked_afterwards(trail: SearchTrail, clock: Clock) -> None:
    trails.answered(trail, None, at=clock.at)
    trails.asked(trail, at=clock.at)
    assert SearchTrail.objects.get().outcome == Outcome.ANSWERED


def test_who_did_not_come_back_has_left_and_may_still_ask(
    trail: SearchTrail, clock: Clock, work: Callable[[], int]
) -> None:
    clock.advance(hours=11)
    work()
    assert SearchTrail.objects.get().outcome == ""
    clock.advance(hours=2)
    work()
    assert SearchTrail.objects.get().outcome == Outcome.LEFT
    trails.asked(trail, at=clock.at)
    assert SearchTrail.objects.get().outcome == Outcome.ASKED


def test_after_ninety_days_what_was_typed_is_gone_and_the_counts_stay(
    trail: SearchTrail, office: Office, clock: Clock, work: Callable[[], int]
) -> None:
    began = clock.at
    trails.note_search(trail, text="nama saya Ani, data kemiskinan", results=3, at=clock.at)
    trails.asked(trail, at=clock.at)
    clock.advance(days=89)
    work()
    assert TrailStep.objects.get().text == "nama saya Ani, data kemiskinan"
    clock.advance(days=2)
    work()
    step = TrailStep.objects.get()
    assert (step.text, step.results, SearchTrail.objects.get().due_at) == ("", 3, None)
    assert trails.deflection(office, since=began, until=clock.at).asked == 1
    assert work() == 0


def test_deflection_counts_how_the_searches_of_a_period_ended(office: Office, clock: Clock) -> None:
    since = clock.at
    begun = [trails.begin(office, language="id", at=clock.at) for _person in range(5)]
    for each in begun[:3]:
        trails.answered(each, None, at=clock.at)
    trails.asked(begun[3], at=clock.at)
    until = clock.advance(days=1)
    trails.begin(office, language="id", at=until)
    found = trails.deflection(office, since=since, until=until)
    assert found == trails.Deflection(trails=5, answered=3, asked=1, left=0, under_way=1)
    assert found.rate == 0.75
    assert trails.deflection(office, since=until, until=until).rate is None


def test_the_searches_of_the_office_next_door_do_not_count(
    office: Office, other_office: Office, clock: Clock
) -> None:
    with scopes_disabled():
        trails.begin(other_office, language="id", at=clock.at)
        assert trails.deflection(office, since=clock.at, until=clock.at + timedelta(1)).trails == 0


def test_a_machine_cannot_fill_the_table(office: Office, trail: SearchTrail, clock: Clock) -> None:
    for _time in range(trails.BEGUN_IN_TEN_MINUTES):
        trails.begin(office, language="id", at=clock.at, address="203.0.113.9")
    with pytest.raises(Refused):
        trails.begin(office, language="id", at=clock.at, address="203.0.113.9")
    assert trails.begin(office, language="id", at=clock.at, address="203.0.113.10").pk
    for number in range(trails.MOST_STEPS + 5):
        trails.note_search(trail, text=f"kata {number:03} lain", results=0, at=clock.advance(seconds=30))
    assert trail.steps.count() == trails.MOST_STEPS


def test_a_search_longer_than_anybody_asks_is_kept_by_its_beginning(trail: SearchTrail, clock: Clock) -> None:
    trails.note_search(trail, text="x" * 5000, results=0, at=clock.at)
    assert len(trail.steps.get().text) == trails.LONGEST


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "searched", "results": None},
        {"kind": "opened", "results": 3},
        {"kind": "opened", "text": "padi"},
    ],
)
def test_the_database_refuses_a_step_that_says_nothing(
    trail: SearchTrail, clock: Clock, wrong: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TrailStep.objects.create(trail=trail, at=clock.at, **wrong)


def test_the_database_refuses_an_outcome_without_its_instant(trail: SearchTrail) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SearchTrail.objects.filter(pk=trail.pk).update(outcome="answered")


def test_what_is_kept_of_a_search_names_nobody(trail: SearchTrail, clock: Clock) -> None:
    typed = "desil nik 1808014501990001"
    for length in range(len("desil nik "), len(typed) + 1):
        trails.note_search(trail, text=typed[:length], results=0, at=clock.advance(seconds=1))
    assert steps(trail) == [("searched", "desil nik •••")]
    trails.note_search(trail, text="kirim ke ani@contoh.example", results=0, at=clock.advance(seconds=60))
    assert steps(trail)[1:] == [("searched", "kirim ke •••")]


def test_more_results_than_a_step_can_count_are_no_mistake(trail: SearchTrail, clock: Clock) -> None:
    trails.note_search(trail, text="penduduk", results=1_000_000, at=clock.at)
    assert trail.steps.get().results == trails.MOST_COUNTED
