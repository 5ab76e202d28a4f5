"""A table of a report: shown on the page, or taken away as a file that a spreadsheet opens as it is meant."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sapa.ui.dates import NOTHING, duration, language, local, number, short_date, short_time
from sapa.ui.spreadsheets import guarded

Cell = str | int | Decimal | date | datetime | timedelta | None


@dataclass(frozen=True, slots=True)
class Table:
    """`key` names the file; `numeric` are the columns set to the right. Cells are values, not words."""

    key: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    numeric: Sequence[int] = ()
    empty: str = ""

    @property
    def is_wide(self) -> bool:
        """More columns than a phone has room for."""
        return len(self.head) > 3

    @property
    def shown(self) -> list[list[str]]:
        """The cells as the page writes them."""
        return [[_shown(cell) for cell in row] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: `share` of the full width in per cent, and what it says beside it."""

    label: str
    share: Decimal
    words: str


def as_csv(table: Table) -> bytes:
    """The table for a spreadsheet: UTF-8 with the mark by which Excel knows it, no cell that could be a formula.

    Columns are parted and decimals written as spreadsheets of the reader's language expect them: `;` and a comma
    in Indonesian, `,` and a point in English. Dates are ISO, lengths are minutes.
    """
    indonesian = language() == "id"
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if indonesian else ",", lineterminator="\r\n")
    writer.writerow([guarded(title) for title in table.head])
    for row in table.rows:
        writer.writerow([_written(cell, indonesian=indonesian) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _shown(cell: Cell) -> str:
    if cell is None or cell == "":
        return NOTHING
    if isinstance(cell, datetime):
        return f"{short_date(cell)} {short_time(cell)}"
    if isinstance(cell, date):
        return short_date(cell)
    if isinstance(cell, timedelta):
        return duration(cell)
    return cell if isinstance(cell, str) else number(cell)


def _written(cell: Cell, *, indonesian: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return local(cell).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        cell = (Decimal(int(cell.total_seconds())) / 60).quantize(Decimal("0.1"))
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",") if indonesian else f"{cell:f}"
    return guarded(cell) if isinstance(cell, str) else str(cell)
