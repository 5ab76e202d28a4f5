"""How people search, without the people; and which failing searches have been seen to."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from sapa.catalogue.models.entries import Absence, Entry
from sapa.core.ids import token


class SearchTrail(models.Model):
    """One person's way through the search, without the person: no name, no address, no session."""

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("The search answered")
        ASKED = "asked", _("Asked an officer")
        LEFT = "left", _("Left")

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="search_trails")
    token = models.CharField(max_length=32, unique=True, default=token)
    language = models.CharField(max_length=2)
    began_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    settled_at = models.DateTimeField(null=True)
    # When the worker looks again: who has not come back left; what was typed is erased. None: nothing more to do.
    due_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["SearchTrail"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", settled_at=None) | ~Q(outcome="") & Q(settled_at__isnull=False),
                name="trail_settled_with_its_outcome",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="trail_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["office", "began_at"], name="trail_by_office"),
        ]

    def __str__(self) -> str:
        return f"trail {self.pk}"


class TrailStep(models.Model):
    """What was searched, opened or put aside on the way, in this order."""

    class Kind(models.TextChoices):
        SEARCHED = "searched", _("Searched")
        OPENED = "opened", _("Opened")
        DISMISSED = "dismissed", _("Put aside")
        ANSWERED = "answered", _("Answered by")

    trail = models.ForeignKey(SearchTrail, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    text = models.CharField(max_length=200, blank=True)
    results = models.PositiveSmallIntegerField(null=True)
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="+")
    absence = models.ForeignKey(Absence, models.CASCADE, null=True, related_name="+")

    objects: ClassVar[models.Manager["TrailStep"]] = ScopedManager(office="trail__office")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="searched", results__isnull=False, entry=None, absence=None)
                | ~Q(kind="searched") & Q(text="", results=None),
                name="step_searched_or_of_a_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class SettledQuery(models.Model):
    """A search that failed and has been seen to: it stands no longer among those that fail."""

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="+")
    # As `failures.key_of` writes it: small letters and digits, without addresses and numbers of people.
    text = models.CharField(max_length=200)
    settled_at = models.DateTimeField()
    by = models.ForeignKey("people.User", models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[models.Manager["SettledQuery"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "text"], name="query_settled_once_per_office"),
            models.CheckConstraint(condition=~Q(text=""), name="settled_query_says_something"),
        ]

    def __str__(self) -> str:
        return self.text
