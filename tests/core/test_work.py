"""The work loop while much is due: it stops when asked, and a long line does not hold up what falls due meanwhile."""

import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from sapa.core import work
from sapa.core.work import Source

# The rows stand in memory, but the loop looks after the connection of its thread.
pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass
class Line:
    """Due rows in memory, and the clock: settling one takes a second."""

    now: datetime = BEGIN
    due: dict[int, datetime] = field(default_factory=dict)
    settled: list[int] = field(default_factory=list)
    broken: range = range(0)
    stops_at: int | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    def source(self, name: str, rows: range) -> Source:
        return Source(
            name=name,
            due=lambda at, limit: [each for each in rows if self.due.get(each, at + SECOND) <= at][:limit],
            run=self.settle,
            fail=lambda row, at, reason: None,
            oldest=lambda: None,
        )

    def settle(self, row: int, at: datetime) -> None:
        if row in self.broken:
            raise ValueError(row)
        del self.due[row]
        self.settled.append(row)
        self.now += SECOND
        if row == self.stops_at:
            self.stop.set()
            work.wake.set()


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    made, here = Line(), sys.modules[__name__]
    monkeypatch.setattr(here, "MANY", made.source("many", range(1, 10_000)), raising=False)
    monkeypatch.setattr(here, "ONE", made.source("one", range(10_000, 10_001)), raising=False)
    monkeypatch.setattr("sapa.wiring.SOURCES", [f"{__name__}.MANY", f"{__name__}.ONE"])
    return made


def test_asked_to_stop_it_finishes_the_row_in_hand_and_no_other(line: Line) -> None:
    line.due = dict.fromkeys(range(1, 300), BEGIN)
    line.stops_at = 3
    work.loop(line.stop, every=60, clock=lambda: line.now)
    assert line.settled == [1, 2, 3]


def test_what_falls_due_while_a_long_line_is_settled_does_not_wait_for_its_end(line: Line) -> None:
    line.due = dict.fromkeys(range(1, 3_000), BEGIN) | {10_000: BEGIN + timedelta(minutes=10)}
    line.stops_at = 2_999
    work.loop(line.stop, every=60, clock=lambda: line.now)
    assert len(line.settled) == 3_000
    late = line.settled.index(10_000) * SECOND - timedelta(minutes=10)
    assert late < timedelta(minutes=10)


def test_however_many_rows_fail_those_behind_them_have_their_turn(line: Line) -> None:
    line.due = dict.fromkeys(range(1, 1_001), BEGIN)
    line.broken = range(1, 991)
    line.stops_at = 1_000
    work.loop(line.stop, every=60, clock=lambda: line.now)
    assert line.settled == list(range(991, 1_001))
