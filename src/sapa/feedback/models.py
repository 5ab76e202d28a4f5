"""What the visitor thought of it: the nine SKM elements, and complaints."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from sapa.core.ids import token


class Rating(models.Model):
    """One invitation to rate one visit or one online consultation, and the answer.

    Columns are named, never numbered (domain.md 5.1).
    """

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="ratings")
    visit = models.OneToOneField("frontdesk.Visit", models.PROTECT, null=True, related_name="rating")
    consultation = models.OneToOneField(
        "consultations.Consultation", models.PROTECT, null=True, related_name="rating"
    )
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
            models.CheckConstraint(
                condition=Q(visit=None, consultation__isnull=False)
                | Q(visit__isnull=False, consultation=None),
                name="rating_of_a_visit_or_a_consultation",
            ),
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
    """A complaint, a proposal or a request for information (domain.md 6.1), through the site or the suggestion box.

    An anonymous one keeps nothing that leads to the person: no contact, visit, consultation, address. What is due when
    follows from its entries and the calendar of the office (`complaint_clocks.py`).
    """

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("Complaint")
        PROPOSAL = "proposal", _("Proposal")
        INFORMATION = "information", _("Request for information")

    class Handling(models.TextChoices):
        """How deep a complaint must be looked into; decided by the verifying officer (domain.md 6.1)."""

        ORDINARY = "ordinary", _("Ordinary complaint")
        DESK_CHECK = "desk_check", _("Dispute or violation, no field check")
        FIELD_CHECK = "field_check", _("With a field check")

    class Door(models.TextChoices):
        SITE = "site", _("Site of the office")
        BOX = "box", _("Suggestion box")

    class State(models.TextChoices):
        NEW = "new", _("Received")
        VERIFIED = "verified", _("Verified")
        FORWARDED = "forwarded", _("Forwarded")
        FOLLOWED_UP = "followed_up", _("Being followed up")
        WAITING = "waiting", _("Waiting for the reporter")
        DONE = "done", _("Done")
        REJECTED = "rejected", _("Not taken up")
        NOT_OURS = "not_ours", _("Not our responsibility")

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="complaints")
    code = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.COMPLAINT)
    handling = models.CharField(max_length=12, choices=Handling.choices, blank=True)
    door = models.CharField(max_length=6, choices=Door.choices, default=Door.SITE)
    visit = models.ForeignKey("frontdesk.Visit", models.PROTECT, null=True, related_name="complaints")
    consultation = models.ForeignKey(
        "consultations.Consultation", models.PROTECT, null=True, related_name="complaints"
    )
    is_anonymous = models.BooleanField()
    is_confidential = models.BooleanField(default=False)
    name = models.CharField(max_length=120, blank=True)
    contact = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.NEW)
    received_at = models.DateTimeField()
    verify_due_at = models.DateTimeField()
    # None: no term is known for a proposal, and none is invented.
    answer_due_at = models.DateTimeField(null=True)
    day_zero = models.CharField(max_length=20, default="next_working_day")
    # How the two instants were counted, day by day; empty for an office without hours.
    verify_count = models.JSONField(default=dict)
    answer_count = models.JSONField(default=dict)
    verified_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True)
    # Until then the reporter may answer the reply; afterwards the worker closes.
    reply_until = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # Whom it is about, set by a supervising officer; `kept_from` is who must never see it because of that.
    subject_officer = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    subject_desk = models.ForeignKey("offices.Desk", models.PROTECT, null=True, related_name="+")
    kept_from = models.ManyToManyField("people.Officer", related_name="+")
    # A slip of the suggestion box: when the box was opened, before whose eyes.
    opened_on = models.DateField(null=True)
    first_witness = models.CharField(max_length=120, blank=True)
    second_witness = models.CharField(max_length=120, blank=True)
    # Since then nothing in it leads to a person (retention.py).
    forgotten_at = models.DateTimeField(null=True)
    submission_key = models.UUIDField(unique=True)

    objects: ClassVar[models.Manager["Complaint"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_anonymous=False) | Q(name="", contact="", visit=None, consultation=None),
                name="complaint_anonymous_leads_to_nobody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "done", "rejected", "not_ours"])
                | Q(answered_at__isnull=False) & ~Q(reply=""),
                name="complaint_answered_with_a_reply",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "rejected", "not_ours"], closed_at__isnull=False)
                | ~Q(state__in=["done", "rejected", "not_ours"]) & Q(closed_at=None),
                name="complaint_closed_when_it_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(reply_until__isnull=False), name="complaint_waits_until"
            ),
            models.CheckConstraint(
                condition=~Q(handling="") & Q(kind="complaint")
                | Q(handling="") & (~Q(kind="complaint") | Q(state__in=["new", "rejected", "not_ours"])),
                name="complaint_class_once_verified",
            ),
            models.CheckConstraint(
                condition=Q(door="box", opened_on__isnull=False)
                & ~Q(first_witness="")
                & ~Q(second_witness="")
                & ~Q(first_witness=F("second_witness"))
                | Q(forgotten_at__isnull=False, first_witness="", second_witness="")
                | ~Q(door="box") & Q(opened_on=None, first_witness="", second_witness=""),
                name="complaint_slip_with_two_witnesses",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "-received_at"], name="complaint_by_office"),
            models.Index(fields=["reply_until"], name="complaint_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return self.code


class ComplaintEntry(models.Model):
    """One line of the ledger of a complaint: what was done, when, by whom and why. Never changed.

    `kind`, `handling` and `days` stand on entries that set what is promised: `days` working days, None for no term.
    """

    class What(models.TextChoices):
        LODGED = "lodged", _("Received")
        VERIFIED = "verified", _("Verified")
        CLASSIFIED = "classified", _("Class changed")
        SUBJECT_NAMED = "subject_named", _("Whom it is about was noted")
        FOLLOWED_UP = "followed_up", _("Follow-up begun")
        FORWARDED = "forwarded", _("Forwarded")
        ANSWERED = "answered", _("Answered")
        RESPONDED = "responded", _("The reporter answered")
        REJECTED = "rejected", _("Not taken up")
        NOT_OURS = "not_ours", _("Not our responsibility")
        CLOSED = "closed", _("Closed: no further answer of the reporter")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="entries")
    what = models.CharField(max_length=16, choices=What.choices)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    kind = models.CharField(max_length=12, choices=Complaint.Kind.choices, blank=True)
    handling = models.CharField(max_length=12, choices=Complaint.Handling.choices, blank=True)
    days = models.PositiveSmallIntegerField(null=True)
    submission_key = models.UUIDField(null=True, unique=True)

    objects: ClassVar[models.Manager["ComplaintEntry"]] = ScopedManager(office="complaint__office")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.what} of complaint {self.complaint_id}"
