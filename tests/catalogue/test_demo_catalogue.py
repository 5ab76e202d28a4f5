"""The demonstration catalogue is worth a search: enough of every kind, each complete, nothing twice."""

import csv
from collections import Counter
from decimal import Decimal
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from sapa.catalogue import demo
from sapa.catalogue.regions import by_bps

OFFICES = {"0000": "", "1800": "18", "1808": "1808"}
Row = dict[str, str]


@cache
def rows(column: str) -> tuple[tuple[str, Row], ...]:
    """Office and row of every file of the demonstration with this column: `kind`, `indicator`, `period`."""
    files = sorted(Path(demo.__file__).parent.glob("*.csv"))
    return tuple(chain.from_iterable(_of(file, column) for file in files))


def _of(file: Path, column: str) -> list[tuple[str, Row]]:
    with file.open(encoding="utf-8", newline="") as opened:
        lines = csv.DictReader(opened)
        return [(file.name[:4], line) for line in lines if column in (lines.fieldnames or ())]


def entries(kind: str) -> list[Row]:
    return [row for _office, row in rows("kind") if row["kind"] == kind]


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("dynamic_table", 120),
        ("static_table", 60),
        ("publication", 35),
        ("press_release", 35),
        ("indicator", 40),
        ("classification_code", 100),
        ("glossary_term", 25),
        ("infographic", 12),
        ("answer", 15),
    ],
)
def test_there_is_enough_of_every_kind(kind: str, least: int) -> None:
    assert len(entries(kind)) >= least


def test_there_are_at_least_400_entries_and_60_absences() -> None:
    assert len(rows("kind")) >= 400
    assert len(rows("indicator")) >= 60


def test_no_two_entries_of_an_office_have_the_same_title_or_number() -> None:
    for column in ("title", "external_id"):
        times = Counter(
            (office, row[column], row.get("version", "") if column == "external_id" else "")
            for office, row in rows("kind")
        )
        assert [each for each, number in times.items() if number > 1] == []


def test_every_entry_says_who_made_it_where_it_is_and_when_it_was_fetched() -> None:
    needed = ("external_id", "subject", "producer", "url", "fetched_on")
    assert [(row["title"], name) for _office, row in rows("kind") for name in needed if not row[name]] == []


def test_every_table_has_its_area_level_frequency_years_and_unit() -> None:
    needed = ("area", "level", "frequency", "year_from", "year_until", "unit")
    tables = entries("dynamic_table") + entries("static_table")
    assert [(row["title"], name) for row in tables for name in needed if not row[name]] == []


def test_every_release_has_its_day() -> None:
    released = entries("press_release") + entries("publication")
    assert [row["title"] for row in released if not row["released_on"]] == []


def test_every_area_is_one_that_exists() -> None:
    codes = {row.get("area_bps", "") for _office, row in rows("kind")} - {"", "00"}
    assert [code for code in codes if by_bps(code) is None] == []


def test_every_classification_code_names_its_classification_in_its_title() -> None:
    codes = entries("classification_code")
    assert {row["version"] for row in codes} == {
        *("KBLI 2020", "KBLI 2025", "KBJI 2014"),
        *("KBKI 2012", "KBKI 2013"),
    }
    beginnings = [f"{row['version']} {row['external_id']} " for row in codes]
    assert [
        row["title"]
        for row, begins in zip(codes, beginnings, strict=True)
        if not row["title"].startswith(begins)
    ] == []


@pytest.mark.parametrize(
    "code", ["56101", "56102", "49211", "49221", "47812", "47831", "01283", "01135", "74201"]
)
def test_a_code_with_another_meaning_in_the_next_version_says_so_in_both(code: str) -> None:
    """Domain.md 10.4."""
    said = {
        row["version"]: row["body"] for row in entries("classification_code") if row["external_id"] == code
    }
    assert {"KBLI 2020": "KBLI 2025" in said["KBLI 2020"], "KBLI 2025": "KBLI 2020" in said["KBLI 2025"]} == {
        "KBLI 2020": True,
        "KBLI 2025": True,
    }


def test_an_indicator_has_its_definition_formula_unit_reading_and_level() -> None:
    parts = ("Definisi:", "Rumus:", "Satuan:", "Cara membaca:", "Tingkat penyajian:")
    complete = [row for row in entries("indicator") if all(part in row.get("body", "") for part in parts)]
    assert len(complete) >= 40
    assert [row["title"] for row in entries("indicator") if not row["summary"]] == []


def test_every_absence_has_its_reason_and_where_to_ask_instead() -> None:
    needed = ("reason", "where_instead")
    missing = [row["indicator"] for _office, row in rows("indicator") for name in needed if not row[name]]
    assert missing == []


def test_at_least_25_dynamic_tables_have_their_numbers() -> None:
    known = {(office, row["external_id"]) for office, row in rows("kind") if row["kind"] == "dynamic_table"}
    filled = {(office, row["external_id"]) for office, row in rows("period")}
    assert len(filled) >= 25
    assert filled - known == set()


def test_every_number_is_one_or_missing_and_stands_once() -> None:
    places = [tuple(row.values())[:-1] for _office, row in rows("period")]
    assert len(places) == len(set(places))
    said = [row["value"] for _office, row in rows("period") if row["value"]]
    assert [value for value in said if not Decimal(value).is_finite()] == []
    assert [row for _office, row in rows("period") if not row["row"] or not row["period"]] == []


def test_the_numbers_agree_with_each_other() -> None:
    """Districts add up to the regency; GRDP per head is GRDP by population."""
    numbers = {
        (row["external_id"], row["row_code"], row["column"], row["period"]): Decimal(row["value"] or 0)
        for office, row in rows("period")
        if office == "1808"
    }
    people = {
        year: sum(
            value
            for (table, code, _column, period), value in numbers.items()
            if (table, period) == ("contoh-1808-001", year) and len(code) == 7
        )
        for year in ("2020", "2025")
    }
    assert people == {year: numbers["contoh-1808-001", "1808", "", year] for year in people}
    for year, number in people.items():
        produced = numbers["contoh-1808-037", "PDRB", "Harga berlaku", year] * 1_000_000
        assert round(produced / number) == numbers["contoh-1808-041", "1808", "", year]


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("version", "file", "kode"),
    [("KBLI 2020", "kbli2020.csv", "kode"), ("KBJI 2014", "kbji2014.csv", "kode")],
)
def test_the_codes_are_those_of_the_classification(
    version: str, file: str, kode: str, shared_data: Path
) -> None:
    with (shared_data / "classifications" / file).open(encoding="utf-8", newline="") as opened:
        known = {row[kode] for row in csv.DictReader(opened)}
    ours = {row["external_id"] for row in entries("classification_code") if row["version"] == version}
    assert ours - known == set()


def test_every_correspondence_is_of_two_codes_that_are_there() -> None:
    codes = {(row["external_id"], row["version"]) for row in entries("classification_code")}
    with demo.CORRESPONDENCES.open(encoding="utf-8", newline="") as opened:
        pairs = [
            ((row["here"], row["here_version"]), (row["there"], row["there_version"]))
            for row in csv.DictReader(opened)
        ]
    assert len(pairs) >= 20
    assert {code for pair in pairs for code in pair} - codes == set()
    assert len(set(pairs)) == len(pairs)
