"""Being told once, in the ways one chose, and never of what one did oneself."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sapa.activity.models import Event
from sapa.core.errors import Refused
from sapa.notifications import preferences, readers, reading
from sapa.notifications.kinds import TOPICS
from sapa.notifications.models import Delivery, Notification, Preference, Reader, Way
from sapa.notifications.notifying import notify
from sapa.people.models import Officer, User
from tests.conftest import Clock
from tests.notifications.conftest import Tell

WIB = ZoneInfo("Asia/Jakarta")


def test_everybody_is_told_once_however_often_the_reaction_runs(
    happened: Callable[..., Event], ani_user: User, budi: Officer, clock: Clock
) -> None:
    event = happened()
    for _again in range(2):
        notify(event, [ani_user, budi.user, ani_user], "accepted", path="/akun/", at=clock.at)
    assert sorted(Notification.objects.values_list("user_id", flat=True)) == sorted(
        [ani_user.pk, budi.user_id]
    )
    assert Delivery.objects.count() == 2


def test_whoever_did_it_is_not_told_unless_it_is_a_receipt(tell: Tell, budi: Officer) -> None:
    assert tell(budi.user, what="assigned", by=budi.user) == []
    assert len(tell(budi.user, what="office_meeting_booked", by=budi.user, also_doer=True)) == 1


def test_an_account_that_was_closed_is_told_nothing(tell: Tell, ani_user: User) -> None:
    ani_user.is_active = False
    ani_user.save()
    assert tell(ani_user) == []


def test_only_what_differs_from_the_default_is_stored(ani_user: User) -> None:
    topic = TOPICS["request"]
    preferences.choose(ani_user, topic, [Way.PAGE, Way.PUSH])
    assert list(Preference.objects.values_list("topic", "way", "is_wanted")) == [("request", "mail", False)]
    assert preferences.ways(ani_user, topic) == {Way.PAGE, Way.PUSH}
    preferences.choose(ani_user, topic, list(Way))
    assert Preference.objects.count() == 0


def test_what_is_not_wanted_by_mail_is_not_mailed_and_still_stands_in_the_page(
    tell: Tell, ani_user: User
) -> None:
    preferences.refuse(ani_user, TOPICS["request"], Way.MAIL)
    tell(ani_user)
    assert (Delivery.objects.count(), reading.unseen(ani_user).count()) == (0, 1)


def test_what_is_not_wanted_in_the_page_is_listed_but_not_counted(tell: Tell, ani_user: User) -> None:
    preferences.refuse(ani_user, TOPICS["request"], Way.PAGE)
    tell(ani_user)
    assert (reading.unseen(ani_user).count(), reading.of(ani_user).count()) == (0, 1)
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (datetime(2026, 11, 24, 10, 0, tzinfo=WIB), datetime(2026, 11, 24, 10, 0, tzinfo=WIB)),
        (datetime(2026, 11, 24, 17, 59, tzinfo=WIB), datetime(2026, 11, 24, 17, 59, tzinfo=WIB)),
        (datetime(2026, 11, 24, 18, 0, tzinfo=WIB), datetime(2026, 11, 25, 6, 30, tzinfo=WIB)),
        (datetime(2026, 11, 25, 0, 30, tzinfo=WIB), datetime(2026, 11, 25, 6, 30, tzinfo=WIB)),
        (datetime(2026, 11, 25, 6, 30, tzinfo=WIB), datetime(2026, 11, 25, 6, 30, tzinfo=WIB)),
        (datetime(2026, 11, 27, 19, 0, tzinfo=WIB), datetime(2026, 11, 30, 6, 30, tzinfo=WIB)),
        (datetime(2026, 11, 28, 12, 0, tzinfo=WIB), datetime(2026, 11, 30, 6, 30, tzinfo=WIB)),
    ],
)
def test_quiet_hours_end_in_the_morning_and_after_the_weekend(
    budi: Officer, clock: Clock, on: datetime, expected: datetime
) -> None:
    assert readers.after_rest(readers.reader_of(budi.user, at=clock.at), on) == expected


def test_quiet_hours_within_a_day_hold_only_there(ani_user: User, clock: Clock) -> None:
    reader = readers.reader_of(ani_user, at=clock.at)
    reader.quiet_from, reader.quiet_until = time(12), time(13)
    noon = datetime(2026, 11, 24, 12, 30, tzinfo=WIB)
    assert readers.after_rest(reader, noon) == datetime(2026, 11, 24, 13, tzinfo=WIB)
    assert readers.after_rest(reader, noon + timedelta(hours=1)) == noon + timedelta(hours=1)


def test_nobody_is_woken_at_night_but_a_receipt_comes_at_once(
    tell: Tell, ani_user: User, clock: Clock
) -> None:
    clock.set(datetime(2026, 11, 24, 23, 0, tzinfo=WIB))
    tell(ani_user, what="closed")
    tell(ani_user, what="request_received")
    assert list(Delivery.objects.order_by("id").values_list("due_at", flat=True)) == [
        datetime(2026, 11, 25, 6, 0, tzinfo=WIB),
        clock.at,
    ]


def test_an_overdue_promise_is_told_at_once(tell: Tell, budi: Officer, clock: Clock) -> None:
    """It is raised within opening hours only; an office that opens on a Saturday has its reasons."""
    clock.set(datetime(2026, 11, 28, 9, 0, tzinfo=WIB))
    tell(budi.user, what="clock_breached")
    assert Delivery.objects.get().due_at == clock.at


def test_quiet_hours_with_one_end_are_refused_and_nothing_is_kept(ani_user: User, clock: Clock) -> None:
    reader = readers.reader_of(ani_user, at=clock.at)
    values: dict[str, Any] = {"language": "en", "quiet_weekends": True, "digest_time": None, "at": clock.at}
    for begins, ends in ((time(9), None), (time(9), time(9))):
        with pytest.raises(Refused):
            readers.change(reader, quiet_from=begins, quiet_until=ends, **values)
    assert Reader.objects.get().language == "id"


def test_mails_speak_the_language_last_read_until_one_is_chosen(ani_user: User, clock: Clock) -> None:
    readers.speaks(ani_user, "en", at=clock.at)
    assert Reader.objects.get().language == "en"
    readers.speaks(ani_user, "xx", at=clock.at)
    assert Reader.objects.get().language == "en"
    Reader.objects.update(language_is_chosen=True)
    readers.speaks(ani_user, "id", at=clock.at)
    assert Reader.objects.get().language == "en"
