"""Two bookings in the same instant. On SQLite one writes after the other; what is tried here is PostgreSQL."""

from datetime import timedelta

import pytest

from sapa.core.errors import Refused
from sapa.meetings import booking
from sapa.meetings.models import FollowUp, Room, SlotHold
from tests.cast import make_client
from tests.frontdesk.test_at_once import at_once
from tests.meetings.conftest import WEDNESDAY_TEN

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3


def test_two_clients_who_want_the_same_time_at_once_one_has_it_the_other_is_told(book, online, office):
    for day in range(ROUNDS):
        pair = [
            online(make_client(f"{name} {day}", email=f"{name}{day}@contoh.example"))
            for name in ("Ani", "Joko")
        ]
        starts_at = WEDNESDAY_TEN + timedelta(days=day if day < 3 else day + 2)
        # One overlaps the other by half.
        results = at_once(
            office,
            lambda pair=pair, starts_at=starts_at: book(consultation=pair[0], starts_at=starts_at),
            lambda pair=pair, starts_at=starts_at: book(
                consultation=pair[1], starts_at=starts_at + timedelta(minutes=15)
            ),
        )
        codes = sorted(each.code if isinstance(each, Refused) else "booked" for each in results)
        assert codes == ["booked", "slot_taken"]
    assert (FollowUp.objects.count(), SlotHold.objects.count()) == (ROUNDS, ROUNDS * 2)


def test_one_consultation_booked_by_both_sides_at_once_has_one_appointment(book, consultation, office):
    later = WEDNESDAY_TEN + timedelta(hours=2)
    results = at_once(office, book, lambda: book(starts_at=later))
    codes = sorted(each.code if isinstance(each, Refused) else "booked" for each in results)
    assert (codes, FollowUp.objects.count()) == (["already_booked", "booked"], 1)


def test_moving_and_cancelling_at_once_is_one_after_the_other(book, office, budi, clock):
    meeting = book()
    later = WEDNESDAY_TEN + timedelta(hours=2)

    def fresh() -> FollowUp:
        return FollowUp.objects.select_related("consultation", "office", "officer__user").get(pk=meeting.pk)

    one, other = fresh(), fresh()
    results = at_once(
        office,
        lambda: booking.move(one, starts_at=later, minutes=30, by=budi, at=clock.at, expected=0),
        lambda: booking.cancel(other, reason="", by=budi, at=clock.at),
    )
    assert (fresh().state, SlotHold.objects.count()) == ("cancelled", 0)
    assert [getattr(each, "code", None) for each in results] in ([None, None], ["meeting_changed", None])


def test_two_workers_make_one_meeting(book, with_zoom, zoom, office, clock):
    from sapa.meetings import rooms

    book(kind="video", provider="zoom")
    [room] = Room.objects.all()
    assert at_once(office, *[lambda: rooms.settle(room.pk, clock.at)] * 2) == [None, None]
    assert (zoom.asked("POST"), len(zoom.meetings)) == (1, 1)
