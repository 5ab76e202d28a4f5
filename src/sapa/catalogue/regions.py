"""Provinces, regencies, cities and the districts of the demonstration's regency, with both their codes."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, cast

FILE: Final = Path(__file__).resolve().parent / "data" / "regions.csv"
Kind = Literal["province", "regency", "city", "district"]


@dataclass(frozen=True, slots=True)
class Region:
    """An area by its two codes, which are never the same thing (domain.md 10.3): `bps` 1808, `kemendagri` 18.05.

    `nicknames` are the abbreviations and everyday names that are in use, in small letters.
    """

    bps: str
    kemendagri: str
    name: str
    kind: Kind
    parent_bps: str
    nicknames: tuple[str, ...]

    @property
    def short_name(self) -> str:
        """The name as people say it: "Tulang Bawang", "Metro", "Jakarta Selatan"."""
        said = self.name
        for word in ("Kabupaten ", "Kota ", "Kecamatan ", "Administrasi "):
            said = said.removeprefix(word)
        return said


@cache
def regions() -> tuple[Region, ...]:
    """All of them: provinces first, then regencies and cities, then districts, each by its BPS code."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_region(row) for row in csv.DictReader(file))


def by_bps(code: str) -> Region | None:
    """The region with this code of BPS; None when there is none in the list."""
    return _by_bps().get(code)


@cache
def _by_bps() -> Mapping[str, Region]:
    return MappingProxyType({region.bps: region for region in regions()})


def _region(row: dict[str, str]) -> Region:
    return Region(
        bps=row["bps"],
        kemendagri=row["kemendagri"],
        name=row["name"],
        kind=cast("Kind", row["kind"]),
        parent_bps=row["parent_bps"],
        nicknames=tuple(name for name in row["nicknames"].split("|") if name),
    )
