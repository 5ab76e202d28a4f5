"""Who may call the interface, what was asked twice, and whom we tell of what happened."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager


class ApiToken(models.Model):
    """A program that may do some things in one office. Its secret was shown once; only the digest is kept."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=80)
    scopes = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)  # the last letters, to tell tokens apart
    # Who answers for what the program writes in the name of the office.
    acts_as = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    made_by = models.ForeignKey("people.Officer", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["ApiToken"]] = ScopedManager(office="office")

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "name"], condition=Q(revoked_at=None), name="api_token_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_usable(self, on: date) -> bool:
        return self.revoked_at is None and on <= self.expires_on


class IdempotentRequest(models.Model):
    """What a POST with this key was answered: the same key again gets the same answer. Deleted after two days."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True)  # sealed: it may hold a secret that was shown once
    created_at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager["IdempotentRequest"]] = ScopedManager(office="token__office")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="idempotent_request_once")]

    def __str__(self) -> str:
        return f"request {self.pk}"


class WebhookEndpoint(models.Model):
    """Somebody else's server that is told when something happens in the office. Never deleted, only ended."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="webhook_endpoints")
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=300)  # sealed
    events = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    ended_because = models.CharField(max_length=40, blank=True)
    made_by = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    made_with = models.ForeignKey(ApiToken, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager["WebhookEndpoint"]] = ScopedManager(office="office")

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "url"], condition=Q(is_active=True), name="webhook_endpoint_once"
            ),
            models.CheckConstraint(
                condition=Q(made_by__isnull=False) | Q(made_with__isnull=False),
                name="webhook_endpoint_made_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One event that one endpoint must still hear of: a due row (design.md 3)."""

    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey("activity.Event", models.CASCADE, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    # Somebody asked for another day of attempts.
    revived_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=240, blank=True)

    objects: ClassVar[models.Manager["WebhookDelivery"]] = ScopedManager(office="endpoint__office")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "endpoint"], name="webhook_delivery_once"),
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(dead_at=None), name="webhook_delivery_settled_or_dead"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="webhook_delivery_due", condition=Q(settled_at=None, dead_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"
