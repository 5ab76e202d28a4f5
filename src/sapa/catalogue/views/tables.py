"""The numbers of an entry as a page shows them: the part that was chosen, its chart, what its signs mean."""

from collections.abc import Sequence
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sapa.catalogue import charts, choosing, signs
from sapa.catalogue.choosing import PERIODS, ROWS, Choice, Line
from sapa.catalogue.figures import Cube, Item
from sapa.catalogue.models import Entry

# Beyond this many rows a list of boxes is no help; words find a row.
MOST_BOXES: Final = 40


def shown(
    cube: Cube, entry: Entry, given: QueryDict, *, periods: int = PERIODS, rows: int = ROWS
) -> dict[str, Any]:
    """The context of a table of figures, for the choice that an address tells."""
    choice = choosing.read(cube, given, periods=periods)
    chosen = choosing.lines(cube, choice, whole=entry.area_bps)
    choice = choosing.with_page(choice, rows=len(chosen), most=rows)
    page = Paginator(chosen, rows).page(choice.page)
    column = next((each for each in cube.columns if each.code == choice.column), Item("", ""))
    sel = cube.cell(given.get("sel", ""))
    return {
        "cube": cube,
        "choice": choice,
        "caption": ", ".join(filter(None, (entry.title, column.label))),
        "unit": cube.unit or entry.unit,
        "rows_label": cube.rows_label or _("Breakdown"),
        "columns": [(each.code, each.label) for each in cube.columns],
        "all_periods": [(each.code, each.label) for each in cube.periods],
        "since": cube.periods[choice.since].code if cube.periods else "",
        "until": cube.periods[choice.until].code if cube.periods else "",
        "periods": cube.periods[choice.since : choice.until + 1],
        "boxes": cube.rows if 1 < len(cube.rows) <= MOST_BOXES else (),
        "lines": [_cells(line, sel.key if sel else "") for line in page],
        "page": page,
        "pairs": choice.pairs(cube),
        "query": choice.query(cube),
        "legend": signs.explained(choosing.values(list(page))),
        "drawings": [("", _("By itself")), ("line", _("Lines")), ("bar", _("Bars"))],
        "sel": sel if sel and sel.value is not None else None,
        **_chart(cube, entry, choice, chosen, column),
    }


def _cells(line: Line, selected: str) -> tuple[Item, list[tuple[str, str, bool]]]:
    """The row, and for each cell its words, its key (none where nothing can be cited) and whether it was chosen."""
    return line.row, [
        (signs.written(cell.value), "" if cell.value is None else cell.key, cell.key == selected)
        for cell in line.cells
    ]


def _chart(
    cube: Cube, entry: Entry, choice: Choice, chosen: Sequence[Line], column: Item
) -> dict[str, SafeString | str]:
    kind, periods = choosing.drawing(cube, choice), cube.periods[choice.since : choice.until + 1]
    unit = cube.unit or entry.unit
    title = ", ".join(filter(None, (entry.title, column.label)))
    if kind == "line":
        drawn = choosing.drawn_lines(chosen)
        chart = charts.line_chart(
            [(line.row.label, line.values) for line in drawn],
            periods=[each.label for each in periods],
            title=title,
            unit=unit,
            told=_told_lines(drawn),
        )
    else:
        drawn = choosing.drawn_bars(chosen)
        newest = periods[-1].label if periods else ""
        chart = charts.bar_chart(
            [(line.row.label, line.values[-1] if line.values else None) for line in drawn],
            title=", ".join(filter(None, (title, newest))),
            unit=unit,
            told=_told_bars(drawn),
        )
    is_cut = (
        kind == "line" and charts.axis([v for line in drawn for v in line.values], from_zero=False).is_cut
    )
    axis = _("The axis does not begin at zero.") if is_cut else ""
    note = " ".join(filter(None, (_left_out(drawn, chosen), axis)))
    return {"chart": chart, "drawing": kind, "chart_note": note, "axis_note": axis}


def _told_lines(drawn: Sequence[Line]) -> str:
    """The first and the last value of each line, for who hears the page."""
    told = []
    for line in drawn:
        known = [cell for cell in line.cells if signs.parted(cell.value)[0] is not None]
        ends = [known[0], known[-1]] if len(known) > 1 else known
        values = ", ".join(f"{cell.period.label} {signs.written(cell.value)}" for cell in ends)
        told.append(f"{line.row.label}: {values}")
    return "; ".join(told)


def _told_bars(drawn: Sequence[Line]) -> str:
    return "; ".join(
        f"{line.row.label}: {signs.written(line.cells[-1].value)}" for line in drawn if line.cells
    )


def _left_out(drawn: Sequence[Line], chosen: Sequence[Line]) -> str:
    """Which rows the chart shows where it does not show all."""
    told = [line for line in chosen if any(value is not None for value in line.values)]
    if len(drawn) >= len(told) or not drawn:
        return ""
    if all(line.is_whole for line in drawn):
        return _("The chart shows the whole. Choose up to %(most)s rows to compare them.") % {
            "most": choosing.LINES
        }
    if len(told) - len(drawn) == sum(line.is_whole for line in told):
        return _("The chart leaves out the whole.")
    return _("The chart shows the %(shown)s largest of %(all)s rows.") % {
        "shown": len(drawn),
        "all": len(told),
    }
