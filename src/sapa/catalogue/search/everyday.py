"""What people call a business or a job: the words behind a code that no official title says.

Written for Sapa, code by code, in `data/everyday/`, one file for a version: `56104: bakso gerobak; cilok; ...`.
"""

from functools import cache
from pathlib import Path
from typing import Final

from sapa.catalogue.search.analyse import words

FOLDER: Final = Path(__file__).resolve().parent.parent / "data" / "everyday"


def names_of(version: str, code: str) -> tuple[tuple[str, ...], ...]:
    """The everyday names of a code, each as its words; none where nobody wrote any."""
    return _names(version).get(code, ())


def families_of(words_said: tuple[str, ...]) -> frozenset[str]:
    """The classifications (KBLI, KBJI) in which something is called exactly so."""
    return _families().get(words_said, frozenset())


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
    file = FOLDER / f"{version.casefold().replace(' ', '-')}.txt"
    if not file.is_file():
        return {}
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        code, _colon, names = line.partition(": ")
        found[code] = tuple(spoken for name in names.split(";") if (spoken := tuple(words(name))))
    return found
