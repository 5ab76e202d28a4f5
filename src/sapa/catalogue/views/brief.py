"""The numbers of an entry on its own page: the newest one, a small chart, the beginning of the table."""

from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from sapa.catalogue import choosing, signs
from sapa.catalogue.figures import Cell, Cube
from sapa.catalogue.models import Entry
from sapa.catalogue.views import tables

# Of the table; the chart shows a longer time.
PERIODS: Final = 5
ROWS: Final = 8
DRAWN: Final = 15


def of(cube: Cube, entry: Entry) -> dict[str, Any]:
    """The context of `catalogue/_figures.html`."""
    chart = tables.shown(cube, entry, QueryDict(""), periods=DRAWN, rows=ROWS)
    table = tables.shown(cube, entry, QueryDict(""), periods=PERIODS, rows=ROWS)
    drawn = {name: chart[name] for name in ("chart", "axis_note", "drawing")}
    return table | drawn | {"newest": _newest(cube, entry)}


def _newest(cube: Cube, entry: Entry) -> dict[str, str] | None:
    """The last known value of the whole (or of the only row), with all that one must know to read it."""
    choice = choosing.read(cube, QueryDict(""), periods=len(cube.periods))
    lines = choosing.lines(cube, choice, whole=entry.area_bps)
    said = lines if len(lines) == 1 else [line for line in lines if line.is_whole][:1]
    known = [cell for line in said for cell in line.cells if signs.parted(cell.value)[0] is not None]
    if not known:
        return None
    last = known[-1]
    return {
        "value": signs.written(last.value),
        "key": last.key,
        "unit": cube.unit or entry.unit,
        "label": last.row.label if len(lines) > 1 or not entry.area else entry.area,
        "period": ", ".join(filter(None, (last.column.label, last.period.label))),
        "status": _status(last, entry),
    }


def _status(cell: Cell, entry: Entry) -> str:
    """What the mark beside the number means; without one the status of all figures."""
    mark = signs.parted(cell.value)[1]
    return (
        str(signs.MARKS[mark])
        if mark in signs.MARKS
        else entry.get_figure_status_display() or _("as published")
    )
