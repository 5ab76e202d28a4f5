"""The present instant. Views and the work loop ask here; verbs and calculations are handed `at`."""

from collections.abc import Callable
from datetime import UTC, datetime


def _computer_clock() -> datetime:
    return datetime.now(UTC)


_clock: Callable[[], datetime] = _computer_clock


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _clock()


def use(clock: Callable[[], datetime] | None) -> None:
    """From now on `now()` asks `clock`; None goes back to the computer's own. For tests and demonstrations."""
    global _clock
    _clock = clock or _computer_clock
