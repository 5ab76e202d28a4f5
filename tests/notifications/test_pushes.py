"""Waking a browser through a real push service that checks our signature."""

from datetime import UTC, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from sapa.core import outside
from sapa.notifications import deliveries, devices, preferences, vapid
from sapa.notifications.kinds import TOPICS
from sapa.notifications.models import Delivery, PushSubscription, Way
from sapa.offices.models import Office
from sapa.people.models import Officer, User
from tests.conftest import Clock
from tests.notifications.conftest import Tell, states
from tests.simulators.push_service import PushService


@pytest.fixture(autouse=True)
def _no_mail(ani_user: User) -> None:
    for topic in TOPICS.values():
        preferences.refuse(ani_user, topic, Way.MAIL)


def test_a_push_is_signed_says_nothing_and_names_nobody(
    tell: Tell, ani_user: User, phone: PushSubscription, service: PushService, work: Any, clock: Clock
) -> None:
    tell(ani_user)
    work()
    (push,) = service.pushes
    assert (push.length, push.headers["TTL"], push.headers["Urgency"]) == (0, "86400", "normal")
    assert len(push.headers["Topic"]) == 32
    expires = int((clock.at + timedelta(hours=12)).timestamp())
    assert push.claims == {"aud": service.origin, "exp": expires, "sub": "mailto:sapa@kantor.example"}
    assert states("push") == ["settled sent"]


def test_what_waits_for_one_device_wakes_it_once(
    tell: Tell, ani_user: User, phone: PushSubscription, service: PushService, work: Any
) -> None:
    for _each in range(3):
        tell(ani_user)
    work()
    first = Delivery.objects.earliest("id")
    assert len(service.pushes) == 1
    assert states("push") == ["settled sent", f"settled with {first.pk}", f"settled with {first.pk}"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_has_ended_is_removed(
    tell: Tell, ani_user: User, phone: PushSubscription, service: PushService, work: Any, status: int
) -> None:
    service.answers["/push/ani"] = (status, {})
    tell(ani_user)
    work()
    assert (PushSubscription.objects.count(), states("push")) == (0, [])


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("how", ["seconds", "date", "nothing"])
def test_a_busy_service_is_asked_again_when_it_said(
    tell: Tell,
    ani_user: User,
    phone: PushSubscription,
    service: PushService,
    work: Any,
    clock: Clock,
    status: int,
    how: str,
) -> None:
    later = clock.at + timedelta(seconds=180)
    said = {"seconds": "180", "date": format_datetime(later.astimezone(UTC), usegmt=True), "nothing": ""}[how]
    service.answers["/push/ani"] = (status, {"Retry-After": said} if said else {})
    tell(ani_user)
    work()
    wait = Delivery.objects.get().due_at - clock.at
    assert wait == timedelta(seconds=60 if how == "nothing" else 180)
    service.answers.clear()
    clock.advance(seconds=180)
    work()
    assert states("push") == ["settled sent"]


def test_a_subscription_that_our_key_does_not_open_is_marked_and_left_alone(
    tell: Tell, ani_user: User, phone: PushSubscription, service: PushService, work: Any
) -> None:
    service.answers["/push/ani"] = (403, {})
    tell(ani_user)
    work()
    phone.refresh_from_db()
    assert (states("push"), phone.failed_at is not None) == (["dead refused: 403"], True)
    tell(ani_user)
    assert len(states("push")) == 1


def test_sending_again_believes_the_device_again(
    tell: Tell,
    ani_user: User,
    phone: PushSubscription,
    office: Office,
    hadi: Officer,
    service: PushService,
    work: Any,
    clock: Clock,
) -> None:
    service.answers["/push/ani"] = (403, {})
    tell(ani_user)
    work()
    service.answers.clear()
    deliveries.revive(deliveries.dead_of(office)[0], by=hadi.user, at=clock())
    work()
    phone.refresh_from_db()
    assert (states("push"), phone.failed_at) == (["settled sent"], None)


def test_a_service_that_is_not_there_is_tried_later(
    tell: Tell, ani_user: User, phone: PushSubscription, work: Any
) -> None:
    PushSubscription.objects.update(endpoint="http://127.0.0.1:9/push/ani")
    tell(ani_user)
    work()
    assert states("push") == ["waits ConnectError"]


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://10.0.0.1/x",
        "https://192.168.1.1/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://100.64.0.1/x",
        "https://0.0.0.0/x",
        "https://224.0.0.1/x",
        "http://8.8.8.8/x",
        "ftp://8.8.8.8/x",
        "https://user@8.8.8.8/x",
        "https:///x",
        "https://8.8.8.8:99999/x",
    ],
)
def test_our_server_calls_no_address_inside_a_network(address: str) -> None:
    with pytest.raises(outside.NotPublic):
        outside.target_of(address)


def test_a_public_address_is_called_by_the_number_that_was_looked_at() -> None:
    target = outside.target_of("https://8.8.8.8/push/abc?x=1")
    assert (target.url, target.host, target.name) == (
        "https://8.8.8.8:443/push/abc?x=1",
        "8.8.8.8",
        "8.8.8.8",
    )


def test_a_private_endpoint_is_given_up_and_its_device_marked(
    tell: Tell, ani_user: User, phone: PushSubscription, service: PushService, settings: Any, work: Any
) -> None:
    settings.PUSH_PRIVATE = False
    tell(ani_user)
    work()
    assert (service.pushes, states("push")) == ([], ["dead refused: address not https"])


def test_the_key_is_made_once_and_kept_for_us_alone(settings: Any, tmp_path: Path) -> None:
    settings.DATA, settings.VAPID_KEY = tmp_path, ""
    first = vapid.public_key()
    kept = tmp_path / "vapid_key"
    assert (len(first), kept.stat().st_mode & 0o777) == (87, 0o600)
    vapid._key.cache_clear()
    assert vapid.public_key() == first
    settings.VAPID_KEY, settings.DATA = kept.read_text(), tmp_path / "elsewhere"
    assert vapid.public_key() == first


def test_a_browser_wakes_only_who_allowed_it_last(
    ani_user: User, budi: Officer, phone: PushSubscription, clock: Clock
) -> None:
    devices.allow(
        budi.user, endpoint=phone.endpoint, p256dh="B" * 87, auth="A" * 22, agent="Firefox Linux", at=clock.at
    )
    made = PushSubscription.objects.get()
    assert (made.user, made.label) == (budi.user, "Firefox, Linux")
