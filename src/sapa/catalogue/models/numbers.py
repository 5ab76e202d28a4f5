"""What belongs to an entry: the numbers of a table, and what a code became in another version."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from sapa.catalogue.models.entries import Entry


class Figures(models.Model):
    """The numbers of a dynamic table, as `figures.Cube` reads and writes them."""

    entry = models.OneToOneField(Entry, models.CASCADE, related_name="figures")
    cube = models.JSONField()
    fetched_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Figures"]] = ScopedManager(office="entry__office")

    def __str__(self) -> str:
        return f"figures of {self.entry_id}"


class Correspondence(models.Model):
    """What a code of one version or classification is called in another one (domain.md 10.4)."""

    class Relation(models.TextChoices):
        SAME = "same", _("The same")
        PART = "part", _("In part")
        REUSED = "reused", _("The same code with another meaning")

    here = models.ForeignKey(Entry, models.CASCADE, related_name="leads_to")
    there = models.ForeignKey(Entry, models.CASCADE, related_name="comes_from")
    relation = models.CharField(max_length=8, choices=Relation.choices)
    # A likeness of titles is a suggestion until an officer has looked.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey("people.User", models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar[models.Manager["Correspondence"]] = ScopedManager(office="here__office")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["here", "there"], name="correspondence_once"),
            models.CheckConstraint(condition=~Q(here=F("there")), name="correspondence_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.here_id} > {self.there_id} ({self.relation})"
