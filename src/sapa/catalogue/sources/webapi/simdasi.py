"""SIMDASI: the tables of "Dalam Angka" of one area, their numbers a year at a time.

The documentation of the WebAPI tells what is asked (area, year, table); how the numbers come back is known only from
programs that read them: `kolom` names the columns, `data` the rows, each with `variables` by column. What comes
otherwise is told as not understood, and the table stands with its link.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from sapa.catalogue.figures import Cube, Value
from sapa.catalogue.figures import Item as Line
from sapa.catalogue.models import Entry, Frequency
from sapa.catalogue.sources.base import Item
from sapa.catalogue.sources.webapi import texts
from sapa.catalogue.sources.webapi.dynamic import value_of
from sapa.catalogue.sources.webapi.envelopes import Row, Unreadable, whole
from sapa.catalogue.sources.webapi.parsing import Around, need

# Each year costs a question; what is older stands in the publications.
MOST_YEARS: Final = 5


def years_of(row: Row) -> list[int]:
    """The years of which there are numbers, in their order."""
    listed = row.get("ketersediaan_tahun")
    return sorted({year for each in (listed if isinstance(listed, list) else []) if (year := whole(each))})


def table(row: Row, around: Around, cube: Cube | None, *, is_unread: bool = False) -> Item:
    """A table as SIMDASI lists it, with its numbers where they were told; `is_unread`: there are, but they were not
    understood."""
    number = need(row, "id_tabel", "simdasi")
    title = texts.line(row.get(_named("judul", around))) or need(row, "judul", "simdasi")
    years = years_of(row)
    level = texts.level_of_title(title)
    values = around.values(
        title,
        keywords=f"Dalam Angka {texts.line(row.get('kode_tabel'))}".strip(),
        subject=texts.line(row.get(_named("bab", around)) or row.get("bab") or row.get("subject")),
        frequency=Frequency.YEARLY,
        unit=cube.unit if cube else "",
        year_from=min(years, default=None),
        year_until=max(years, default=None),
        **({"level": level} if level else {}),
    )
    return Item(
        Entry.Kind.STATIC_TABLE,
        around.number(number, "simdasi-"),
        values,
        cube=cube,
        keeps_numbers=is_unread,
    )


def cube_of(told: Mapping[int, Row], around: Around) -> Cube | None:
    """One table of the answers for several years; rows and columns are those of the newest year, then those that only
    older ones have. None when they hold no numbers. Raises Unreadable where an answer has another shape."""
    rows: dict[str, Line] = {}
    columns: dict[str, Line] = {}
    units: dict[str, str] = {}
    cells: dict[tuple[str, str, str], Value] = {}
    signs: dict[str, str] = {}
    for year in sorted(told, reverse=True):
        names, measured = _columns(told[year], around)
        for name in names.values():
            columns.setdefault(name, Line(name, name))
        units = measured | units
        signs |= _signs(told[year])
        for code, label, values in _rows(told[year]):
            rows.setdefault(code, Line(code, label))
            for column, value in values.items():
                if column in names and value is not None:
                    cells.setdefault((code, names[column], str(year)), value)
    if not cells:
        return None
    common = set(units.values())
    unit = common.pop() if len(common) == 1 and len(units) == len(columns) else ""
    shown = [
        Line(name, f"{name} ({units[name]})" if units.get(name) and not unit else name) for name in columns
    ]
    return Cube(
        rows=tuple(rows.values()),
        columns=tuple(shown) if len(shown) > 1 else (Line(shown[0].code, ""),),
        periods=tuple(Line(str(year), str(year)) for year in sorted(told)),
        cells=cells,
        unit=unit,
        notes="\n".join(f"{sign}: {words}" for sign, words in signs.items()),
    )


def _columns(answer: Row, around: Around) -> tuple[dict[str, str], dict[str, str]]:
    """The names of the columns by their ids, and their units by their names: ids change from year to year."""
    found = answer.get("kolom")
    if not isinstance(found, Mapping) or not all(isinstance(each, Mapping) for each in found.values()):
        raise _unknown("kolom")
    names: dict[str, str] = {}
    units: dict[str, str] = {}
    for number, each in found.items():
        name = texts.line(each.get(_named("nama_variabel", around)) or each.get("nama_variabel"))
        # Two columns may be called the same; then their ids tell them apart.
        name = f"{name} [{number}]" if not name or name in names.values() else name
        names[str(number)] = name
        unit = texts.line(each.get(_named("satuan", around)) or each.get("satuan"))
        if unit:
            units[name] = unit
    return names, units


def _rows(answer: Row) -> list[tuple[str, str, dict[str, Value | None]]]:
    found = answer.get("data")
    if not isinstance(found, list):
        raise _unknown("data")
    rows = []
    for each in found:
        values = each.get("variables") if isinstance(each, Mapping) else None
        if not isinstance(values, Mapping):
            raise _unknown("variables")
        label = texts.line(each.get("label") or each.get("label_raw"))
        code = texts.line(each.get("kode_wilayah")) or label
        if code:
            rows.append((code, label or code, {str(name): _value(value) for name, value in values.items()}))
    return rows


def _value(told: Any) -> Value | None:
    """The number as it is, else what stands in its place; the one for people has points and commas of its own."""
    if not isinstance(told, Mapping):
        return value_of(told)
    exact = value_of(told.get("value_raw"))
    return value_of(told.get("value")) if exact is None or isinstance(exact, str) else exact


def _signs(answer: Row) -> dict[str, str]:
    found = answer.get("keterangan_data")
    if not isinstance(found, Mapping):
        return {}
    told = {texts.line(sign): texts.line(words) for sign, words in found.items()}
    return {sign: words for sign, words in told.items() if sign and words}


def _named(name: str, around: Around) -> str:
    return name if around.language == "id" else f"{name}_en"


def _unknown(name: str) -> Unreadable:
    return Unreadable(
        _("The part “%(name)s” of the table is missing (%(what)s).") % {"name": name, "what": "simdasi"}
    )
