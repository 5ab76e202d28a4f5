"""The numbers of a dynamic table: what stands in its rows, columns and periods, and one value for each that has one."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote, unquote

from sapa.catalogue.models import Entry, Figures

Value = Decimal | str  # a number, or what stands in its place ("-", "...", "NA")
# What is longer, or has a larger exponent, is no figure of statistics.
_NUMBER: Final = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?[12]?\d)?", re.ASCII)


@dataclass(frozen=True)
class Item:
    """One row, column or period: `code` as its source knows it, `label` as people read it."""

    code: str
    label: str


@dataclass(frozen=True)
class Cell:
    """One place of a cube and what stands there; None where there is no datum."""

    row: Item
    column: Item
    period: Item
    value: Value | None

    @property
    def key(self) -> str:
        """The codes of its place, for an address or a button."""
        return key(self.row.code, self.column.code, self.period.code)


@dataclass(frozen=True)
class Cube:
    """Rows (areas or categories) by columns (one without a label where there is no division) by periods, in order.

    `cells` knows (row, column, period) by their codes. A missing cell is no datum, not zero (domain.md 10.1).
    """

    rows: tuple[Item, ...]
    columns: tuple[Item, ...]
    periods: tuple[Item, ...]
    cells: dict[tuple[str, str, str], Value] = field(default_factory=dict)
    rows_label: str = ""
    unit: str = ""
    notes: str = ""

    def value(self, row: str, column: str, period: str) -> Value | None:
        """The value there; None where there is no datum."""
        return self.cells.get((row, column, period))

    def cell(self, given: str) -> Cell | None:
        """The cell whose `key` this is; None when the cube has no such place."""
        codes = tuple(unquote(code) for code in given.split("|"))
        if len(codes) != 3:
            return None
        found = [
            next((item for item in items if item.code == code), None)
            for items, code in zip((self.rows, self.columns, self.periods), codes, strict=True)
        ]
        row, column, period = found
        if row is None or column is None or period is None:
            return None
        return Cell(row, column, period, self.value(row.code, column.code, period.code))

    def as_json(self) -> dict[str, Any]:
        """What `Figures.cube` holds: numbers as text, so that 5.10 stays 5.10."""
        return {
            "rows": [[_kept(each.code), _kept(each.label)] for each in self.rows],
            "columns": [[_kept(each.code), _kept(each.label)] for each in self.columns],
            "periods": [[_kept(each.code), _kept(each.label)] for each in self.periods],
            "cells": [[*map(_kept, key), _kept(str(value))] for key, value in self.cells.items()],
            "rows_label": _kept(self.rows_label),
            "unit": _kept(self.unit),
            "notes": _kept(self.notes),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Cube":
        """The cube that `as_json` wrote."""
        return cls(
            rows=tuple(Item(*each) for each in kept["rows"]),
            columns=tuple(Item(*each) for each in kept["columns"]),
            periods=tuple(Item(*each) for each in kept["periods"]),
            cells={(row, column, period): read(text) for row, column, period, text in kept["cells"]},
            rows_label=kept["rows_label"],
            unit=kept["unit"],
            notes=kept["notes"],
        )


def _kept(text: str) -> str:
    """Without what no database keeps: NUL and halves of characters."""
    return text if text.isprintable() else text.replace("\0", "").encode(errors="ignore").decode()


def key(row: str, column: str, period: str) -> str:
    """The place of a cell in one word, whatever its codes are made of."""
    return "|".join(quote(code, safe=" ") for code in (row, column, period))


def read(text: str) -> Value:
    """A number where the text is one (point as decimal mark), else the text itself."""
    return Decimal(text) if _NUMBER.fullmatch(text) else text


def keep(entry: Entry, cube: Cube, *, at: datetime) -> bool:
    """The entry has these numbers. False when it had them already: nothing was written."""
    made = cube.as_json()
    found = Figures.objects.filter(entry=entry).first()
    if found is not None and found.cube == made:
        return False
    Figures.objects.update_or_create(entry=entry, defaults={"cube": made, "fetched_at": at})
    return True


def of(entry: Entry) -> Cube | None:
    """The numbers of the entry, if any were fetched."""
    found = dated(entry)
    return found[0] if found else None


def dated(entry: Entry) -> tuple[Cube, datetime] | None:
    """The numbers of the entry with the instant at which they were fetched."""
    found = Figures.objects.filter(entry=entry).first()
    return (Cube.from_json(found.cube), found.fetched_at) if found else None
