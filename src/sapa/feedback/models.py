"""What the visitor thought of it: the nine SKM elements, and complaints."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from sapa.core.ids import token


class Rating(models.Model):
    """One invitation to rate one visit, and the answer. Columns are named, never numbered (domain.md 5.1)."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="ratings")
    visit = models.OneToOneField("frontdesk.Visit", models.PROTECT, related_name="rating")
    service = models.ForeignKey("offices.Service", models.PROTECT, related_name="+")
    desk = models.ForeignKey("offices.Desk", models.PROTECT, null=True, related_name="+")
    token = models.CharField(max_length=32, unique=True, default=token)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    rated_at = models.DateTimeField(null=True)
    requirements = models.PositiveSmallIntegerField(null=True)
    procedure = models.PositiveSmallIntegerField(null=True)
    time = models.PositiveSmallIntegerField(null=True)
    cost = models.PositiveSmallIntegerField(null=True)
    product = models.PositiveSmallIntegerField(null=True)
    competence = models.PositiveSmallIntegerField(null=True)
    conduct = models.PositiveSmallIntegerField(null=True)
    facilities = models.PositiveSmallIntegerField(null=True)
    complaints = models.PositiveSmallIntegerField(null=True)
    comment = models.TextField(blank=True)

    objects: ClassVar[models.Manager["Rating"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("invited_at")), name="rating_expires_later"),
            *(
                models.CheckConstraint(
                    condition=Q(**{name: None}) | Q(**{f"{name}__gte": 1, f"{name}__lte": 4}),
                    name=f"rating_{name}_1_to_4",
                )
                for name in (
                    "requirements",
                    "procedure",
                    "time",
                    "cost",
                    "product",
                    "competence",
                    "conduct",
                    "facilities",
                    "complaints",
                )
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "rated_at"], name="rating_given", condition=Q(rated_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"rating {self.pk}"


class Complaint(models.Model):
    """A complaint or suggestion. An anonymous one keeps nothing that leads to the person: no contact, no address."""

    class State(models.TextChoices):
        NEW = "new", _("Received")
        VERIFIED = "verified", _("Verified")
        ANSWERED = "answered", _("Answered")
        REJECTED = "rejected", _("Not taken up")

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="complaints")
    code = models.CharField(max_length=24, unique=True)
    visit = models.ForeignKey("frontdesk.Visit", models.PROTECT, null=True, related_name="complaints")
    is_anonymous = models.BooleanField()
    name = models.CharField(max_length=120, blank=True)
    contact = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    received_at = models.DateTimeField()
    verify_due_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True)
    submission_key = models.UUIDField(unique=True)

    objects: ClassVar[models.Manager["Complaint"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_anonymous=False) | Q(name="", contact="", visit=None),
                name="complaint_anonymous_leads_to_nobody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["answered", "rejected"], answered_at__isnull=False) & ~Q(reply="")
                | ~Q(state__in=["answered", "rejected"]) & Q(answered_at=None),
                name="complaint_answered_with_a_reply",
            ),
        ]
        indexes = [models.Index(fields=["office", "-received_at"], name="complaint_by_office")]

    def __str__(self) -> str:
        return self.code
