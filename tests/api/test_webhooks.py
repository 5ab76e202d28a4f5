"""What other programs are told: signed, once more after a failure, and never into our own network."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from sapa.api import sending, webhooks
from sapa.api.models import WebhookDelivery, WebhookEndpoint
from sapa.api.scopes import EVENTS
from sapa.consultations import lifecycle
from sapa.consultations.models import Consultation, Reason
from sapa.core.errors import Refused
from sapa.frontdesk import queue
from sapa.meetings.sealing import seal
from sapa.offices.models import Desk, Office
from sapa.people.models import Client, Officer
from tests.api.conftest import GUEST, QUESTION, Maker, done
from tests.conftest import Clock
from tests.simulators.webhook_receiver import Receiver, webhook_receiver

Work = Callable[[], int]


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.WEBHOOK_PRIVATE = True
    with webhook_receiver() as found:
        yield found


@pytest.fixture
def endpoint(receiver: Receiver, office: Office, hadi: Officer, clock: Clock) -> WebhookEndpoint:
    """An endpoint that wants to hear of everything."""
    made, receiver.secret = webhooks.add(
        office, url=receiver.origin + "/dengar", events=list(EVENTS), by=hadi, at=clock()
    )
    return made


def test_a_consultation_is_told_from_request_to_close_by_ids_only(
    caller: Maker,
    ani: Client,
    budi: Officer,
    endpoint: WebhookEndpoint,
    receiver: Receiver,
    clock: Clock,
    work: Work,
) -> None:
    c = caller(acts_as=budi)
    code = done(c.post("/consultations", QUESTION), 201)["id"]
    kept = Consultation.objects.get(code=code)
    lifecycle.accept(kept, by=budi, at=clock())
    done(c.post(f"/consultations/{code}/messages", {"side": "office", "text": "Isi yang rahasia"}), 201)
    done(c.post(f"/consultations/{code}/messages", {"side": "client", "text": "Terima kasih"}), 201)
    lifecycle.close(Consultation.objects.get(code=code), reason=Reason.DONE, by=budi, at=clock())
    work()
    consultation = {"type": "consultation", "id": code}
    assert [(each["type"], each["data"]["subject"]) for each in receiver.heard] == [
        ("consultation.requested", consultation),
        ("consultation.accepted", consultation),
        ("message.sent", {"type": "message", "consultation": code, "sequence": 2}),
        ("message.received", {"type": "message", "consultation": code, "sequence": 3}),
        ("consultation.closed", consultation),
    ]
    first = receiver.heard[0]
    assert set(first) == {"id", "type", "timestamp", "data"}
    assert first["data"]["office"] == "1808"
    assert receiver.headers[0]["Webhook-Id"] == first["id"]
    assert receiver.refused == 0
    for secret in ("Isi yang rahasia", "Ani", "ani@contoh.example", kept.token):
        assert secret not in str(receiver.heard)
    assert WebhookDelivery.objects.filter(settled_at=clock()).count() == 5


def test_a_visit_is_told_from_the_guest_book_to_the_end(
    caller: Maker,
    desk: Desk,
    budi: Officer,
    endpoint: WebhookEndpoint,
    receiver: Receiver,
    clock: Clock,
    work: Work,
) -> None:
    made = done(caller().post("/visits", GUEST), 201)
    queue.sit(desk, by=budi, at=clock())
    ticket = queue.call_next(desk, by=budi, at=clock()).ticket
    queue.start(ticket, by=budi, at=clock())
    queue.finish(ticket, by=budi, at=clock())
    work()
    told = [(each["type"], each["data"]["subject"]) for each in receiver.heard]
    number = {"type": "ticket", "id": made["ticket"]["id"]}
    assert ("visit.signed", {"type": "visit", "id": made["visit"]["id"]}) in told
    assert [each for each in told if each[1] == number] == [
        ("ticket.issued", number),
        ("ticket.called", number),
        ("ticket.finished", number),
    ]


def test_an_endpoint_hears_only_what_it_asked_for_and_only_of_its_office(
    caller: Maker,
    receiver: Receiver,
    office: Office,
    other_office: Office,
    hadi: Officer,
    dewi: Officer,
    clock: Clock,
    work: Work,
) -> None:
    webhooks.add(office, url=receiver.origin + "/a", events=["ticket.called"], by=hadi, at=clock())
    webhooks.add(other_office, url=receiver.origin + "/b", events=list(EVENTS), by=dewi, at=clock())
    done(caller().post("/visits", GUEST), 201)
    work()
    assert receiver.paths == []


def test_a_wrong_secret_is_noticed_by_the_receiver(
    caller: Maker, endpoint: WebhookEndpoint, receiver: Receiver, clock: Clock, work: Work
) -> None:
    receiver.secret = "whsec_" + "A" * 44
    done(caller().post("/visits", GUEST), 201)
    work()
    assert (receiver.heard, receiver.refused) == ([], 1)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"status": 500, "words": b"<b>\x00Aduh</b>" + b"x" * 5000}, "500 <b> Aduh</b>"),
        ({"status": 302}, "302"),
        ({"status": 404}, "404"),
        ({"seconds": 0.6}, "ReadTimeout"),
    ],
)
def test_a_bad_day_of_the_receiver_only_delays(
    bad: dict[str, Any],
    reason: str,
    caller: Maker,
    endpoint: WebhookEndpoint,
    receiver: Receiver,
    clock: Clock,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending, "TIMEOUT_SECONDS", 0.3)
    done(caller().post("/visits", GUEST), 201)
    for name, value in bad.items():
        setattr(receiver, name, value)
    work()
    assert len(receiver.paths) == 1  # the other event waits too, and no redirect was followed
    first = WebhookDelivery.objects.exclude(reason="").get()
    assert first.reason.startswith(reason)
    assert len(first.reason) <= 210
    assert (first.due_at, first.attempts) == (clock() + timedelta(seconds=30), 1)
    receiver.status, receiver.seconds = 204, 0
    clock.advance(seconds=31)
    work()
    assert set(receiver.paths) == {"/dengar"}
    assert not WebhookDelivery.objects.filter(settled_at=None).exists()
    ids = [each["id"] for each in receiver.heard]
    assert len(set(ids)) == 2


def test_after_a_day_it_is_given_up_and_shown(
    caller: Maker,
    endpoint: WebhookEndpoint,
    receiver: Receiver,
    clock: Clock,
    work: Work,
    signed_in: Any,
    hadi: Officer,
) -> None:
    receiver.status = 500
    done(caller().post("/visits", GUEST), 201)
    endpoint.events = ["visit.signed", "ticket.issued"]
    endpoint.save()
    began = clock()
    work()
    while WebhookDelivery.objects.filter(settled_at=None, dead_at=None).exists():
        clock.advance(minutes=30)
        work()
        assert clock() - began < timedelta(days=2)
    assert timedelta(hours=18) < clock() - began <= timedelta(days=1)
    assert WebhookDelivery.objects.filter(dead_at__isnull=False).count() == 2
    assert 5 < len(receiver.paths) < 30
    page = signed_in(hadi).get("/1808/pengaturan/api/").content.decode()
    assert page.count("<strong>visit.signed</strong> → ") == 1


def test_gone_ends_the_webhook(
    caller: Maker, endpoint: WebhookEndpoint, receiver: Receiver, clock: Clock, work: Work
) -> None:
    receiver.status = 410
    done(caller().post("/visits", GUEST), 201)
    work()
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.ended_because, len(receiver.paths)) == (False, "gone", 1)
    assert sorted(WebhookDelivery.objects.values_list("reason", flat=True)) == ["410", "ended"]
    done(caller().post("/visits", GUEST), 201)
    work()
    assert len(receiver.paths) == 1


def test_a_worker_that_died_while_sending_is_followed_by_another(
    caller: Maker, endpoint: WebhookEndpoint, receiver: Receiver, clock: Clock, work: Work
) -> None:
    done(caller().post("/visits", GUEST), 201)
    receiver.status = 500
    work()
    WebhookDelivery.objects.update(leased_until=clock() + timedelta(minutes=5), due_at=clock())
    receiver.status = 204
    before = len(receiver.paths)
    work()
    assert len(receiver.paths) == before
    clock.advance(minutes=5)
    work()
    assert not WebhookDelivery.objects.filter(settled_at=None).exists()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://127.0.0.1/", "address private"),
        ("https://[::1]/", "address private"),
        ("https://10.0.0.8/", "address private"),
        ("https://169.254.169.254/latest/meta-data/", "address private"),
        ("https://localhost:8000/", "address private"),
        ("http://127.0.0.1/", "address not https"),
    ],
)
def test_no_webhook_reaches_into_a_private_network(
    url: str, reason: str, caller: Maker, office: Office, hadi: Officer, clock: Clock, work: Work
) -> None:
    WebhookEndpoint.objects.create(
        office=office,
        url=url,
        secret=seal("whsec_AAAA"),
        events=["visit.signed"],
        made_by=hadi,
        made_at=clock(),
    )
    done(caller().post("/visits", GUEST), 201)
    work()
    told = WebhookDelivery.objects.get()
    assert (told.reason, told.dead_at) == (reason, clock())


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/",
        "ftp://a.example/",
        "https://",
        "https://u:p@a.example/",
        "https://a.example/#x",
        "https://a b/",
        "https://a.example:99999/",
        "javascript:alert(1)",
        "https://a.example/" + "x" * 500,
        "https://[::1",
    ],
)
def test_an_address_that_is_none_is_refused(url: str, office: Office, hadi: Officer, clock: Clock) -> None:
    with pytest.raises(Refused) as refused:
        webhooks.add(office, url=url, events=["visit.signed"], by=hadi, at=clock())
    assert refused.value.code == "address"


def test_a_webhook_needs_known_events_once_per_address_and_not_too_many(
    office: Office, hadi: Officer, clock: Clock
) -> None:
    for events in ([], ["note.written"], ["visit.signed", "everything"]):
        with pytest.raises(Refused) as refused:
            webhooks.add(office, url="https://a.example/", events=events, by=hadi, at=clock())
        assert refused.value.code == "events"
    for number in range(10):
        webhooks.add(office, url=f"https://a.example/{number}", events=["visit.signed"], by=hadi, at=clock())
    with pytest.raises(Refused) as refused:
        webhooks.add(office, url="https://a.example/11", events=["visit.signed"], by=hadi, at=clock())
    assert refused.value.code == "too_many"
    first = WebhookEndpoint.objects.get(url="https://a.example/0")
    webhooks.end(first, by=hadi, because="officer", at=clock())
    with pytest.raises(Refused) as refused:
        webhooks.end(first, by=hadi, because="officer", at=clock())
    assert refused.value.code == "ended"
    webhooks.add(office, url="https://a.example/0", events=["visit.signed"], by=hadi, at=clock())
    webhooks.end(
        WebhookEndpoint.objects.get(url="https://a.example/1"), by=hadi, because="officer", at=clock()
    )
    with pytest.raises(Refused) as refused:
        webhooks.add(office, url="https://a.example/0", events=["visit.signed"], by=hadi, at=clock())
    assert refused.value.code == "address"


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    """Standard Webhooks, reference implementation: secret, id, timestamp, body and what comes out."""
    signed = sending.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
