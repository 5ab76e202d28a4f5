"""A visitor in the office: the guest book, the queue number, the calls."""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from sapa.core.ids import token
from sapa.frontdesk.order import PRIORITY_LETTER, REGULAR_LETTER, ticket_label


class Visit(models.Model):
    """One line of the guest book. Keeps its own copy of the profile: what was true that day."""

    class Door(models.TextChoices):
        KIOSK = "kiosk", _("Kiosk")
        PHONE = "phone", _("Own phone")
        FRONT_OFFICE = "front_office", _("Front office")

    class Waiver(models.TextChoices):
        NONE_OWNED = "none_owned", _("Has no e-mail address")
        NOT_REMEMBERED = "not_remembered", _("Does not remember the address")
        REFUSED = "refused", _("Prefers not to give it")

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="visits")
    client = models.ForeignKey("people.Client", models.PROTECT, related_name="visits")
    token = models.CharField(max_length=32, unique=True, default=token)
    # Made when the form is shown: a double click or a repeated POST is one visit (lessons.md E.3).
    submission_key = models.UUIDField(unique=True)
    service_day = models.DateField()
    signed_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    door = models.CharField(max_length=12, choices=Door.choices)
    by = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    is_errand = models.BooleanField(default=False)
    errand_text = models.CharField(max_length=200, blank=True)
    is_group = models.BooleanField(default=False)
    men = models.PositiveSmallIntegerField(default=0)
    women = models.PositiveSmallIntegerField(default=0)
    codelist_version = models.CharField(max_length=20)
    gender = models.CharField(max_length=10, blank=True)
    age_class = models.CharField(max_length=20, blank=True)
    education = models.CharField(max_length=40, blank=True)
    occupation = models.CharField(max_length=40, blank=True)
    occupation_text = models.CharField(max_length=80, blank=True)
    institution_category = models.CharField(max_length=40, blank=True)
    institution = models.ForeignKey("people.Institution", models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=40, blank=True)
    purpose_text = models.CharField(max_length=120, blank=True)
    means = models.JSONField(default=list)  # set of codes; the SKD's bit sum is made on export
    has_disability = models.BooleanField(null=True)
    wants_priority = models.BooleanField(default=False)
    subject = models.CharField(max_length=300, blank=True)
    email_waiver = models.CharField(max_length=16, choices=Waiver.choices, blank=True)
    identity_kind = models.CharField(max_length=20, blank=True)
    identity_seen_at = models.DateTimeField(null=True)
    identity_seen_by = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["Visit"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(identity_seen_at=None, identity_seen_by=None, identity_kind="")
                | Q(identity_seen_at__isnull=False, identity_seen_by__isnull=False) & ~Q(identity_kind=""),
                name="visit_identity_seen_by_an_officer",
            ),
            models.CheckConstraint(
                condition=Q(is_group=False, men=0, women=0) | Q(is_group=True, men__lte=500, women__lte=500),
                name="visit_group_has_people",
            ),
        ]
        indexes = [models.Index(fields=["office", "service_day"], name="visit_by_day")]

    def __str__(self) -> str:
        return f"visit {self.pk}"


class ServiceDay(models.Model):
    """One office's day with visitors. A due row: first due at closing time, then at midnight, then settled."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="service_days")
    day = models.DateField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)  # services left open were flagged
    settled_at = models.DateTimeField(null=True)
    left_in_service = models.PositiveIntegerField(default=0)
    left_waiting = models.PositiveIntegerField(default=0)
    forecasts_held = models.PositiveIntegerField(default=0)
    forecasts_made = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["ServiceDay"]] = ScopedManager(office="office")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "day"], name="service_day_once")]
        indexes = [
            models.Index(fields=["due_at"], name="service_day_due", condition=Q(settled_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.day}"


class TicketCounter(models.Model):
    """The last number of one office, day and prefix. Raised and read in one statement."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="+")
    service_day = models.DateField()
    prefix = models.CharField(max_length=2)
    last_number = models.PositiveIntegerField()

    objects: ClassVar[models.Manager["TicketCounter"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "service_day", "prefix"], name="counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.last_number}"


class TicketState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    CALLED = "called", _("Called")
    SERVING = "serving", _("Being served")
    HELD = "held", _("On hold")
    FINISHED = "finished", _("Finished")
    NO_SHOW = "no_show", _("Did not come")
    WITHDRAWN = "withdrawn", _("Given up")
    UNSERVED = "unserved", _("Not served")


class QueueTicket(models.Model):
    """A place in the line of one service. Unique by office, day, prefix and number."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="tickets")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="tickets")
    consultation = models.ForeignKey(
        "consultations.Consultation", models.PROTECT, null=True, related_name="tickets"
    )
    service = models.ForeignKey("offices.Service", models.PROTECT, related_name="tickets")
    service_day = models.DateField()
    prefix = models.CharField(max_length=2)
    number = models.PositiveIntegerField()
    token = models.CharField(max_length=32, unique=True, default=token)
    is_priority = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=TicketState.choices, default=TicketState.WAITING)
    issued_at = models.DateTimeField()
    joined_at = models.DateTimeField()  # its place in the line counts from here
    # The appointment that its holder came in time for (frontdesk/appointments.py).
    appointed_at = models.DateTimeField(null=True)
    was_returned = models.BooleanField(default=False)
    reserved_desk = models.ForeignKey("offices.Desk", models.PROTECT, null=True, related_name="+")
    desk = models.ForeignKey("offices.Desk", models.PROTECT, null=True, related_name="tickets")
    officer = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    flagged_at = models.DateTimeField(null=True)
    is_late = models.BooleanField(default=False)  # "I am late", said on the phone ticket
    # What came of a visit that continues an online consultation (frontdesk/outcomes.py); sources one a line.
    outcome = models.TextField(blank=True)
    outcome_sources = models.TextField(blank=True)
    wait_low_minutes = models.PositiveSmallIntegerField(null=True)
    wait_high_minutes = models.PositiveSmallIntegerField(null=True)

    objects: ClassVar[models.Manager["QueueTicket"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "service_day", "prefix", "number"], name="ticket_number_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["desk"],
                condition=Q(state__in=["called", "serving"]),
                name="ticket_one_in_service_per_desk",
            ),
            models.UniqueConstraint(
                fields=["visit", "service"],
                condition=Q(state__in=["waiting", "called", "serving", "held"]),
                name="ticket_one_open_per_visit_and_service",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["called", "serving"])
                | Q(desk__isnull=False, officer__isnull=False, called_at__isnull=False),
                name="ticket_at_a_desk_when_called",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["finished", "no_show", "withdrawn", "unserved"], ended_at__isnull=False
                )
                | ~Q(state__in=["finished", "no_show", "withdrawn", "unserved"]) & Q(ended_at=None),
                name="ticket_ended_at_an_instant",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("issued_at")), name="ticket_ends_after_issue"
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "service", "joined_at"],
                name="ticket_waiting",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["office", "service_day", "state"], name="ticket_by_day"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What slip, board and voice say: `K-012`."""
        return ticket_label(self.prefix, self.number)

    @property
    def class_letter(self) -> str:
        """The class as the public sees it; the reason for it is kept nowhere."""
        return PRIORITY_LETTER if self.is_priority else REGULAR_LETTER


# A call that no board has said within this time is shown to the officer as "not announced".
ANNOUNCE_WITHIN = timedelta(seconds=20)


class Call(models.Model):
    """A number called to a desk, with the rule that chose it. Announced once a board has said it aloud."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="+")
    ticket = models.ForeignKey(QueueTicket, models.PROTECT, related_name="calls")
    desk = models.ForeignKey("offices.Desk", models.PROTECT, related_name="+")
    officer = models.ForeignKey("people.Officer", models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    is_recall = models.BooleanField(default=False)
    rule = models.CharField(max_length=24)
    detail = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, blank=True)
    announced_at = models.DateTimeField(null=True)
    announced_by = models.ForeignKey("offices.Device", models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["Call"]] = ScopedManager(office="office")

    class Meta:
        indexes = [
            models.Index(fields=["office", "-called_at"], name="call_by_office"),
            models.Index(fields=["ticket", "-called_at"], name="call_by_ticket"),
        ]

    def __str__(self) -> str:
        return f"call {self.pk}"

    def is_unheard(self, at: datetime) -> bool:
        """No board has acknowledged the call in time, and the visitor has not come to the desk yet."""
        return (
            self.announced_at is None
            and at - self.called_at > ANNOUNCE_WITHIN
            and self.ticket.state == TicketState.CALLED
        )


class VisitDraft(models.Model):
    """What the visitor at a kiosk has answered so far: on the server, because a kiosk keeps nothing.

    One per device, gone when the visitor finishes, cancels or walks away (lessons.md E.0: a kiosk showed the draft
    of the visitor before). A due row: at `expires_at` the work loop deletes it even when nobody comes back.
    """

    device = models.OneToOneField("offices.Device", models.CASCADE, related_name="draft")
    submission_key = models.UUIDField(unique=True, default=uuid4)
    language = models.CharField(max_length=2)
    service = models.ForeignKey("offices.Service", models.CASCADE, related_name="+")
    client = models.ForeignKey("people.Client", models.CASCADE, null=True, related_name="+")
    answers = models.JSONField(default=dict)  # step -> what was typed, right or wrong
    ticket = models.ForeignKey(QueueTicket, models.CASCADE, null=True, related_name="+")
    expires_at = models.DateTimeField(db_index=True)

    objects: ClassVar[models.Manager["VisitDraft"]] = ScopedManager(office="device__office")

    def __str__(self) -> str:
        return f"draft {self.pk}"
