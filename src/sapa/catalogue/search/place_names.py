"""Names of places as somebody begins to type them."""

from bisect import bisect_left
from functools import cache
from itertools import takewhile
from typing import Final

from sapa.catalogue.regions import Region, regions
from sapa.catalogue.search.analyse import words
from sapa.catalogue.search.going_on import Typed
from sapa.catalogue.search.places import is_within
from sapa.catalogue.search.results import Suggestion

SHORTEST: Final = 2
# After other words, places outside the office's area need so many letters.
LETTERS_FOR_OTHERS: Final = 4
MOST: Final = 2


def places_beginning(typed: Typed, code: str) -> list[Suggestion]:
    """Places whose name goes on so, those of the office with this code first. The longest run of last words counts."""
    area = code[:2] if code.endswith("00") else code
    near = [area, area[:2]]
    for back in range(min(2, len(typed.done)), -1, -1):
        named = (*typed.done[len(typed.done) - back :], typed.open)
        begins = " ".join(named)
        found = _named_so(begins)
        if typed.done and len(begins) < LETTERS_FOR_OTHERS:
            found = [each for each in found if is_within(each, near[:1])]
        if found and typed.open and len(begins) >= SHORTEST:
            found.sort(key=lambda each: (not is_within(each, near[:1]), each.bps[:2] != area[:2], each.bps))
            before = " ".join(typed.done[: len(typed.done) - back])
            return [
                Suggestion(f"{before} {each.short_name}".strip(), note=each.name)
                for each in dict.fromkeys(found)
            ][:MOST]
    return []


def _named_so(begins: str) -> list[Region]:
    names = _names()
    first = bisect_left(names, begins, key=lambda each: each[0])
    return [each for _name, each in takewhile(lambda each: each[0].startswith(begins), names[first:])]


@cache
def _names() -> tuple[tuple[str, Region], ...]:
    """All names and nicknames of places, in their order."""
    named = [(name, each) for each in regions() for name in (each.short_name, *each.nicknames)]
    return tuple(sorted(((" ".join(words(name)), each) for name, each in named), key=lambda each: each[0]))
