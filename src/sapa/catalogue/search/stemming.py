"""The root of an Indonesian word: what "pertanian", "petani" and "bertani" have in common.

Every reading of a word as prefixes + root + endings is weighed that our own list (data/roots.txt) explains; the one
with the longest root and the fewest and most fitting affixes wins. A word that the list does not explain loses only
what is an affix beyond doubt. Nothing but the word decides, so a catalogue and a query always agree.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from sapa.catalogue.regions import regions

FILE: Final = Path(__file__).resolve().parent.parent / "data" / "roots.txt"
# The vocabulary of a large catalogue, so that it is worked out once.
REMEMBERED: Final = 1 << 17
SHORTEST_TO_CUT: Final = 5
# Words in names of places that say what sort of place it is.
ORDINARY: Final = frozenset(("kepulauan", "pegunungan"))
# Towns and districts outside our table of regions that look like other words with affixes.
TOWNS: Final = frozenset(
    ("pangandaran", "pelaihari", "pemenang", "pemulutan", "penanggalan", "perbaungan", "sekampung")
)

VOWELS: Final = "aiueo"
PARTICLES: Final = ("lah", "kah", "pun", "tah")
# From words borrowed with them: "modernisasi", "legalitas", "pustakawan". Only where the list knows the rest.
BORROWED: Final = ("isasi", "itas", "isme", "wan", "wati")
# Which prefix may stand directly before which: "mem-per-", "ke-ber-", "ber-ke-".
FOLLOWS: Final = MappingProxyType(
    {
        "di": ("per", "ber", "ke", "se", "pe"),
        "me": ("per", "ber", "ke", "se", "pe"),
        "pe": ("per", "ber", "ke", "se"),
        "ke": ("per", "ber", "ter", "se", "pe"),
        "se": ("per", "ber", "ter", "ke", "pe"),
        "ber": ("per", "ke", "se", "pe"),
        "ter": ("per", "ke", "se"),
        "per": ("se",),
        "n": (),
    }
)
MOST_PREFIXES: Final = 3
# How much a reading is worth: ten for each letter of the root, less what its affixes cost.
LETTER: Final = 10
PREFIX: Final = 7
LEAST: Final = 10
# "mengurus" is urus rather than kurus; "memasak" masak rather than pasak.
SWALLOWED_K: Final = 12
SWALLOWED: Final = 1
# "nyuci", "mbangun": as people write, and as many other words begin.
SPOKEN: Final = 12


class Reading(NamedTuple):
    worth: int
    root: str


NO_READING: Final = Reading(LEAST - 1, "")
# Two parts of a word in the order that the function says, and what it costs to part them.
Cut = tuple[str, str, int]


@cache
def roots() -> Mapping[str, str]:
    """Each root that we know, and each form that is no root but stands for one, with its root."""
    found: dict[str, str] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            form, _, root = line.partition(" ")
            found[form] = root or form
    return MappingProxyType(found)


@cache
def protected() -> frozenset[str]:
    """Every word in the name of a region that is no ordinary word: never altered."""
    places = {word for region in regions() for word in region.short_name.lower().split()}
    places |= {name for region in regions() for name in region.nicknames if " " not in name}
    return TOWNS | (places - roots().keys() - ORDINARY)


@lru_cache(maxsize=REMEMBERED)
def stem(word: str) -> str:
    """The root of a folded word; the word itself when it is one, a name, an acronym, or has a digit in it."""
    known = roots()
    if word in known:
        return known[word]
    if len(word) < SHORTEST_TO_CUT or not word.isalpha() or word in protected():
        return word
    best = NO_READING
    for base, ending, cost in _endings(word):
        if base in known and (strain := _strain((), ending)) is not None:
            best = max(best, Reading(LETTER * len(base) - cost - strain, known[base]))
        best = max(best, _read(base, ending, (), cost, known))
    return best.root or _cut(word)


def _read(text: str, ending: str, before: tuple[str, ...], cost: int, known: Mapping[str, str]) -> Reading:
    """The best reading of `text`, which lost its ending and the prefixes `before`."""
    best = NO_READING
    for name, rest, price in _beginnings(text):
        if before and name not in FOLLOWS[before[-1]]:
            continue
        names = (*before, name)
        total = cost + price + PREFIX
        if rest in known and not _is_confix(name, rest, ending, known):
            strain = _strain(names, ending)
            if strain is not None:
                best = max(best, Reading(LETTER * len(rest) - total - strain, known[rest]))
        if len(names) < MOST_PREFIXES and len(rest) > SHORTEST_TO_CUT and FOLLOWS[name]:
            best = max(best, _read(rest, ending, names, total, known))
    return best


def _is_confix(name: str, rest: str, ending: str, known: Mapping[str, str]) -> bool:
    """Whether the end of `rest` belongs to its prefix: "per-tumbuh-an", although "tumbuhan" is a word."""
    return not ending and name in ("pe", "per") and rest.endswith("an") and rest[:-2] in known


@cache
def _strain(names: tuple[str, ...], ending: str) -> int | None:
    """What an ending costs with these prefixes; None where Indonesian does not join them: di-an, ber-i, ke-kan."""
    outer = names[0] if names else ""
    if ending in BORROWED:
        return 5
    if ending == "in":  # spoken for -kan and -i: "jualin", "benerin"
        return {"": 15, "n": 10, "me": 10, "di": 10}.get(outer)
    if ending == "an":
        if outer in ("", "n"):
            return 3 if not outer else None
        return 0 if {"ke", "pe", "per", "ber"} & set(names) else 10 if outer == "se" else None
    if ending in ("kan", "i"):
        if outer in ("me", "di", "ter") or (outer == "ber" and ending == "kan"):
            return 0
        return {"": 30 if ending == "kan" else 25, "per": 10, "n": 10}.get(outer)
    if "ke" in names:
        return None
    return 25 if "per" in names and outer not in ("me", "di", "ter", "pe") else 0


def _endings(word: str) -> list[Cut]:
    """The word with what may be its endings gone: (base, suffix that was cut, cost)."""
    wholes = [(word, 0)]
    if word.endswith(PARTICLES):
        wholes.append((word[:-3], 5))
    for base, cost in tuple(wholes):
        if base.endswith("nya"):
            wholes.append((base[:-3], cost + 3))
        elif base.endswith(("ku", "mu")):
            wholes.append((base[:-2], cost + 15))
    found: list[Cut] = []
    for base, cost in wholes:
        found.append((base, "", cost))
        if base.endswith("n"):
            if base.endswith("an"):
                found.append((base[:-2], "an", cost))
            if base.endswith("kan"):
                # "menunjukan" is meant for "menunjukkan", where nothing else is.
                found += [(base[:-3], "kan", cost), (base[:-2], "kan", cost + SPOKEN)]
            elif base.endswith("in"):
                found.append((base[:-2], "in", cost))
        elif base.endswith("i"):
            found.append((base[:-1], "i", cost))
        found.extend((base.removesuffix(each), each, cost) for each in BORROWED if base.endswith(each))
    return found


def _beginnings(text: str) -> list[Cut]:
    """What may be the first prefix of `text`: (prefix, what it stands before, cost)."""
    first = text[0] if len(text) > SHORTEST_TO_CUT - 1 else ""
    second = text[1] if first else ""
    if second == "e":
        if first == "m":
            return [("me", rest, cost) for rest, cost in _unswallowed(text[2:])]
        if first == "p":
            rest = text[2:]
            found = [("pe", rest, 0)]
            found += [("pe", each, cost) for each, cost in _unswallowed(rest) if each != rest]
            if rest[0] == "r":
                found.append(("per", text[3:], 0))
            return found
        if first in "bt":
            name, rest = ("ber" if first == "b" else "ter"), text[2:]
            if rest[0] == "r":  # "berumah" has lost one of its two r
                return [(name, rest[1:], 0), (name, rest, 1)]
            return [(name, rest, 0)] if rest[1:3] == "er" else []  # "bekerja", "tepercaya"
        if first in "ks":
            return [(first + "e", text[2:], 0 if first == "k" else 5)]
    if first == "d" and second == "i":
        return [("di", text[2:], 0)]
    if first == "n" or (first == "m" and second != "e"):
        return [("n", rest, SPOKEN + cost) for rest, cost in _unswallowed(text) if rest != text]
    return []


def _unswallowed(rest: str) -> list[tuple[str, int]]:
    """What may have stood after a nasal prefix before it met the root: "nyewa" is sewa, "ngirim" kirim."""
    first, after = rest[0], rest[1:]
    if first in "lrwy":
        return [(rest, 0)]
    if first not in "mn" or len(after) < 2:
        return []
    found = [(rest, 0)]
    if first == "m":
        if after[0] in VOWELS:
            found.append(("p" + after, SWALLOWED))
        elif after[0] in "bpfv":
            found.append((after, 0))
    elif after[0] == "g":
        after = after[1:]
        if after[0] in VOWELS:
            found += [(after, 0), ("k" + after, SWALLOWED_K)]
            if after[0] == "e":  # menge-cat, nge-tes
                found.append((after[1:], SWALLOWED_K))
        else:
            found.append((after, 0))
    elif after[0] == "y":
        found += [("s" + after[1:], SWALLOWED), ("c" + after[1:], SPOKEN)]
    elif after[0] in VOWELS:
        found.append(("t" + after, SWALLOWED))
    else:
        found.append((after, 0))
    return found


def _cut(word: str) -> str:
    """An unknown word without a final -nya and without a prefix and suffix that belong together."""
    base = word.removesuffix("nya") if len(word) > 7 else word
    found = _beginnings(base)
    # Of an unknown root we believe that its first letter was swallowed.
    if len(found) > 1 and found[0][0] in ("me", "pe"):
        found = found[1:]
    for name, rest, _cost in found:
        if name == "me" and rest.endswith("si"):  # "mengeliminasi": a borrowed noun made a verb
            return rest
        for ending in ("kan", "an", "i"):
            left = rest.removesuffix(ending) if not rest.endswith("si") else rest
            if left != rest and len(left) >= SHORTEST_TO_CUT and _strain((name,), ending) == 0:
                return left
    return base
