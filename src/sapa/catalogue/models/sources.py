"""Where entries come from, and what each reading of it brought."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from sapa.catalogue.models.entries import Absence, Entry


class Source(models.Model):
    """Where entries come from: one address, file or list of an office, read on a timetable or by command."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="catalogue_sources")
    kind = models.CharField(max_length=20)  # a folder of catalogue/sources
    name = models.SlugField(max_length=40)
    config = models.JSONField(default=dict)
    every_hours = models.PositiveSmallIntegerField(default=24)
    # None: only by command. The worker pushes it ahead before it begins, and again when it is done.
    due_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Source"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "name"], name="source_name_once_per_office"),
            models.CheckConstraint(condition=Q(every_hours__gte=1), name="source_not_all_the_time"),
        ]
        indexes = [models.Index(fields=["due_at"], name="source_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"


class SourceRun(models.Model):
    """One reading of a source: what came, changed and failed; where to go on after a cut."""

    class Outcome(models.TextChoices):
        RUNNING = "running", _("Under way")
        DONE = "done", _("Done")
        PARTLY = "partly", _("Done, with failures")
        FAILED = "failed", _("Failed")
        CUT = "cut", _("Cut off")

    source = models.ForeignKey(Source, models.CASCADE, related_name="runs")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.RUNNING)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    since = models.DateField(null=True)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)  # the first hundred, each a sentence
    cursor = models.JSONField(default=dict)  # of the kind: where to go on

    objects: ClassVar[models.Manager["SourceRun"]] = ScopedManager(office="source__office")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(outcome="running"), name="source_read_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(outcome="running", ended_at=None)
                | ~Q(outcome="running") & Q(ended_at__isnull=False),
                name="run_ended_with_its_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.began_at:%Y-%m-%d} {self.outcome}"


class SourceSeen(models.Model):
    """What a run has met: when it is complete, what it has not met has vanished at the source."""

    run = models.ForeignKey(SourceRun, models.CASCADE, related_name="seen")
    entry = models.ForeignKey(Entry, models.CASCADE, null=True, related_name="+")
    absence = models.ForeignKey(Absence, models.CASCADE, null=True, related_name="+")

    objects: ClassVar[models.Manager["SourceSeen"]] = ScopedManager(office="run__source__office")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "entry"], name="seen_once_per_run"),
            models.UniqueConstraint(fields=["run", "absence"], name="absence_seen_once_per_run"),
            models.CheckConstraint(
                condition=Q(entry=None, absence__isnull=False) | Q(entry__isnull=False, absence=None),
                name="seen_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.entry_id or self.absence_id}"
