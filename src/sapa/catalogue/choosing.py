"""Which part of a table is looked at: one column, some rows, periods from one to another; told by an address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal
from urllib.parse import urlencode

from django.http import QueryDict

from sapa.catalogue.figures import Cell, Cube, Item, Value
from sapa.catalogue.signs import parted

Drawing = Literal["line", "bar"]
PERIODS: Final = 10
ROWS: Final = 40
LONGEST_WORDS: Final = 80
LINES: Final = 6
BARS: Final = 15
_TOTAL: Final = ("jumlah", "total", "pdrb", "produk domestik")


@dataclass(frozen=True)
class Choice:
    """What the reader chose, brought in line with the cube. `drawing` is "" while it is chosen by itself."""

    column: str
    since: int
    until: int
    words: str = ""
    rows: frozenset[str] = frozenset()
    drawing: str = ""
    page: int = 1

    def query(self, cube: Cube) -> str:
        """The choice as an address holds it, without the page."""
        return urlencode(self.pairs(cube))

    def pairs(self, cube: Cube) -> list[tuple[str, str]]:
        """Name and value of each part of the address."""
        pairs = [("kolom", self.column)] if len(cube.columns) > 1 else []
        if cube.periods:
            pairs += [("dari", cube.periods[self.since].code), ("sampai", cube.periods[self.until].code)]
        pairs += [("kata", self.words)] if self.words else []
        pairs += [("baris", each.code) for each in cube.rows if each.code in self.rows]
        return pairs + ([("grafik", self.drawing)] if self.drawing else [])


@dataclass(frozen=True)
class Line:
    """A row of the table as it is shown: one cell for each chosen period."""

    row: Item
    cells: Sequence[Cell]
    is_whole: bool = False

    @property
    def values(self) -> list[Decimal | None]:
        return [parted(cell.value)[0] for cell in self.cells]


def read(cube: Cube, given: QueryDict, *, periods: int = PERIODS) -> Choice:
    """The choice of an address; what it does not say, or says wrongly, is the usual: the last `periods` periods, the
    column of the totals, all rows."""
    cell = cube.cell(given.get("sel", ""))
    columns = [each.code for each in cube.columns]
    column = given.get("kolom") or (cell.column.code if cell else "")
    if column not in columns:
        column = next((each.code for each in cube.columns if is_total(each)), columns[0] if columns else "")
    places = {each.code: place for place, each in enumerate(cube.periods)}
    last = len(cube.periods) - 1
    until = places.get(given.get("sampai", ""), last)
    since = places.get(given.get("dari", ""), max(0, until - periods + 1))
    number = given.get("page", "")
    return Choice(
        column=column,
        since=min(since, until),
        until=max(since, until),
        words=given.get("kata", "")[:LONGEST_WORDS].strip(),
        rows=frozenset(given.getlist("baris")) & {each.code for each in cube.rows},
        drawing=given.get("grafik", "") if given.get("grafik") in ("line", "bar") else "",
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
    )


def lines(cube: Cube, choice: Choice, *, whole: str = "") -> list[Line]:
    """The chosen rows, in their order. The row with the code `whole` is the whole of which the others are parts."""
    words = choice.words.casefold().split()
    chosen = [
        row
        for row in cube.rows
        if (not choice.rows or row.code in choice.rows)
        and all(word in row.label.casefold() for word in words)
    ]
    column = next((each for each in cube.columns if each.code == choice.column), Item("", ""))
    periods = cube.periods[choice.since : choice.until + 1]
    return [
        Line(
            row,
            [Cell(row, column, each, cube.value(row.code, column.code, each.code)) for each in periods],
            is_whole=is_total(row) or row.code == whole != "",
        )
        for row in chosen
    ]


def with_page(choice: Choice, *, rows: int, most: int = ROWS) -> Choice:
    """The choice with a page that there is."""
    return replace(choice, page=min(max(choice.page, 1), max(1, -(-rows // most))))


def drawing(cube: Cube, choice: Choice) -> Drawing:
    """Lines from three periods on, else bars; or what the reader chose."""
    is_line = choice.drawing == "line" if choice.drawing else choice.until - choice.since >= 2
    return "line" if is_line else "bar"


def drawn_lines(chosen: Sequence[Line], *, most: int = LINES) -> list[Line]:
    """The rows that a chart of lines shows: all where they fit, else the total alone, else the largest at the end."""
    told = [line for line in chosen if any(value is not None for value in line.values)]
    if len(told) <= most:
        return told
    totals = [line for line in told if line.is_whole]
    return totals[:1] or _largest(told, most)


def drawn_bars(chosen: Sequence[Line], *, most: int = BARS) -> list[Line]:
    """The rows that a chart of bars shows, without their total: all where they fit, else the largest."""
    parts = [line for line in chosen if not line.is_whole] or list(chosen)
    return parts if len(parts) <= most else _largest(parts, most)


def is_total(item: Item) -> bool:
    """Whether the row or column adds up the others."""
    return item.label.casefold().startswith(_TOTAL)


def _largest(found: Sequence[Line], most: int) -> list[Line]:
    def size(line: Line) -> Decimal:
        return next((abs(value) for value in reversed(line.values) if value is not None), Decimal(-1))

    kept = sorted(found, key=size, reverse=True)[:most]
    return [line for line in found if line in kept]


def values(shown: Sequence[Line]) -> list[Value | None]:
    """Every value that stands in these rows."""
    return [cell.value for line in shown for cell in line.cells]
