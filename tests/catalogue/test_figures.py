"""The numbers of a table: what is kept, which part is looked at, and how a figure is written."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils import translation

from sapa.catalogue import choosing, demo, figures, long_tables, signs
from sapa.catalogue.figures import Cube, Item
from sapa.catalogue.models import Entry, Figures
from sapa.core.errors import Refused
from sapa.offices.models import Office
from tests.conftest import Clock

LIST = """external_id,row_code,row,column,period,value
t-1,1808010,Banjar Agung,Laki-laki,2023,21034
t-1,1808010,Banjar Agung,Jumlah,2023,41034.50
t-1,1808010,Banjar Agung,Jumlah,2024,41500*
t-1,,Menggala,Jumlah,2024,
t-2,a,A,,2024,-
"""


def small(rows: int = 3, periods: int = 4, columns: tuple[str, ...] = ("",)) -> Cube:
    """Row 1 has 11, 12, 13 …, row 2 has 21, 22 …"""
    return Cube(
        rows=tuple(Item(f"r{row}", f"Baris {row}") for row in range(1, rows + 1)),
        columns=tuple(Item(column, column) for column in columns),
        periods=tuple(Item(f"p{period}", f"{2019 + period}") for period in range(1, periods + 1)),
        cells={
            (f"r{row}", column, f"p{period}"): Decimal(10 * row + period)
            for row in range(1, rows + 1)
            for column in columns
            for period in range(1, periods + 1)
        },
        unit="jiwa",
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5.10", Decimal("5.10")),
        ("-3", Decimal(-3)),
        ("1.5E+3", Decimal(1500)),
        *(
            (text, text)
            for text in ("1E+999999999", "1_000", "NaN", "Infinity", "١٢", "12a", "", "1,5", "=1")
        ),
    ],
)
def test_only_a_plain_number_is_one(text: str, value: Decimal | str) -> None:
    assert figures.read(text) == value


def test_a_cell_is_found_by_its_key_whatever_its_codes_are_made_of() -> None:
    odd = Item("a|b%c & d", "Aneh")
    cube = Cube(
        (odd,), (Item("", ""),), (Item("2024/25", "2024/25"),), {(odd.code, "", "2024/25"): Decimal(7)}
    )
    key = figures.key(odd.code, "", "2024/25")
    cell = cube.cell(key)
    assert cell is not None
    assert (cell.value, cell.key) == (Decimal(7), key)
    assert [cube.cell(each) for each in ("", "|", "||", "x||2024/25", f"{key}|", "%|%|%")] == [None] * 6


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Decimal("1234.50"), "1.234,50"),
        ("1234.5*", "1.234,5*"),
        ("7 **", "7**"),
        ("0.3x", "0,3x"),
        ("-", "-"),
        ("...", "..."),
        ("ekor", "ekor"),
        (None, "–"),
    ],
)
def test_a_figure_is_written_as_indonesia_does_with_its_mark(value: Decimal | str | None, words: str) -> None:
    assert signs.written(value) == words


def test_marks_and_signs_are_explained_where_they_stand() -> None:
    told = signs.explained([Decimal(1), "2*", None, "...", "2*"])
    assert [sign for sign, _words in told] == ["–", "*", "..."]
    assert signs.explained([Decimal(1), "ekor"]) == []
    with translation.override("en"):
        assert signs.explained(["3r"]) == [("r", "revised figure")]


def test_what_an_address_does_not_say_is_the_total_and_the_last_periods() -> None:
    cube = small(periods=30, columns=("Laki-laki", "Jumlah"))
    choice = choosing.read(cube, QueryDict(""))
    assert (choice.column, choice.since, choice.until) == ("Jumlah", 20, 29)
    assert choice.query(cube) == "kolom=Jumlah&dari=p21&sampai=p30"


def test_an_address_chooses_and_nonsense_in_it_is_passed_over() -> None:
    cube = small(periods=30, columns=("Laki-laki", "Jumlah"))
    told = "kolom=Laki-laki&dari=p9&sampai=p3&kata=BARIS+2&baris=r2&baris=zz&grafik=bar&page=7"
    choice = choosing.read(cube, QueryDict(told))
    assert (choice.since, choice.until) == (2, 8)
    assert choice.query(cube) == "kolom=Laki-laki&dari=p3&sampai=p9&kata=BARIS+2&baris=r2&grafik=bar"
    assert [line.row.code for line in choosing.lines(cube, choice)] == ["r2"]
    assert choosing.with_page(choice, rows=1).page == 1
    odd = choosing.read(cube, QueryDict("kolom=x&dari=&sampai=y&grafik=pie&page=-1&sel=a|b"))
    assert odd == choosing.read(cube, QueryDict(""))


def test_the_address_of_a_cell_opens_its_column() -> None:
    cube = small(columns=("Laki-laki", "Jumlah"))
    assert choosing.read(cube, QueryDict("sel=r1|Laki-laki|p1")).column == "Laki-laki"


def test_an_empty_table_can_be_chosen_from() -> None:
    choice = choosing.read(Cube((), (), ()), QueryDict("dari=1&sel=||"))
    assert choosing.lines(Cube((), (), ()), choice) == []
    assert choice.query(Cube((), (), ())) == ""


def test_three_periods_are_lines_and_fewer_are_bars() -> None:
    def drawn(told: str) -> str:
        cube = small()
        return choosing.drawing(cube, choosing.read(cube, QueryDict(told)))

    assert [drawn(""), drawn("dari=p3"), drawn("dari=p3&grafik=line"), drawn("grafik=bar")] == [
        *("line", "bar", "line", "bar")
    ]


def test_many_rows_are_drawn_by_their_total_or_the_largest_and_bars_leave_the_total_out() -> None:
    cube = small(rows=20)
    shown = choosing.lines(cube, choosing.read(cube, QueryDict("")))
    assert [line.row.code for line in choosing.drawn_lines(shown)] == [f"r{row}" for row in range(15, 21)]
    assert [line.row.code for line in choosing.drawn_bars(shown)] == [f"r{row}" for row in range(6, 21)]
    total = Cube((*cube.rows, Item("r1", "Jumlah")), cube.columns, cube.periods, cube.cells)
    shown = choosing.lines(total, choosing.read(total, QueryDict("")))
    assert [line.row.label for line in choosing.drawn_lines(shown)] == ["Jumlah"]
    assert "Jumlah" not in [line.row.label for line in choosing.drawn_bars(shown)]


def test_the_row_of_the_tables_own_area_is_the_whole() -> None:
    cube = small(rows=20)
    shown = choosing.lines(cube, choosing.read(cube, QueryDict("")), whole="r20")
    assert [line.row.code for line in choosing.drawn_lines(shown)] == ["r20"]
    assert "r20" not in [line.row.code for line in choosing.drawn_bars(shown)]


def test_a_list_becomes_a_table_each_in_its_order() -> None:
    cube = long_tables.read(LIST)["t-1"]
    assert [row.label for row in cube.rows] == ["Banjar Agung", "Menggala"]
    assert [column.label for column in cube.columns] == ["Laki-laki", "Jumlah"]
    assert [period.label for period in cube.periods] == ["2023", "2024"]
    assert cube.value("1808010", "Jumlah", "2023") == Decimal("41034.50")
    assert cube.value("1808010", "Jumlah", "2024") == "41500*"
    assert cube.value("Menggala", "Jumlah", "2024") is None
    assert Cube.from_json(cube.as_json()) == cube


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "column_missing"), ("external_id,row\n", "column_missing"), (LIST + "t-1,x\n", "short_line")],
)
def test_a_list_that_is_none_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        long_tables.read(text)
    assert refused.value.code == code


def test_figures_are_loaded_once_and_only_for_tables_that_there_are(
    office: Office, make_entry: Callable[..., Entry], clock: Clock
) -> None:
    make_entry("Satu", kind=Entry.Kind.DYNAMIC_TABLE, external_id="t-1")
    with pytest.raises(Refused) as refused:
        long_tables.load(office, LIST, at=clock.at)
    assert (refused.value.code, Figures.objects.count()) == ("unknown_table", 0)
    make_entry("Dua", kind=Entry.Kind.DYNAMIC_TABLE, external_id="t-2")
    assert [long_tables.load(office, LIST, at=clock.at) for _time in range(2)] == [2, 0]


def test_the_lists_of_the_demonstration_can_be_read() -> None:
    for file in demo.HERE.glob("*figures.csv"):
        for number, cube in long_tables.read(file.read_text(encoding="utf-8")).items():
            assert cube.cells, number
