"""Names of places in a query: the longest first, with and without "kabupaten", written together, by nickname."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from sapa.catalogue.regions import Region, by_bps, regions
from sapa.catalogue.search.analyse import words

# What may stand before a name, and the kinds of regions that it means.
BEFORE: Final[dict[str, frozenset[str]]] = {
    "kabupaten": frozenset({"regency"}),
    "kab": frozenset({"regency"}),
    "regency": frozenset({"regency"}),
    "kota": frozenset({"city"}),
    "city": frozenset({"city"}),
    "kecamatan": frozenset({"district"}),
    "kec": frozenset({"district"}),
    "provinsi": frozenset({"province"}),
    "prov": frozenset({"province"}),
    "propinsi": frozenset({"province"}),
    "bps": frozenset({"province", "regency", "city"}),
}
AFTER: Final = frozenset({"regency", "city", "province", "district"})


@dataclass(frozen=True)
class Place:
    """A region named by the words from `start` until before `end`."""

    region: Region
    start: int
    end: int


def places(spelt: Sequence[str], *, near: Sequence[str], ordinary: Collection[str] = ()) -> list[Place]:
    """The regions that these words name. `near`: BPS codes of the office and of those above it: what lies there
    goes before places of the same name elsewhere. `ordinary`: names that are words of the language, too."""
    found: list[Place] = []
    at = 0
    names, longest = _names()
    while at < len(spelt):
        place = None
        for length in range(min(longest, len(spelt) - at), 0, -1):
            candidates = names.get(tuple(spelt[at : at + length]))
            if candidates:
                place = _chosen(candidates, spelt, at, at + length, near, ordinary)
                if place is not None:
                    break
        if place is None:
            at += 1
            continue
        found.append(place)
        at = place.end
    return found


def is_within(region: Region, codes: Sequence[str]) -> bool:
    """Whether the region is one of these, lies in one of them (a district of the office) or around one."""
    code = region.bps
    if any(each.startswith(code) for each in codes):
        return True
    lowest = codes[0] if codes else ""
    while code:
        if code == lowest:
            return True
        above = by_bps(code)
        code = above.parent_bps if above else ""
    return False


def _chosen(
    candidates: Sequence[Region],
    spelt: Sequence[str],
    start: int,
    end: int,
    near: Sequence[str],
    ordinary: Collection[str],
) -> Place | None:
    """The candidate that is meant, if it is a place at all."""
    before = spelt[start - 1] if start else ""
    kinds = BEFORE.get(before)
    fitting = [each for each in candidates if kinds is None or each.kind in kinds] or list(candidates)
    fitting.sort(key=lambda each: (not is_within(each, near), not _same_province(each, near), _order(each)))
    best = fitting[0]
    alone = end - start == 1 and spelt[start] in ordinary
    if alone and kinds is None and not (near and is_within(best, near)):
        return None
    if best.kind == "district" and end - start == 1 and kinds is None and not is_within(best, near):
        return None
    begins = start - 1 if kinds is not None and before != "bps" else start
    ends = end + 1 if end < len(spelt) and spelt[end] in AFTER else end
    return Place(best, begins, ends)


def _same_province(region: Region, near: Sequence[str]) -> bool:
    return bool(near) and region.bps[:2] == near[0][:2]


def _order(region: Region) -> int:
    return ("province", "regency", "city", "district").index(region.kind)


@cache
def _names() -> tuple[dict[tuple[str, ...], tuple[Region, ...]], int]:
    """Every way to write a region -> the regions that it may be, and the words of the longest."""
    found: dict[tuple[str, ...], list[Region]] = defaultdict(list)
    for region in regions():
        for name in {region.short_name, region.name, *region.nicknames}:
            phrase = tuple(words(name))
            for way in {phrase, ("".join(phrase),)} if len(phrase) > 1 else {phrase}:
                if region not in found[way]:
                    found[way].append(region)
    return {way: tuple(each) for way, each in found.items()}, max(map(len, found))


@cache
def names_of_places() -> frozenset[str]:
    """Single words that occur in names of regions: they are never taken for misspelt."""
    return frozenset(word for name in _names()[0] for word in name)
