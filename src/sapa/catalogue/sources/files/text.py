"""Rows of a CSV file: UTF-8, whichever of four delimiters, with bounded memory whatever the file holds."""

import csv
import re
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, Final

from django.utils.translation import gettext as _

from sapa.catalogue.sources.files.rows import Row, refused

# A quote that is never closed must not swallow the whole file.
LONGEST_LINE: Final = 1_000_000
DELIMITERS: Final = ",;\t|"
MOST_EMPTY_LINES: Final = 1000
# Nothing that a text editor shows; a tabulator and the ends of lines are no mistake.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def csv_rows(file: BinaryIO) -> Iterator[Row]:
    """The rows of the file, each with the line on which it begins. Raises FileRefused where it is no CSV."""
    lines = _lines(file)
    opening: list[str] = []
    for line in lines:
        opening.append(line)
        if line.strip():
            break
        if len(opening) > MOST_EMPTY_LINES:
            raise refused(len(opening), 1, _("The file begins with empty lines only. Take them out."))
    told = re.fullmatch(r"sep=(.)\s*", opening[-1]) if opening else None
    if told:  # a line by which Excel is told the delimiter
        opening[-1] = "\n"
    delimiter = told[1] if told else _delimiter(opening[-1] if opening else "")
    reader = csv.reader(chain(opening, lines), delimiter=delimiter, strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise refused(begins, 1, _said(error, begins, reader.line_num)) from error
        if cells is None:
            return
        yield Row(begins, tuple(cells))
        begins = reader.line_num + 1


def _said(error: csv.Error, first: int, last: int) -> str:
    if "field larger" in str(error):
        return _("A cell is longer than %(size)s characters. Is a quote never closed?") % {
            "size": str(csv.field_size_limit())
        }
    if last > first:
        return _("From here to line %(last)s this is no CSV (%(problem)s). Check the quotes.") % {
            "last": str(last),
            "problem": str(error),
        }
    return _("This is not a CSV line (%(problem)s). Check the quotes.") % {"problem": str(error)}


def _lines(file: BinaryIO) -> Iterator[str]:
    number = 0
    while raw := file.readline(LONGEST_LINE + 1):
        number += 1
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if len(raw) > LONGEST_LINE:
            raise refused(
                number,
                1,
                _("The line is longer than %(size)s characters. Is a quote never closed?")
                % {"size": str(LONGEST_LINE)},
            )
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            before = raw[: error.start].decode("utf-8", "replace")[-20:].strip()
            raise refused(
                number,
                1,
                _("The file is not UTF-8 text (after “%(before)s”). Save it as “CSV UTF-8”.")
                % {"before": before},
            ) from error
        if control := _CONTROL.search(line):
            raise refused(
                number,
                1,
                _("There is a character that no text has (after “%(before)s”). Delete it.")
                % {"before": line[: control.start()][-20:].strip()},
            )
        yield line


def _delimiter(line: str) -> str:
    """The one that stands most often in the first line, outside of quotes."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(DELIMITERS, key=lambda each: (bare.count(each), -DELIMITERS.index(each)))
