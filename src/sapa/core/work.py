"""The one loop of background work: rows with a due time, emptied source by source.

A source is named in wiring.SOURCES. Its rows settle in the transaction of their effect, so a crash
means "again later", and one bad row never stops the others.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import close_old_connections
from django.utils.module_loading import import_string

from sapa import wiring
from sapa.core.time import now as present

log = logging.getLogger("sapa.work")


def _never() -> int:
    """For sources whose rows stay due until they succeed."""
    return 0


@dataclass(frozen=True)
class Source:
    """Where due rows come from. `due` lists ids, oldest first; `run` settles one; `fail` notes a failure;
    `oldest` is the due time of the oldest unsettled row and `dead` counts those given up (health figures)."""

    name: str
    due: Callable[[datetime, int], list[int]]
    run: Callable[[int, datetime], None]
    fail: Callable[[int, datetime, str], None]
    oldest: Callable[[], datetime | None]
    dead: Callable[[], int] = _never


def sources(paths: Iterable[str]) -> list[Source]:
    """The sources that the dotted paths name."""
    return [import_string(path) for path in paths]


wake = threading.Event()
# A long line may take minutes: after so many rows the clock is read anew, and what falls due meanwhile has its turn.
ROUND = 500


def work(
    at: datetime,
    *,
    paths: Iterable[str] | None = None,
    batch: int = 100,
    most: int | None = None,
    stop: threading.Event | None = None,
) -> int:
    """Settle everything due at `at`; return how many rows were run. Rows made on the way are run too.

    Ends early when about `most` rows are settled (and wakes the loop), and after the row in hand once `stop` is set.
    """
    found = sources(paths or wiring.SOURCES)
    total = 0
    failed: set[tuple[str, int]] = set()
    while most is None or total - len(failed) < most:
        ran = 0
        for source in found:
            # What failed and is still due stands first: we look past it.
            behind = sum(name == source.name for name, _row in failed)
            for row in source.due(at, batch + behind):
                if stop is not None and stop.is_set():
                    return total + ran
                if (source.name, row) in failed:
                    continue
                ran += 1
                try:
                    source.run(row, at)
                except Exception as problem:
                    log.exception("due row failed", extra={"source": source.name, "row": row})
                    failed.add((source.name, row))
                    source.fail(row, at, type(problem).__name__ + ": " + str(problem)[:500])
        total += ran
        if not ran:
            break
    else:
        wake.set()
    return total


def loop(stop: threading.Event, *, every: float = 1.0, clock: Callable[[], datetime] = present) -> None:
    """Work until `stop` is set; sleeps `every` seconds between rounds unless woken."""
    while not stop.is_set():
        close_old_connections()
        try:
            work(clock(), most=ROUND, stop=stop)
        except Exception:
            log.exception("round of work failed")
        wake.wait(every)
        wake.clear()
