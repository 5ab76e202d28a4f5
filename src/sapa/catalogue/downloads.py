"""A table of figures as a file: for programs one datum per line, for people a workbook; its citation is in it.

In the CSV the citation stands at the end in lines that begin with #, in the workbook on a sheet of its own: what reads
the data need not know of it.
"""

import csv
import io
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.text import slugify
from django.utils.translation import gettext as _

from sapa.catalogue.citations import citation_of, worded
from sapa.catalogue.figures import Cube
from sapa.catalogue.models import Entry
from sapa.catalogue.signs import explained, parted
from sapa.ui.dates import language, moment, short_date
from sapa.ui.spreadsheets import guarded

TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LONGEST_NAME: Final = 80
# What a workbook may not hold.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LONGEST_CELL: Final = 32_000
# Beyond these a spreadsheet would round a number that it is given as one.
_MOST_DIGITS: Final = 15
About = Sequence[tuple[str, str]]


def file_name(entry: Entry, kind: str) -> str:
    """What the file says of itself: jumlah-penduduk-menurut-kecamatan-1808.csv."""
    words = slugify(entry.title)[:LONGEST_NAME].strip("-") or "tabel"
    code = slugify(entry.area_bps or entry.office.code)
    return f"{words}-{code}.{kind}"


def about(
    entry: Entry, cube: Cube, *, page: str, fetched_at: datetime, at: datetime
) -> list[tuple[str, str]]:
    """What one must know of the numbers, and how to cite them. What is not known is left out."""
    said = worded(citation_of(entry))
    zone = entry.office.zone
    address = entry.url or page
    cited = _("%(producer)s. %(title)s. %(address)s (seen on %(day)s)") % {
        "producer": entry.producer or entry.office.name,
        "title": entry.title,
        "address": address,
        "day": short_date(at, zone),
    }
    signs = explained([*cube.cells.values(), *([None] if _has_gaps(cube) else [])])
    rows = [
        (_("Table"), entry.title),
        (_("Area"), said["area"]),
        (_("Unit"), cube.unit or entry.unit),
        (_("Status of the figures"), said["status"]),
        (_("Notes"), cube.notes),
        (_("Signs"), "; ".join(f"{sign} {words}" for sign, words in signs)),
        (_("Source"), said["source"]),
        (_("Address of the source"), entry.url),
        (_("Fetched from the source"), moment(fetched_at, zone)),
        (_("Downloaded"), moment(at, zone)),
        (_("Downloaded from"), page),
        (_("How to cite it"), cited),
        (_("Note"), _("Invented figures of a demonstration.") if entry.is_demo else ""),
    ]
    return [(term, " ".join(text.split())) for term, text in rows if text]


def as_csv(cube: Cube, about: About) -> bytes:
    """One datum per line, then the citation. Parted and written as spreadsheets of the reader's language expect it."""
    indonesian = language() == "id"
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if indonesian else ",", lineterminator="\r\n")
    head = (_("Row code"), _("Row"), _("Column"), _("Period"), _("Value"), _("Sign"))
    writer.writerow(head)
    for row in cube.rows:
        for column in cube.columns:
            for period in cube.periods:
                exact, sign = parted(cube.value(row.code, column.code, period.code))
                value = "" if exact is None else f"{exact:f}"
                names = (row.code, row.label, column.label, period.label)
                number = value.replace(".", ",") if indonesian else value
                writer.writerow([*map(guarded, names), number, guarded(sign)])
    writer.writerows([f"# {term}", guarded(words)] for term, words in about)
    return text.getvalue().encode("utf-8-sig", errors="ignore")


def as_xlsx(cube: Cube, about: About) -> bytes:
    """The table as one reads it, numbers as numbers with their marks, and a second sheet with what to know of it."""
    # Takes a third of a second to load, and most pages never need it.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    book = Workbook(write_only=True)

    def text(sheet: WriteOnlyWorksheet, words: str, *, bold: bool = False) -> Any:
        cell = WriteOnlyCell(sheet, _CONTROL.sub("", words)[:_LONGEST_CELL])
        cell.data_type = "s"  # also what begins like a formula
        if bold:
            cell.font = Font(bold=True)
        return cell

    def figure(sheet: WriteOnlyWorksheet, exact: Decimal | None, sign: str) -> Any:
        if exact is None:
            return text(sheet, sign) if sign else None
        if len(exact.as_tuple().digits) > _MOST_DIGITS:
            return text(sheet, f"{exact:f}{sign}")
        cell = WriteOnlyCell(sheet, float(exact))
        places = max(0, -int(exact.as_tuple().exponent))
        cell.number_format = f"#,##0{'.' + '0' * places if places else ''}" + (f'"{sign}"' if sign else "")
        return cell

    data = book.create_sheet(_("Data"))
    data.freeze_panes = "C2" if _is_divided(cube) else "B2"
    data.column_dimensions["A"].width = 32
    heads = [cube.rows_label or _("Breakdown"), *([_("Column")] if _is_divided(cube) else [])]
    data.append([text(data, words, bold=True) for words in [*heads, *(each.label for each in cube.periods)]])
    for row in cube.rows:
        for column in cube.columns:
            names = [row.label, column.label] if _is_divided(cube) else [row.label]
            values = [parted(cube.value(row.code, column.code, each.code)) for each in cube.periods]
            data.append([*(text(data, name) for name in names), *(figure(data, *value) for value in values)])
    facts = book.create_sheet(_("About the data"))
    facts.column_dimensions["A"].width, facts.column_dimensions["B"].width = 26, 90
    for term, words in about:
        facts.append([text(facts, term, bold=True), text(facts, words)])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _is_divided(cube: Cube) -> bool:
    return len(cube.columns) > 1 or any(column.label for column in cube.columns)


def _has_gaps(cube: Cube) -> bool:
    return len(cube.cells) < len(cube.rows) * len(cube.columns) * len(cube.periods)
