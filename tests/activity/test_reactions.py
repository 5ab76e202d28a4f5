"""A reaction that keeps failing is given up, is seen, and can be tried again."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from sapa import wiring
from sapa.activity import reactions
from sapa.activity.models import Event, Reaction
from sapa.activity.recording import record
from sapa.core.errors import Stale
from sapa.offices.models import Office
from sapa.people.models import Officer
from tests.conftest import Clock

TOLD: list[str] = []


@pytest.fixture
def given_up(happen, office: Office, clock: Clock, work) -> Reaction:
    """An invitation to an officer whose event points at an office instead: it fails every time."""
    reaction = happen("officer.appointed").reactions.get()
    for _ in range(reactions.MAX_ATTEMPTS):
        work()
        clock.advance(hours=2)
    reaction.refresh_from_db()
    assert reaction.dead_at is not None
    return reaction


def test_after_the_last_attempt_it_is_not_tried_any_more(given_up: Reaction, clock: Clock, work) -> None:
    clock.advance(days=7)
    assert (work(), given_up.attempts) == (0, reactions.MAX_ATTEMPTS)


def test_a_dead_reaction_makes_the_installation_unwell_and_the_number_is_told(
    given_up: Reaction, client: Client, clock: Clock
) -> None:
    answer = client.get(reverse("health"))
    assert (answer.status_code, answer.json()["given_up"], answer.json()["well"]) == (503, 1, False)


def test_a_healthy_installation_has_given_up_nothing(db: None, client: Client, clock: Clock) -> None:
    answer = client.get(reverse("health"))
    assert (answer.status_code, answer.json()["given_up"]) == (200, 0)


def test_a_revived_reaction_is_due_now_with_all_its_attempts(
    given_up: Reaction, hadi: Officer, clock: Clock, work
) -> None:
    reactions.revive(given_up, by=hadi.user, at=clock.at)
    given_up.refresh_from_db()
    assert (given_up.dead_at, given_up.due_at, given_up.attempts) == (None, clock.at, 0)
    revived = Event.objects.get(name="reaction.revived")
    assert (revived.subject_id, revived.by_id, revived.data["attempts"]) == (given_up.pk, hadi.user_id, 8)
    assert work() == 1
    given_up.refresh_from_db()
    assert (given_up.attempts, given_up.due_at > clock.at + timedelta(seconds=1)) == (1, True)


def test_a_second_click_revives_nothing(given_up: Reaction, hadi: Officer, clock: Clock) -> None:
    reactions.revive(given_up, by=hadi.user, at=clock.at)
    with pytest.raises(Stale):
        reactions.revive(given_up, by=hadi.user, at=clock.at)
    assert Event.objects.filter(name="reaction.revived").count() == 1


def test_an_office_sees_only_its_own(given_up: Reaction, office: Office, other_office: Office) -> None:
    assert (reactions.dead_of(office).count(), reactions.dead_of(other_office).count()) == (1, 0)


def note(event: Event, at: datetime) -> None:
    """A handler that writes down what it was told of."""
    TOLD.append(event.data["word"])


def test_what_was_written_before_the_clock_went_back_is_told_at_once_and_in_the_order_of_the_events(
    office: Office, clock: Clock, work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two events, an hour of the machine's clock taken back between them."""
    monkeypatch.setitem(wiring.REACTIONS, "thing.done", [f"{__name__}.note"])
    TOLD.clear()
    for word, back in (("before", 0), ("after", 1)):
        at = clock.advance(hours=-back)
        with transaction.atomic():
            record("thing.done", office, office_id=office.pk, by=None, at=at, data={"word": word})
    work()
    assert TOLD == ["before", "after"]


def test_what_has_failed_waits_for_its_time(given_up: Reaction, hadi: Officer, clock: Clock, work) -> None:
    reactions.revive(given_up, by=hadi.user, at=clock.at)
    assert work() == 1
    assert (work(), clock.advance(seconds=19) and work()) == (0, 0)
    clock.advance(seconds=1)
    assert work() == 1
