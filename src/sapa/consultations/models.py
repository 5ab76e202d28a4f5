"""The centre: a consultation and the clocks that run on it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from sapa.core.ids import token


class State(models.TextChoices):
    REQUESTED = "requested", _("Waiting")
    IN_SERVICE = "in_service", _("In service")
    CLOSED = "closed", _("Closed")


class Reason(models.TextChoices):
    DONE = "done", _("Done")
    NO_SHOW = "no_show", _("Did not come when called")
    WITHDRAWN = "withdrawn", _("Given up by the visitor")
    UNSERVED = "unserved", _("Not served before closing time")


class Consultation(models.Model):
    """One person's matter with one office, whichever door was used."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="consultations")
    client = models.ForeignKey("people.Client", models.PROTECT, related_name="consultations")
    service = models.ForeignKey("offices.Service", models.PROTECT, related_name="consultations")
    standard = models.ForeignKey("offices.ServiceStandard", models.PROTECT, related_name="+")
    code = models.CharField(max_length=24, unique=True)
    token = models.CharField(max_length=32, unique=True, default=token)
    door = models.CharField(max_length=20)  # visit; online doors come with the conversation record
    state = models.CharField(max_length=12, choices=State.choices, default=State.REQUESTED)
    subject = models.CharField(max_length=300, blank=True)
    answer = models.TextField(blank=True)
    officer = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="consultations")
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closing_reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    # Left open past closing time: its length is no service time and is counted apart (lessons.md E.0).
    flagged_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Consultation"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(closing_reason="")
                | ~Q(state="closed") & Q(closed_at=None, closing_reason=""),
                name="consultation_closed_at_an_instant_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-requested_at"], name="consultation_by_client"),
            models.Index(fields=["office", "-requested_at"], name="consultation_by_office"),
        ]

    def __str__(self) -> str:
        return self.code


class Citation(models.Model):
    """What an answer rests on. Catalogue citations come with the catalogue; here title and address."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="citations")
    title = models.CharField(max_length=300)
    url = models.URLField(max_length=500, blank=True)
    area = models.CharField(max_length=120, blank=True)
    period = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class DataNeed(models.Model):
    """Block 3 of the SKD: one data item that was asked for, and what became of it (domain.md 3.3)."""

    class Level(models.TextChoices):
        NATIONAL = "national", _("National")
        PROVINCE = "province", _("Province")
        REGENCY = "regency", _("Regency or city")
        DISTRICT = "district", _("District (kecamatan)")
        VILLAGE = "village", _("Village")
        INDIVIDUAL = "individual", _("Individual")
        OTHER = "other", _("Other")

    class Frequency(models.TextChoices):
        TEN_YEARLY = "ten_yearly", _("Every ten years")
        FIVE_YEARLY = "five_yearly", _("Every five years")
        THREE_YEARLY = "three_yearly", _("Every three years")
        YEARLY = "yearly", _("Yearly")
        HALF_YEARLY = "half_yearly", _("Half-yearly")
        QUARTERLY = "quarterly", _("Quarterly")
        MONTHLY = "monthly", _("Monthly")
        WEEKLY = "weekly", _("Weekly")
        DAILY = "daily", _("Daily")
        OTHER = "other", _("Other")

    class Outcome(models.TextChoices):
        MATCHING = "matching", _("Obtained, as needed")
        NOT_MATCHING = "not_matching", _("Obtained, not quite as needed")
        NOT_OBTAINED = "not_obtained", _("Not obtained")
        NOT_YET = "not_yet", _("Not yet obtained")

    class SourceKind(models.TextChoices):
        PUBLICATION = "publication", _("Publication")
        MICRODATA = "microdata", _("Microdata")
        MAP = "map", _("Map of statistical work areas")
        TABULATION = "tabulation", _("Tabulation")
        WEB_TABLE = "web_table", _("Table on the website")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="data_needs")
    detail = models.CharField(max_length=300)
    area = models.CharField(max_length=120, blank=True)
    year_from = models.PositiveSmallIntegerField(null=True, blank=True)
    year_until = models.PositiveSmallIntegerField(null=True, blank=True)
    level = models.CharField(max_length=12, choices=Level.choices, blank=True)
    frequency = models.CharField(max_length=12, choices=Frequency.choices, blank=True)
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    source_kind = models.CharField(max_length=12, choices=SourceKind.choices, blank=True)
    source_title = models.CharField(max_length=300, blank=True)
    for_development_planning = models.BooleanField(null=True)
    quality = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year_from=None) | Q(year_until=None) | Q(year_until__gte=F("year_from")),
                name="data_need_years_in_order",
            ),
            models.CheckConstraint(
                condition=Q(quality=None) | Q(quality__gte=1, quality__lte=10),
                name="data_need_quality_1_to_10",
            ),
        ]

    def __str__(self) -> str:
        return self.detail


class Referral(models.Model):
    """The visitor goes on to another service of the PST (step 4 of the standard), followed through."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="referrals")
    to_service = models.ForeignKey("offices.Service", models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("people.Officer", models.PROTECT, related_name="+")
    referred_at = models.DateTimeField()
    followed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"referral {self.pk}"


class Deadline(models.Model):
    """A clock of the standard on one consultation, with the explanation of how it was counted.

    Met and breached are both kept, each with its instant: a clock met late has both.
    """

    class Kind(models.TextChoices):
        ONSITE_SERVICE = "onsite_service", _("Served within the promised minutes")

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="+")
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="deadlines")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=20, blank=True)
    cause = models.CharField(max_length=20, blank=True)  # why it started: desk_freed, issued_while_free, ...
    explanation = models.JSONField(default=dict)
    counted_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Deadline"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "kind"],
                condition=Q(met_at=None, stopped_at=None),
                name="deadline_one_running_of_a_kind",
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("started_at")), name="deadline_due_after_start"),
            models.CheckConstraint(
                condition=Q(met_at=None) | Q(stopped_at=None), name="deadline_met_or_stopped_not_both"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="deadline_running",
                condition=Q(met_at=None, stopped_at=None, breached_at=None),
            ),
            models.Index(fields=["office", "started_at"], name="deadline_by_office"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} due {self.due_at.isoformat()}"
