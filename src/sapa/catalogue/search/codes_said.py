"""What a query says of classifications: version and codes, and whether it describes a business, a job or a thing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sapa.catalogue.models import Level
from sapa.catalogue.search.heard import POINTED, YEAR, Heard
from sapa.catalogue.search.question import Question
from sapa.catalogue.search.signs import BY
from sapa.catalogue.search.stemming import stem

# The steps of a classification, said before a code; those that hardly mean anything else.
_STEPS: Final = frozenset(
    [
        "kategori",
        "huruf",
        "seksi",
        "section",
        "golongan",
        "gol",
        "pokok",
        "subgolongan",
        "sub",
        "kelompok",
        "divisi",
    ]
)
_SURE_STEPS: Final = frozenset(["pokok", "subgolongan", "seksi", "section", "divisi"])
# Asked what a code of one version is in another.
_TURNS: Final = frozenset(
    [
        "jadi",
        "menjadi",
        "berubah",
        "ganti",
        "diganti",
        "padanan",
        "padanannya",
        "setara",
        "konversi",
        "lama",
        "baru",
        "barunya",
        "sekarang",
        "pindah",
        "terbaru",
        "new",
        "old",
        "become",
        "equivalent",
    ]
)
_NUMBER: Final = frozenset(["nomor", "nomer", "no", "number", "berapa"])
# Words of what people call a trade.
LONGEST_NAME: Final = 5
_FAMILIES: Final = {
    "kbli": "KBLI",
    "kbji": "KBJI",
    "kbki": "KBKI",
    "isic": "KBLI",
    "isco": "KBJI",
    "cpc": "KBKI",
}


def versions_and_codes(heard: Heard, found: Question) -> Question:
    """The classification, its version and the codes that were named."""
    version, codes = "", []
    for at, word in enumerate(heard.words):
        family = _FAMILIES.get(word)
        if family:
            following = heard.words[at + 1] if at + 1 < len(heard.words) else ""
            is_year = bool(YEAR.fullmatch(following))
            version = f"{family} {following}" if is_year else version or family
            taken = range(at, at + 2) if is_year else range(at, at + 1)
            heard.take(taken)
            heard.sign("version", version, taken)
    wants_code = bool(version) or "kode" in heard.words or "code" in heard.words
    for at, word in enumerate(heard.words):
        if at in heard.gone:
            continue
        first = at
        while first and heard.words[first - 1] in _STEPS:
            first -= 1
        if _is_code(heard, word, heard.words[first:at], wants_code=wants_code):
            codes.append(word)
            heard.take(range(first, at + 1))
            heard.sign("code", word, range(first, at + 1))
    turns = bool(codes) and not _TURNS.isdisjoint(heard.words)
    for at, word in enumerate(heard.words if codes else ()):
        # "KBLI 62019 jadi apa di 2025": a code has no years, its classification has.
        if at not in heard.gone and YEAR.fullmatch(word) and word not in codes:
            version, turns = f"{version.partition(' ')[0] or 'KBLI'} {word}", True
            heard.take([at])
            heard.sign("version", version, [at])
    if codes:
        heard.drop(lambda word: word in _NUMBER or (turns and word in _TURNS))
    return replace(found, version=version, codes=tuple(codes), turns=turns)


def _is_code(heard: Heard, word: str, steps: Sequence[str], *, wants_code: bool) -> bool:
    """Whether the word is a code, given the words like "golongan pokok" directly before it."""
    if not heard.lexicon.knows_code(word):
        return bool(POINTED.fullmatch(word))
    if len(word) == 1 and word.isalpha():
        return bool(steps)
    if not word[:1].isdigit() or not word.replace(".", "").isdigit():
        return False
    named = wants_code or not _SURE_STEPS.isdisjoint(steps)
    return len(word) > 4 or (named and not YEAR.fullmatch(word)) or len(heard.words) == 1


def is_about_a_code(heard: Heard, found: Question) -> bool:
    """Whether a business, a job or a thing is described, to find its code."""
    table, said = heard.table, _said(heard)
    if found.version or found.codes or "kode" in said:
        return True
    # "Kepala desa" is a job; "guru per desa" and "guru kecamatan" ask for figures.
    by_level = found.level and (found.level != Level.VILLAGE or bool(BY & said))
    is_figure = bool(said & table.figures or found.years or by_level)
    described = any(not said.isdisjoint(each) for each in (table.business, table.jobs, table.goods))
    return not is_figure and (described or bool(_called(heard)))


def framing(heard: Heard, found: Question) -> None:
    """Words that only stand around what is looked for count for little."""
    table = heard.table
    light = table.framing | (table.framing_codes if is_about_a_code(heard, found) else frozenset())
    heard.light.update(at for at, word in enumerate(heard.words) if word in light)


def family(heard: Heard) -> str:
    """The classification that the words are of, where they are of one only."""
    table, said = heard.table, _said(heard)
    fitting = [
        name
        for name, known in (("KBLI", table.business), ("KBJI", table.jobs), ("KBKI", table.goods))
        if said & known - {"kode"}
    ]
    if not fitting:
        fitting = sorted(_called(heard))
    return fitting[0] if len(fitting) == 1 else ""


def _called(heard: Heard) -> frozenset[str]:
    """The classifications in which a business or a job has a name of two words or more that is at least half of what
    was said; none where a subject of statistics has one as long."""
    said = _asked(heard)
    for length in range(len(said), max(1, (len(said) - 1) // 2), -1):
        parts = [said[at : at + length] for at in range(len(said) - length + 1)]
        if found := frozenset[str]().union(*(heard.lexicon.families_of(" ".join(part)) for part in parts)):
            return found
        if any(part in heard.table.subjects for part in parts):
            break
    return frozenset()


def names_said(heard: Heard) -> tuple[str, ...]:
    """Names of a business or a job, in two words or more, that stand in what was said."""
    said = _asked(heard)
    parts = (
        " ".join(said[at : at + length])
        for length in range(min(LONGEST_NAME, len(said)), 1, -1)
        for at in range(len(said) - length + 1)
    )
    return tuple(part for part in parts if heard.lexicon.families_of(part))


def _asked(heard: Heard) -> tuple[str, ...]:
    return tuple(
        word for at, word in enumerate(heard.words) if at not in heard.gone and word not in heard.table.silent
    )


def _said(heard: Heard) -> set[str]:
    return {*heard.words} | {stem(word) for word in heard.words}
