"""What a query asks for: its needs, each with the ways in which the catalogue may say it, and what it says of area,
years, level, kind, version and code."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Final, Protocol

from sapa.catalogue.models import Entry, Frequency, Level
from sapa.catalogue.regions import Region
from sapa.catalogue.search.analyse import allowed_slips, distance, stem, words
from sapa.catalogue.search.places import Place, names_of_places, places
from sapa.catalogue.search.vocabulary import Phrase, Sense, Vocabulary

SHORTEST_QUERY: Final = 2
# Nobody's question is longer; the rest of a pasted page is not looked at.
MOST_LETTERS: Final = 300
MOST_WORDS: Final = 12
MOST_ENDINGS: Final = 10
MOST_SPELLINGS: Final = 3
MOST_OTHERS: Final = 6
SYNONYM: Final = 0.85
ENDING: Final = 0.85
STEM: Final = 0.75
SPELLING: Final = {1: 0.75, 2: 0.55}
STEM_MARK: Final = "~"
# Nobody ends a year or a code by guessing: as one types, numbers complete from three digits on.
SHORTEST_NUMBER: Final = 3
FIRST_YEAR, LAST_YEAR = 1945, 2100
Kind = Entry.Kind


class Lexicon(Protocol):
    """What the index knows of words."""

    def knows(self, word: str) -> bool: ...
    def knows_code(self, code: str) -> bool: ...
    def endings(self, beginning: str, most: int) -> list[str]: ...
    def spellings(self, word: str, slips: int) -> list[tuple[str, int, int]]: ...


@dataclass(frozen=True)
class Features:
    """Parts of the search that can be taken away, to measure what each is worth."""

    stems: bool = True
    synonyms: bool = True
    spellings: bool = True
    endings: bool = True
    apart: bool = True
    understanding: bool = True
    ranking: bool = True


@dataclass(frozen=True)
class Need:
    """One thing asked for. `own`: its words as typed, each with the words of the catalogue that may be meant and
    how surely; `others`: the same thing by other names, each all of its words together. `area`: it names a place.
    `worth`: how much it counts beside the others."""

    own: tuple[dict[str, float], ...]
    others: tuple[Phrase, ...] = ()
    area: Region | None = None
    worth: float = 1.0
    name: str = ""


@dataclass(frozen=True)
class Sign:
    """Something said beside the needs, and where: `start` and `end` count the words as they were typed."""

    sort: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Doubt:
    """An ambiguous word at a place; `taken`: the meaning that the words beside it decide for, if any."""

    word: str
    senses: tuple[Sense, ...]
    taken: Sense | None
    start: int


@dataclass(frozen=True)
class Question:
    """A query as it was understood. `read_as`: the query with what was taken for misspelt put right, else empty.

    `kinds`: what is asked for where the words say so ("apa itu": a definition); `is_code`: a classification is."""

    needs: tuple[Need, ...] = ()
    signs: tuple[Sign, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    areas: tuple[Region, ...] = ()
    years: tuple[int, int] | None = None
    level: str = ""
    frequency: str = ""
    kinds: frozenset[str] = frozenset()
    version: str = ""
    codes: tuple[str, ...] = ()
    is_newest: bool = False
    is_code: bool = False
    asks_whether: bool = False
    read_as: str = ""
    typed: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Typed:
    """A word of the query and the number of the piece of text that it was written in."""

    word: str
    piece: int


_PIECE: Final = re.compile(r"[^\W_]+(?:\.\d+)*")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_JABATAN: Final = re.compile(r"\d{4}\.\d{1,2}")
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
    "village": Level.VILLAGE,
    "kabupaten": Level.REGENCY,
    "kota": Level.REGENCY,
    "regency": Level.REGENCY,
    "provinsi": Level.PROVINCE,
    "province": Level.PROVINCE,
    "nasional": Level.NATIONAL,
    "national": Level.NATIONAL,
}
_BY: Final = frozenset(["per", "menurut", "tingkat", "level", "setiap", "tiap", "by", "masing"])
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
        "what is",
        "definition",
        "meaning",
    )
)
_EXPLAINING: Final = frozenset({Kind.INDICATOR, Kind.GLOSSARY_TERM, Kind.ANSWER})
_FAMILIES: Final = {
    "kbli": "KBLI",
    "kbji": "KBJI",
    "kbki": "KBKI",
    "isic": "KBLI",
    "isco": "KBJI",
    "cpc": "KBKI",
}
_NEWEST: Final = frozenset(["terbaru", "terkini", "terakhir", "latest", "newest", "terupdate"])
_YEARS_BACK: Final = frozenset(["thn", "tahun", "th", "years", "year"])


def understand(
    text: str,
    lexicon: Lexicon,
    table: Vocabulary,
    *,
    near: Sequence[str] = (),
    year: int = LAST_YEAR,
    is_exact: bool = False,
    features: Features = Features(),  # frozen: the same for all
) -> Question:
    """The question behind `text`, given what the index knows. Nothing typed asks for nothing.

    `near`: BPS codes of the office and those above it. `year`: the present one, for "the last five years"."""
    raw = text[:MOST_LETTERS]
    typed = _typed(raw, table)
    found = _Reader(typed, lexicon, table, near, year, is_exact, features)
    return found.question(is_open=bool(raw) and not raw[-1:].isspace())


def pieces(text: str) -> list[tuple[int, int]]:
    """Where the pieces of a query stand in it, as `Sign.start` and `end` count them."""
    return [match.span() for match in _PIECE.finditer(text[:MOST_LETTERS])]


def _typed(raw: str, table: Vocabulary) -> list[_Typed]:
    found = []
    for number, match in enumerate(_PIECE.finditer(raw)):
        piece = match.group()
        if _JABATAN.fullmatch(piece):
            found.append(_Typed(piece, number))
            continue
        for word in words(piece):
            found += [_Typed(part, number) for part in table.short.get(word, (word,))]
    return found


class _Reader:
    """One reading of one query: each step takes its words away or leaves them to the needs."""

    def __init__(
        self,
        typed: list[_Typed],
        lexicon: Lexicon,
        table: Vocabulary,
        near: Sequence[str],
        year: int,
        is_exact: bool,
        features: Features,
    ) -> None:
        self.typed, self.lexicon, self.table, self.near, self.year = typed, lexicon, table, near, year
        self.is_exact, self.features = is_exact, features
        self.all = [each.word for each in typed]
        self.gone: set[int] = set()  # words that are no need
        self.light: set[int] = set()  # words that count for little
        self.signs: list[Sign] = []
        self.read: dict[int, str] = {}

    def question(self, *, is_open: bool) -> Question:
        table, features = self.table, self.features
        asks_whether = any(_stands_in(phrase, self.all) for phrase in table.availability)
        if asks_whether:
            self._sign("whether", "", self._drop(lambda word: word in table.availability_words))
        found = Question(asks_whether=asks_whether, typed=tuple(self.all))
        named: list[Place] = []
        doubts: tuple[Doubt, ...] = ()
        if features.understanding:
            found = self._versions_and_codes(found)
            found = self._years_and_newest(found)
            doubts = self._doubts()
            named = self._places(doubts)
            found = self._level(found, named)
            found = self._frequency(found)
            found = self._kinds(found)
        needs, read_as, is_empty = self._needs(named, doubts, is_open=is_open)
        if is_empty and not (found.codes or found.version or found.years or found.kinds):
            return Question(asks_whether=asks_whether)
        return replace(
            found,
            needs=needs,
            doubts=doubts,
            areas=tuple(dict.fromkeys(place.region for place in named)),
            is_code=self._is_code(found),
            signs=tuple(self.signs),
            read_as=read_as,
        )

    # What is said beside the needs.

    def _versions_and_codes(self, found: Question) -> Question:
        version, codes = "", []
        for at, word in enumerate(self.all):
            family = _FAMILIES.get(word)
            if family:
                following = self.all[at + 1] if at + 1 < len(self.all) else ""
                is_year = bool(_YEAR.fullmatch(following))
                version = f"{family} {following}" if is_year else version or family
                taken = range(at, at + 2) if is_year else range(at, at + 1)
                self._take(taken)
                self._sign("version", version, taken)
        wants_code = bool(version) or "kode" in self.all or "code" in self.all
        for at, word in enumerate(self.all):
            if at in self.gone or not word[:1].isdigit() or not word.replace(".", "").isdigit():
                continue
            is_code = _JABATAN.fullmatch(word) or (
                self.lexicon.knows_code(word)
                and (len(word) > 4 or (wants_code and not _YEAR.fullmatch(word)) or len(self.all) == 1)
            )
            if is_code:
                codes.append(word)
                self._take(range(at, at + 1))
                self._sign("code", word, range(at, at + 1))
        return replace(found, version=version, codes=tuple(codes))

    def _years_and_newest(self, found: Question) -> Question:
        years: list[int] = []
        for at, word in enumerate(self.all):
            if at in self.gone or not _YEAR.fullmatch(word):
                continue
            years.append(int(word))
            taken = [at]
            if at and self.all[at - 1] in _YEARS_BACK:
                taken.insert(0, at - 1)
            if at and self.all[at - 1] in _UNTIL and len(years) > 1:
                taken.insert(0, at - 1)
            self.light.update(range(taken[0], at + 1))
            self._sign("years", word, range(taken[0], at + 1))
        span = (min(years), max(years)) if years else None
        if span and len(years) == 1 and _stands_before(self.all, str(years[0]), _SINCE):
            span = (years[0], self.year)
        for at in range(len(self.all) - 2):
            number, unit, last = self.all[at : at + 3]
            if number.isdigit() and len(number) < 3 and unit in _YEARS_BACK and last in _NEWEST:
                span = (self.year - int(number), self.year)
                self._take(range(at, at + 3))
                self._sign("years", f"{span[0]}-{span[1]}", range(at, at + 3))
        newest = [at for at, word in enumerate(self.all) if word in _NEWEST and at not in self.gone]
        self._take(newest)
        self._sign("newest", "", newest)
        return replace(found, years=span, is_newest=bool(newest))

    def _doubts(self) -> tuple[Doubt, ...]:
        found = []
        others = set(self.all)
        roots = {stem(word) for word in others}
        for at, word in enumerate(self.all):
            senses = self.table.ambiguous.get(word)
            if not senses or at in self.gone:
                continue
            said = [
                (len(sense.when & others) + len({stem(each) for each in sense.when} & roots), -place)
                for place, sense in enumerate(senses)
            ]
            best = max(said)
            taken = senses[-best[1]] if best[0] and sum(each[0] == best[0] for each in said) == 1 else None
            if taken is None and not best[0]:
                near = [
                    sense for sense in senses if any(_is_near(each, self.near) for each in self._at(sense))
                ]
                taken = near[0] if len(near) == 1 else None
            found.append(Doubt(word, senses, taken, at))
        return tuple(found)

    def _at(self, sense: Sense) -> list[Region]:
        return [
            place.region for place in places(sense.phrase, near=self.near) if place.end == len(sense.phrase)
        ]

    def _places(self, doubts: Iterable[Doubt]) -> list[Place]:
        taken = {doubt.start: doubt.taken for doubt in doubts}
        spelt = [word if at not in self.gone else "" for at, word in enumerate(self.all)]
        # A word that the table says may be something else is a place only where that is decided.
        spelt = ["" if at in taken else word for at, word in enumerate(spelt)]
        found = places(spelt, near=self.near, ordinary=self.table.ordinary_places)
        for at, sense in taken.items():
            if sense is not None:
                found += [Place(region, at, at + 1) for region in self._at(sense)[:1]]
        found.sort(key=lambda place: place.start)
        for place in found:
            self._sign("area", place.region.bps, range(place.start, place.end))
        return found

    def _level(self, found: Question, named: Iterable[Place]) -> Question:
        within = {at for place in named for at in range(place.start, place.end)}
        for at, word in enumerate(self.all):
            level = _LEVELS.get(word)
            if not level or at in within or at in self.gone:
                continue
            by = at > 0 and self.all[at - 1] in _BY
            small = level in (Level.DISTRICT, Level.VILLAGE)
            if by or small:
                start = at - 1 if by else at
                self._sign("level", level, range(start, at + 1))
                self.light.add(at)
                return replace(found, level=str(level))
        return found

    def _frequency(self, found: Question) -> Question:
        for at, word in enumerate(self.all):
            every = _EVERY.get(word) if at and self.all[at - 1] in {"per", "tiap", "setiap"} else None
            frequency = _FREQUENCIES.get(word) or every
            if frequency and at not in self.gone:
                self.light.add(at)
                self._sign("frequency", frequency, range(at - 1 if every else at, at + 1))
                return replace(found, frequency=str(frequency))
        return found

    def _kinds(self, found: Question) -> Question:
        for at in range(len(self.all)):
            for length in (3, 2, 1):
                kind = _KINDS.get(tuple(self.all[at : at + length]))
                if kind and at not in self.gone:
                    self.light.update(range(at, at + length))
                    self._sign("kind", kind, range(at, at + length))
                    kinds = {kind, Kind.STATIC_TABLE} if kind == Kind.DYNAMIC_TABLE else {kind}
                    return replace(found, kinds=frozenset(map(str, kinds)))
        if any(_stands_in(phrase, self.all) for phrase in _MEANING):
            self.light.update(at for at, word in enumerate(self.all) if (word,) in _MEANING)
            return replace(found, kinds=frozenset(map(str, _EXPLAINING)))
        return found

    def _is_code(self, found: Question) -> bool:
        said = {*self.all} | {stem(word) for word in self.all}
        return bool(
            found.version or found.codes or said & (self.table.business | self.table.jobs | self.table.goods)
        )

    # What is left is needed.

    def _needs(
        self, named: Sequence[Place], doubts: Sequence[Doubt], *, is_open: bool
    ) -> tuple[tuple[Need, ...], str, bool]:
        table = self.table
        silent = table.silent
        place_at = {place.start: place for place in named}
        doubt_at = {doubt.start: doubt for doubt in doubts}
        spoken = [
            at
            for at, word in enumerate(self.all)
            if at not in self.gone
            and (len(word) > 1 or (word.isalpha() and len(self.all) > 1 and word not in silent))
        ]
        heard = [at for at in spoken if self.all[at] not in silent or self._inside(at, named)]
        # Whoever types nothing else but perhaps a year means the silent words.
        if all(self.all[at].isdigit() for at in heard):
            if any(sign.sort == "whether" for sign in self.signs):
                heard = list(range(len(self.all)))
            elif not self.signs:
                heard = spoken
        heard = heard[:MOST_WORDS]
        if sum(len(self.all[at]) for at in heard) < SHORTEST_QUERY:
            return (), "", True
        last = len(self.all) - 1
        needs: list[Need] = []
        read: list[str] = []
        at_index = 0
        while at_index < len(heard):
            at = heard[at_index]
            if at in place_at:
                place = place_at[at]
                inside = [each for each in heard if place.start <= each < place.end]
                needs.append(self._need_of_place(place, inside))
                read += [self.all[each] for each in inside]
                at_index += max(1, len(inside))
                continue
            if at in doubt_at:
                needs.append(self._need_of_doubt(doubt_at[at]))
                read.append(self.all[at])
                at_index += 1
                continue
            # A run of plain words until the next place or doubt.
            run = [at]
            while (
                at_index + len(run) < len(heard)
                and heard[at_index + len(run)] not in place_at
                and heard[at_index + len(run)] not in doubt_at
            ):
                run.append(heard[at_index + len(run)])
            more, spelt = self._plain(run, is_open=is_open and run[-1] == last)
            needs += [need for need in more if need not in needs]
            read += spelt
            at_index += len(run)
        kept = [self.all[at] for at in heard]
        return tuple(needs), " ".join(read) if read != kept else "", not needs

    def _inside(self, at: int, named: Iterable[Place]) -> bool:
        return any(place.start <= at < place.end for place in named)

    def _need_of_place(self, place: Place, inside: Sequence[int]) -> Need:
        name = tuple(words(place.region.short_name))
        own = tuple({word: 1.0} for word in name)
        typed = tuple(self.all[at] for at in inside)
        others = (typed,) if typed and typed != name else ()
        return Need(own, others, place.region, name=place.region.short_name)

    def _need_of_doubt(self, doubt: Doubt) -> Need:
        senses = (doubt.taken,) if doubt.taken else doubt.senses
        phrases = [sense.phrase for sense in senses]
        others = [other for phrase in phrases for other in (phrase, *self.table.same.get(phrase, ()))]
        return Need(({doubt.word: 1.0},), tuple(dict.fromkeys(others))[:MOST_OTHERS], name=doubt.word)

    def _plain(self, run: Sequence[int], *, is_open: bool) -> tuple[list[Need], list[str]]:
        words_here = [(self.all[at], at in self.light) for at in run]
        apart = [
            (part, light)
            for place, (word, light) in enumerate(words_here, 1)
            for part in self._apart(word, is_open=is_open and place == len(words_here))
        ]
        understood = [
            (*self._meanings(word, is_open=is_open and place == len(apart)), light)
            for place, (word, light) in enumerate(apart, 1)
        ]
        # "menrut" is "menurut", and says as little.
        typed = {word for word, _light in apart}
        understood = [each for each in understood if each[1] not in self.table.silent or each[1] in typed]
        return self._grouped(understood), [each[1] for each in understood]

    def _grouped(self, understood: Sequence[tuple[dict[str, float], str, bool]]) -> list[Need]:
        """One need for each phrase that has other names, one for each word beside them."""
        found: list[Need] = []
        read = [each[1] for each in understood]
        at = 0
        while at < len(read):
            length = self._longest_phrase(read, at)
            phrase = tuple(read[at : at + length])
            meant = tuple(each[0] for each in understood[at : at + length])
            light = all(each[2] for each in understood[at : at + length])
            others = self._others(phrase)
            need = Need(meant, others, worth=0.35 if light else 1.0, name=" ".join(phrase))
            if need not in found:
                found.append(need)
            at += length
        return found

    def _others(self, phrase: Phrase) -> tuple[Phrase, ...]:
        if not self.features.synonyms:
            return ()
        found = self.table.same.get(phrase, ())
        if not found and len(phrase) == 1:
            found = self.table.same.get((stem(phrase[0]),), ())
        return found[:MOST_OTHERS]

    def _longest_phrase(self, read: list[str], at: int) -> int:
        for length in range(min(self.table.longest, len(read) - at), 1, -1):
            if tuple(read[at : at + length]) in self.table.same:
                return length
        return 1

    def _meanings(self, word: str, *, is_open: bool) -> tuple[dict[str, float], str]:
        """The words of the catalogue that `word` may be, and the one to show if it was misspelt."""
        found = self._of_root(word, STEM) | {word: 1.0}
        completes = is_open and self.features.endings and (len(word) >= SHORTEST_NUMBER or word.isalpha())
        ended = False
        if completes:
            for each in self.lexicon.endings(word, MOST_ENDINGS):
                ended = ended or each != word
                found.setdefault(each, ENDING)
        if (
            ended
            or not self.features.spellings
            or self.is_exact
            or word in self.table.familiar
            or word in names_of_places()
            or self.lexicon.knows(word)
            or (self.features.stems and self._knows_root(word))
        ):
            return found, word
        spellings = self._spellings(word)
        for each, slips in spellings:
            found = self._of_root(each, SPELLING[slips] * STEM) | {each: SPELLING[slips]} | found
        return found, spellings[0][0] if spellings else word

    def _knows_root(self, word: str) -> bool:
        root = stem(word)
        return root != word and len(root) > 3 and self.lexicon.knows(root)

    def _of_root(self, word: str, sure: float) -> dict[str, float]:
        """The words of the same root, kept under its mark."""
        return {STEM_MARK + stem(word): sure} if self.features.stems else {}

    def _apart(self, word: str, *, is_open: bool) -> Phrase:
        """Two words of the catalogue that were written as one: "rasiogini"; else the word itself."""
        if (
            not self.features.apart
            or self.is_exact
            or len(word) < 6
            or not word.isalpha()
            or (word,) in self.table.same
            or self.lexicon.knows(word)
        ):
            return (word,)
        if is_open and self.lexicon.endings(word, 1):
            return (word,)
        if self.features.stems and self._knows_root(word):
            return (word,)
        halves = [
            (word[:at], word[at:])
            for at in range(3, len(word) - 2)
            if self.lexicon.knows(word[:at]) and self.lexicon.knows(word[at:])
        ]
        return max(halves, key=lambda half: min(map(len, half))) if halves else (word,)

    def _spellings(self, word: str) -> list[tuple[str, int]]:
        """The nearest words, nearest first; with two slips the first letter must be right."""
        most = allowed_slips(word)
        if not most:
            return []
        near = [
            (slips, other[0] != word[0], -times, other)
            for other, slips, times in self.lexicon.spellings(word, most)
        ]
        near += [
            (slips, other[0] != word[0], -1, other)
            for other, slips in _near_of(self.table.familiar, word, most)
        ]
        best: dict[str, tuple[int, bool, int]] = {}
        for slips, other_first, times, other in near:
            if slips > 1 and other_first:
                continue
            best[other] = min(best.get(other, (9, True, 0)), (slips, other_first, times))
        ranked = sorted(best.items(), key=lambda each: (*each[1], each[0]))
        return [(other, slips) for other, (slips, _first, _times) in ranked[:MOST_SPELLINGS]]

    # Small things.

    def _take(self, places_of_words: Iterable[int]) -> None:
        self.gone.update(places_of_words)

    def _drop(self, which: Callable[[str], bool]) -> list[int]:
        taken = [at for at, word in enumerate(self.all) if which(word)]
        self._take(taken)
        return taken

    def _sign(self, sort: str, value: str, taken: Iterable[int]) -> None:
        pieces_taken = sorted({self.typed[at].piece for at in taken})
        if pieces_taken:
            self.signs.append(Sign(sort, str(value), pieces_taken[0], pieces_taken[-1] + 1))


@cache
def _by_length(words_known: frozenset[str]) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = {}
    for word in words_known:
        found.setdefault(len(word), []).append(word)
    return {length: tuple(each) for length, each in found.items()}


def _near_of(known: frozenset[str], word: str, most: int) -> list[tuple[str, int]]:
    found = []
    lengths = _by_length(known)
    for length in range(len(word) - most, len(word) + most + 1):
        for other in lengths.get(length, ()):
            if other.isalpha() and len(other) > 3:
                slips = distance(word, other, most=most)
                if 0 < slips <= most:
                    found.append((other, slips))
    return found


def _is_near(region: Region, near: Sequence[str]) -> bool:
    return any(each.startswith(region.bps) for each in near)


def _stands_in(phrase: Phrase, typed: Sequence[str]) -> bool:
    return any(tuple(typed[at : at + len(phrase)]) == phrase for at in range(len(typed)))


def _stands_before(typed: Sequence[str], word: str, before: frozenset[str]) -> bool:
    return any(one in before and other == word for one, other in pairwise(typed))


def without(text: str, sign: Sign) -> str:
    """The query without the words of this sign."""
    spans = pieces(text)
    first, last = spans[sign.start][0], spans[sign.end - 1][1]
    return " ".join(f"{text[:first]} {text[last:]}".split()).strip(" ,;:-/?")


def instead(text: str, at: int, words_instead: str) -> str:
    """The query with another wording for one of its pieces."""
    first, last = pieces(text)[at]
    return f"{text[:first]}{words_instead}{text[last:]}"
