"""The rows of a file that somebody hands over, one after the other: what it is, is seen by its contents."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from django.utils.translation import gettext as _

from sapa.offices.marked_yaml import FileRefused, Problem

LARGEST: Final = 1_000_000_000
WIDEST: Final = 200
# A catalogue is told on one line a thing; more is a register and belongs into a database of its own.
MOST_ROWS: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row as people see it; `line` counts from 1, as an editor or a spreadsheet shows it."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


def refused(line: int, column: int, sentence: str) -> FileRefused:
    """The refusal of a whole file for one thing; line 0 when no line is meant."""
    return FileRefused([Problem(line, column if line else 0, sentence)])


def rows_of(file: BinaryIO, *, sheet: str = "") -> Iterator[Row]:
    """The rows of a CSV or XLSX file, read bit by bit, without the empty ones; `sheet` is the name of one sheet.

    Raises FileRefused, at once for what is neither, or on the way where the file cannot be read further.
    """
    from sapa.catalogue.sources.files.sheets import sheet_rows
    from sapa.catalogue.sources.files.text import csv_rows

    size = file.seek(0, 2)
    file.seek(0)
    if size > LARGEST:
        raise refused(
            0, 0, _("The file is larger than %(size)s MB. Divide it.") % {"size": str(LARGEST // 1_000_000)}
        )
    beginning = file.read(512)
    file.seek(0)
    sentence = _unreadable(beginning)
    if sentence:
        raise refused(1, 1, sentence)
    rows = sheet_rows(file, sheet=sheet) if beginning.startswith(b"PK\x03\x04") else csv_rows(file)
    met = 0
    for row in rows:
        if row.is_empty:
            continue
        if len(row.cells) > WIDEST:
            raise refused(
                row.line,
                WIDEST + 1,
                _("There are more than %(columns)s columns. Keep those that are needed.")
                % {"columns": str(WIDEST)},
            )
        met += 1
        if met > MOST_ROWS + 1:
            raise refused(
                row.line, 1, _("There are more than %(rows)s rows. Divide the file.") % {"rows": MOST_ROWS}
            )
        yield row


def _unreadable(beginning: bytes) -> str:
    """What the file is instead of a list, and what to do; empty when it may be one."""
    start = beginning.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<table", b"<meta", b"<body", b"<?xml")):
        return _("This is a web page (HTML) or XML, not a list. Download the file itself, as CSV or XLSX.")
    if beginning.startswith(b"\xd0\xcf\x11\xe0"):
        return _("This is an old spreadsheet (.xls). Open it and save it as .xlsx or as “CSV UTF-8”.")
    if start.startswith(b"%pdf"):
        return _("This is a PDF. A list is read from CSV or XLSX only.")
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _("The file is UTF-16 text. Save it as “CSV UTF-8”.")
    return ""
