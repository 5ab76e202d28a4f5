"""The centre: a consultation and the clocks that run on it."""

from typing import ClassVar
from uuid import uuid4

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
    SILENCE = "silence", _("Closed after days of silence")
    # Set aside by an officer, online, before any answer (inbox/setting_aside.py).
    JUNK = "junk", _("No question for the office")
    DUPLICATE = "duplicate", _("The same question as another one")
    ELSEWHERE = "elsewhere", _("Answered elsewhere")


class Door(models.TextChoices):
    VISIT = "visit", _("Visit")
    WEB = "web", _("Online")


class WaitingFor(models.TextChoices):
    """Whose turn it is, said by what happened last, never guessed (lessons.md E.2)."""

    OFFICE = "office", _("Waiting for the office")
    CLIENT = "client", _("Waiting for the client")


class Consultation(models.Model):
    """One person's matter with one office, whichever door was used."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="consultations")
    client = models.ForeignKey("people.Client", models.PROTECT, related_name="consultations")
    service = models.ForeignKey("offices.Service", models.PROTECT, related_name="consultations")
    standard = models.ForeignKey("offices.ServiceStandard", models.PROTECT, related_name="+")
    code = models.CharField(max_length=24, unique=True)
    token = models.CharField(max_length=32, unique=True, default=token)
    door = models.CharField(max_length=20, choices=Door.choices)
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
    # Online only: clear and complete since, first answered at, whose turn it is and since when.
    accepted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    waiting_for = models.CharField(max_length=8, choices=WaitingFor.choices, blank=True)
    turn_at = models.DateTimeField(null=True)
    last_message_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # of the running response clock, for the inbox
    # Begun by a late reply to one that was closed too long ago to be opened again.
    continues = models.ForeignKey("self", models.PROTECT, null=True, related_name="continued_by")
    # Closed because the same client asks the same in that one.
    double_of = models.ForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="doubles")

    objects: ClassVar[models.Manager["Consultation"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) & ~Q(closing_reason="")
                | ~Q(state="closed") & Q(closed_at=None, closing_reason=""),
                name="consultation_closed_at_an_instant_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(waiting_for="", turn_at=None) | ~Q(waiting_for="") & Q(turn_at__isnull=False),
                name="consultation_turn_since_an_instant",
            ),
            models.CheckConstraint(
                condition=Q(door="web", state="closed", waiting_for="")
                | Q(door="web") & ~Q(state="closed") & ~Q(waiting_for="")
                | ~Q(door="web") & Q(waiting_for="", accepted_at=None),
                name="consultation_online_waits_for_somebody_while_open",
            ),
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(waiting_for="office", accepted_at__isnull=False),
                name="consultation_due_only_while_the_office_owes_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(closing_reason="duplicate", double_of__isnull=False)
                | ~Q(closing_reason="duplicate") & Q(double_of=None),
                name="consultation_a_duplicate_names_the_other",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-requested_at"], name="consultation_by_client"),
            models.Index(fields=["office", "-requested_at"], name="consultation_by_office"),
            models.Index(
                fields=["double_of"], name="consultation_doubles", condition=Q(double_of__isnull=False)
            ),
            # One for each view of the inbox (inbox/listing.py); the conditions stand there word for word.
            models.Index(
                fields=["office", "turn_at", "id"], name="inbox_for_us", condition=Q(waiting_for="office")
            ),
            models.Index(
                fields=["office", "turn_at", "id"], name="inbox_for_client", condition=Q(waiting_for="client")
            ),
            models.Index(
                fields=["office", "turn_at", "id"],
                name="inbox_unassigned",
                condition=~Q(waiting_for="") & Q(officer=None),
            ),
            models.Index(
                fields=["office", "officer", "turn_at", "id"],
                name="inbox_mine",
                condition=~Q(waiting_for=""),
            ),
            models.Index(
                fields=["office", "due_at", "id"], name="inbox_breaching", condition=Q(due_at__isnull=False)
            ),
            models.Index(
                fields=["office", "-last_message_at", "-id"],
                name="inbox_all",
                condition=Q(last_message_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class OnlineRequest(models.Model):
    """What the client put to the office through the web application (steps 8 to 10 of the standard)."""

    consultation = models.OneToOneField(Consultation, models.CASCADE, related_name="request")
    # Made when the form is shown: a double click or a repeated POST is one request.
    submission_key = models.UUIDField(unique=True)
    question = models.TextField()
    area = models.CharField(max_length=120, blank=True)
    year_from = models.PositiveSmallIntegerField(null=True)
    year_until = models.PositiveSmallIntegerField(null=True)
    level = models.CharField(max_length=12, blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    purpose_text = models.CharField(max_length=120, blank=True)
    trail = models.CharField(max_length=32, blank=True)  # catalogue.SearchTrail, by its token
    language = models.CharField(max_length=2)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(year_from=None) | Q(year_until=None) | Q(year_until__gte=F("year_from")),
                name="request_years_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"request of {self.consultation_id}"


class RequestDraft(models.Model):
    """What a client has typed so far and not sent: on the server, one per client and office."""

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="+")
    client = models.ForeignKey("people.Client", models.CASCADE, related_name="+")
    submission_key = models.UUIDField(unique=True, default=uuid4)
    fields = models.JSONField(default=dict)
    trail = models.CharField(max_length=32, blank=True)
    updated_at = models.DateTimeField()

    objects: ClassVar[models.Manager["RequestDraft"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "client"], name="request_draft_one_per_client"),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class MissingItem(models.Model):
    """Something the office asked back for, once; provided when it came (lessons.md 6.3)."""

    class Key(models.TextChoices):
        AREA = "area", _("Area")
        YEARS = "years", _("Years")
        LEVEL = "level", _("Level of detail")
        PURPOSE = "purpose", _("What it is for")
        OTHER = "other", _("Something else")

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="missing_items")
    key = models.CharField(max_length=8, choices=Key.choices)
    text = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    by = models.ForeignKey("people.Officer", models.PROTECT, related_name="+")
    provided_at = models.DateTimeField(null=True)
    waived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "key", "text"], name="missing_item_asked_once"),
            models.CheckConstraint(
                condition=~Q(key="other", text=""), name="missing_item_something_else_says_what"
            ),
            models.CheckConstraint(
                condition=Q(provided_at=None) | Q(waived_at=None), name="missing_item_provided_or_waived"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.consultation_id}"


class Handling(models.Model):
    """Which office had the consultation, from when to when: each office's share of it."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="handlings")
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    by = models.ForeignKey("people.Officer", models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(until_at=None), name="handling_one_office_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["office", "consultation"], name="handling_by_office")]

    def __str__(self) -> str:
        return f"{self.office_id} has {self.consultation_id}"


class Citation(models.Model):
    """What an answer rests on, in the fields of domain.md 10.6."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="citations")
    title = models.CharField(max_length=300)
    url = models.URLField(max_length=500, blank=True)
    kind = models.CharField(max_length=24, blank=True)
    identifier = models.CharField(max_length=80, blank=True)
    area = models.CharField(max_length=120, blank=True)
    level = models.CharField(max_length=12, blank=True)
    period = models.CharField(max_length=60, blank=True)
    frequency = models.CharField(max_length=12, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    figure_status = models.CharField(max_length=40, blank=True)
    base_year = models.CharField(max_length=20, blank=True)
    producer = models.CharField(max_length=120, blank=True)
    released_on = models.DateField(null=True)
    fetched_on = models.DateField(null=True)
    value = models.CharField(max_length=200, blank=True)
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
        ONLINE_RESPONSE = "online_response", _("Answered within the promised working days")
        SILENCE = "silence", _("Closed when the client stays silent")

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="+")
    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="deadlines")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=20, blank=True)
    # While it waits without counting: nothing falls due, however late it becomes.
    paused_at = models.DateTimeField(null=True)
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
                condition=Q(met_at=None, stopped_at=None, breached_at=None, paused_at=None),
            ),
            models.Index(fields=["office", "started_at"], name="deadline_by_office"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} due {self.due_at.isoformat()}"


class ClockEntry(models.Model):
    """One line of a clock's ledger. The due instant is a function of these lines and the calendar."""

    class What(models.TextChoices):
        STARTED = "started", _("began")
        PAUSED = "paused", _("paused")
        RESUMED = "resumed", _("went on")
        KEPT = "kept", _("began anew")
        FORWARDED = "forwarded", _("went to another office")
        MET = "met", _("kept")
        STOPPED = "stopped", _("ended")

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="entries")
    what = models.CharField(max_length=10, choices=What.choices)
    reason = models.CharField(max_length=24, blank=True)
    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="+")  # responsible from here on
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.what} {self.at.isoformat()}"


class Alarm(models.Model):
    """When somebody must hear of a clock before or at its end: a due row, moved whenever the clock is recounted."""

    class What(models.TextChoices):
        HALF = "half", _("half of the time has gone")
        ONE_DAY = "one_day", _("one working day is left")
        OVERDUE = "overdue", _("the promise is broken")
        SILENT_3 = "silent_3", _("three silent days")
        SILENT_6 = "silent_6", _("six silent days")

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="alarms")
    what = models.CharField(max_length=8, choices=What.choices)
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deadline", "what"], name="alarm_once_per_clock")]
        indexes = [models.Index(fields=["due_at"], name="alarm_due", condition=Q(settled_at=None))]

    def __str__(self) -> str:
        return f"{self.what} of {self.deadline_id}"
