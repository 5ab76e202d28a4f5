"""The numbers of a dynamic table. Their keys are concatenations that cannot be taken apart: every combination of row,
variable, column, year and period is built and looked up (domain.md 10.1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any, Final

from django.utils.translation import gettext as _

from sapa.catalogue.figures import Cube, Item, Value, read
from sapa.catalogue.sources.webapi.envelopes import Row, Unreadable, whole
from sapa.catalogue.sources.webapi.texts import body, frequency_of, level_named, line

MOST_COMBINATIONS: Final = 3_000_000
# `tahun` is counted from here.
FIRST_YEAR: Final = 1900
_WHOLE_YEAR: Final = frozenset({"", "tahun", "tahunan", "annual", "year", "yearly"})
_UNDIVIDED: Final = frozenset({"", "tidak ada", "none", "no derived variable"})


@dataclass(frozen=True)
class Told:
    """What the answer says about the table."""

    cube: Cube
    years: tuple[int, ...]
    frequency: str
    level: str
    problems: tuple[str, ...]


def read_table(answer: Row, *, what: str) -> Told:
    """The table in the envelope. Raises Unreadable when a part is missing or it is larger than anybody reads."""
    variable = _only(answer, "var", what)
    rows, columns = _parts(answer, "vervar", what), _parts(answer, "turvar", what)
    years, within = _parts(answer, "tahun", what), _parts(answer, "turtahun", what)
    if len(rows) * len(columns) * len(years) * len(within) > MOST_COMBINATIONS:
        raise Unreadable(_("The table is too large to be read (%(what)s).") % {"what": what})
    content = answer["datacontent"]
    cells, problems = _cells(content, str(variable["val"]), rows, columns, years, within, what)
    filled = {key[2] for key in cells}
    periods = tuple(period for period in _periods(years, within) if period.code in filled)
    found = sorted({int(period.code.split("-")[0]) + FIRST_YEAR for period in periods})
    label = line(answer.get("labelvervar"))
    cube = Cube(
        rows=tuple(rows),
        columns=tuple(
            Item(each.code, "" if _is_undivided(each, columns) else each.label) for each in columns
        ),
        periods=periods,
        cells=cells,
        rows_label=label,
        unit=line(variable.get("unit")),
        notes=body(variable.get("note")),
    )
    frequency = frequency_of(each.label for each in within)
    return Told(cube, tuple(found), frequency, level_named(label), tuple(problems))


def together(answers: list[Row]) -> Row:
    """The same table told in several answers, some years in each, as one answer."""
    whole_table: dict[str, Any] = dict(answers[0])
    for name in ("vervar", "turvar", "tahun", "turtahun"):
        told = [each for answer in answers for each in _listed(answer, name)]
        whole_table[name] = list({str(each.get("val")): each for each in reversed(told)}.values())[::-1]
    whole_table["datacontent"] = {
        key: value for answer in answers for key, value in answer["datacontent"].items()
    }
    return whole_table


def _listed(answer: Row, name: str) -> list[Row]:
    found = answer.get(name)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _cells(
    content: Mapping[str, Any],
    variable: str,
    rows: list[Item],
    columns: list[Item],
    years: list[Item],
    within: list[Item],
    what: str,
) -> tuple[dict[tuple[str, str, str], Value], list[str]]:
    cells: dict[tuple[str, str, str], Value] = {}
    met: dict[str, tuple[str, str, str]] = {}
    unsure: set[str] = set()
    for row, column, year, part in product(rows, columns, years, within):
        key = f"{row.code}{variable}{column.code}{year.code}{part.code}"
        if key not in content:
            continue
        place = (row.code, column.code, f"{year.code}-{part.code}")
        if key in met:
            unsure.add(key)
            cells.pop(met[key], None)
            continue
        met[key] = place
        value = value_of(content[key])
        if value is not None:
            cells[place] = value
    problems = []
    if unsure:
        sentence = _("%(count)s numbers could stand in two places and were left out (%(what)s).")
        problems.append(sentence % {"count": str(len(unsure)), "what": what})
    if len(content) > len(met):
        sentence = _("%(count)s numbers belong to no row, column and period (%(what)s).")
        problems.append(sentence % {"count": str(len(content) - len(met)), "what": what})
    return cells, problems


def value_of(given: Any) -> Value | None:
    """The number, or what stands in its place; None where there is nothing."""
    if isinstance(given, bool) or given is None:
        return None
    if isinstance(given, int | Decimal):
        return Decimal(given)
    text = line(given)
    return read(text) if text else None


def _periods(years: list[Item], within: list[Item]) -> Iterator[Item]:
    """In their order; a period that is the whole year is called by the year alone."""
    for year in sorted(years, key=lambda each: int(each.code)):
        for part in within:
            whole_year = part.label.casefold() in _WHOLE_YEAR
            label = year.label if whole_year else f"{part.label} {year.label}"
            yield Item(f"{year.code}-{part.code}", label)


def _is_undivided(column: Item, columns: list[Item]) -> bool:
    return len(columns) == 1 and column.label.casefold() in _UNDIVIDED


def _parts(answer: Row, name: str, what: str) -> list[Item]:
    found = answer.get(name)
    if isinstance(found, list):
        codes = [(whole(each.get("val")), each) for each in found if isinstance(each, Mapping)]
        items = [Item(str(code), line(each.get("label"))) for code, each in codes if code is not None]
        if items and len(items) == len(found):
            return items
    raise Unreadable(
        _("The part “%(name)s” of the table is missing (%(what)s).") % {"name": name, "what": what}
    )


def _only(answer: Row, name: str, what: str) -> Row:
    found = answer.get(name)
    if isinstance(found, list) and found and isinstance(found[0], Mapping) and "val" in found[0]:
        first: Row = found[0]
        return first
    raise Unreadable(
        _("The part “%(name)s” of the table is missing (%(what)s).") % {"name": name, "what": what}
    )
