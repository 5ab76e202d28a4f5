"""Whom we tell of what happened: endpoints, and a due row for each event that one of them must still hear of."""

import secrets
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.api.models import ApiToken, WebhookDelivery, WebhookEndpoint
from sapa.api.scopes import EVENTS
from sapa.core import sql
from sapa.core.errors import Refused, Stale
from sapa.meetings.sealing import seal
from sapa.offices.models import Office
from sapa.people.models import Officer

TASK: Final = gettext_lazy("Tell other programs what happened")
KEY_PREFIX: Final = "whsec_"
LONGEST_URL: Final = 500
MOST_ENDPOINTS: Final = 10


def add(
    office: Office,
    *,
    url: str,
    events: Sequence[str],
    by: Officer | None = None,
    token: ApiToken | None = None,
    at: datetime,
) -> tuple[WebhookEndpoint, str]:
    """The endpoint hears of these events from now on; its secret is returned this once.

    Made by an officer or with a token. Where the name leads is looked at anew with each delivery (sending.py).
    """
    _check_url(url)
    if not events or not set(events) <= EVENTS.keys():
        raise Refused(_("Please choose what the webhook is to hear of."), code="events")
    if WebhookEndpoint.objects.filter(office=office, is_active=True).count() >= MOST_ENDPOINTS:
        raise Refused(
            _("An office has at most %(most)s webhooks. End one first.") % {"most": MOST_ENDPOINTS},
            code="too_many",
        )
    secret = KEY_PREFIX + b64encode(secrets.token_bytes(32)).decode()
    try:
        with transaction.atomic():
            endpoint = WebhookEndpoint.objects.create(
                office=office,
                url=url,
                secret=seal(secret),
                events=[each for each in EVENTS if each in events],
                made_by=by,
                made_with=token,
                made_at=at,
            )
            record(
                "webhook.added",
                endpoint,
                office_id=office.pk,
                by=by.user if by else None,
                at=at,
                data={"host": urlsplit(url).hostname or "", "token": token.pk if token else None},
            )
    except IntegrityError:
        raise Refused(_("There is a webhook to this address already."), code="address") from None
    return endpoint, secret


def end(endpoint: WebhookEndpoint, *, by: Officer | None, because: str, at: datetime) -> None:
    """It hears of nothing any more, nor of what it was still to hear. `by` is None for a token or the system."""
    with transaction.atomic():
        ended = WebhookEndpoint.objects.filter(pk=endpoint.pk, is_active=True)
        if not ended.update(is_active=False, ended_because=because):
            raise Stale(_("This webhook has ended already."), code="ended")
        waiting = WebhookDelivery.objects.filter(endpoint=endpoint, settled_at=None, dead_at=None)
        waiting.update(dead_at=at, reason="ended", leased_until=None)
        record(
            "webhook.ended",
            endpoint,
            office_id=endpoint.office_id,
            by=by.user if by else None,
            at=at,
            data={"because": because},
        )


# Asked with every event that webhooks may hear of (docs/decisions/0007).
_WANTING = "SELECT events FROM api_webhookendpoint WHERE office_id = %s AND is_active"


def is_wanted(name: str, office_id: int) -> bool:
    """Whether an endpoint of the office hears of such events now. One that is added later hears of later ones only."""
    # As text on both databases; the names hold no quotes.
    return any(f'"{name}"' in events for (events,) in sql.rows(_WANTING, [office_id]))


def tell_after(event: Event, at: datetime) -> None:
    """Each endpoint of the office that wants to hear of such an event has a delivery due now. Twice is once."""
    rows = WebhookEndpoint.objects.filter(office=event.office, is_active=True, made_at__lte=event.at)
    wanting = [each for each in rows if event.name in each.events]
    WebhookDelivery.objects.bulk_create(
        (WebhookDelivery(endpoint=each, event=event, due_at=at) for each in wanting), ignore_conflicts=True
    )


def _check_url(url: str) -> None:
    schemes = ("https", "http") if settings.WEBHOOK_PRIVATE else ("https",)
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in schemes and bool(parts.hostname) and parts.username is None
        is_good = is_good and parts.port != 0
    except ValueError:
        is_good = False
    is_plain = url.isascii() and url.isprintable() and not set(url) & set(" #")
    if not is_good or not is_plain or len(url) > LONGEST_URL:
        raise Refused(_("Please give an address that begins with https://."), code="address")
