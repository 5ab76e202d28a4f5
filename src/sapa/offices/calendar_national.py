"""The days off of the whole country, read from the shipped file and checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from sapa.offices.calendar_model import DayOff, HolidayKind

SHIPPED = Path(__file__).parent / "data" / "holidays.yaml"
NATIONAL_SCOPE = "national"


@dataclass(frozen=True, slots=True)
class Decree:
    """A decree that sets days off. `confirms` is the year whose list it settles."""

    key: str
    number: str
    title: str
    confirms: int | None = None
    issued_on: date | None = None
    amends: str = ""


def load_national(path: Path = SHIPPED) -> tuple[Mapping[date, tuple[DayOff, ...]], tuple[Decree, ...]]:
    """Every shipped day off by date, and the decrees behind them. Raises ValueError that names the entry when
    the file is wrong."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    sections = data if isinstance(data, dict) else {}
    if not {"decrees", "days_off"} <= sections.keys():
        raise ValueError(f"{path.name}: the sections decrees and days_off are needed.")
    decrees = {key: _decree(key, entry) for key, entry in sections["decrees"].items()}
    for decree in decrees.values():
        if decree.amends and decree.amends not in decrees:
            raise ValueError(f"Decree {decree.key} amends {decree.amends}, which is not listed.")
    both = confirmed_years(decrees.values()) & set(sections.get("unconfirmed_years", ()))
    if both:
        raise ValueError(f"Listed both as confirmed and as unconfirmed: {sorted(both)}.")
    days_off: dict[date, tuple[DayOff, ...]] = {}
    for entry in sections["days_off"]:
        day = _day_off(entry, decrees)
        if any(other.kind is day.kind for other in days_off.get(day.on, ())):
            raise ValueError(f"{day.on}: listed twice as {day.kind.value}.")
        days_off[day.on] = (*days_off.get(day.on, ()), day)
    return days_off, tuple(decrees.values())


def confirmed_years(decrees: Iterable[Decree]) -> frozenset[int]:
    """The years whose list of days off a decree has settled."""
    return frozenset(decree.confirms for decree in decrees if decree.confirms is not None)


def _decree(key: str, entry: dict[str, Any]) -> Decree:
    try:
        return Decree(key=key, **entry)
    except TypeError as error:
        raise ValueError(f"Decree {key}: {error}.") from error


def _day_off(entry: dict[str, Any], decrees: Mapping[str, Decree]) -> DayOff:
    try:
        on, kind, decree = entry["date"], HolidayKind(entry["kind"]), decrees[entry["decree"]]
        name_id, name_en = str(entry["name_id"]).strip(), str(entry["name_en"]).strip()
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"Day off {entry}: {error} is missing or unknown.") from error
    if type(on) is not date:
        raise ValueError(f"Day off {entry}: {on!r} is not a date (write 2026-08-17).")
    if not name_id or not name_en:
        raise ValueError(f"Day off {on}: both names are needed.")
    settled = decrees[decree.amends].confirms if decree.amends else decree.confirms
    if settled is not None and settled != on.year:
        raise ValueError(f"Day off {on}: {decree.number} settles {settled}.")
    return DayOff(on, name_id, name_en, kind, decree.number, NATIONAL_SCOPE)
