"""Files for a spreadsheet: nothing in them is a formula, and the reader's spreadsheet understands the numbers."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from sapa.reports.table import Table, as_csv


def written(*cells, language="id"):
    with translation.override(language):
        return as_csv(Table("k", "T", ["A"] * len(cells), [cells])).decode("utf-8-sig").split("\r\n")[1]


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "   @"]
)
def test_a_cell_that_could_be_a_formula_is_made_text(start):
    assert written(f"{start}1+1").strip('"').startswith("'" + start)


def test_a_heading_is_guarded_too():
    assert as_csv(Table("k", "T", ["=A1"], [])).decode("utf-8-sig") == "'=A1\r\n"


def test_a_negative_number_stays_a_number():
    assert written(-3, Decimal("-1.5"), language="en") == "-3,-1.5"


def test_quotes_separators_and_lines_stay_in_their_cell():
    assert written('Ia berkata "bagus"; lalu\npergi') == '"Ia berkata ""bagus""; lalu\npergi"'


@pytest.mark.parametrize(
    ("language", "line"), [("id", "71,4;10;;2026-11-23;5,5"), ("en", "71.4,10,,2026-11-23,5.5")]
)
def test_numbers_are_written_as_the_readers_spreadsheet_expects(language, line):
    cells = (Decimal("71.4"), 10, None, date(2026, 11, 23), timedelta(minutes=5, seconds=30))
    assert written(*cells, language=language) == line


def test_instants_are_written_in_the_zone_of_the_office():
    assert written(datetime(2026, 11, 23, 1, 30, tzinfo=UTC)) == "2026-11-23 08:30:00"


def test_excel_knows_the_file_as_utf_8():
    assert as_csv(Table("k", "T", ["Ä"], [])).startswith(b"\xef\xbb\xbf")
