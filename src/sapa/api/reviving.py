"""Deliveries of webhooks that were given up: tried again, or let go."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from sapa.activity.recording import record
from sapa.api import sending
from sapa.api.models import WebhookDelivery
from sapa.core.errors import Stale
from sapa.offices.models import Office


def dead_of(office: Office) -> models.QuerySet[WebhookDelivery]:
    """What was given up for this office and waits for somebody, the latest first."""
    return sending.dead().filter(endpoint__office=office)


def revive(delivery: WebhookDelivery, *, by: models.Model | None, at: datetime) -> None:
    """The delivery is due now, with all its attempts and another day of patience. Its Webhook-Id stays the same."""
    with transaction.atomic():
        _change(delivery, dead_at=None, due_at=at, attempts=0, reason="", revived_at=at)
        _tell("webhook_delivery.revived", delivery, by=by, at=at)


def drop(delivery: WebhookDelivery, *, by: models.Model | None, at: datetime) -> None:
    """Nobody tries to send it any more."""
    with transaction.atomic():
        _change(delivery, dead_at=None, settled_at=at, reason="dropped")
        _tell("webhook_delivery.dropped", delivery, by=by, at=at)


def _change(delivery: WebhookDelivery, **values: object) -> None:
    if not sending.dead().order_by().filter(pk=delivery.pk).update(leased_until=None, **values):
        raise Stale(_("This is being sent again already."), code="not_dead")


def _tell(name: str, delivery: WebhookDelivery, *, by: models.Model | None, at: datetime) -> None:
    data = {"event": delivery.event_id, "attempts": delivery.attempts}
    record(name, delivery, office_id=delivery.endpoint.office_id, by=by, at=at, data=data)
