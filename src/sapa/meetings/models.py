"""A consultation goes on by a visit or a video meeting: the appointment, what it occupies, where it takes place."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from sapa.core.ids import token


class Kind(models.TextChoices):
    VISIT = "visit", _("Visit to the office")
    VIDEO = "video", _("Video meeting")


class Provider(models.TextChoices):
    ZOOM = "zoom", _("Zoom")
    JITSI = "jitsi", _("Jitsi, own server")
    LINK = "link", _("A link of my own")


class State(models.TextChoices):
    BOOKED = "booked", _("Booked")
    HELD = "held", _("Took place")
    MISSED = "missed", _("Did not take place")
    CANCELLED = "cancelled", _("Cancelled")


class FollowUp(models.Model):
    """One appointment of one consultation with one officer (Standard, steps 11 and 12).

    A due row as well: at `due_at`, the midnight after it, a booked one ends as held or missed.
    """

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="follow_ups")
    consultation = models.ForeignKey("consultations.Consultation", models.PROTECT, related_name="follow_ups")
    officer = models.ForeignKey("people.Officer", models.PROTECT, related_name="follow_ups")
    desk = models.ForeignKey("offices.Desk", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    provider = models.CharField(max_length=5, choices=Provider.choices, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.BOOKED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # Only for those who take part: never in an event, a log or a public page.
    link = models.CharField(max_length=500, blank=True)
    passcode = models.CharField(max_length=40, blank=True)
    token = models.CharField(max_length=32, unique=True, default=token)  # names it in calendars, too
    # Raised by whatever a calendar or a provider must be told (RFC 5545, 3.8.7.4).
    sequence = models.PositiveIntegerField(default=0)
    submission_key = models.UUIDField(unique=True)
    booked_by = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    booked_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    arrived_at = models.DateTimeField(null=True)
    # The office is closed at that time after all: a day off or a closure was declared later.
    affected_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()

    objects: ClassVar[models.Manager["FollowUp"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="follow_up_has_a_length"),
            models.CheckConstraint(
                condition=Q(kind="visit", provider="") | Q(kind="video") & ~Q(provider=""),
                name="follow_up_by_video_has_a_provider",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | ~Q(state="cancelled") & Q(cancelled_at=None),
                name="follow_up_cancelled_at_an_instant",
            ),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__startswith="https://"), name="follow_up_link_is_https"
            ),
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(state="booked"),
                name="follow_up_one_booked_per_consultation",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="follow_up_due", condition=Q(state="booked")),
            models.Index(fields=["office", "starts_at"], name="follow_up_by_office"),
        ]

    def __str__(self) -> str:
        return f"follow-up {self.pk}"

    @property
    def is_booked(self) -> bool:
        return self.state == State.BOOKED

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class SlotHold(models.Model):
    """A quarter of an hour that an officer, or a desk, has given away. Unique: that is what refuses a second
    booking, on either database (docs/decisions/0012)."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="holds")
    officer = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    desk = models.ForeignKey("offices.Desk", models.PROTECT, null=True, related_name="+")
    quarter_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "quarter_at"], name="hold_once_per_officer"),
            models.UniqueConstraint(fields=["desk", "quarter_at"], name="hold_once_per_desk"),
            models.CheckConstraint(
                condition=Q(officer=None, desk__isnull=False) | Q(officer__isnull=False, desk=None),
                name="hold_of_an_officer_or_a_desk",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quarter_at.isoformat()}"


class Room(models.Model):
    """What stands at a video provider for one follow-up, and a due row that brings it to what should stand there.

    Wanted while the follow-up is booked with this provider, else to be taken away. `made_sequence` is the
    sequence that the provider was last told.
    """

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="rooms")
    provider = models.CharField(max_length=5, choices=Provider.choices)
    outside_id = models.CharField(max_length=100, blank=True)
    # The provider was asked to make it and has not been heard: something may stand there whose id is not known.
    asked_at = models.DateTimeField(null=True)
    made_sequence = models.PositiveIntegerField(null=True)
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    alarmed_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "provider"], name="room_once_per_provider")
        ]
        indexes = [
            models.Index(fields=["due_at"], name="room_due", condition=Q(settled_at=None, dead_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.provider} for follow-up {self.follow_up_id}"


class Reminder(models.Model):
    """Told once, that many hours before the beginning. A due row."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="reminders")
    hours_before = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "hours_before"], name="reminder_once"),
        ]
        indexes = [models.Index(fields=["due_at"], name="reminder_due", condition=Q(settled_at=None))]

    def __str__(self) -> str:
        return f"{self.hours_before} hours before follow-up {self.follow_up_id}"


class Offer(models.Model):
    """An officer invites the client to choose a time; open until it is used, replaced or expired."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="+")
    consultation = models.ForeignKey(
        "consultations.Consultation", models.PROTECT, related_name="meeting_offers"
    )
    officer = models.ForeignKey("people.Officer", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind.choices, blank=True)  # blank: the client chooses
    minutes = models.PositiveSmallIntegerField()
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Offer"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(ended_at=None), name="offer_one_open_per_consultation"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("offered_at")), name="offer_expires_after_it_is_made"
            ),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk}"


class MeetingPolicy(models.Model):
    """How an office gives appointments, and its video providers. Absent: the defaults."""

    class Length(models.IntegerChoices):
        QUARTER = 15, _("15 minutes")
        HALF = 30, _("30 minutes")
        THREE_QUARTERS = 45, _("45 minutes")
        HOUR = 60, _("60 minutes")

    office = models.OneToOneField("offices.Office", models.CASCADE, related_name="meeting_policy")
    minutes = models.PositiveSmallIntegerField(choices=Length.choices, default=Length.HALF)
    offers_visits = models.BooleanField(default=True)
    offers_video = models.BooleanField(default=True)
    ahead_days = models.PositiveSmallIntegerField(default=21)
    notice_hours = models.PositiveSmallIntegerField(default=4)
    video_provider = models.CharField(max_length=5, choices=Provider.choices, default=Provider.LINK)
    jitsi_url = models.CharField(max_length=200, blank=True)
    zoom_account = models.CharField(max_length=100, blank=True)
    zoom_client = models.CharField(max_length=100, blank=True)
    zoom_host = models.CharField(max_length=200, blank=True)
    zoom_secret = models.CharField(max_length=500, blank=True)  # sealed: meetings/sealing.py

    objects: ClassVar[models.Manager["MeetingPolicy"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__in=[15, 30, 45, 60]), name="meeting_policy_length_in_quarters"
            ),
            models.CheckConstraint(
                condition=Q(ahead_days__gte=1, ahead_days__lte=90, notice_hours__lte=168),
                name="meeting_policy_reach",
            ),
            models.CheckConstraint(
                condition=Q(jitsi_url="") | Q(jitsi_url__startswith="https://"),
                name="meeting_policy_jitsi_is_https",
            ),
        ]

    def __str__(self) -> str:
        return f"meetings of office {self.office_id}"

    @property
    def kinds(self) -> list[str]:
        """The kinds of appointment that clients of this office may have."""
        wanted = [(Kind.VISIT, self.offers_visits), (Kind.VIDEO, self.offers_video)]
        return [str(kind) for kind, offered in wanted if offered]

    @property
    def has_zoom(self) -> bool:
        return bool(self.zoom_account and self.zoom_client and self.zoom_secret)
