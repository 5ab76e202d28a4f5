"""The stemmer on families of words it was written with and on others held out, beside blind cutting."""

import argparse
import os
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from time import process_time
from typing import NamedTuple

import django

from bench.measure import table

FAMILIES = Path(__file__).resolve().parent / "relevance" / "families.txt"
Stemmer = Callable[[str], str]
Words = tuple[str, ...]
PREFIXES = (
    *("meng", "meny", "peng", "peny", "mem", "men", "pem", "pen", "ber", "per", "ter"),
    *("me", "pe", "ke", "di", "se"),
)


class Judged(NamedTuple):
    families: list[Words]
    apart: list[Words]


def judged(path: Path = FAMILIES) -> tuple[Judged, Judged]:
    """Those seen while the rules were written, and those held out."""
    seen, _mark, held_out = path.read_text(encoding="utf-8").partition("# held out\n")
    return _parsed(seen), _parsed(held_out)


def _parsed(text: str) -> Judged:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return Judged(
        [tuple(line.split()) for line in lines if not line.startswith("apart:")],
        [tuple(line.split()[1:]) for line in lines if line.startswith("apart:")],
    )


def pairs(families: list[Words]) -> Iterator[tuple[str, str]]:
    """Every two words of one family."""
    for family in families:
        yield from combinations(family, 2)


def wrong_merges(judge: Judged, stem: Stemmer) -> list[tuple[str, str]]:
    """Pairs that are to stay apart, and words of two families, that get the same root."""
    found = [pair for pair in pairs(judge.apart) if stem(pair[0]) == stem(pair[1])]
    for one, other in combinations(judge.families, 2):
        shared = set(map(stem, one)) & set(map(stem, other))
        found += [(one[0], other[0])] if shared else []
    return found


def blind(word: str) -> str:
    """What the search did before it knew roots: one of each sort of affix is cut wherever four letters are left."""
    for affixes in (("nya", "lah", "kah", "pun"), ("kan", "an")):
        for affix in affixes:
            if word.endswith(affix) and len(word) - len(affix) >= 4:
                word = word.removesuffix(affix)
                break
    for affix in PREFIXES:
        if word.startswith(affix) and len(word) - len(affix) >= 4:
            return word.removeprefix(affix)
    return word


def speed(stem: Stemmer, vocabulary: list[str], *, warm: bool = True) -> float:
    """Words a second of CPU; `warm`: that were seen before."""
    for word in vocabulary if warm else ():
        stem(word)
    began = process_time()
    for word in vocabulary:
        stem(word)
    return len(vocabulary) / (process_time() - began)


def main() -> None:
    argparse.ArgumentParser(prog="bin/bench stemming", description=__doc__).parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sapa.settings")
    django.setup()
    from sapa.catalogue.regions import regions
    from sapa.catalogue.search.analyse import words
    from sapa.catalogue.search.stemming import ORDINARY, protected, roots, stem

    places = {word for region in regions() for word in words(region.short_name)} - ORDINARY
    rows = []
    sets = judged()
    vocabulary = [word for judge in sets for family in judge.families for word in family] * 20
    for name, stemmer in (("ours", stem), ("blind cutting", blind)):
        altered = sum(stemmer(place) != place for place in places)
        for which, judge in zip(("seen", "held out"), sets, strict=True):
            two = list(pairs(judge.families))
            joined = sum(stemmer(one) == stemmer(other) for one, other in two)
            whole = sum(len(set(map(stemmer, family))) == 1 for family in judge.families)
            rows.append(
                (
                    f"{name}, {which}",
                    f"{joined / len(two):.1%} of {len(two)}",
                    f"{whole}/{len(judge.families)}",
                    len(wrong_merges(judge, stemmer)),
                    f"{altered} of {len(places)}",
                    f"{speed(stemmer, vocabulary):,.0f}",
                )
            )
    table(("stemmer", "pairs joined", "whole families", "wrong merges", "places altered", "words/s"), rows)
    stem.cache_clear()
    for read in (roots, protected):
        read()
    different = sorted(set(vocabulary))
    print(f"\nOurs, each word for the first time: {speed(stem, different, warm=False):,.0f} words/s")


if __name__ == "__main__":
    main()
