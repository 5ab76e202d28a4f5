"""The own data of somebody who is told things: shown, and gone when they are erased."""

from typing import Any

from sapa.notifications import own_data, preferences, readers
from sapa.notifications.kinds import TOPICS
from sapa.notifications.models import Delivery, Notification, Preference, PushSubscription, Reader, Way
from sapa.people.models import Client, Officer, User
from tests.conftest import Clock
from tests.notifications.conftest import Tell


def _everything() -> list[int]:
    return [each.objects.count() for each in (Notification, Delivery, Preference, PushSubscription, Reader)]


def test_what_is_held_is_told_and_forgotten(
    tell: Tell, ani: Client, ani_user: User, phone: PushSubscription, work: Any, clock: Clock
) -> None:
    ani.user = ani_user
    ani.save()
    tell(ani_user)
    preferences.refuse(ani_user, TOPICS["rating"], Way.MAIL)
    found = own_data.KEEPER.told(ani)
    assert found["notifications"][0]["title"] == "Permintaan Anda KST-2222-3333-4444 sudah lengkap"
    assert found["notification_choices"] == [{"topic": "rating", "way": "mail", "is_wanted": False}]
    assert [each["label"] for each in found["devices"]] == ["Chrome, Android"]
    assert (len(found["notification_hours"]), own_data.KEEPER.objection(ani)) == (1, "")
    own_data.KEEPER.forget([ani.pk], at=clock.at)
    assert _everything() == [0, 0, 0, 0, 0]


def test_an_officer_who_is_a_client_as_well_keeps_what_the_office_told(
    tell: Tell, ani: Client, budi: Officer, clock: Clock
) -> None:
    ani.user = budi.user
    ani.save()
    tell(budi.user, what="assigned")
    readers.reader_of(budi.user, at=clock.at)
    own_data.KEEPER.forget([ani.pk], at=clock.at)
    assert _everything() == [1, 1, 0, 0, 1]


def test_a_client_without_an_account_has_nothing_here(ani: Client, clock: Clock) -> None:
    assert own_data.KEEPER.told(ani) == {}
    own_data.KEEPER.forget([ani.pk], at=clock.at)
