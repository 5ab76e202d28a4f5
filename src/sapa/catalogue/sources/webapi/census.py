"""Tables of the censuses: an event has topics, a topic tables, a table numbers for each area.

What is asked for an area is documented as "the id of the area" of the event's list; programs that read it give the
code of the area. So the code goes first, and only numbers of the area that was meant are taken.
"""

from collections.abc import Iterable
from itertools import count
from typing import Final

from django.utils.translation import gettext as _

from sapa.catalogue.figures import Cube, Value
from sapa.catalogue.figures import Item as Line
from sapa.catalogue.models import Entry, Frequency
from sapa.catalogue.sources.base import Item
from sapa.catalogue.sources.webapi import texts
from sapa.catalogue.sources.webapi.dynamic import value_of
from sapa.catalogue.sources.webapi.envelopes import Row, Unreadable, whole
from sapa.catalogue.sources.webapi.parsing import Around, need

NATION: Final = "0"
MOST_COLUMNS: Final = 400


def table(row: Row, event: Row, around: Around, cube: Cube | None, *, is_unread: bool = False) -> Item:
    """A table of a census, by its event; without numbers they are looked up where the address leads."""
    number, title = need(row, "id", "sensus"), need(row, "nama", "sensus")
    name = need(event, "kegiatan", "sensus")
    year = whole(event.get("tahun_kegiatan"))
    level = texts.level_of_title(title)
    values = around.values(
        title,
        summary="\n".join(filter(None, (name, texts.body(row.get("deskripsi"))))),
        keywords=f"sensus {name}",
        subject=texts.line(row.get("topik")),
        frequency=Frequency.DECENNIAL,
        year_from=year,
        year_until=year,
        producer="Badan Pusat Statistik",
        url="https://sensus.bps.go.id",
        **({"level": level} if level else {}),
    )
    known = around.number(f"{need(event, 'id', 'sensus')}-{number}", "sensus-")
    return Item(Entry.Kind.STATIC_TABLE, known, values, cube=cube, keeps_numbers=is_unread)


def area_of(rows: Iterable[Row], around: Around) -> list[str]:
    """What the area of this site may be asked by, the likeliest first; empty when the event knows nothing of it."""
    wanted = around.domain.region_code or NATION
    for row in rows:
        if texts.line(row.get("kode_mfd")) == wanted:
            return list(dict.fromkeys(filter(None, (wanted, texts.line(row.get("id"))))))
    return []


def cube_of(rows: Iterable[Row], around: Around) -> Cube | None:
    """The numbers of the area and of those in it, what has the most items as rows. None when there are none."""
    wanted = around.domain.region_code or NATION
    data = [row for row in rows if _is_within(texts.line(row.get("kode_wilayah")), wanted)]
    if not data:
        return None
    axes = _axes(data)
    down = max(axes, key=lambda name: len(axes[name]))
    across = [name for name in axes if name != down and len(axes[name]) > 1]
    lines: dict[str, Line] = {}
    columns: dict[str, Line] = {}
    periods: dict[str, Line] = {}
    cells: dict[tuple[str, str, str], Value] = {}
    for row in data:
        line, period = _item(row, down), Line(*[need(row, "period", "sensus")] * 2)
        parts = [_item(row, name) for name in across]
        column = Line("-".join(part.code for part in parts) or "0", ", ".join(part.label for part in parts))
        value = value_of(texts.line(row.get("nilai")).removesuffix(".0"))  # counts come as "2523198.0"
        lines.setdefault(line.code, line)
        columns.setdefault(column.code, column)
        periods.setdefault(period.code, period)
        if value is not None:
            cells[line.code, column.code, period.code] = value
    if len(columns) > MOST_COLUMNS:
        raise Unreadable(_("The table is too large to be read (%(what)s).") % {"what": "sensus"})
    return Cube(
        rows=tuple(lines.values()),
        columns=tuple(columns.values()),
        periods=tuple(periods[code] for code in sorted(periods)),
        cells=cells,
        rows_label=texts.line(data[0].get(f"nama_kategori_{down}")) if down.isdigit() else "",
        notes="\n".join(_fixed(data[0], axes)),
    )


def _axes(data: list[Row]) -> dict[str, set[str]]:
    """What tells the numbers apart: areas, indicators, and the categories 1, 2 … that the rows have."""
    found = {"wilayah": {_item(row, "wilayah").code for row in data}}
    found["indikator"] = {_item(row, "indikator").code for row in data}
    for number in count(1):
        if f"nama_kategori_{number}" not in data[0]:
            return found
        if any(texts.line(row.get(f"nama_kategori_{number}")) for row in data):
            found[str(number)] = {_item(row, str(number)).code for row in data}
    raise AssertionError


def _item(row: Row, axis: str) -> Line:
    if axis == "wilayah":
        return Line(need(row, "kode_wilayah", "sensus"), texts.line(row.get("nama_wilayah")))
    if axis == "indikator":
        name = texts.line(row.get("nama_indikator"))
        return Line(texts.line(row.get("id_indikator")) or name, name)
    name = texts.line(row.get(f"nama_item__kategori_{axis}") or row.get(f"nama_item_kategori_{axis}"))
    return Line(texts.line(row.get(f"kode_item_kategori_{axis}")) or name, name)


def _fixed(row: Row, axes: dict[str, set[str]]) -> list[str]:
    """What is the same for all numbers stands in the notes: the indicator, an only category."""
    fixed = [_item(row, name).label for name, items in axes.items() if len(items) == 1]
    return [label for label in dict.fromkeys(fixed) if label]


def _is_within(code: str, area: str) -> bool:
    return code == area if area == NATION else code.startswith(area)
