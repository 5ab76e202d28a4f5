"""Any file that somebody hands over: its rows, or one clear sentence and the place."""

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from openpyxl import Workbook

from sapa.catalogue.sources.files import sheets
from sapa.catalogue.sources.files.rows import Row, rows_of
from sapa.offices.marked_yaml import FileRefused


def read(contents: bytes, sheet: str = "") -> list[Row]:
    return list(rows_of(io.BytesIO(contents), sheet=sheet))


def refusal(contents: bytes, sheet: str = "") -> tuple[int, int, str]:
    with translation.override("en"), pytest.raises(FileRefused) as refused:
        read(contents, sheet)
    [problem] = refused.value.problems
    return problem.line, problem.column, problem.sentence


def book(rows: list[list[Any]], **formats: str) -> bytes:
    made = Workbook()
    page = made.active
    assert page is not None
    for row in rows:
        page.append(row)
    for cell, given in formats.items():
        page[cell].number_format = given
    return saved(made)


def saved(made: Workbook) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_and_quoted_ones_are_text(delimiter: str) -> None:
    text = f'a{delimiter}"b, c; d"\n1{delimiter}"x\ny"\n\n2{delimiter}z\n'
    assert read(text.encode()) == [Row(1, ("a", "b, c; d")), Row(2, ("1", "x\ny")), Row(5, ("2", "z"))]


def test_a_byte_order_mark_a_word_to_excel_and_empty_lines_are_no_rows() -> None:
    assert read(b"\xef\xbb\xbf\r\nsep=;\r\na;b\r\n") == [Row(3, ("a", "b"))]
    assert read(b"\xef\xbb\xbfsep=;\r\na;b,c\r\n;\r\n") == [Row(2, ("a", "b,c"))]
    assert read(b"") == []


@pytest.mark.parametrize(
    ("contents", "line", "said"),
    [
        (b"a,b\n1,caf\xe9\n", 2, "not UTF-8 text (after “1,caf”)"),
        ("a,b\n1,2\n".encode("utf-16"), 1, "UTF-16"),
        (b"a,b\n1,x\x07y\n", 2, "a character that no text has (after “1,x”)"),
        (b"\n <!DOCTYPE html><html>", 1, "web page"),
        (b"%PDF-1.7", 1, "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", 1, "old spreadsheet"),
        (b'a,b\n1,"never\nclosed\n', 2, "From here to line 3"),
        (b"a,b\n1," + b"x" * 200_000, 2, "cell is longer"),
        (b"a,b\n1," + b"x" * 10_000_000, 2, "line is longer"),
        (b'a,b\n1,"' + b"x\n" * 100_000, 2, "cell is longer"),
        (b"a,b\n" + b"," * 300 + b"x\n", 2, "more than 200 columns"),
        (b"\n" * 2000, 1001, "empty lines only"),
        (b"PK\x03\x04 not a zip", 1, "damaged"),
    ],
)
def test_what_is_no_list_is_refused_with_line_and_way_out(contents: bytes, line: int, said: str) -> None:
    found = refusal(contents)
    assert found[0] == line
    assert said in found[2]


def test_cells_of_a_sheet_are_read_as_people_see_them() -> None:
    given: list[list[Any]] = [
        ["kode", "tahun", "nilai", "tanggal", "jam", "ya"],
        [
            1262,
            2025.0,
            0.1 + 0.2,
            date(2026, 11, 25),
            datetime.combine(date(2026, 11, 25), time(10, 30)),
            True,
        ],
        [],
        ["x", None, "  "],
    ]
    assert read(book(given, A2="00000")) == [
        Row(1, ("kode", "tahun", "nilai", "tanggal", "jam", "ya")),
        Row(2, ("01262", "2025", "0.3", "2026-11-25", "2026-11-25 10:30:00", "TRUE")),
        Row(4, ("x", "", "  ")),
    ]


def test_a_formula_is_read_by_its_result_and_refused_without_one() -> None:
    without = book([["a", "b"], [1, "=A2+1"]])
    line, column, said = refusal(without)
    assert (line, column) == (2, 2)
    assert "B2" in said
    with_result = _edited(without, "xl/worksheets/sheet1.xml", b"<v />", b"<v>2</v>")
    with_result = _edited(with_result, "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>2</v>")
    assert read(with_result)[1] == Row(2, ("1", "2"))


def test_an_error_shown_in_a_cell_is_no_value() -> None:
    assert refusal(book([["a"], ["#N/A"]]))[:2] == (2, 1)


def test_a_sheet_is_found_by_its_name_and_else_the_first_that_is_shown() -> None:
    made = Workbook()
    hidden = made.active
    assert hidden is not None
    hidden.sheet_state = "hidden"
    made.create_sheet("Daftar").append(["a"])
    made.create_sheet("Lain").append(["b"])
    assert read(saved(made)) == [Row(1, ("a",))]
    assert read(saved(made), "Lain") == [Row(1, ("b",))]
    assert "Daftar" in refusal(saved(made), "Tidak ada")[2]


def test_a_bomb_an_entity_and_an_archive_are_no_spreadsheets(monkeypatch: pytest.MonkeyPatch) -> None:
    good = book([["a"], ["b"]])
    entity = b'<!DOCTYPE w [<!ENTITY a "aaaa">]><worksheet'
    assert "damaged" in refusal(_edited(good, "xl/worksheets/sheet1.xml", b"<worksheet", entity))[2]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("satu.csv", "a,b")
    assert "archive" in refusal(archive.getvalue())[2]
    half = good[: len(good) // 2]
    assert "damaged" in refusal(half)[2]
    bomb = _edited(good, "xl/worksheets/sheet1.xml", b"</worksheet>", b"</worksheet>" + b" " * 3_000_000)
    assert len(bomb) < 20_000
    monkeypatch.setattr(sheets, "LARGEST_UNPACKED", 2_000_000)
    assert "too large" in refusal(bomb)[2]


def _edited(contents: bytes, part: str, old: bytes, new: bytes) -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(contents)) as given,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for each in given.infolist():
            text = given.read(each)
            made.writestr(each.filename, text.replace(old, new) if each.filename == part else text)
    return file.getvalue()


def test_a_long_file_is_read_without_holding_it(tmp_path: Path) -> None:
    import tracemalloc

    file = tmp_path / "panjang.csv"
    with file.open("w") as opened:
        opened.write("kind,title,external_id\n")
        opened.writelines(
            f"static_table,Tabel {number} menurut kecamatan,t{number}\n" for number in range(15_000)
        )
    tracemalloc.start()
    try:
        with file.open("rb") as opened:
            met = sum(1 for row in rows_of(opened))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert met == 15_001
    assert peak < 500_000
