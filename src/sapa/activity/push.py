"""Signals to open pages: an event name and ids, no text, no HTML. The page fetches with its reader's rights.

A signal is a wake-up, never the record: a page that missed one fetches what it lacks when it reconnects.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from sapa.core import sql, work


@dataclass(frozen=True, slots=True)
class Signal:
    """`id` is the event's id, by which a page knows what it has already seen."""

    id: int
    name: str
    subject_id: int

    def as_dict(self) -> dict[str, int | str]:
        return asdict(self)


Backend = Callable[[tuple[str, ...], Signal], None]


def _nobody_listens(topics: tuple[str, ...], signal: Signal) -> None:
    """A command or a test without a web server: there is no page in this process to tell."""


_backend: Backend = _nobody_listens


def use(backend: Backend | None) -> Backend:
    """From now on signals of this process go to `backend` (its hub); None: nobody here listens. Returns the last."""
    global _backend
    before, _backend = _backend, backend or _nobody_listens
    return before


def after_commit(signal: Signal, *, topics: Iterable[str], wake_worker: bool = False) -> None:
    """Signal `topics` once the surrounding transaction is committed; never when it is rolled back.

    With Redis the pages of the other processes hear it too. Without Redis, or when it does not answer, only
    those of this process do at once; the others fetch what they lack when Redis is back.
    """
    chosen = tuple(topics)

    def tell() -> None:
        _backend(chosen, signal)
        if settings.REDIS_URL:
            # Imported when needed: the redis client costs an office without Redis 10 MB and a quarter second.
            import_string("sapa.activity.relay.publish")(chosen, signal)
        if wake_worker:
            work.wake.set()

    transaction.on_commit(tell, robust=True)


def user_topic(user_id: int) -> str:
    """What only this person's pages hear."""
    return f"user:{user_id}"


def last_event_id(office_id: int) -> int:
    """The newest event of the office, 0 before the first: what a page has seen that is rendered now.

    Ask before the page's own queries: then nothing can fall between the page and its stream.
    """
    newest = sql.rows(
        "SELECT id FROM activity_event WHERE office_id = %s ORDER BY id DESC LIMIT 1", [office_id]
    )
    return int(newest[0][0]) if newest else 0
