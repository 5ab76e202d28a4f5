"""Every province, regency and city of the country, by both codes and by the names people use."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from sapa.catalogue.regions import by_bps, regions


def test_all_provinces_and_all_regencies_and_cities_are_there() -> None:
    """38 provinces; 416 regencies and 98 cities (domain.md 10.3)."""
    kinds = Counter(region.kind for region in regions())
    assert kinds == {"province": 38, "regency": 416, "city": 98, "district": 15}


def test_every_code_stands_once() -> None:
    for code in ("bps", "kemendagri", "name"):
        times = Counter(getattr(region, code) for region in regions())
        assert [value for value, number in times.items() if number > 1] == []


def test_every_region_lies_in_another_one_except_the_provinces() -> None:
    above = {"province": None, "regency": "province", "city": "province", "district": "regency"}
    for region in regions():
        parent = by_bps(region.parent_bps)
        assert (parent.kind if parent else None, region.name) == (above[region.kind], region.name)


def test_a_code_begins_with_that_of_the_region_around_it() -> None:
    assert [each.name for each in regions() if not each.bps.startswith(each.parent_bps)] == []
    lengths = {"province": 2, "regency": 4, "city": 4, "district": 7}
    assert [each.name for each in regions() if len(each.bps) != lengths[each.kind]] == []


@pytest.mark.parametrize(
    ("bps", "kemendagri", "name", "short_name", "nicknames"),
    [
        ("18", "18", "Lampung", "Lampung", ()),
        ("1808", "18.05", "Kabupaten Tulang Bawang", "Tulang Bawang", ("tuba",)),
        ("1812", "18.12", "Kabupaten Tulang Bawang Barat", "Tulang Bawang Barat", ("tubaba", "tuba barat")),
        ("1805", "18.02", "Kabupaten Lampung Tengah", "Lampung Tengah", ("lamteng", "gunung sugih")),
        ("1872", "18.72", "Kota Metro", "Metro", ()),
        (
            "3171",
            "31.74",
            "Kota Administrasi Jakarta Selatan",
            "Jakarta Selatan",
            ("jaksel",),
        ),
        ("91", "92", "Papua Barat", "Papua Barat", ("pabar", "papbar", "irian jaya barat")),
        ("94", "91", "Papua", "Papua", ("irian jaya",)),
        ("9202", "96.01", "Kabupaten Sorong", "Sorong", ()),
        ("9501", "93.01", "Kabupaten Merauke", "Merauke", ()),
        ("1808050", "18.05.02", "Kecamatan Menggala", "Menggala", ()),
    ],
)
def test_the_codes_of_bps_and_kemendagri_are_told_apart(
    bps: str, kemendagri: str, name: str, short_name: str, nicknames: tuple[str, ...]
) -> None:
    found = by_bps(bps)
    assert found is not None
    assert (found.kemendagri, found.name, found.short_name) == (kemendagri, name, short_name)
    assert found.nicknames == nicknames


def test_a_code_that_nobody_has_is_no_region() -> None:
    assert by_bps("1899") is None
    assert by_bps("18.05") is None


def test_a_nickname_means_one_region_and_is_not_the_name_of_another() -> None:
    named = {region.short_name.casefold() for region in regions() if region.kind != "district"}
    times = Counter(nickname for region in regions() for nickname in region.nicknames)
    assert [nickname for nickname, number in times.items() if number > 1] == []
    assert [
        (nickname, region.name)
        for region in regions()
        for nickname in region.nicknames
        if nickname != nickname.casefold() or nickname in named
    ] == [("yogyakarta", "Daerah Istimewa Yogyakarta")]  # and the city, which is asked for less often


@pytest.mark.shared_data
def test_names_and_codes_are_those_of_the_ministry(shared_data: Path) -> None:
    """The file holds villages, too; a line break within a name is a space."""
    with (shared_data / "regions.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["kemendagri_code"]: " ".join(row["name"].split()) for row in csv.DictReader(file)}
    ours = {
        each.kemendagri: each.name.removeprefix("Kecamatan ").replace("Kepulauan Siau", "Kep. Siau")
        for each in regions()
    }
    assert ours == {code: name for code, name in listed.items() if len(code) < 10}
