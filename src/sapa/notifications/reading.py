"""What somebody has been told: how much of it is unseen, the list, and marking it as seen."""

from datetime import datetime
from typing import Final

from django.db import models

from sapa.core import sql
from sapa.notifications.kinds import DIGEST
from sapa.notifications.models import Notification
from sapa.people.models import User

PAGE: Final = 20
# A bell says "99+" beyond: nobody counts further, and the database need not either.
MOST_COUNTED: Final = 100


def of(user: User) -> models.QuerySet[Notification]:
    """Everything this person was told, the latest first."""
    return (
        Notification.objects.filter(user=user).exclude(what=DIGEST).select_related("office").order_by("-id")
    )


def unseen(user: User) -> models.QuerySet[Notification]:
    """What the bell counts."""
    return of(user).filter(seen_at=None, in_page=True)


def page_of(user: User, *, before: int | None = None) -> tuple[list[Notification], int | None]:
    """A page of what was told before the row `before`, and where the next page begins (None: there is none)."""
    rows = of(user) if before is None else of(user).filter(id__lt=before)
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def bell_of(user: User) -> tuple[int, str]:
    """How much is unseen, at most MOST_COUNTED, and the language mails are written in ("" for none yet). One query."""
    found = sql.rows(
        "SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM notifications_notification WHERE user_id = %s"
        " AND seen_at IS NULL AND in_page LIMIT %s) AS few),"
        " (SELECT language FROM notifications_reader WHERE user_id = %s)",
        [user.pk, MOST_COUNTED, user.pk],
    )
    return int(found[0][0]), found[0][1] or ""


def see(notification: Notification, *, at: datetime) -> None:
    """Its reader has seen it; the first time counts."""
    Notification.objects.filter(pk=notification.pk, seen_at=None).update(seen_at=at)


def see_path(user: User, path: str, *, at: datetime) -> int:
    """The person has opened that page: whatever led there is seen. Returns how many."""
    return Notification.objects.filter(user=user, seen_at=None, path=path).update(seen_at=at)


def see_all(user: User, *, at: datetime) -> int:
    """Everything told until now is seen. Returns how many were not."""
    return Notification.objects.filter(user=user, seen_at=None).update(seen_at=at)
