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
    return _names(_lines(FOLDER / f"{version.casefold().replace(' ', '-')}.txt").get(code, ""))


def subjects() -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """What people call a subject -> the phrases of titles that may be meant, those first that have few names."""
    found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    lines = {phrase: _names(names) for phrase, names in _lines(SUBJECTS).items()}
    for phrase in sorted(lines, key=lambda each: len(lines[each])):
        for name in lines[phrase]:
            found.setdefault(name, []).append(tuple(words(phrase)))
    return {name: tuple(phrases) for name, phrases in found.items()}


def files() -> list[Path]:
    """All files of names of codes."""
    return sorted(FOLDER.glob("*.txt"))


@cache
def _lines(file: Path) -> dict[str, str]:
    """What stands before the colon of each line, and what after it: as text, which takes a tenth of the memory."""
    if not file.is_file():
        return {}
    lines = file.read_text(encoding="utf-8").splitlines()
    return {named: names for named, _colon, names in (line.partition(": ") for line in lines)}


def _names(line: str) -> tuple[tuple[str, ...], ...]:
    return tuple(spoken for name in line.split(";") if (spoken := tuple(words(name))))
