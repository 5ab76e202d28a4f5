"""Pages by key: a cursor names the last row that was read, so that new rows move nothing and no page costs more."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeVar

from django.db import models
from django.db.models import Q

from sapa.api.problems import Problem

MOST: Final = 100
M = TypeVar("M", bound=models.Model)


def page(rows: models.QuerySet[M], *, by: str, cursor: str, limit: int) -> tuple[Sequence[M], str | None]:
    """The newest `limit` rows after the cursor, ordered by the instant `by` and the id, and the next cursor."""
    if cursor:
        at, row = _read(cursor)
        rows = rows.filter(Q(**{f"{by}__lt": at}) | Q(**{by: at, "id__lt": row}))
    found = list(rows.order_by(f"-{by}", "-id")[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], _write(getattr(last, by), last.pk)


def _write(at: datetime, row: int) -> str:
    return urlsafe_b64encode(f"{at.isoformat()}|{row}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[datetime, int]:
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        stamp, _bar, row = text.partition("|")
        at, number = datetime.fromisoformat(stamp), int(row)
        if at.tzinfo is None or not 0 < number < 2**63 or not 1900 < at.year < 2200:
            raise ValueError(cursor)
    except ValueError:
        raise Problem(422, "bad_cursor", "This cursor is not one of ours. Begin without one.") from None
    return at, number
