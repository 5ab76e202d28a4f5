"""Who is on duty when: shifts, the weekly pattern they are planned from, leave, swaps, and whose turn it was."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager


class Part(models.TextChoices):
    """Which part of a day somebody is on duty; noon, office-local, parts them."""

    WHOLE = "whole", _("All day")
    MORNING = "morning", _("Morning")
    AFTERNOON = "afternoon", _("Afternoon")


class Shift(models.Model):
    """An officer is on duty on a date. A swap that was accepted has changed the officer."""

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="shifts")
    officer = models.ForeignKey("people.Officer", models.PROTECT, related_name="shifts")
    on = models.DateField()
    part = models.CharField(max_length=9, choices=Part.choices, default=Part.WHOLE)

    objects: ClassVar[models.Manager["Shift"]] = ScopedManager(office="office")

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["officer", "on"], name="shift_once_per_officer_and_day")
        ]
        indexes = [models.Index(fields=["office", "on"], name="shift_by_day")]

    def __str__(self) -> str:
        return f"shift {self.pk} on {self.on}"


class KeptDay(models.Model):
    """A day whose shifts somebody changed by hand or asked to swap: planning leaves it as it is."""

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="kept_days")
    on = models.DateField()

    objects: ClassVar[models.Manager["KeptDay"]] = ScopedManager(office="office")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "on"], name="kept_day_once_per_office")]

    def __str__(self) -> str:
        return str(self.on)


class WeeklyPattern(models.Model):
    """Who is on duty on which weekday, from a date on. Of several that cover a date the latest begun rules."""

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="weekly_patterns")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    objects: ClassVar[models.Manager["WeeklyPattern"]] = ScopedManager(office="office")

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["office", "valid_from"], name="pattern_one_per_office_and_day"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="pattern_validity_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"pattern from {self.valid_from}"


class WeeklyDuty(models.Model):
    """One officer on one weekday (0 is Monday) of a pattern."""

    pattern = models.ForeignKey(WeeklyPattern, models.CASCADE, related_name="duties")
    officer = models.ForeignKey("people.Officer", models.PROTECT, related_name="weekly_duties")
    weekday = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=9, choices=Part.choices, default=Part.WHOLE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pattern", "officer", "weekday"], name="weekly_duty_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekly_duty_weekday"),
        ]

    def __str__(self) -> str:
        return f"weekday {self.weekday}"


class Leave(models.Model):
    """An officer is away from the first to the last day, both included. Never deleted, only withdrawn.

    The kind may tell of health (UU 27/2022 art. 4): kind and note are for the officer and those who plan.
    """

    class Kind(models.TextChoices):
        ANNUAL = "annual", _("Annual leave")
        SICK = "sick", _("Sick leave")
        OFFICIAL_TRIP = "official_trip", _("Official trip")
        OTHER = "other", _("Other absence")

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="leaves")
    officer = models.ForeignKey("people.Officer", models.PROTECT, related_name="leaves")
    from_on = models.DateField()
    until_on = models.DateField()
    kind = models.CharField(max_length=13, choices=Kind.choices)
    note = models.CharField(max_length=300, blank=True)
    noted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    # When it must be told that the leave begins; none once it is told.
    due_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Leave"]] = ScopedManager(office="office")

    class Meta:
        ordering = ["from_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="leave_days_in_order"),
            # What can be said of overlap without an exclusion constraint, which SQLite has not.
            models.UniqueConstraint(
                fields=["officer", "from_on"],
                condition=Q(withdrawn_at=None),
                name="leave_one_beginning_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "until_on"], name="leave_by_end", condition=Q(withdrawn_at=None)),
            models.Index(fields=["due_at"], name="leave_to_begin", condition=Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"leave {self.pk}"


class Swap(models.Model):
    """An officer asks another to take over a shift, perhaps for one of the other's own.

    `on` and `return_on` stay when a shift is gone, so that both can still be told which day it was.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="swaps")
    shift = models.ForeignKey(Shift, models.SET_NULL, null=True, related_name="swaps")
    on = models.DateField()
    in_return = models.ForeignKey(Shift, models.SET_NULL, null=True, related_name="swaps_in_return")
    return_on = models.DateField(null=True)
    asker = models.ForeignKey("people.Officer", models.PROTECT, related_name="swaps_asked")
    asked = models.ForeignKey("people.Officer", models.PROTECT, related_name="swaps_to_answer")
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Swap"]] = ScopedManager(office="office")

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(asker=F("asked")), name="swap_with_another"),
            models.CheckConstraint(
                condition=Q(state="asked", settled_at=None) | ~Q(state="asked") & Q(settled_at__isnull=False),
                name="swap_settled_at_an_instant",
            ),
            models.UniqueConstraint(
                fields=["shift"], condition=Q(state="asked"), name="swap_one_open_per_shift"
            ),
        ]
        indexes = [models.Index(fields=["office", "on"], name="swap_open", condition=Q(state="asked"))]

    def __str__(self) -> str:
        return f"swap {self.pk}"


class RosterPolicy(models.Model):
    """How an office hands out new online consultations. Without a row: nobody is given any, they are claimed."""

    class Assignment(models.TextChoices):
        NONE = "none", _("Officers claim them from the inbox")
        ROUND_ROBIN = "round_robin", _("In turn, to whoever is on duty and has the fewest")

    office = models.OneToOneField("offices.Office", models.CASCADE, related_name="roster_policy")
    assignment = models.CharField(max_length=12, choices=Assignment.choices, default=Assignment.NONE)

    objects: ClassVar[models.Manager["RosterPolicy"]] = ScopedManager(office="office")

    def __str__(self) -> str:
        return self.assignment


class Turn(models.Model):
    """When an officer was last given something in turn: among equally loaded ones the longest ago is next."""

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="turns")
    officer = models.OneToOneField("people.Officer", models.CASCADE, related_name="turn")
    last_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Turn"]] = ScopedManager(office="office")

    def __str__(self) -> str:
        return f"turn of officer {self.officer_id}"
