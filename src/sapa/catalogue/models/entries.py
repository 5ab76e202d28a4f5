"""What the office can show: tables, publications, answers; and what does not exist and why."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager


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
    # When there will be a figure, in the words of whoever knows: "Februari 2027", "2 Maret 2027".
    next_release = models.CharField(max_length=60, blank=True)
    url = models.URLField(max_length=500, blank=True)
    is_demo = models.BooleanField(default=False)
    source = models.ForeignKey("Source", models.PROTECT, null=True, blank=True, related_name="absences")
    # As that of an entry: the same digest means that nothing has to be written.
    fingerprint = models.CharField(max_length=40, blank=True)
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


def years(first: int | None, last: int | None) -> str:
    """The years from `first` to `last`, as people write them."""
    if first is None or last is None or first == last:
        return str(first or last or "")
    return f"{first}–{last}"
