"""Figures from a list with one datum per line: external_id, row_code, row, column, period, value."""

import csv
import io
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django_scopes import scope

from sapa.catalogue import figures
from sapa.catalogue.figures import Cube, Item, Value
from sapa.catalogue.models import Entry
from sapa.core.errors import Refused
from sapa.offices.models import Office

COLUMNS: Final = ("external_id", "row_code", "row", "column", "period", "value")


def load(office: Office, text: str, *, at: datetime) -> int:
    """The office's tables named in the list have these figures; how many changed. Refused when one is not there."""
    cubes = read(text)
    with scope(office=office):
        rows = Entry.objects.filter(kind=Entry.Kind.DYNAMIC_TABLE, external_id__in=cubes)
        entries = {entry.external_id: entry for entry in rows}
        unknown = sorted(set(cubes) - set(entries))
        if unknown:
            raise Refused(
                _("There is no dynamic table with the number %(number)s.") % {"number": unknown[0]},
                code="unknown_table",
            )
        return sum(figures.keep(entries[number], cube, at=at) for number, cube in cubes.items())


def read(text: str) -> dict[str, Cube]:
    """A cube for each table, its rows, columns and periods in the order in which they are met first.

    An empty value says that there is no datum. Refused where a column is missing or a line is short.
    """
    lines = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = sorted(set(COLUMNS) - set(lines.fieldnames or ()))
    if missing:
        raise Refused(_("The column “%(name)s” is missing.") % {"name": missing[0]}, code="column_missing")
    met: dict[
        str, tuple[dict[str, str], dict[str, str], dict[str, str], dict[tuple[str, str, str], Value]]
    ] = {}
    for line in lines:
        if any(line[name] is None for name in COLUMNS):
            raise Refused(
                _("Line %(line)s has too few columns.") % {"line": lines.line_num}, code="short_line"
            )
        rows, columns, periods, cells = met.setdefault(line["external_id"], ({}, {}, {}, {}))
        row, column, period = line["row_code"] or line["row"], line["column"], line["period"]
        rows.setdefault(row, line["row"])
        columns.setdefault(column, column)
        periods.setdefault(period, period)
        if line["value"].strip():
            cells[row, column, period] = figures.read(line["value"].strip())
    return {
        name: Cube(_items(rows), _items(columns), _items(periods), cells)
        for name, (rows, columns, periods, cells) in met.items()
    }


def _items(found: dict[str, str]) -> tuple[Item, ...]:
    return tuple(Item(code, label) for code, label in found.items())
