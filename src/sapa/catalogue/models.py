"""What the office can show: tables, publications, answers, what does not exist and why; and how people search it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from sapa.core.ids import token


class Level(models.TextChoices):
    """How small the areas are for which there is a figure."""

    NATIONAL = "national", _("National")
    PROVINCE = "province", _("Province")
    REGENCY = "regency", _("Regency or city")
    DISTRICT = "district", _("District (kecamatan)")
    VILLAGE = "village", _("Village")


class Frequency(models.TextChoices):
    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")
    QUARTERLY = "quarterly", _("Quarterly")
    SEMESTERLY = "semesterly", _("Twice a year")
    YEARLY = "yearly", _("Yearly")
    DECENNIAL = "decennial", _("Every ten years")
    IRREGULAR = "irregular", _("Irregular")


class Entry(models.Model):
    """One thing that can be shown: it is found by its own office and by all offices below that one."""

    class Kind(models.TextChoices):
        DYNAMIC_TABLE = "dynamic_table", _("Dynamic table")
        STATIC_TABLE = "static_table", _("Table")
        PUBLICATION = "publication", _("Publication")
        PRESS_RELEASE = "press_release", _("Press release")
        INDICATOR = "indicator", _("Indicator and its definition")
        CLASSIFICATION_CODE = "classification_code", _("Classification code")
        GLOSSARY_TERM = "glossary_term", _("Glossary term")
        INFOGRAPHIC = "infographic", _("Infographic")
        ANSWER = "answer", _("Answered question")

    class FigureStatus(models.TextChoices):
        FINAL = "final", _("Final figures")
        PROVISIONAL = "provisional", _("Provisional figures (*)")
        VERY_PROVISIONAL = "very_provisional", _("Very provisional figures (**)")
        PROJECTION = "projection", _("Projection")

    class Language(models.TextChoices):
        INDONESIAN = "id", _("Indonesian")
        ENGLISH = "en", _("English")

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=500)
    summary = models.TextField(blank=True)
    # Other words under which people look for it; found, never shown.
    keywords = models.CharField(max_length=300, blank=True)
    subject = models.CharField(max_length=60, blank=True)
    area = models.CharField(max_length=120, blank=True)
    # The code of BPS, never to be joined with that of Kemendagri (domain.md 10.3).
    area_bps = models.CharField(max_length=10, blank=True)
    area_kemendagri = models.CharField(max_length=13, blank=True)
    level = models.CharField(max_length=10, choices=Level.choices, blank=True)
    frequency = models.CharField(max_length=12, choices=Frequency.choices, blank=True)
    year_from = models.PositiveSmallIntegerField(null=True, blank=True)
    year_until = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    figure_status = models.CharField(max_length=20, choices=FigureStatus.choices, blank=True)
    base_year = models.PositiveSmallIntegerField(null=True, blank=True)
    producer = models.CharField(max_length=120, blank=True)
    released_on = models.DateField(null=True, blank=True)
    fetched_on = models.DateField(null=True, blank=True)
    url = models.URLField(max_length=500, blank=True)
    external_id = models.CharField(max_length=60, blank=True)
    # Of a classification: the same code means something else in another one (domain.md 10.4).
    version = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.INDONESIAN)
    body = models.TextField(blank=True)  # plain text
    citations = models.JSONField(default=list)  # of an answer: as `citations.citation_of` makes them
    is_demo = models.BooleanField(default=False)
    # Of a classification code: one step up, for the way from section to class.
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    source = models.ForeignKey("Source", models.PROTECT, null=True, blank=True, related_name="entries")
    # A digest of what the source said: the same digest means that nothing has to be written.
    fingerprint = models.CharField(max_length=40, blank=True)
    # The number of the change that wrote this row last: what the search has not taken in yet is above its own.
    change = models.BigIntegerField(default=0)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Entry"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(year_from=None) | Q(year_until=None) | Q(year_until__gte=F("year_from")),
                name="entry_years_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(kind="answer") | ~Q(body=""), name="entry_answer_has_its_answer"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(published_at__isnull=False),
                name="entry_withdrawn_was_published",
            ),
            models.UniqueConstraint(
                fields=["office", "kind", "version", "external_id"],
                condition=~Q(external_id=""),
                name="entry_known_by_its_number_once",
            ),
        ]
        indexes = [
            models.Index(fields=["change"], name="entry_by_change"),
            models.Index(fields=["version", "external_id"], name="entry_by_code"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_shown(self) -> bool:
        return self.published_at is not None and self.withdrawn_at is None

    @property
    def years(self) -> str:
        """The period as people write it: 2024, 2010–2025."""
        return years(self.year_from, self.year_until)


class Absence(models.Model):
    """What is not produced, why, and where to ask instead: an answer, too (domain.md 9.1)."""

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="absences")
    indicator = models.CharField(max_length=200)
    keywords = models.CharField(max_length=300, blank=True)
    level = models.CharField(max_length=10, choices=Level.choices, blank=True)
    frequency = models.CharField(max_length=12, choices=Frequency.choices, blank=True)
    area = models.CharField(max_length=120, blank=True)
    reason = models.TextField()
    where_instead = models.TextField(blank=True)
    url = models.URLField(max_length=500, blank=True)
    is_demo = models.BooleanField(default=False)
    change = models.BigIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Absence"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "indicator", "level", "frequency", "area"], name="absence_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="absence_has_a_reason"),
        ]
        indexes = [models.Index(fields=["change"], name="absence_by_change")]

    def __str__(self) -> str:
        return self.indicator


class Change(models.Model):
    """One row: the number of the last change of the catalogue. Whoever changes rows raises it and waits for whoever
    does so at the same time: numbers become visible in their order, and each index asks for what is above its own."""

    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


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


class WordRule(models.Model):
    """A line of the table of words that an office wrote itself; it goes before the shipped one (data/words.yaml)."""

    class Kind(models.TextChoices):
        SAME = "same", _("Means the same")
        SHORT = "short", _("Is short for")
        AMBIGUOUS = "ambiguous", _("May mean")

    office = models.ForeignKey("offices.Office", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    phrase = models.CharField(max_length=80)
    # Of an ambiguous word one meaning per row; `when`: the words of a query that decide for it.
    means = models.CharField(max_length=120)
    when = models.CharField(max_length=300, blank=True)
    # Takes a shipped line out instead of adding one.
    is_off = models.BooleanField(default=False)

    objects: ClassVar[models.Manager["WordRule"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "kind", "phrase", "means"], name="word_rule_once_per_office"
            ),
            models.CheckConstraint(condition=~Q(phrase="") & ~Q(means=""), name="word_rule_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.phrase} = {self.means}"


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
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="+")

    objects: ClassVar[models.Manager["SourceSeen"]] = ScopedManager(office="run__source__office")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "entry"], name="seen_once_per_run")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.entry_id}"


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


def years(first: int | None, last: int | None) -> str:
    """The years from `first` to `last`, as people write them."""
    if first is None or last is None or first == last:
        return str(first or last or "")
    return f"{first}–{last}"
