"""The table of words that an office wrote itself."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager


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
