"""The numbers of a dynamic table: what stands in its rows, columns and periods, and one value for each that has one."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sapa.catalogue.models import Entry, Figures

Value = Decimal | str  # a number, or what stands in its place ("-", "...", "NA")


@dataclass(frozen=True)
class Item:
    """One row, column or period: `code` as its source knows it, `label` as people read it."""

    code: str
    label: str


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

    def as_json(self) -> dict[str, Any]:
        """What `Figures.cube` holds: numbers as text, so that 5.10 stays 5.10."""
        return {
            "rows": [[each.code, each.label] for each in self.rows],
            "columns": [[each.code, each.label] for each in self.columns],
            "periods": [[each.code, each.label] for each in self.periods],
            "cells": [[*key, str(value)] for key, value in self.cells.items()],
            "rows_label": self.rows_label,
            "unit": self.unit,
            "notes": self.notes,
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


def read(text: str) -> Value:
    """A number where the text is one (point as decimal mark), else the text itself."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return number if number.is_finite() else text


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
    found = Figures.objects.filter(entry=entry).first()
    return Cube.from_json(found.cube) if found else None
