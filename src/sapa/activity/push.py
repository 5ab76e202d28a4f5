"""Signals to open pages: an event name and ids, no text and no HTML. The page then fetches with its reader's rights.

A signal is a wake-up, never the record: a page that missed one fetches what it lacks when it reconnects.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from django.db import transaction

from sapa.core import work


@dataclass(frozen=True)
class Signal:
    """`id` is the event's id, by which a page knows what it has already seen."""

    id: int
    name: str
    subject_id: int

    def as_dict(self) -> dict[str, int | str]:
        return asdict(self)


Backend = Callable[[tuple[str, ...], Signal], None]


def _nobody_listens(topics: tuple[str, ...], signal: Signal) -> None:
    """A command or a test without a web server: there is no page to tell."""


_backend: Backend = _nobody_listens


def use(backend: Backend) -> None:
    """From now on signals go to `backend` (the hub of this process, or Redis)."""
    global _backend
    _backend = backend


def after_commit(signal: Signal, *, topics: Iterable[str], wake_worker: bool = False) -> None:
    """Signal `topics` once the surrounding transaction is committed; never when it is rolled back."""
    chosen = tuple(topics)

    def tell() -> None:
        _backend(chosen, signal)
        if wake_worker:
            work.wake.set()

    transaction.on_commit(tell, robust=True)
