"""Deliveries of webhooks: signed as the Standard Webhooks form says, outside any transaction, again later or never.

At least once: whoever is killed between sending and settling leaves a lease that runs out. The receiver tells by
Webhook-Id that it has heard already.
"""

import hmac
import json
import logging
import re
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Min, Q
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.api import webhooks
from sapa.api.models import WebhookDelivery
from sapa.consultations.models import Consultation
from sapa.core.errors import Stale
from sapa.core.outside import NotPublic, target_of
from sapa.core.work import Source
from sapa.frontdesk.models import QueueTicket
from sapa.inbox.models import Message
from sapa.meetings.models import FollowUp
from sapa.meetings.sealing import Unreadable, unseal
from sapa.notifications.failures import Later, Never

log = logging.getLogger("sapa.api")

TIMEOUT_SECONDS: Final = 5
LEASE: Final = timedelta(minutes=5)
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=4)
PATIENCE: Final = timedelta(days=1)
MOST_FAILURES: Final = 8
LONGEST_ANSWER: Final = 200
# A slow receiver must not hold up clocks and reactions: they have their turn after so many.
AT_ONCE: Final = 10
OPEN: Final = Q(settled_at=None, dead_at=None)
_UNWANTED = re.compile(r"[^\x20-\x7e]+")


class Gone(Exception):
    """The receiver said that it is not there any more (410)."""


def signature(secret: str, *, id: str, timestamp: int, body: bytes) -> str:
    """The value of Webhook-Signature."""
    key = b64decode(secret.removeprefix(webhooks.KEY_PREFIX))
    digest = hmac.new(key, f"{id}.{timestamp}.".encode() + body, sha256).digest()
    return "v1," + b64encode(digest).decode()


def ticket_id(ticket: QueueTicket) -> str:
    """Unique in its office, and no secret: 2026-11-23-K-012."""
    return f"{ticket.service_day.isoformat()}-{ticket.label}"


def body_of(event: Event, office_code: str) -> dict[str, Any]:
    """What happened to what: ids only. The receiver fetches the rest with its token, as far as that may."""
    return {
        "id": f"evt_{event.pk}",
        "type": event.name,
        "timestamp": event.at.isoformat(),
        "data": {"office": office_code, "subject": _subject(event)},
    }


def _subject(event: Event) -> dict[str, Any]:
    row = event.subject_id
    if event.subject_type == "message":
        message = Message.objects.select_related("conversation__consultation").get(pk=row)
        code = message.conversation.consultation.code
        return {"type": "message", "consultation": code, "sequence": message.sequence}
    if event.subject_type == "queueticket":
        return {"type": "ticket", "id": ticket_id(QueueTicket.objects.get(pk=row))}
    if event.subject_type == "followup":
        meeting = FollowUp.objects.select_related("consultation").get(pk=row)
        return {"type": "meeting", "id": row, "consultation": meeting.consultation.code}
    if event.subject_type == "consultation":
        return {"type": "consultation", "id": Consultation.objects.get(pk=row).code}
    return {"type": event.subject_type, "id": row}


def _due(at: datetime, limit: int) -> list[int]:
    with scopes_disabled():
        rows = WebhookDelivery.objects.filter(OPEN, _free(at), due_at__lte=at)
        return list(rows.order_by("due_at", "id").values_list("id", flat=True)[: min(limit, AT_ONCE)])


def _free(at: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lte=at)


def _run(row: int, at: datetime) -> None:
    with scopes_disabled():
        claimed = WebhookDelivery.objects.filter(OPEN, _free(at), pk=row, due_at__lte=at)
        if not claimed.update(leased_until=at + LEASE, attempts=F("attempts") + 1):
            return
        delivery = WebhookDelivery.objects.select_related("endpoint__office", "event").get(pk=row)
        try:
            _post(delivery, at)
        except Gone:
            _write(delivery, dead_at=at, reason="410")
            _end(delivery, at)
        except Never as refusal:
            _write(delivery, dead_at=at, reason=str(refusal)[:240])
        except Later as refusal:
            _put_off(delivery, str(refusal)[:240], at)
        else:
            _write(delivery, settled_at=at, reason="")


def _post(delivery: WebhookDelivery, at: datetime) -> None:
    # Imported when needed: the web process sends nothing while it answers.
    import httpx

    endpoint = delivery.endpoint
    try:
        secret = unseal(endpoint.secret)
        target = target_of(endpoint.url, allow_private=settings.WEBHOOK_PRIVATE)
    except Unreadable as problem:
        raise Never("secret unreadable") from problem
    except NotPublic as problem:
        raise Never(f"address {problem}") from problem
    except OSError as problem:
        raise Later("name not found") from problem
    body = json.dumps(body_of(delivery.event, endpoint.office.code), separators=(",", ":")).encode()
    name, stamp = f"evt_{delivery.event_id}", int(at.timestamp())
    headers = {
        "Host": target.host,
        "Content-Type": "application/json",
        "User-Agent": "Sapa-Webhooks/1",
        "Webhook-Id": name,
        "Webhook-Timestamp": str(stamp),
        "Webhook-Signature": signature(secret, id=name, timestamp=stamp, body=body),
    }
    try:
        with (
            httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False, follow_redirects=False) as client,
            client.stream(
                "POST", target.url, content=body, headers=headers, extensions={"sni_hostname": target.name}
            ) as answer,
        ):
            status = answer.status_code
            said = b"" if answer.is_success else next(answer.iter_raw(LONGEST_ANSWER), b"")
    except httpx.HTTPError as problem:
        raise Later(type(problem).__name__) from problem
    if status == 410:
        raise Gone
    if not 200 <= status < 300:
        text = _UNWANTED.sub(" ", said[:LONGEST_ANSWER].decode("ascii", "replace")).strip()
        raise Later(f"{status} {text}".strip())


def _put_off(delivery: WebhookDelivery, reason: str, at: datetime) -> None:
    """Later, four times as late each time, for at most a day. What else waits for this receiver waits too."""
    wait = min(LONGEST_WAIT, FIRST_WAIT * 4 ** min(delivery.attempts - 1, 6))
    if at + wait - (delivery.revived_at or delivery.event.at) > PATIENCE:
        _write(delivery, dead_at=at, reason=reason)
        log.warning("webhook delivery given up", extra={"delivery": delivery.pk})
        return
    _write(delivery, due_at=at + wait, reason=reason)
    waiting = WebhookDelivery.objects.filter(OPEN, _free(at), endpoint=delivery.endpoint_id)
    waiting.filter(due_at__lt=at + wait).update(due_at=at + wait)


def _end(delivery: WebhookDelivery, at: datetime) -> None:
    try:
        webhooks.end(delivery.endpoint, by=None, because="gone", at=at)
    except Stale:  # somebody ended it while we were asking
        return


def _write(delivery: WebhookDelivery, **changes: Any) -> None:
    WebhookDelivery.objects.filter(OPEN, pk=delivery.pk).update(leased_until=None, **changes)


def _fail(row: int, at: datetime, reason: str) -> None:
    """A mistake of ours: again later, and after MOST_FAILURES attempts the row is dead and visible."""
    with scopes_disabled():
        delivery = WebhookDelivery.objects.get(pk=row)
        is_over = delivery.attempts >= MOST_FAILURES
        wait = FIRST_WAIT * 2**delivery.attempts
        _write(delivery, reason=reason[:240], due_at=at + wait, dead_at=at if is_over else None)


def _oldest() -> datetime | None:
    with scopes_disabled():
        oldest: datetime | None = WebhookDelivery.objects.filter(OPEN).aggregate(oldest=Min("due_at"))[
            "oldest"
        ]
    return oldest


def dead() -> models.QuerySet[WebhookDelivery]:
    """What was given up and can be tried again, the latest first: nothing goes to a webhook that has ended."""
    rows = WebhookDelivery.objects.filter(dead_at__isnull=False, endpoint__is_active=True)
    return rows.order_by("-dead_at", "-id")


def _dead() -> int:
    with scopes_disabled():
        return dead().count()


SOURCE = Source(name="webhooks", due=_due, run=_run, fail=_fail, oldest=_oldest, dead=_dead)
