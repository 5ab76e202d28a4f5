"""A file that somebody sent: what it is by its content, and whether it may be given out."""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from sapa.core.ids import token


class StoredFile(models.Model):
    """One file, outside the static root under an unguessable name. Only a clean one is ever given out.

    An infected file's content is deleted; its row keeps name, fingerprint and the scanner's name for it.
    """

    class State(models.TextChoices):
        QUARANTINED = "quarantined", _("Being checked")
        CLEAN = "clean", _("Checked")
        INFECTED = "infected", _("Removed: harmful")
        REFUSED = "refused", _("Removed: could not be checked")
        ERASED = "erased", _("Erased on request")

    office = models.ForeignKey("offices.Office", models.PROTECT, related_name="files")
    token = models.CharField(max_length=32, unique=True, default=token, editable=False)
    name = models.CharField(max_length=120)  # for people; never part of a path
    media_type = models.CharField(max_length=100)  # by content
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State.choices)
    signature = models.CharField(max_length=120, blank=True)  # what the scanner calls it
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="files")
    uploaded_at = models.DateTimeField()
    # A message or a draft holds it; until then it is deleted at `discard_at`.
    claimed_at = models.DateTimeField(null=True)
    discard_at = models.DateTimeField(null=True)
    # Whoever listens to this topic is told when the scan is over.
    topic = models.CharField(max_length=80, blank=True)
    # Pixels of a picture, and of its small copy; 0 when there is none.
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    thumbnail_size = models.PositiveIntegerField(default=0)
    thumbnail_width = models.PositiveSmallIntegerField(default=0)
    thumbnail_height = models.PositiveSmallIntegerField(default=0)
    # The scan as a due row: pushed ahead while a worker is at it, empty when nothing is left to do.
    scan_due_at = models.DateTimeField(null=True)
    scan_attempts = models.PositiveSmallIntegerField(default=0)
    scanned_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["StoredFile"]] = ScopedManager(office="office")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(claimed_at=None, discard_at__isnull=False)
                | Q(claimed_at__isnull=False, discard_at=None),
                name="file_claimed_or_to_be_discarded",
            ),
            models.CheckConstraint(
                condition=~Q(state="quarantined") | Q(scan_due_at__isnull=False),
                name="file_in_quarantine_will_be_scanned",
            ),
            models.CheckConstraint(
                condition=~Q(state="infected") | ~Q(signature=""), name="file_infected_with_something"
            ),
            models.CheckConstraint(condition=Q(size__gte=1), name="file_is_not_empty"),
        ]
        indexes = [
            models.Index(
                fields=["scan_due_at"], name="file_scan_due", condition=Q(scan_due_at__isnull=False)
            ),
            models.Index(fields=["uploaded_at"], name="file_in_quarantine", condition=Q(state="quarantined")),
            models.Index(
                fields=["discard_at"], name="file_to_discard", condition=Q(discard_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"file {self.pk}"

    @property
    def path(self) -> Path:
        """Where the content lies, whether or not it is still there."""
        return _folder(self.token) / self.token

    @property
    def thumbnail_path(self) -> Path:
        return _folder(self.token) / f"{self.token}.kecil"

    @property
    def is_ready(self) -> bool:
        """May be given out."""
        return self.state == self.State.CLEAN

    @property
    def is_gone(self) -> bool:
        """Its content has been deleted; only the row tells of it."""
        return self.state in {self.State.INFECTED, self.State.REFUSED, self.State.ERASED}

    @property
    def has_thumbnail(self) -> bool:
        return self.thumbnail_size > 0


def _folder(name: str) -> Path:
    # Two letters: no folder ever holds more than a 4,096th of all files.
    folder: Path = settings.FILES / name[:2]
    return folder
