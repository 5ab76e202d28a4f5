"""Booking, moving, cancelling: nobody is booked twice, the silence clock waits, both sides are told."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from sapa.activity.models import Event
from sapa.consultations import clocks, lifecycle
from sapa.consultations.models import Deadline, Reason
from sapa.core.errors import Refused, Stale
from sapa.inbox import writing
from sapa.inbox.models import Message
from sapa.meetings import booking, own_data
from sapa.meetings.models import FollowUp, Offer, Reminder, Room, SlotHold
from sapa.offices import holidays
from sapa.roster import leaves
from tests.cast import make_client
from tests.meetings.conftest import WEDNESDAY_TEN

HOUR = timedelta(hours=1)
DAY = date(2026, 11, 25)


def fresh(meeting) -> FollowUp:
    return FollowUp.objects.get(pk=meeting.pk)


def told(name: str) -> list[int]:
    return list(Event.objects.filter(name=name).values_list("subject_id", flat=True))


def notices() -> list[str]:
    return [each.notice["what"] for each in Message.objects.order_by("sequence")]


@pytest.fixture
def other(online):
    """The consultation of somebody else."""
    return online(make_client("Joko Susilo", email="joko@contoh.example"))


@pytest.fixture
def offer(consultation, budi, clock):
    return booking.offer(consultation, officer=budi, kind="", minutes=30, by=budi, at=clock.at)


@pytest.fixture
def silence(consultation, clock):
    """The officer has answered: silence is being counted."""
    clocks.start_silence(consultation, at=clock.at)
    return lambda: Deadline.objects.get(kind=Deadline.Kind.SILENCE).paused_at


def test_a_booked_appointment_holds_its_quarters_and_is_told_to_both_sides(book, budi):
    meeting = book()
    held = list(SlotHold.objects.order_by("quarter_at").values_list("officer", "quarter_at"))
    assert held == [(budi.pk, WEDNESDAY_TEN), (budi.pk, WEDNESDAY_TEN + timedelta(minutes=15))]
    assert (told("meeting.booked"), notices()) == ([meeting.pk], ["meeting_booked"])


def test_the_same_form_twice_is_one_appointment(book):
    key = uuid4()
    assert (book(key=key), FollowUp.objects.count()) == (book(key=key), 1)


@pytest.mark.parametrize("minutes_later", [0, 15])
def test_an_officer_is_not_booked_twice_at_the_same_time(book, other, minutes_later):
    book()
    with pytest.raises(Stale) as refused:
        book(consultation=other, starts_at=WEDNESDAY_TEN + timedelta(minutes=minutes_later))
    assert (refused.value.code, FollowUp.objects.count(), notices()) == ("slot_taken", 1, ["meeting_booked"])


def test_one_after_the_other_is_fine(book, other):
    book()
    assert book(consultation=other, starts_at=WEDNESDAY_TEN + timedelta(minutes=30)).is_booked


def test_two_officers_may_meet_two_clients_at_the_same_time_but_not_at_one_desk(book, other, citra, desk):
    book(desk=desk)
    with pytest.raises(Stale):
        book(consultation=other, officer=citra, desk=desk)
    assert book(consultation=other, officer=citra).is_booked


def test_the_database_itself_refuses_a_second_hold(book, budi, other):
    meeting = book()
    with pytest.raises(IntegrityError), transaction.atomic():
        SlotHold.objects.create(follow_up=meeting, officer=budi, quarter_at=WEDNESDAY_TEN)


def test_a_consultation_has_one_appointment_at_a_time(book):
    book()
    with pytest.raises(Refused, match=r".") as refused:
        book(starts_at=WEDNESDAY_TEN + HOUR)
    assert refused.value.code == "already_booked"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"starts_at": WEDNESDAY_TEN - timedelta(days=7)}, "past"),
        ({"starts_at": WEDNESDAY_TEN + timedelta(hours=8)}, "closed"),
        ({"starts_at": WEDNESDAY_TEN + timedelta(days=3)}, "closed"),
        ({"starts_at": WEDNESDAY_TEN + timedelta(minutes=4)}, "not_on_grid"),
        ({"starts_at": WEDNESDAY_TEN + timedelta(days=120)}, "too_far"),
        ({"minutes": 50}, "bad_length"),
        ({"kind": "dinner"}, "kind_not_offered"),
        ({"kind": "video", "provider": "zoom"}, "provider_not_set_up"),
        ({"kind": "video", "provider": "jitsi"}, "provider_not_set_up"),
        ({"kind": "video", "provider": "telepathy"}, "provider_not_set_up"),
        ({"kind": "video", "provider": "link", "link": "http://meet.example.org/abc"}, "bad_link"),
        ({"kind": "video", "provider": "link", "link": "javascript:alert(document.cookie)"}, "bad_link"),
        ({"kind": "video", "provider": "link", "link": "https://"}, "bad_link"),
        ({"kind": "video", "provider": "link", "link": "https://user:pw@meet.example.org/"}, "bad_link"),
        ({"kind": "video", "provider": "link", "link": 'https://meet.example.org/"onload=x'}, "bad_link"),
        ({"kind": "video", "provider": "link", "link": "https://meet.example.org/" + "a" * 500}, "bad_link"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_leaves_nothing(book, consultation, changes, code):
    with pytest.raises(Refused) as refused:
        book(**changes)
    assert (refused.value.code, len(str(refused.value)) > 20) == (code, True)
    assert (FollowUp.objects.count(), SlotHold.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_officers_of_other_offices_and_other_roles_hold_no_consultations_here(book, dewi, fajar):
    for stranger in (dewi, fajar):
        with pytest.raises(Refused) as refused:
            book(officer=stranger)
        assert refused.value.code == "not_an_officer"


def test_an_officer_on_leave_cannot_be_booked(book, budi, clock):
    leaves.note(budi, from_on=DAY, until_on=DAY, kind="annual", by=budi, at=clock.at)
    with pytest.raises(Refused) as refused:
        book()
    assert refused.value.code == "away"


def test_leave_noted_later_is_told_like_a_holiday(book, budi, clock, work):
    meeting = book()
    leaves.note(budi, from_on=DAY, until_on=DAY, kind="annual", by=budi, at=clock.at)
    work()
    assert told("meeting.affected") == [meeting.pk]


def test_a_closed_consultation_and_one_of_the_front_desk_have_no_appointments(
    book, consultation, budi, clock, office
):
    lifecycle.close(consultation, reason=Reason.DONE, by=budi, at=clock.at)
    with pytest.raises(Refused) as refused:
        book()
    assert refused.value.code == "closed_consultation"


def test_a_client_books_from_an_offer_and_the_offer_is_used_up(book, offer, consultation, clock):
    meeting = book(by=None)
    assert (meeting.booked_by, booking.open_offer(consultation, at=clock.at)) == (None, None)
    assert notices() == ["meeting_offered", "meeting_booked"]


def test_a_client_is_bound_to_the_notice_and_to_what_the_office_offers(book, offer, clock, set_policy):
    clock.set(WEDNESDAY_TEN - timedelta(hours=3))
    with pytest.raises(Refused) as refused:
        book(by=None, at=clock.at)
    assert refused.value.code == "too_soon"
    set_policy(offers_visits=False)
    with pytest.raises(Refused) as refused:
        book(by=None, starts_at=WEDNESDAY_TEN + HOUR * 24)
    assert refused.value.code == "kind_not_offered"


def test_an_offer_ends_after_fourteen_days_and_with_the_next_one(offer, consultation, budi, clock):
    assert booking.open_offer(consultation, at=clock.at + timedelta(days=13)) == offer
    assert booking.open_offer(consultation, at=clock.at + timedelta(days=14)) is None
    second = booking.offer(consultation, officer=budi, kind="video", minutes=45, by=budi, at=clock.at)
    assert (booking.open_offer(consultation, at=clock.at), Offer.objects.count()) == (second, 2)


def test_moving_gives_the_old_time_back_and_takes_the_new_one(book, other, budi, clock):
    meeting = book()
    booking.move(meeting, starts_at=WEDNESDAY_TEN + HOUR, minutes=45, by=budi, at=clock.at)
    moved = fresh(meeting)
    assert (moved.starts_at, moved.minutes, moved.sequence) == (WEDNESDAY_TEN + HOUR, 45, 1)
    assert book(consultation=other).is_booked
    assert told("meeting.moved") == [meeting.pk]


def test_moving_by_a_quarter_of_an_hour_does_not_collide_with_itself(book, budi, clock):
    meeting = book()
    booking.move(meeting, starts_at=WEDNESDAY_TEN + timedelta(minutes=15), minutes=30, by=budi, at=clock.at)
    assert SlotHold.objects.count() == 2


def test_moving_to_a_taken_time_leaves_everything_as_it_was(book, other, budi, clock):
    meeting = book()
    book(consultation=other, starts_at=WEDNESDAY_TEN + HOUR)
    with pytest.raises(Stale):
        booking.move(meeting, starts_at=WEDNESDAY_TEN + HOUR, minutes=30, by=budi, at=clock.at)
    assert (fresh(meeting).starts_at, meeting.holds.count(), told("meeting.moved")) == (WEDNESDAY_TEN, 2, [])


def test_of_two_pages_that_move_it_the_second_is_told(book, budi, clock):
    meeting = book()
    seen = fresh(meeting)
    booking.move(meeting, starts_at=WEDNESDAY_TEN + HOUR, minutes=30, by=budi, at=clock.at, expected=0)
    with pytest.raises(Stale) as refused:
        booking.move(seen, starts_at=WEDNESDAY_TEN + HOUR * 2, minutes=30, by=budi, at=clock.at, expected=0)
    assert (refused.value.code, fresh(meeting).starts_at) == ("meeting_changed", WEDNESDAY_TEN + HOUR)


def test_a_client_moves_and_cancels_until_the_notice_before_the_beginning(book, clock):
    meeting = book()
    clock.set(WEDNESDAY_TEN - timedelta(hours=4))
    booking.move(meeting, starts_at=WEDNESDAY_TEN + HOUR * 24, minutes=30, by=None, at=clock.at)
    clock.set(WEDNESDAY_TEN + HOUR * 21)
    with pytest.raises(Refused) as refused:
        booking.give_up(fresh(meeting), reason="", at=clock.at)
    assert (refused.value.code, fresh(meeting).state) == ("too_late", "booked")


def test_cancelling_frees_the_time_and_ends_the_reminders(book, other, budi, clock):
    meeting = book()
    booking.cancel(meeting, reason="Rapat", by=budi, at=clock.at)
    assert (fresh(meeting).state, fresh(meeting).reason, Reminder.objects.count()) == (
        "cancelled",
        "Rapat",
        0,
    )
    assert book(consultation=other).is_booked
    with pytest.raises(Stale):
        booking.cancel(meeting, reason="", by=budi, at=clock.at)


def test_silence_waits_for_the_appointment_and_goes_on_after_it(book, silence, budi, clock):
    meeting = book()
    assert silence() is not None
    booking.hold_took_place(meeting, by=budi, at=clock.set(meeting.ends_at))
    assert (silence(), fresh(meeting).state) == (None, "held")


def test_an_answer_while_an_appointment_stands_does_not_start_the_silence_again(
    book, consultation, budi, clock, work
):
    book()
    words = writing.Words(uuid4(), "Tabelnya ada di tautan ini.")
    writing.office_says(consultation, words, kind="answer", by=budi, at=clock.at)
    work()
    assert Deadline.objects.get(kind=Deadline.Kind.SILENCE).paused_at == clock.at


def test_a_cancelled_appointment_holds_silence_no_longer(book, silence, budi, clock):
    booking.cancel(book(), reason="", by=budi, at=clock.at)
    assert silence() is None


def test_an_outcome_cannot_be_noted_before_the_beginning(book, budi, clock):
    meeting = book()
    with pytest.raises(Refused) as refused:
        booking.missed(meeting, by=budi, at=clock.at)
    assert (refused.value.code, fresh(meeting).state) == ("too_early", "booked")


def test_a_visitor_who_never_came_has_missed_it_at_midnight(book, clock, work):
    meeting = book()
    clock.set(meeting.ends_at + HOUR)
    work()
    assert fresh(meeting).state == "booked"
    clock.set(meeting.due_at)
    work()
    assert (fresh(meeting).state, told("meeting.missed")) == ("missed", [meeting.pk])


def test_a_video_meeting_of_which_nobody_said_otherwise_took_place(book, clock, work):
    meeting = book(kind="video", provider="link", link="https://meet.example.org/abc")
    clock.set(meeting.due_at)
    work()
    assert (fresh(meeting).state, SlotHold.objects.count()) == ("held", 0)


def test_closing_the_consultation_cancels_what_is_still_ahead(book, consultation, budi, clock, work):
    meeting = book()
    lifecycle.close(consultation, reason=Reason.DONE, by=budi, at=clock.at)
    work()
    assert fresh(meeting).state == "cancelled"


def test_reminders_come_a_day_and_an_hour_before_and_once(book, clock, work):
    meeting = book()
    for at in (WEDNESDAY_TEN - timedelta(hours=24), WEDNESDAY_TEN - timedelta(minutes=60)):
        clock.set(at)
        work()
        work()
    hours = [event.data["hours"] for event in Event.objects.filter(name="meeting.reminder_due")]
    assert (hours, told("meeting.reminder_due")) == ([24, 1], [meeting.pk] * 2)


def test_only_reminders_that_are_still_ahead_are_planned_and_none_after_the_beginning(book, clock, work):
    clock.set(WEDNESDAY_TEN - timedelta(hours=5))
    book(at=clock.at)
    assert [each.hours_before for each in Reminder.objects.all()] == [1]
    clock.set(WEDNESDAY_TEN + timedelta(minutes=5))
    work()
    assert told("meeting.reminder_due") == []


def test_moving_plans_the_reminders_anew(book, budi, clock, work):
    meeting = book()
    clock.set(WEDNESDAY_TEN - timedelta(hours=24))
    work()
    booking.move(
        meeting, starts_at=WEDNESDAY_TEN + timedelta(days=1), minutes=30, by=budi, at=clock.at + HOUR
    )
    clock.set(WEDNESDAY_TEN)
    work()
    hours = [event.data["hours"] for event in Event.objects.filter(name="meeting.reminder_due")]
    assert hours == [24, 24]


def test_a_holiday_declared_later_is_told_once_and_taken_back_quietly(book, office, hadi, clock, work):
    meeting = book()
    holidays.declare(
        office,
        on=DAY,
        kind="local",
        name_id="HUT",
        name_en="HUT",
        source="SE",
        by=hadi.user,
        at=clock.at,
    )
    work()
    work()
    assert (told("meeting.affected"), fresh(meeting).affected_at) == ([meeting.pk], clock.at)
    holidays.withdraw(office.holidays.get(on=DAY), by=hadi.user, at=clock.at)
    work()
    assert (told("meeting.affected"), fresh(meeting).affected_at) == ([meeting.pk], None)


def test_jitsi_gives_a_room_nobody_can_guess_and_the_link_follows_a_move_unchanged(
    book, set_policy, work, budi, clock
):
    set_policy(jitsi_url="https://temu.contoh.go.id/", video_provider="jitsi")
    meeting = book(kind="video", provider="jitsi")
    work()
    link = fresh(meeting).link
    assert link == f"https://temu.contoh.go.id/sapa-{meeting.token}"
    assert len(meeting.token) == 22
    booking.move(fresh(meeting), starts_at=WEDNESDAY_TEN + HOUR, minutes=30, by=budi, at=clock.at)
    work()
    assert (fresh(meeting).link, Room.objects.get().made_sequence) == (link, 1)


def test_a_video_meeting_by_link_without_a_link_asks_the_officer_for_it(book, work, budi, clock):
    meeting = book(kind="video", provider="link")
    work()
    assert (told("meeting.failed"), Room.objects.get().reason) == ([meeting.pk], "link_missing")
    booking.choose_way(
        fresh(meeting),
        kind="video",
        provider="link",
        link="https://meet.example.org/abc",
        by=budi,
        at=clock.at,
    )
    work()
    assert (fresh(meeting).link, told("meeting.ready")) == ("https://meet.example.org/abc", [meeting.pk])


def test_settings_that_could_not_work_are_refused(set_policy):
    for values, code in [
        ({"offers_visits": False, "offers_video": False}, "nothing_offered"),
        ({"video_provider": "zoom"}, "zoom_incomplete"),
        ({"video_provider": "jitsi"}, "jitsi_incomplete"),
        ({"jitsi_url": "http://temu.contoh.go.id"}, "bad_link"),
    ]:
        with pytest.raises(Refused) as refused:
            set_policy(**values)
        assert refused.value.code == code


def test_link_and_passcode_are_gone_when_it_is_over(book, clock, work):
    meeting = book(kind="video", provider="link", link="https://meet.example.org/abc")
    work()
    assert fresh(meeting).link == "https://meet.example.org/abc"
    clock.set(meeting.due_at)
    work()
    assert (fresh(meeting).state, fresh(meeting).link) == ("held", "")


def test_the_client_is_told_the_appointments_and_may_erase_what_was_written(book, ani, budi, clock):
    meeting = book()
    [row] = own_data.told(ani)["appointments"]
    assert (row["officer"], row["starts_at"], row["state"]) == ("Budi", WEDNESDAY_TEN, "booked")
    assert str(own_data.objection(ani)).startswith("Janji temu Rabu, 25 November 2026 pukul 10.00 WIB masih")
    booking.cancel(meeting, reason="Ani sakit", by=budi, at=clock.at)
    assert own_data.objection(ani) == ""
    own_data.forget([ani.pk], at=clock.at)
    assert fresh(meeting).reason == ""
