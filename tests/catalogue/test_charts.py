"""Charts: whatever the numbers are, the axis is round, nothing covers anything, and the markup is sound."""

import re
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.utils import translation

from sapa.catalogue.charts import HEIGHT, WIDTH, axis, bar_chart, line_chart, scaled

SVG = "{http://www.w3.org/2000/svg}"


def numbers(*texts: str) -> list[Decimal | None]:
    return [Decimal(text) if text else None for text in texts]


def parsed(drawn: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def words(drawn: str, anchor: str) -> list[str]:
    return [each.text or "" for each in parsed(drawn).iter(f"{SVG}text") if each.get("text-anchor") == anchor]


@pytest.mark.parametrize(
    ("values", "from_zero", "labels"),
    [
        (("12", "97"), True, ("0", "20", "40", "60", "80", "100")),
        (("-3.2", "4.9"), True, ("-4", "-2", "0", "2", "4", "6")),
        (("-30", "-10"), True, ("-30", "-20", "-10", "0")),
        (("71.2", "73.9"), False, ("71", "72", "73", "74")),
        (("437210", "401020"), False, ("400.000", "410.000", "420.000", "430.000", "440.000")),
        (("0",), True, ("0,0", "0,2", "0,4", "0,6", "0,8", "1,0")),
        (("5", "5"), False, ("0", "1", "2", "3", "4", "5")),
        (("1250000", "0"), True, ("0,00", "0,25", "0,50", "0,75", "1,00", "1,25")),
    ],
)
def test_an_axis_has_round_numbers(values: tuple[str, ...], from_zero: bool, labels: tuple[str, ...]) -> None:
    assert axis(numbers(*values), from_zero=from_zero).labels == labels


def test_an_axis_of_large_and_of_tiny_numbers_says_so_with_the_unit() -> None:
    assert scaled("jiwa", axis(numbers("1250000"), from_zero=True).power) == "juta jiwa"
    assert scaled("rupiah", axis(numbers("98e12"), from_zero=True).power) == "triliun rupiah"
    assert scaled("", axis(numbers("3e20"), from_zero=True).power) == "× 10¹⁸"
    assert scaled("gram", axis(numbers("0.00000012"), from_zero=True).power) == "× 10⁻⁹ gram"
    with translation.override("en"):
        assert scaled("people", 6) == "million people"


def test_an_axis_without_zero_is_known_as_such() -> None:
    cut = [
        axis(numbers(*each), from_zero=False).is_cut for each in (("90", "97"), ("-97", "-90"), ("1", "97"))
    ]
    assert cut == [True, True, False]


@pytest.mark.parametrize(
    "values",
    [
        ("0", "0"),
        ("-1", "1"),
        ("1", "1e20"),
        ("1e20", "100000000000000000001"),
        ("-1e25", "1e-20"),
        ("0.1", "0.1000001"),
        ("-7",),
    ],
)
@pytest.mark.parametrize("from_zero", [True, False])
def test_an_axis_holds_every_value(values: tuple[str, ...], from_zero: bool) -> None:
    made = axis(numbers(*values), from_zero=from_zero)
    assert 2 <= len(made.ticks) <= 8
    assert all(0 <= made.share(Decimal(value)) <= 1 for value in values)


def test_a_line_breaks_where_there_is_no_datum_and_one_value_alone_is_a_dot() -> None:
    drawn = line_chart(
        [("Menggala", numbers("1", "2", "", "4"))],
        periods=["2021", "2022", "2023", "2024"],
        title="",
        unit="",
    )
    (path,) = [
        each.get("d") or "" for each in parsed(drawn).iter(f"{SVG}path") if "line" in each.attrib["class"]
    ]
    assert [part.count("L") for part in path.split("M")[1:]] == [1, 0]
    assert path.endswith("h3")


def test_nothing_to_draw_is_no_chart() -> None:
    assert line_chart([("A", numbers("", ""))], periods=["1", "2"], title="", unit="") == ""
    assert line_chart([], periods=[], title="", unit="") == ""
    assert bar_chart([("A", None)], title="", unit="") == ""


def test_one_value_is_drawn_as_a_dot_and_as_a_bar() -> None:
    assert "h3" in line_chart([("A", numbers("3"))], periods=["2024"], title="", unit="")
    assert len(list(parsed(bar_chart([("A", Decimal(3))], title="", unit="")).iter(f"{SVG}rect"))) == 1


def test_six_lines_that_end_together_keep_their_names_apart_and_inside() -> None:
    names = [
        "Rawa Jitu Selatan",
        "Rawa Jitu Timur",
        "Menggala",
        "Menggala Timur",
        "Gedung Aji",
        "Gedung Aji Baru",
    ]
    drawn = line_chart(
        [(name, numbers("10", "20")) for name in names], periods=["2023", "2024"], title="", unit=""
    )
    ends = [each for each in parsed(drawn).iter(f"{SVG}text") if each.get("text-anchor") == "start"]
    assert len({each.text for each in ends}) == 6
    places = sorted(float(each.attrib["y"]) for each in ends)
    assert all(below - above >= 18 for above, below in pairwise(places))
    assert all(0 < place < HEIGHT for place in places)
    lines = [each for each in parsed(drawn).iter(f"{SVG}path") if "line" in each.attrib["class"]]
    assert len({each.get("stroke-dasharray") for each in lines}) == 6


@pytest.mark.parametrize("count", [1, 2, 3, 16, 60, 400])
def test_labels_of_periods_never_cover_one_another(count: int) -> None:
    periods = [f"{2000 + place // 12} Agustus" for place in range(count)]
    drawn = line_chart([("A", [Decimal(1)] * count)], periods=periods, title="", unit="")
    found = [
        float(each.attrib["x"])
        for each in parsed(drawn).iter(f"{SVG}text")
        if (each.text or "").endswith("Agustus")
    ]
    half = 9.2 * 12 / 2
    assert found
    assert all(right - left >= 2 * half for left, right in pairwise(found))
    assert found[0] >= half - 0.1
    assert found[-1] <= WIDTH - half + 0.1


def test_bars_of_negative_numbers_leave_zero_to_the_left() -> None:
    drawn = parsed(bar_chart([("A", Decimal(-2)), ("B", Decimal(4)), ("C", None)], title="", unit=""))
    first, second = [
        (float(each.attrib["x"]), float(each.attrib["width"])) for each in drawn.iter(f"{SVG}rect")
    ]
    assert first[0] + first[1] == pytest.approx(second[0], abs=0.2)
    assert second[0] + second[1] <= WIDTH
    assert [each.text for each in drawn.iter(f"{SVG}text") if each.get("text-anchor") == "end"] == [
        "-2",
        "4",
        "–",
    ]


def test_names_and_titles_are_text_and_no_style_stands_in_a_chart() -> None:
    attack = '<script>alert(1)</script>"&'
    for drawn in (
        line_chart(
            [(attack, numbers("1", "2")), ("B", numbers("2", "3"))],
            periods=[attack, "2"],
            title=attack,
            unit=attack,
        ),
        bar_chart([(attack, Decimal(1))], title=attack, unit=attack, told=attack),
    ):
        assert "<script" not in drawn
        assert not re.search(r"\sstyle=|\son\w+=", drawn)
        title, told = [each.text for each in parsed(drawn) if each.tag in (f"{SVG}title", f"{SVG}desc")]
        assert title == attack
        assert told in (None, attack)


def test_numbers_are_written_in_the_language_of_the_reader() -> None:
    bars = [("A", Decimal("1234.5"))]
    assert words(bar_chart(bars, title="", unit=""), "end") == ["1.234,5"]
    with translation.override("en"):
        assert words(bar_chart(bars, title="", unit=""), "end") == ["1,234.5"]
