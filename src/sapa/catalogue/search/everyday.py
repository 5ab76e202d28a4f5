"""What people call a business, a job or a subject of statistics: the words that no official title says.

Written for Sapa. Of codes in `data/everyday/`, one file for a version: `56104: bakso gerobak; cilok; ...`. Of subjects
in `data/subjects.txt`, by the words of a title: `kendaraan bermotor: mobil; truk; ...`.
"""

from functools import cache
from pathlib import Path
from typing import Final

from sapa.catalogue.search.analyse import words

DATA: Final = Path(__file__).resolve().parent.parent / "data"
FOLDER: Final = DATA / "everyday"
SUBJECTS: Final = DATA / "subjects.txt"


def names_of(version: str, code: str) -> tuple[tuple[str, ...], ...]:
    """The everyday names of a code, each as its words; none where nobody wrote any."""
    return _names(version).get(code, ())


def families_of(words_said: tuple[str, ...]) -> frozenset[str]:
    """The classifications (KBLI, KBJI) in which something is called exactly so."""
    return _families().get(words_said, frozenset())


@cache
def subjects() -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """What people call a subject -> the phrases of titles that may be meant, those first that have few names."""
    found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    lines = _lines(SUBJECTS)
    for phrase in sorted(lines, key=lambda each: len(lines[each])):
        for name in lines[phrase]:
            found.setdefault(name, []).append(tuple(words(phrase)))
    return {name: tuple(phrases) for name, phrases in found.items()}


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
