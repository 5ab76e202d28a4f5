"""What a query says beside its words: version and code, years, places, level, how often, kind."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from sapa.catalogue.models import Entry, Frequency, Level
from sapa.catalogue.regions import Region
from sapa.catalogue.search.analyse import words
from sapa.catalogue.search.documents import ABSENCE
from sapa.catalogue.search.heard import YEAR, Heard
from sapa.catalogue.search.places import Place, places
from sapa.catalogue.search.question import Doubt, Question
from sapa.catalogue.search.stemming import stem
from sapa.catalogue.search.vocabulary import Phrase, Sense

Kind = Entry.Kind
# After a number: it counts something, it is no year.
_COUNTED: Final = frozenset(
    words(
        "ekor orang ribu rb juta jt rupiah meter m2 watt va pohon batang butir kilo kg kwintal ton liter unit "
        "buah lembar hektar hektare ha km porsi kamar kursi"
    )
)
_UNTIL: Final = frozenset(["sampai", "hingga", "sd", "s", "d", "until", "to"])
_SINCE: Final = frozenset(["sejak", "mulai", "dari", "since", "from"])
_LEVELS: Final[dict[str, str]] = {
    "kecamatan": Level.DISTRICT,
    "distrik": Level.DISTRICT,
    "district": Level.DISTRICT,
    "desa": Level.VILLAGE,
    "kelurahan": Level.VILLAGE,
    "kampung": Level.VILLAGE,
    "tiyuh": Level.VILLAGE,
    "pekon": Level.VILLAGE,
    "nagari": Level.VILLAGE,
    "dusun": Level.VILLAGE,
    "rw": Level.VILLAGE,
    "village": Level.VILLAGE,
    "kabupaten": Level.REGENCY,
    "kota": Level.REGENCY,
    "regency": Level.REGENCY,
    "provinsi": Level.PROVINCE,
    "province": Level.PROVINCE,
    "nasional": Level.NATIONAL,
    "national": Level.NATIONAL,
}
BY: Final = frozenset(["per", "menurut", "tingkat", "level", "setiap", "tiap", "by", "masing"])
_FREQUENCIES: Final[dict[str, str]] = {
    "mingguan": Frequency.WEEKLY,
    "weekly": Frequency.WEEKLY,
    "bulanan": Frequency.MONTHLY,
    "monthly": Frequency.MONTHLY,
    "triwulan": Frequency.QUARTERLY,
    "triwulanan": Frequency.QUARTERLY,
    "kuartal": Frequency.QUARTERLY,
    "quarterly": Frequency.QUARTERLY,
    "semester": Frequency.SEMESTERLY,
    "semesteran": Frequency.SEMESTERLY,
    "tahunan": Frequency.YEARLY,
    "yearly": Frequency.YEARLY,
    "annual": Frequency.YEARLY,
}
_EVERY: Final[dict[str, str]] = {
    "minggu": Frequency.WEEKLY,
    "bulan": Frequency.MONTHLY,
    "triwulan": Frequency.QUARTERLY,
    "semester": Frequency.SEMESTERLY,
    "tahun": Frequency.YEARLY,
}
_KINDS: Final[dict[Phrase, str]] = {
    ("publikasi",): Kind.PUBLICATION,
    ("buku",): Kind.PUBLICATION,
    ("publication",): Kind.PUBLICATION,
    ("infografis",): Kind.INFOGRAPHIC,
    ("infographic",): Kind.INFOGRAPHIC,
    ("brs",): Kind.PRESS_RELEASE,
    ("berita", "resmi"): Kind.PRESS_RELEASE,
    ("berita", "resmi", "statistik"): Kind.PRESS_RELEASE,
    ("siaran", "pers"): Kind.PRESS_RELEASE,
    ("rilis",): Kind.PRESS_RELEASE,
    ("press", "release"): Kind.PRESS_RELEASE,
    ("tabel",): Kind.DYNAMIC_TABLE,
    ("table",): Kind.DYNAMIC_TABLE,
    ("glosarium",): Kind.GLOSSARY_TERM,
    ("istilah",): Kind.GLOSSARY_TERM,
}
# How people ask what something is; a figure is not what they want.
_MEANING: Final = tuple(
    tuple(each.split())
    for each in (
        "apa itu",
        "apa sih",
        "itu apa",
        "apa arti",
        "arti",
        "artinya",
        "apa maksud",
        "maksudnya",
        "maksud dari",
        "cara baca",
        "cara membaca",
        "definisi",
        "pengertian",
        "konsep",
        "rumus",
        "rumusnya",
        "cara hitung",
        "cara menghitung",
        "cara ngitung",
        "beda",
        "bedanya",
        "perbedaan",
        "metadata",
        "interpretasi",
        "apaan",
        "gunanya",
        "fungsinya",
        "kayak gimana",
        "kayak apa",
        "seperti apa",
        "disebut",
        "dimaksud",
        "kriteria",
        "syarat",
        "ciri",
        "beda nya",
        "maksud",
        "jelaskan",
        "ngitung",
        "ngitungnya",
        "menghitung",
        "dihitung",
        "what is",
        "what are",
        "what does",
        "mean",
        "meant",
        "definition",
        "define",
        "difference",
        "explain",
        "explanation",
        "how to calculate",
        "how is",
        "meaning",
    )
)
_EXPLAINING: Final = frozenset({Kind.INDICATOR, Kind.GLOSSARY_TERM, Kind.ANSWER})
_NEWEST: Final = frozenset(["terbaru", "terkini", "terakhir", "latest", "newest", "terupdate"])
_YEARS_BACK: Final = frozenset(["thn", "tahun", "th", "years", "year"])


def years_and_newest(heard: Heard, found: Question) -> Question:
    """The years, or that the newest is wanted."""
    years: list[int] = []
    for at, word in enumerate(heard.words):
        counts = at + 1 < len(heard.words) and heard.words[at + 1] in _COUNTED
        if at in heard.gone or counts or not YEAR.fullmatch(word):
            continue
        years.append(int(word))
        taken = [at]
        if at and heard.words[at - 1] in _YEARS_BACK:
            taken.insert(0, at - 1)
        if at and heard.words[at - 1] in _UNTIL and len(years) > 1:
            taken.insert(0, at - 1)
        heard.light.update(range(taken[0], at + 1))
        heard.sign("years", word, range(taken[0], at + 1))
    span = (min(years), max(years)) if years else None
    if span and len(years) == 1 and _stands_before(heard.words, str(years[0]), _SINCE):
        span = (years[0], heard.year)
    for at in range(len(heard.words) - 2):
        number, unit, last = heard.words[at : at + 3]
        if number.isdigit() and len(number) < 3 and unit in _YEARS_BACK and last in _NEWEST:
            span = (heard.year - int(number), heard.year)
            heard.take(range(at, at + 3))
            heard.sign("years", f"{span[0]}-{span[1]}", range(at, at + 3))
    newest = [at for at, word in enumerate(heard.words) if word in _NEWEST and at not in heard.gone]
    heard.take(newest)
    heard.sign("newest", "", newest)
    return replace(found, years=span, is_newest=bool(newest))


def doubts_in(heard: Heard) -> tuple[Doubt, ...]:
    """Words that may mean several things, each with the meaning that the others, or the office, decide for."""
    found = []
    others = set(heard.words)
    roots = {stem(word) for word in others}
    for at, word in enumerate(heard.words):
        senses = heard.table.ambiguous.get(word)
        if not senses or at in heard.gone:
            continue
        said = [
            (len(sense.when & others) + len({stem(each) for each in sense.when} & roots), -place)
            for place, sense in enumerate(senses)
        ]
        best = max(said)
        taken = senses[-best[1]] if best[0] and sum(each[0] == best[0] for each in said) == 1 else None
        if taken is None and not best[0]:
            near = [
                sense for sense in senses if any(_is_near(each, heard.near) for each in _at(heard, sense))
            ]
            taken = near[0] if len(near) == 1 else None
        found.append(Doubt(word, senses, taken, at))
    return tuple(found)


def _at(heard: Heard, sense: Sense) -> list[Region]:
    return [place.region for place in places(sense.phrase, near=heard.near) if place.end == len(sense.phrase)]


def places_in(heard: Heard, doubts: Iterable[Doubt]) -> list[Place]:
    """The places that were named."""
    taken = {doubt.start: doubt.taken for doubt in doubts}
    spelt = [word if at not in heard.gone else "" for at, word in enumerate(heard.words)]
    # A word that the table says may be something else is a place only where that is decided.
    spelt = ["" if at in taken else word for at, word in enumerate(spelt)]
    found = places(spelt, near=heard.near, ordinary=heard.table.ordinary_places)
    for at, sense in taken.items():
        if sense is not None:
            found += [Place(region, at, at + 1) for region in _at(heard, sense)[:1]]
    found.sort(key=lambda place: place.start)
    for place in found:
        heard.sign("area", place.region.bps, range(place.start, place.end))
    return found


def level(heard: Heard, found: Question, named: Iterable[Place]) -> Question:
    """For how small areas figures are wanted."""
    within = {at for place in named for at in range(place.start, place.end)}
    for at, word in enumerate(heard.words):
        level = _LEVELS.get(word)
        if not level or at in within or at in heard.gone:
            continue
        by = at > 0 and heard.words[at - 1] in BY
        small = level in (Level.DISTRICT, Level.VILLAGE)
        if by or small:
            start = at - 1 if by else at
            heard.take([at - 1] if by else [])
            heard.sign("level", level, range(start, at + 1))
            heard.light.add(at)
            return replace(found, level=str(level))
    return found


def frequency(heard: Heard, found: Question) -> Question:
    """How often figures are wanted."""
    for at, word in enumerate(heard.words):
        every = _EVERY.get(word) if at and heard.words[at - 1] in {"per", "tiap", "setiap"} else None
        frequency = _FREQUENCIES.get(word) or every
        if frequency and at not in heard.gone:
            heard.light.add(at)
            heard.take([at - 1] if every else [])
            heard.sign("frequency", frequency, range(at - 1 if every else at, at + 1))
            return replace(found, frequency=str(frequency))
    return found


def kinds(heard: Heard, found: Question) -> Question:
    """The kind of thing that is wanted, where the words say so."""
    for at in range(len(heard.words)):
        for length in (3, 2, 1):
            kind = _KINDS.get(tuple(heard.words[at : at + length]))
            if kind and at + length <= len(heard.words) and at not in heard.gone:
                heard.light.update(range(at, at + length))
                heard.sign("kind", kind, range(at, at + length))
                kinds = {kind, Kind.STATIC_TABLE} if kind == Kind.DYNAMIC_TABLE else {kind}
                return replace(found, kinds=frozenset(map(str, kinds)))
    if any(heard.says(phrase) for phrase in _MEANING):
        heard.drop(lambda word: (word,) in _MEANING)
        return replace(found, kinds=frozenset(map(str, _EXPLAINING)))
    if any(heard.says(phrase) for phrase in heard.table.service):
        return replace(found, kinds=frozenset({*map(str, _EXPLAINING), str(Kind.INFOGRAPHIC), ABSENCE}))
    return found


def _is_near(region: Region, near: Sequence[str]) -> bool:
    return any(each.startswith(region.bps) for each in near)


def _stands_before(typed: Sequence[str], word: str, before: frozenset[str]) -> bool:
    return any(one in before and other == word for one, other in pairwise(typed))
