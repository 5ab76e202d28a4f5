"""Web push without payload: the browser is woken and fetches with its reader's own session (docs/decisions/0013)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Final

from django.conf import settings

from sapa.core.outside import NotPublic, target_of
from sapa.notifications import vapid
from sapa.notifications.failures import Away, Never
from sapa.notifications.kinds import KINDS
from sapa.notifications.models import Delivery, PushSubscription

TIMEOUT_SECONDS: Final = 10
# A phone that was off longer than a day hears of it in the page.
TTL: Final = timedelta(days=1)
LONGEST: Final = timedelta(days=1)


def send(rows: Sequence[Delivery], *, at: datetime) -> str:
    """The device has been woken once for all of `rows`. A subscription that has ended is removed.

    Raises Later, Away or Never as the push service does.
    """
    # Imported when needed: the web process sends no pushes while it answers.
    import httpx

    subscription = rows[0].subscription
    if subscription is None:
        raise Never("no device")
    try:
        target = target_of(subscription.endpoint, allow_private=settings.PUSH_PRIVATE)
    except NotPublic as problem:
        _failed(subscription, at)
        raise Never(f"address {problem}", is_theirs=True) from problem
    except OSError as problem:
        raise Away("name not found") from problem
    headers = {"Host": target.host, **_headers(rows, subscription, at)}
    try:
        with (
            httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as client,
            client.stream(
                "POST", target.url, headers=headers, extensions={"sni_hostname": target.name}
            ) as answer,
        ):
            status, retry_after = answer.status_code, answer.headers.get("Retry-After", "")
    except httpx.HTTPError as problem:
        raise Away(type(problem).__name__) from problem
    if status in (404, 410):
        subscription.delete()
        return "device gone"
    if status == 429 or status >= 500:
        raise Away(f"{status}", after=_wait(retry_after, at))
    if status >= 300:
        _failed(subscription, at)
        raise Never(f"{status}", is_theirs=True)
    return "sent"


def _headers(rows: Sequence[Delivery], subscription: PushSubscription, at: datetime) -> dict[str, str]:
    notification = rows[0].notification
    urgencies = [KINDS[each.notification.what].urgency for each in rows if each.notification.what in KINDS]
    urgency = next((each for each in ("high", "normal", "low") if each in urgencies), "normal")
    headers = {
        "Authorization": vapid.authorization(subscription.endpoint, at=at),
        "TTL": str(int(TTL.total_seconds())),
        "Urgency": urgency,
        "Content-Length": "0",
    }
    if notification.thread:
        # RFC 8030 section 5.4: one that still waits at the service is replaced. Hashed: it is nobody's business there.
        headers["Topic"] = sha256(f"{notification.user_id} {notification.thread}".encode()).hexdigest()[:32]
    return headers


def _failed(subscription: PushSubscription, at: datetime) -> None:
    PushSubscription.objects.filter(pk=subscription.pk).update(failed_at=at)


def trust_again(subscription: PushSubscription) -> None:
    """A device that refused once hears of what is new again."""
    PushSubscription.objects.filter(pk=subscription.pk).update(failed_at=None)


def _wait(said: str, at: datetime) -> timedelta | None:
    """What Retry-After asks for, in seconds or as a date (RFC 9110 section 10.2.3); None when it says nothing."""
    if not said:
        return None
    if said.isdecimal() and len(said) < 9:
        wait = timedelta(seconds=int(said))
    else:
        try:
            until = parsedate_to_datetime(said)
        except ValueError:
            return None
        wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - at
    return min(LONGEST, max(timedelta(seconds=1), wait))
