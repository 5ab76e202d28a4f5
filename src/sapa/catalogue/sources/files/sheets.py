"""Rows of an XLSX file, as people see them. openpyxl is loaded when such a file comes, not before."""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any, BinaryIO, Final

from django.utils.translation import gettext as _

from sapa.catalogue.sources.files.rows import WIDEST, Row, refused

# What the parts may be together when unpacked, and the texts, which are held in memory.
LARGEST_UNPACKED: Final = 600_000_000
LARGEST_TEXTS: Final = 80_000_000
MOST_PARTS: Final = 2_000
LAST_ROW: Final = 1_048_576
LONGEST_CELL: Final = 100_000
_PIECE: Final = 1 << 20
_DOCTYPE: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# A formula that no program has worked out: there is nothing to see in its cell.
# The bounds keep the search linear whatever the file holds.
_UNWORKED: Final = re.compile(
    rb'<c [^>]{0,80}?r="([A-Z]{1,3})(\d{1,7})"[^>]{0,80}>\s{0,20}<f[^>]{0,200}?(?:/>|>[^<]{0,8200}</f>)\s{0,20}'
    rb"(?:<v\s{0,20}/>|<v></v>|</c>)"
)
_ZEROS: Final = re.compile(r"0{2,}")


def sheet_rows(file: BinaryIO, *, sheet: str = "") -> Iterator[Row]:
    """The rows of the named sheet, or of the first that is shown. Raises FileRefused for what is no honest XLSX."""
    from openpyxl import load_workbook

    _refuse_tricks(file)
    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever its parsers do
        raise refused(1, 1, _("The spreadsheet is damaged. Open it and save it anew as .xlsx.")) from error
    try:
        names = {each.title: each for each in book.worksheets}
        shown = [each for each in book.worksheets if each.sheet_state == "visible"]
        found = names.get(sheet) if sheet else next(iter(shown), None)
        if found is None:
            raise refused(
                1,
                1,
                _("There is no sheet “%(sheet)s”. There are: %(known)s.")
                % {"sheet": sheet, "known": ", ".join(names)},
            )
        found.reset_dimensions()
        yield from _rows(found)
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[Row]:
    line = 0
    rows = sheet.iter_rows()
    while True:
        try:
            cells = next(rows, None)
        except Exception as error:  # a broken part shows only when it is reached
            raise refused(
                line + 1, 1, _("The spreadsheet is damaged. Open it and save it anew as .xlsx.")
            ) from error
        if cells is None:
            return
        line += 1
        if line > LAST_ROW:
            raise refused(line, 1, _("A sheet has no more than %(rows)s rows.") % {"rows": LAST_ROW})
        if len(cells) > WIDEST:
            last = next((place for place in range(len(cells), 0, -1) if cells[place - 1].value), 0)
            cells = cells[: max(last, 1)]
        yield Row(line, tuple(_text(cell, line, place) for place, cell in enumerate(cells, 1)))


def _text(cell: Any, line: int, column: int) -> str:
    """The value of a cell as it is read on the screen."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        zeros = _ZEROS.fullmatch(str(cell.number_format))
        if zeros and value == int(value):  # 01262 kept as the number 1262, shown with its zero
            return str(int(value)).zfill(len(zeros[0]))
        return format(value, ".15g") if isinstance(value, float) else str(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time | timedelta):
        return str(value)
    if cell.data_type == "e":
        raise refused(
            line, column, _("The cell shows an error (%(value)s). Mend its formula.") % {"value": str(value)}
        )
    text = str(value)
    if len(text) > LONGEST_CELL:
        raise refused(
            line, column, _("A cell is longer than %(size)s characters.") % {"size": str(LONGEST_CELL)}
        )
    return text


def _refuse_tricks(file: BinaryIO) -> None:
    """An archive that would fill the memory, that describes entities, or whose formulas nobody worked out."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            # Reading stops at the size that the directory tells: it may be believed as an upper bound.
            texts = sum(part.file_size for part in parts if "sharedStrings" in part.filename)
            if (
                len(parts) > MOST_PARTS
                or sum(part.file_size for part in parts) > LARGEST_UNPACKED
                or texts > LARGEST_TEXTS
            ):
                raise refused(
                    1, 1, _("Unpacked, the spreadsheet is too large. Save its rows as “CSV UTF-8” instead.")
                )
            if "[Content_Types].xml" not in archive.namelist():
                raise refused(1, 1, _("This is an archive, not a spreadsheet. Unpack it first."))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as opened:
                        _look_through(opened, is_sheet="worksheets/" in part.filename)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise refused(1, 1, _("The spreadsheet is damaged. Open it and save it anew as .xlsx.")) from error


def _look_through(opened: IO[bytes], *, is_sheet: bool) -> None:
    kept = b""
    while piece := opened.read(_PIECE):
        looked_at = kept + piece
        if _DOCTYPE.search(looked_at):
            raise refused(1, 1, _("The spreadsheet is damaged. Open it and save it anew as .xlsx."))
        unworked = _UNWORKED.search(looked_at) if is_sheet and b"<f" in looked_at else None
        if unworked:
            letters, line = unworked[1].decode(), int(unworked[2])
            raise refused(
                line,
                _column(letters),
                _(
                    "Cell %(cell)s holds a formula without its result. Open the file in a spreadsheet program, save it."
                )
                % {"cell": f"{letters}{line}"},
            )
        kept = looked_at[-9000:]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
