"""Contents without a row, and rows without a content: what a crash or an incomplete backup leaves behind."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django_scopes import scopes_disabled

from sapa.files.models import StoredFile

# What is younger may be about to get its row.
GRACE: Final = timedelta(days=1)
State = StoredFile.State


@dataclass(frozen=True)
class Tidied:
    """How many contents were deleted, and of which files the content is missing."""

    deleted: int
    missing: list[int]


def tidy(at: datetime) -> Tidied:
    """No content older than a day is there without a file that may be given out or waits for its scan."""
    with scopes_disabled():
        living = StoredFile.objects.filter(state__in=[State.QUARANTINED, State.CLEAN])
        deleted = 0
        for folder in sorted(settings.FILES.glob("*")):
            for path in list(_old(folder, at)):
                if not living.filter(token=path.name.partition(".")[0]).exists():
                    path.unlink(missing_ok=True)
                    deleted += 1
        return Tidied(
            deleted, [file.pk for file in living.order_by("pk").iterator() if not file.path.exists()]
        )


def _old(folder: Path, at: datetime) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.stat().st_mtime < (at - GRACE).timestamp():
            yield path
