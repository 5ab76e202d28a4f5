"""The WebAPI's envelopes, texts and keys: pure parts, and the real answers of the shared folder."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sapa.catalogue.models import Entry
from sapa.catalogue.sources.base import Item
from sapa.catalogue.sources.polite import Refusing
from sapa.catalogue.sources.webapi import census, dynamic, envelopes, models, parsing, texts, trade
from sapa.catalogue.sources.webapi.envelopes import Unreadable
from sapa.catalogue.sources.webapi.parsing import Around
from sapa.catalogue.sources.webapi.places import Domain
from tests.simulators import webapi

TUBA = Around(Domain("1808", "Tulang Bawang", "https://tuba.bps.example"))
# Every model that domain.md 10.1 names.
ALL = {
    *("subject", "subcat", "var", "vervar", "turvar", "th", "turth", "unit", "statictable", "pressrelease"),
    *("publication", "indicators", "infographic", "news", "newscategory", "glosarium", "sdgs", "sdds"),
    *(
        "subcatcsa",
        "subjectcsa",
        "tablestatistic",
        "kbli2009",
        "kbli2015",
        "kbli2017",
        "kbli2020",
        "kbli2025",
    ),
    "kbki2015",
}


def test_every_model_has_its_place() -> None:
    ours = [*models.READ, *models.LOOKED_UP, *models.LEFT_OUT]
    assert sorted(ours) == sorted([*ALL, "simdasi", "sensus", "dataexim"])


def test_there_is_none_is_an_empty_list() -> None:
    for word in ("list-not-available", "not-available"):
        answer = {"status": "OK", "data-availability": word, "data": ""}
        assert envelopes.listed(answer, what="var") == envelopes.Listed()
        assert envelopes.viewed(answer, what="var") is None
        assert envelopes.told(answer, what="var") is None


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "OK",
        {},
        {"status": "Error", "message": "There is something wrong!"},
        {"status": "OK", "data-availability": "available"},
        {"status": "OK", "data-availability": "available", "data": 7},
        {"status": "OK", "data-availability": "available", "data": [{}, "rows"]},
        {"status": "OK", "data-availability": "available", "data": [[], []]},
    ],
)
def test_another_shape_is_a_sentence_and_no_crash(answer: Any) -> None:
    with pytest.raises(Unreadable) as wrong:
        envelopes.listed(answer, what="var 1")
    assert "var 1" in wrong.value.sentence


def test_a_refused_key_ends_the_reading() -> None:
    with pytest.raises(Refusing) as refused:
        envelopes.listed({"status": "Error", "message": "Invalid Key"}, what="var")
    assert refused.value.permanent


def test_things_that_are_no_rows_are_counted() -> None:
    answer = {"status": "OK", "data": [{"page": "1", "pages": "x", "total": Decimal(3)}, [{"a": 1}, 5, None]]}
    assert envelopes.listed(answer, what="var") == envelopes.Listed(({"a": 1},), 1, None, 3, odd=2)


def test_escaped_html_becomes_plain_words() -> None:
    given = (
        "&lt;script&gt;alert(1)&lt;/script&gt;&lt;table&gt;&lt;tr&gt;&lt;td style=&quot;x&quot;&gt;A &amp;amp; B"
        "&lt;/td&gt;&lt;td&gt;&amp;nbsp;&lt;/td&gt;&lt;td&gt;3 &amp;lt; 4&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;C"
    )
    assert texts.body(given) == "A & B | 3 < 4\nC"
    assert texts.body("<p>satu</p>dua<img src=x onerror=y>") == "satu\ndua"
    assert texts.line(" Ekspor &amp;\tImpor \x00\x07") == "Ekspor & Impor"
    assert texts.line(None) == ""


def test_days_years_and_what_else_stands_in_words() -> None:
    assert texts.day("2023-09-15 10:00:00") == date(2023, 9, 15)
    assert [texts.day(each) for each in ("0000-00-00", "", None, "15-09-2023", 7)] == [None] * 5
    assert texts.years("Tahun 2019 dan 2021-2023, kode 20190") == (2019, 2023)
    assert texts.years("Luas Daerah") == (None, None)
    assert texts.base_year("PDRB Atas Dasar Harga Konstan 2010") == 2010
    assert texts.base_year("IHK (2022=100)") == 2022
    assert texts.figure_status("Produksi Padi (Angka Sangat Sementara)") == "very_provisional"
    assert texts.level_of_title("Penduduk menurut Kecamatan di Kabupaten Tulang Bawang") == "district"
    assert texts.level_of_title("Keadaan Penduduk Kabupaten Tulang Bawang") == ""
    assert texts.level_named("Kabupaten/Kota") == "regency"
    assert texts.frequency_of(["Januari", "Tahunan"]) == "monthly"
    assert texts.frequency_of(["Triwulan I"]) == "quarterly"
    assert texts.frequency_of(["Semester 1 (Maret)"]) == "semesterly"
    assert texts.frequency_of(["Tahun"]) == "yearly"


def test_keys_are_found_by_combination_and_a_missing_one_is_no_datum() -> None:
    told = dynamic.read_table(webapi.population(), what="data 31")
    cube = told.cube
    assert (told.years, told.frequency, told.level, told.problems) == ((2024, 2025), "yearly", "district", ())
    assert [each.label for each in cube.periods] == ["2024", "2025"]
    assert cube.value("1808020", "2", "125-0") == 2127
    assert cube.value("1808010", "1", "124-0") == "..."
    assert cube.value("1808030", "2", "125-0") is None
    assert (cube.rows_label, cube.unit, len(cube.cells)) == ("Kecamatan", "Jiwa", 11)


def test_months_are_periods_and_an_undivided_table_has_a_column_without_a_name() -> None:
    told = dynamic.read_table(webapi.inflation(), what="data 40")
    assert [each.label for each in told.cube.periods] == ["Januari 2026", "Februari 2026", "Maret 2026"]
    assert [each.label for each in told.cube.columns] == [""]
    assert (told.frequency, told.level) == ("monthly", "regency")


def test_a_number_with_two_places_or_none_is_left_out_and_told() -> None:
    table = webapi.inflation() | {"vervar": [{"val": 1, "label": "Satu"}, {"val": 14, "label": "Dua"}]}
    table |= {
        "var": [{"val": 40, "label": "x"}],
        "turvar": [{"val": 0, "label": ""}, {"val": 4000, "label": "y"}],
    }
    # 1|40|4000|126|1 and 14|04… cannot meet; 14 and 40 0: "1"+"40"+"4000"… stays single, "9" belongs nowhere.
    table["datacontent"] = {"1404000": 1, "9": 2, "140012601": 3}
    assert len(dynamic.read_table(table, what="t").problems) == 1
    twice = webapi.inflation() | {
        "turvar": [{"val": 1, "label": "a"}, {"val": 11, "label": "b"}],
        "tahun": [{"val": 126, "label": "2026"}, {"val": 1126, "label": "?"}],
        "turtahun": [{"val": 0, "label": "Tahun"}],
        "datacontent": {"18084011260": 5, "180840111260": 6},
    }
    told = dynamic.read_table(twice, what="t")
    assert list(told.cube.cells.values()) == [5]
    assert len(told.problems) == 1


@pytest.mark.parametrize("part", ["var", "turvar", "vervar", "tahun", "turtahun"])
def test_a_table_without_a_part_is_a_sentence(part: str) -> None:
    for spoilt in ([], None, [{"label": "x"}], "x"):
        with pytest.raises(Unreadable) as wrong:
            dynamic.read_table(webapi.population() | {part: spoilt}, what="data 31")
        assert part in wrong.value.sentence


def test_a_table_that_nobody_could_read_is_left() -> None:
    many = [{"val": number, "label": "x"} for number in range(1000)]
    with pytest.raises(Unreadable):
        dynamic.read_table(webapi.population() | {"vervar": many, "turtahun": many}, what="data 31")


def test_an_english_twin_has_a_number_of_its_own() -> None:
    row = webapi.small_office().lists["var", "eng"][0]
    english = parsing.variable(row, None, Around(TUBA.domain, "en"), (2018, 2024))
    values = english.values
    assert (english.external_id, values["language"], values["level"]) == ("31-en", "en", "district")
    assert (values["year_from"], values["year_until"]) == (2018, 2024)
    assert values["url"] == (
        "https://tuba.bps.example/en/statistics-table/2/MzEjMg==/population-by-district.html"
    )


def test_a_code_knows_its_version_and_the_code_above_it() -> None:
    row = webapi.small_office().lists["kbli2020", "ind"][2]
    item = parsing.classification_code(row, None, TUBA)
    assert (item.external_id, item.version, item.parent_code) == ("0112", "KBLI 2020", "011")
    assert (item.values["title"], item.values["keywords"]) == ("0112 Pertanian Padi", "pertanian")


def test_trade_is_added_up_over_ports_and_countries() -> None:
    rows: list[envelopes.Row] = [
        {"kodehs": "09", "value": Decimal("10.5"), "netweight": 2},
        {"kodehs": "09", "value": Decimal("1.5"), "netweight": None},
    ]
    item = trade.table(rows, direction=1, year=2024, around=TUBA)
    assert item.cube is not None
    assert item.cube.cells == {("09", "value", "2024"): Decimal(12), ("09", "netweight", "2024"): Decimal(2)}
    assert (item.external_id, item.values["level"]) == ("ekspor-2024", "national")


PARSERS: dict[str, Any] = {
    "glossary_list": parsing.glossary_term,
    "infographic_list": parsing.infographic,
    "press_release_list": parsing.press_release,
    "publication_list": parsing.publication,
    "sdg_list": parsing.sdg,
    "static_table_list": parsing.static_table,
    "statistic_classification_list": parsing.classification_code,
    "statistic_classification_detail": parsing.classification_code,
    "strategic_indicator_list": parsing.indicator,
    "variable_list": lambda row, view, around: parsing.variable(row, None, around),
}


def real(folder: Path, name: str) -> Any:
    text = (folder / "webapi" / f"{name}_fixture.json").read_text(encoding="utf-8")
    return json.loads(text, parse_float=Decimal)


@pytest.mark.shared_data
def test_every_real_answer_is_understood(shared_data: Path) -> None:
    names = sorted(
        file.name.removesuffix("_fixture.json") for file in (shared_data / "webapi").glob("*.json")
    )
    assert len(names) == 35
    items: dict[str, list[Item]] = {}
    rows = 0
    for name in names:
        answer = real(shared_data, name)
        if name == "error":
            with pytest.raises(Unreadable):
                envelopes.listed(answer, what=name)
        elif name == "dynamic_table_detail":
            assert envelopes.told(answer, what=name) == answer
        elif name.endswith("_detail") and name not in PARSERS:
            assert envelopes.viewed(answer, what=name)
        else:
            listed = envelopes.listed(answer, what=name)
            assert listed.odd == 0
            rows += len(listed.rows)
            parse = PARSERS.get(name)
            items[name] = [parse(row, None, TUBA) for row in listed.rows] if parse else []
    assert rows > 100
    assert {name for name, found in items.items() if found} == set(PARSERS)
    # The real list of variables holds two of them twice; the runner takes each once.
    assert len({item.external_id for item in items["variable_list"]}) == 8
    for found in items.values():
        for item in found:
            assert item.kind in Entry.Kind.values
            assert not {"<", "&lt;", "\r"} & set(item.values["title"].split())
    first = items["statistic_classification_list"][0]
    assert (first.external_id, first.version, first.parent_code) == ("01", "KBLI 2020", "A")
    assert first.values["title"] == "01 Pertanian Tanaman, Peternakan, Perburuan dan Kegiatan YBDI"


@pytest.mark.shared_data
def test_the_real_population_of_pinrang_is_read(shared_data: Path) -> None:
    cube = dynamic.read_table(real(shared_data, "dynamic_table_detail"), what="data 31").cube
    assert {key[2]: value for key, value in cube.cells.items()} == {
        "99-0": 308669,
        "100-0": 311595,
        "101-0": 312473,
    }
    assert [period.label for period in cube.periods] == ["1999", "2000", "2001"]


@pytest.mark.shared_data
def test_a_real_table_becomes_words_without_marks(shared_data: Path) -> None:
    view = envelopes.viewed(real(shared_data, "static_table_detail"), what="statictable 23")
    rows = envelopes.listed(real(shared_data, "static_table_list"), what="statictable").rows
    item = parsing.static_table(rows[1], view, TUBA)
    assert "<" not in item.values["body"]
    assert "Tenaga Kesehatan" in item.values["body"]
    assert len(item.values["body"]) < 6000
    assert (item.values["year_from"], item.values["subject"]) == (2014, "Kesehatan")


@pytest.mark.shared_data
def test_a_real_publication_brings_its_catalogue_numbers(shared_data: Path) -> None:
    view = envelopes.viewed(real(shared_data, "publication_detail"), what="publication")
    assert view is not None
    item = parsing.publication(view, view, TUBA)
    assert item.values["keywords"] == "5204003.7315 73150.2205"
    assert item.values["url"] == (
        "https://tuba.bps.example/id/publication/2022/06/17/a78f4d4f1c3548600cffcd29/"
        "statistik-tanaman-hortikultura-kabupaten-pinrang-2022.html"
    )


@pytest.mark.shared_data
def test_the_real_census_and_trade_are_read(shared_data: Path) -> None:
    events = envelopes.listed(real(shared_data, "census_list"), what="sensus").rows
    tables = envelopes.listed(real(shared_data, "census_datasets_list"), what="sensus").rows
    data = envelopes.listed(real(shared_data, "census_data_list"), what="sensus").rows
    nation = Around(Domain("0000", "Pusat", "https://www.bps.example"))
    item = census.table(tables[0], events[0], nation, census.cube_of(data, nation))
    assert (item.external_id, item.values["year_from"]) == ("sensus-sp2020-1", 2020)
    assert item.cube is not None
    assert item.cube.notes.splitlines() == [
        *("INDONESIA", "Jumlah Penduduk Berumur 5 Tahun ke Atas", "5-9", "Perkotaan", "Laki-laki"),
        "Dapat Berbahasa Indonesia",
    ]
    assert [*item.cube.cells.values()] == [Decimal(6084498)]
    areas = envelopes.listed(real(shared_data, "census_area_list"), what="sensus").rows
    assert census.area_of(areas, nation) == ["0", "91622"]
    assert census.area_of(areas, TUBA) == []
    listed = envelopes.listed(real(shared_data, "trade"), what="dataexim")
    cube = trade.table(list(listed.rows), direction=2, year=2023, around=TUBA).cube
    assert cube is not None
    assert [row.code for row in cube.rows] == ["0101", "0102", "0103"]
