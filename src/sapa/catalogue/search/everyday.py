"""What people call a business, a job or a subject of statistics: the words that no official title says.

Written for Sapa. Of codes in `data/everyday/`, one file for a version: `56104: bakso gerobak; cilok; ...`. Of subjects
in `data/subjects.txt`, by the words of a title: `kendaraan bermotor: mobil; truk; ...`.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from sapa.catalogue.search.analyse import words
from sapa.catalogue.search.stemming import stem

DATA: Final = Path(__file__).resolve().parent.parent / "data"
FOLDER: Final = DATA / "everyday"
SUBJECTS: Final = DATA / "subjects.txt"


def names_of(version: str, code: str) -> tuple[tuple[str, ...], ...]:
    """The everyday names of a code, each as its words; none where nobody wrote any."""
    return _names(version).get(code, ())


def families_of(words_said: tuple[str, ...]) -> frozenset[str]:
    """The classifications (KBLI, KBJI) in which something is called exactly so."""
    return _families().get(words_said, frozenset())


def names_within(roots: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The everyday names of what a title speaks of, given the roots of its words; of two phrases the longer one, where
    it holds the other."""
    longest, subjects = _subjects()
    found: list[tuple[int, int, tuple[tuple[str, ...], ...]]] = []
    for length in range(min(longest, len(roots)), 0, -1):
        for at in range(len(roots) - length + 1):
            names = subjects.get(tuple(roots[at : at + length]))
            if names and not any(first <= at and at + length <= last for first, last, _names in found):
                found.append((at, at + length, names))
    return tuple(dict.fromkeys(name for _first, _last, names in found for name in names))


def is_subject(words_said: tuple[str, ...]) -> bool:
    """Whether a subject of statistics is called exactly so."""
    return words_said in _named_subjects()


@cache
def _named_subjects() -> frozenset[tuple[str, ...]]:
    _longest, subjects = _subjects()
    return frozenset(name for names in subjects.values() for name in names)


@cache
def _subjects() -> tuple[int, dict[tuple[str, ...], tuple[tuple[str, ...], ...]]]:
    """How many words the longest phrase has, and the names of each, by its roots."""
    found = {tuple(stem(word) for word in words(phrase)): names for phrase, names in _lines(SUBJECTS).items()}
    return max(map(len, found), default=0), found


@cache
def _families() -> dict[tuple[str, ...], frozenset[str]]:
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for file in files():
        version = file.stem.upper().replace("-", " ")
        family = frozenset({version.partition(" ")[0]})
        for names in _names(version).values():
            found.update({name: found.get(name, frozenset()) | family for name in names})
    return found


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.txt"))


@cache
def _names(version: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    return _lines(FOLDER / f"{version.casefold().replace(' ', '-')}.txt")


def _lines(file: Path) -> dict[str, tuple[tuple[str, ...], ...]]:
    """What stands before the colon of each line, and each name after it as its words."""
    if not file.is_file():
        return {}
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        named, _colon, names = line.partition(": ")
        found[named] = tuple(spoken for name in names.split(";") if (spoken := tuple(words(name))))
    return found
