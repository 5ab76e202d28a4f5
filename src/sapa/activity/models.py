"""What happened (Event) and what must still follow from it (Reaction)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django_scopes import ScopedManager


class Event(models.Model):
    """One thing that happened, written in the transaction that made it happen. Never changed, never skipped."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    objects: ClassVar[models.Manager["Event"]] = ScopedManager(office="office")

    class Meta:
        indexes = [
            models.Index(fields=["office", "id"], name="event_by_office"),
            models.Index(fields=["subject_type", "subject_id", "id"], name="event_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_type}:{self.subject_id}"


class Reaction(models.Model):
    """One handler that must still hear of one event: a due row (design.md 3)."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="reactions")
    handler = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    dead_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "handler"], name="reaction_once_per_event"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="reaction_due",
                condition=models.Q(settled_at=None, dead_at=None),
            ),
            models.Index(fields=["dead_at"], name="reaction_dead", condition=models.Q(dead_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.handler} for event {self.event_id}"

    def as_json(self) -> dict[str, Any]:
        return {"id": self.pk, "handler": self.handler, "reason": self.reason, "attempts": self.attempts}
