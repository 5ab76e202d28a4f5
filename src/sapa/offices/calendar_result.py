"""What the calendar answers: instants with the ledger of how they were counted, storable as JSON."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sapa.offices.calendar_model import DayOff, DayZero, HolidayKind

JSON_VERSION = 1


class Reason(StrEnum):
    """Why a stretch of time counts, or does not."""

    SERVICE = "service"
    DAY_ZERO = "day_zero"
    CUT_SHORT = "cut_short"
    OUTSIDE_HOURS = "outside_hours"
    BREAK = "break"
    WEEKEND = "weekend"
    NO_SERVICE = "no_service"
    DAY_OFF = "day_off"
    CLOSURE = "closure"


@dataclass(frozen=True, slots=True)
class Step:
    """One stretch of the ledger. `note` is the reason of a closure or the name of a dated timetable;
    `days_off` names the holidays; `day_number` is set on service time when whole days are counted."""

    start: datetime
    end: datetime
    counted: bool
    reason: Reason
    day_number: int | None = None
    note: str = ""
    days_off: tuple[DayOff, ...] = ()

    @property
    def duration(self) -> timedelta:
        """The true length, also across a change of the zone's offset."""
        return self.end.astimezone(UTC) - self.start.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class UnconfirmedYear:
    """The counting reached a year whose holiday decree is not known yet."""

    year: int


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline with its ledger. Exactly one of `days` and `amount` says what was counted."""

    at: datetime
    steps: tuple[Step, ...]
    warnings: tuple[UnconfirmedYear, ...]
    zone: ZoneInfo
    started_at: datetime
    days: int | None = None
    amount: timedelta | None = None
    day_zero: DayZero = DayZero.NEXT_WORKING_DAY


@dataclass(frozen=True, slots=True)
class Span:
    """The open time between two instants with its ledger."""

    total: timedelta
    steps: tuple[Step, ...]
    warnings: tuple[UnconfirmedYear, ...]
    zone: ZoneInfo
    started_at: datetime
    ended_at: datetime


def to_json(result: Due | Span) -> dict[str, Any]:
    """The result as plain JSON values, to be stored beside a deadline; `from_json` gives it back equal."""
    record: dict[str, Any] = {
        "version": JSON_VERSION,
        "zone": result.zone.key,
        "started_at": _write(result.started_at),
        "steps": [_step_to_json(step) for step in result.steps],
        "unconfirmed_years": [warning.year for warning in result.warnings],
    }
    if isinstance(result, Span):
        return record | {
            "kind": "span",
            "ended_at": _write(result.ended_at),
            "total": _microseconds(result.total),
        }
    return record | {
        "kind": "due",
        "at": _write(result.at),
        "days": result.days,
        "amount": None if result.amount is None else _microseconds(result.amount),
        "day_zero": result.day_zero.value,
    }


def from_json(record: dict[str, Any]) -> Due | Span:
    """The result that `to_json` wrote. Raises ValueError for anything else."""
    try:
        if record["version"] != JSON_VERSION:
            raise ValueError(
                f"Calendar record of version {record['version']!r}; this program reads {JSON_VERSION}."
            )
        return _read_result(record)
    except (KeyError, TypeError, AttributeError, ZoneInfoNotFoundError) as error:
        raise ValueError(f"Not a calendar record: {error!r}.") from error


def _read_result(record: dict[str, Any]) -> Due | Span:
    zone = ZoneInfo(record["zone"])
    steps = tuple(_step_from_json(step, zone) for step in record["steps"])
    warnings = tuple(UnconfirmedYear(year) for year in record["unconfirmed_years"])
    started_at = _read(record["started_at"], zone)
    if record["kind"] == "span":
        ended_at, total = _read(record["ended_at"], zone), timedelta(microseconds=record["total"])
        return Span(total, steps, warnings, zone, started_at, ended_at)
    if record["kind"] != "due":
        raise ValueError(f"Calendar record of unknown kind {record['kind']!r}.")
    amount = None if record["amount"] is None else timedelta(microseconds=record["amount"])
    at, day_zero = _read(record["at"], zone), DayZero(record["day_zero"])
    return Due(at, steps, warnings, zone, started_at, record["days"], amount, day_zero)


def _step_to_json(step: Step) -> dict[str, Any]:
    record: dict[str, Any] = {
        "start": _write(step.start),
        "end": _write(step.end),
        "counted": step.counted,
        "reason": step.reason.value,
    }
    if step.day_number is not None:
        record["day_number"] = step.day_number
    if step.note:
        record["note"] = step.note
    if step.days_off:
        record["days_off"] = [
            {
                "on": off.on.isoformat(),
                "name_id": off.name_id,
                "name_en": off.name_en,
                "kind": off.kind.value,
                "source": off.source,
                "scope": off.scope,
            }
            for off in step.days_off
        ]
    return record


def _step_from_json(record: dict[str, Any], zone: ZoneInfo) -> Step:
    days_off = tuple(
        DayOff(
            on=date.fromisoformat(off["on"]),
            name_id=off["name_id"],
            name_en=off["name_en"],
            kind=HolidayKind(off["kind"]),
            source=off["source"],
            scope=off["scope"],
        )
        for off in record.get("days_off", ())
    )
    return Step(
        start=_read(record["start"], zone),
        end=_read(record["end"], zone),
        counted=record["counted"],
        reason=Reason(record["reason"]),
        day_number=record.get("day_number"),
        note=record.get("note", ""),
        days_off=days_off,
    )


def _write(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _read(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).astimezone(zone)


def _microseconds(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
