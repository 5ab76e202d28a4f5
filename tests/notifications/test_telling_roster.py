"""Who hears of swaps, of rooms that are ready, and of requests that were given to somebody at once."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction
from django.utils import translation

from sapa.activity.recording import record
from sapa.consultations import holding
from sapa.consultations.models import Consultation
from sapa.inbox import asking
from sapa.meetings import booking
from sapa.meetings.models import FollowUp
from sapa.notifications import words
from sapa.notifications.models import Notification
from sapa.offices.models import Office
from sapa.people.models import Client, Officer
from sapa.roster import policies, swaps
from sapa.roster.models import RosterPolicy, Shift
from tests.conftest import Clock
from tests.notifications.test_telling import _team, consultation, news

__all__ = ["_team", "consultation", "news"]
Told = list[tuple[str, str]]
WEDNESDAY, FRIDAY = date(2026, 11, 25), date(2026, 11, 27)


@pytest.fixture
def duty(office: Office, budi: Officer, citra: Officer) -> tuple[Shift, Shift]:
    """Budi on Wednesday, Citra on Friday."""
    return (
        Shift.objects.create(office=office, officer=budi, on=WEDNESDAY, part="day"),
        Shift.objects.create(office=office, officer=citra, on=FRIDAY, part="day"),
    )


def titles(language: str) -> list[str]:
    with translation.override(language):
        return [words.words_of(each).title for each in Notification.objects.filter(what__startswith="swap")]


def test_a_swap_is_told_to_who_is_asked_and_its_answer_to_who_asked(
    news: Callable[[], Told], duty: tuple[Shift, Shift], budi: Officer, citra: Officer, clock: Clock
) -> None:
    news()
    swap = swaps.ask(duty[0], asked=citra, in_return=duty[1], by=budi, at=clock.at)
    assert news() == [("Citra", "swap_asked")]
    swaps.accept(swap, by=citra, at=clock.at)
    assert news() == [("Budi", "swap_accepted")]
    assert titles("id") == [
        "Budi meminta bertukar tugas jaga Rabu, 25 November 2026",
        "Citra mengambil alih tugas jaga Anda Rabu, 25 November 2026",
    ]
    assert titles("en") == [
        "Budi asks you to swap the duty of Wednesday, 25 November 2026",
        "Citra takes over your duty of Wednesday, 25 November 2026",
    ]
    assert {each.path for each in Notification.objects.filter(what__startswith="swap")} == {
        "/1808/jaga/?minggu=2026-11-25"
    }


def test_a_refused_swap_is_told_to_who_asked(
    news: Callable[[], Told], duty: tuple[Shift, Shift], budi: Officer, citra: Officer, clock: Clock
) -> None:
    news()
    swap = swaps.ask(duty[0], asked=citra, by=budi, at=clock.at)
    assert news() == [("Citra", "swap_asked")]
    swaps.decline(swap, by=citra, at=clock.at)
    assert news() == [("Budi", "swap_declined")]


def test_who_left_the_office_hears_of_no_swap(
    news: Callable[[], Told], duty: tuple[Shift, Shift], budi: Officer, citra: Officer, clock: Clock
) -> None:
    news()
    swap = swaps.ask(duty[0], asked=citra, by=budi, at=clock.at)
    news()
    Officer.objects.filter(pk=budi.pk).update(is_active=False)
    swaps.decline(swap, by=citra, at=clock.at)
    assert news() == []


def test_what_was_given_to_one_officer_at_once_is_told_to_that_officer_alone(
    news: Callable[[], Told], office: Office, ani: Client, gita: Officer, budi: Officer, clock: Clock
) -> None:
    news()
    policies.set_assignment(office, assignment=RosterPolicy.Assignment.ROUND_ROBIN, by=gita, at=clock.at)
    Shift.objects.create(office=office, officer=budi, on=date(2026, 11, 23), part="day")
    news()
    draft = asking.draft_of(ani, office, at=clock.at)
    asking.ask(draft, subject="PDRB", asked={"question": "Berapa PDRB?", "purpose": "research"}, at=clock.at)
    assert news() == [("Ani", "request_received"), ("Budi", "assigned")]


@pytest.mark.parametrize("what", ["ready", "affected"])
def test_both_hear_that_the_room_is_ready_or_the_time_impossible(
    news: Callable[[], Told],
    consultation: Consultation,
    budi: Officer,
    office: Office,
    clock: Clock,
    what: str,
) -> None:
    from datetime import UTC, datetime
    from uuid import uuid4

    holding.claim(consultation, by=budi, at=clock.at)
    meeting: FollowUp = booking.book(
        consultation,
        officer=budi,
        kind="visit",
        provider="",
        starts_at=datetime(2026, 11, 25, 3, 0, tzinfo=UTC),
        minutes=30,
        by=budi,
        key=uuid4(),
        at=clock.at,
    )
    news()
    with transaction.atomic():
        record(f"meeting.{what}", meeting, office_id=office.pk, by=None, at=clock.at, data={})
    assert news() == [("Ani", f"meeting_{what}"), ("Budi", f"office_meeting_{what}")]
