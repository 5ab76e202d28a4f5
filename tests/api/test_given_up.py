"""Webhooks that could not be delivered: seen, counted, tried again; and no row where nobody listens."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scopes_disabled
from pytest_django import Settings

from sapa.activity.models import Event, Reaction
from sapa.api import reviving, sending, webhooks
from sapa.api.models import WebhookDelivery, WebhookEndpoint
from sapa.core.errors import Stale
from sapa.offices.models import Office
from sapa.people.models import Officer
from tests.api.conftest import GUEST, Maker, done
from tests.conftest import Clock
from tests.simulators.webhook_receiver import Receiver, webhook_receiver

Work = Callable[[], int]
TELL = "sapa.api.webhooks.tell_after"
LISTS = ("/1808/pengaturan/api/", "/1808/pengaturan/pekerjaan/")


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.WEBHOOK_PRIVATE = True
    with webhook_receiver() as found:
        yield found


@pytest.fixture
def endpoint(receiver: Receiver, office: Office, hadi: Officer, clock: Clock) -> WebhookEndpoint:
    made, receiver.secret = webhooks.add(
        office, url=receiver.origin + "/dengar", events=["visit.signed"], by=hadi, at=clock()
    )
    return made


@pytest.fixture
def given_up(
    caller: Maker, endpoint: WebhookEndpoint, receiver: Receiver, clock: Clock, work: Work
) -> WebhookDelivery:
    """A visit that the receiver would not hear of for a day."""
    receiver.status = 500
    done(caller().post("/visits", GUEST), 201)
    for _round in range(13):
        work()
        clock.advance(hours=2)
    return reviving.dead_of(endpoint.office).get()


def told() -> int:
    return Reaction.objects.filter(handler=TELL).count()


def test_without_a_webhook_no_row_is_written_for_one(caller: Maker, office: Office, work: Work) -> None:
    done(caller().post("/visits", GUEST), 201)
    assert (Event.objects.filter(name="visit.signed").count(), told()) == (1, 0)


def test_a_row_is_written_only_for_events_that_the_office_wants_told(
    caller: Maker, endpoint: WebhookEndpoint
) -> None:
    done(caller().post("/visits", GUEST), 201)
    rows = Reaction.objects.filter(handler=TELL).values_list("event__name", flat=True)
    assert list(rows) == ["visit.signed"]


def test_a_webhook_of_another_office_or_an_ended_one_writes_nothing_here(
    caller: Maker, endpoint: WebhookEndpoint, other_office: Office, dewi: Officer, hadi: Officer, clock: Clock
) -> None:
    webhooks.add(
        other_office, url="https://a.example/", events=["visit.signed", "ticket.issued"], by=dewi, at=clock()
    )
    webhooks.end(endpoint, by=hadi, because="officer", at=clock())
    done(caller().post("/visits", GUEST), 201)
    assert told() == 0


def test_a_webhook_that_is_added_later_hears_of_what_happens_from_then_on(
    caller: Maker, receiver: Receiver, office: Office, hadi: Officer, clock: Clock, work: Work
) -> None:
    done(caller().post("/visits", GUEST), 201)
    clock.advance(minutes=1)
    _, receiver.secret = webhooks.add(
        office, url=receiver.origin + "/dengar", events=["visit.signed"], by=hadi, at=clock()
    )
    later = done(caller().post("/visits", GUEST | {"email": "tono@contoh.example"}), 201)
    work()
    assert [each["data"]["subject"]["id"] for each in receiver.heard] == [later["visit"]["id"]]


@pytest.mark.parametrize("page", LISTS)
def test_what_was_given_up_is_listed_with_a_way_to_try_again(
    page: str, given_up: WebhookDelivery, signed_in: Any, hadi: Officer
) -> None:
    shown = signed_in(hadi).get(page).content.decode()
    for way in ("settings_webhook_retry", "settings_webhook_drop"):
        assert shown.count(f'action="{reverse(way, args=["1808", given_up.pk])}"') == 1
    assert "<code>500" in shown
    assert "Tidak ada tugas yang gagal" not in shown


def test_what_was_given_up_counts_for_the_health_page_and_the_settings(
    given_up: WebhookDelivery, signed_in: Any, hadi: Officer
) -> None:
    browser = signed_in(hadi)
    assert (sending.SOURCE.dead(), browser.get("/sehat/").json()["given_up"]) == (1, 1)
    assert browser.get("/1808/pengaturan/").context["given_up"] == 1


def test_trying_again_delivers_it_under_its_own_id(
    given_up: WebhookDelivery, receiver: Receiver, signed_in: Any, hadi: Officer, work: Work
) -> None:
    receiver.status = 204
    answer = signed_in(hadi).post(reverse("settings_webhook_retry", args=["1808", given_up.pk]))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/1808/pengaturan/pekerjaan/")
    work()
    given_up.refresh_from_db()
    assert (given_up.settled_at is None, given_up.dead_at, sending.SOURCE.dead()) == (False, None, 0)
    assert receiver.heard[-1]["id"] == f"evt_{given_up.event_id}"
    assert Event.objects.get(name="webhook_delivery.revived").by_id == hadi.user.pk


def test_what_is_tried_again_has_a_day_of_patience_again(
    given_up: WebhookDelivery, hadi: Officer, clock: Clock, work: Work
) -> None:
    reviving.revive(given_up, by=hadi.user, at=clock())
    clock.advance(hours=12)
    work()
    given_up.refresh_from_db()
    assert (given_up.dead_at, given_up.attempts) == (None, 1)
    for _hour in range(26):
        clock.advance(hours=1)
        work()
    given_up.refresh_from_db()
    assert given_up.dead_at is not None


def test_all_are_tried_again_at_once_and_dropped_at_once(
    given_up: WebhookDelivery, caller: Maker, signed_in: Any, hadi: Officer, clock: Clock, work: Work
) -> None:
    done(caller().post("/visits", GUEST | {"email": "tono@contoh.example"}), 201)
    work()
    WebhookDelivery.objects.filter(dead_at=None).update(dead_at=clock(), reason="500")
    browser = signed_in(hadi)
    browser.post(reverse("settings_webhook_retry_all", args=["1808"]))
    assert WebhookDelivery.objects.filter(dead_at=None, due_at=clock(), attempts=0).count() == 2
    WebhookDelivery.objects.update(dead_at=clock(), reason="500")
    browser.post(reverse("settings_webhook_drop_all", args=["1808"]))
    assert WebhookDelivery.objects.filter(settled_at=clock(), reason="dropped").count() == 2


def test_trying_again_twice_is_told(given_up: WebhookDelivery, hadi: Officer, clock: Clock) -> None:
    reviving.revive(given_up, by=hadi.user, at=clock())
    for again in (reviving.revive, reviving.drop):
        with pytest.raises(Stale) as refused:
            again(given_up, by=hadi.user, at=clock())
        assert refused.value.code == "not_dead"


def test_nothing_of_an_ended_webhook_waits_for_anybody(
    given_up: WebhookDelivery, endpoint: WebhookEndpoint, hadi: Officer, clock: Clock
) -> None:
    webhooks.end(endpoint, by=hadi, because="officer", at=clock())
    assert (sending.SOURCE.dead(), reviving.dead_of(endpoint.office).count()) == (0, 0)


def test_an_administrator_next_door_finds_nothing_to_try_again(
    given_up: WebhookDelivery, other_office: Office, dewi: Officer, signed_in: Any
) -> None:
    with scopes_disabled():
        Officer.objects.filter(pk=dewi.pk).update(role=Officer.Role.ADMIN)
    browser = signed_in(dewi)
    for office, status in (("1808", 404), ("1812", 404)):
        address = reverse("settings_webhook_retry", args=[office, given_up.pk])
        assert browser.post(address).status_code == status
    browser.post(reverse("settings_webhook_drop_all", args=["1812"]))
    assert sending.SOURCE.dead() == 1


def test_three_cost_as_many_queries_as_one(
    given_up: WebhookDelivery, signed_in: Any, hadi: Officer, clock: Clock
) -> None:
    browser = signed_in(hadi)
    browser.get(LISTS[1])
    with CaptureQueriesContext(connection) as one:
        browser.get(LISTS[1])
    for event in Event.objects.exclude(pk=given_up.event_id)[:2]:
        WebhookDelivery.objects.create(
            endpoint=given_up.endpoint, event=event, due_at=clock(), dead_at=clock() + timedelta(1)
        )
    with CaptureQueriesContext(connection) as three:
        browser.get(LISTS[1])
    assert len(three) == len(one)
