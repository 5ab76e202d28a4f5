"""How well a card fits a question: what it holds of what was asked for, and what else speaks for it. Each reason can
be told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log
from typing import Final, NamedTuple

from sapa.catalogue.models import Entry, Level
from sapa.catalogue.regions import by_bps
from sapa.catalogue.search.analyse import words
from sapa.catalogue.search.documents import TITLE, Card
from sapa.catalogue.search.question import STEM_MARK, Need, Question
from sapa.catalogue.search.stemming import stem
from sapa.catalogue.search.vocabulary import Phrase
from sapa.catalogue.search.weights import USED, Weights

Kind = Entry.Kind
Rooted = tuple[tuple[str, str], ...]
CODE: Final = str(Kind.CLASSIFICATION_CODE)
ENGLISH: Final = str(Entry.Language.ENGLISH)
EXPLAINS: Final = frozenset({str(Kind.ANSWER), str(Kind.GLOSSARY_TERM)})
# Of what was asked for, by how much it says: less than this is another thing.
LEAST_COVERED: Final = 0.25
LEAST_COVERED_BY_ABSENCE: Final = 0.3
# Distinct words of a usual text.
USUAL: Final = 40
# Words of any title.
EMPTY: Final = frozenset(
    words(
        "menurut dan di yang atau dari untuk pada serta dalam kabupaten provinsi kota kecamatan tahun of and by in the"
    )
)
# Digits of the lowest step of KBLI and KBKI.
LOWEST: Final = 5
# Of what level an area is, by the length of its code.
LEVEL_OF: Final = {2: Level.PROVINCE, 4: Level.REGENCY, 7: Level.DISTRICT, 10: Level.VILLAGE}
OLDEST: Final = 5
SMALLEST: Final = {
    "": 0,
    Level.NATIONAL: 1,
    Level.PROVINCE: 2,
    Level.REGENCY: 3,
    Level.DISTRICT: 4,
    Level.VILLAGE: 5,
}


@dataclass(frozen=True)
class Fit:
    """A card and its score; `why`: what the score is made of, each a name and a factor."""

    card: Card
    score: float
    covered: float
    why: tuple[tuple[str, float], ...]


def rank(
    cards: Iterable[Card],
    question: Question,
    *,
    worth: Sequence[float],
    near: Sequence[str],
    weights: Weights = USED,
) -> list[Fit]:
    """The cards that hold enough of what was asked for, best first. `worth`: of each need, how much it tells apart."""
    ranking = _Ranking(question, worth, near, weights)
    found = [fit for each in cards if (fit := ranking.fit(each)) is not None]
    best = max((fit.score for fit in found), default=0.0)
    # The newest number first among equals: the order is the same every time.
    return sorted(
        (fit for fit in found if fit.score >= best * weights.least_beside),
        key=lambda each: (-each.score, each.card.is_absence, -each.card.key),
    )


def worths(question: Question, frequencies: Sequence[int], total: int) -> list[float]:
    """How much each need tells apart: the fewer documents hold it, the more."""
    known = [
        need.worth * log(1 + total / (1 + frequency)) if frequency else 0.0
        for need, frequency in zip(question.needs, frequencies, strict=True)
    ]
    said = [each for each in known if each]
    # A word that nobody holds weighs like the others: it neither decides nor is forgotten.
    usual = sum(said) / len(said) if said else 1.0
    return [each or usual * need.worth for each, need in zip(known, question.needs, strict=True)]


def terms(question: Question) -> frozenset[str]:
    """Every word and marked stem whose weight the ranking may ask a card for."""
    own = {term for need in question.needs for meanings in need.own for term in meanings}
    others = {word for need in question.needs for phrase in (*need.others, *need.meant) for word in phrase}
    return frozenset(own | others | {_marked(word) for word in others})


@lru_cache(maxsize=10_000)
def _marked(word: str) -> str:
    return STEM_MARK + stem(word)


def _is_class(card: Card) -> bool:
    """Whether it is a code of the lowest step, which is what an application asks for (KBJI: with a point)."""
    return "." in card.code if card.version.startswith("KBJI") else len(card.code) >= LOWEST


class _Sought(NamedTuple):
    """A need as forty cards are asked for it: each word of another name with its root."""

    need: Need
    worth: float
    is_content: bool
    own: tuple[tuple[tuple[str, float], ...], ...]
    others: tuple[Rooted, ...]
    meant: tuple[Rooted, ...]

    @classmethod
    def of(cls, need: Need, worth: float) -> "_Sought":
        own = tuple(tuple(meanings.items()) for meanings in need.own)
        others, meant = (tuple(map(_rooted, phrases)) for phrases in (need.others, need.meant))
        return cls(need, worth, need.is_content, own, others, meant)


def _rooted(phrase: Phrase) -> Rooted:
    return tuple((word, _marked(word)) for word in phrase)


def _least_weight(said: Mapping[str, int], phrase: Rooted) -> int:
    """The weight of the word that the card says least; 0 where it does not say one of them."""
    least = TITLE
    for word, root in phrase:
        weight = said.get(word) or said.get(root, 0)
        if not weight:
            return 0
        if weight < least:
            least = weight
    return least if phrase else 0


class _Ranking:
    """One question and what is worth what."""

    def __init__(
        self,
        question: Question,
        worth: Sequence[float],
        near: Sequence[str],
        weights: Weights,
    ) -> None:
        self.question, self.near, self.weights = question, near, weights
        self.said: dict[int, tuple[float, ...]] = {}
        self.named = {area.bps for area in question.areas}
        self.worth = list(worth)
        if question.is_code and len(self.worth) > 1:
            head = next((at for at, need in enumerate(question.needs) if need.worth == 1.0), 0)
            self.worth[head] *= weights.head
        self.asked = sum(self.worth) or 1.0
        self.sought = [_Sought.of(*each) for each in zip(question.needs, self.worth, strict=True)]
        self.has_content = any(need.is_content for need in question.needs)
        place = min((area.bps for area in question.areas), default=near[0] if near else "", key=len)
        self.level = LEVEL_OF.get(len(place), "")

    def fit(self, card: Card) -> Fit | None:
        """How well the card fits; None where it is about something else."""
        question, weights = self.question, self.weights
        why: list[tuple[str, float]] = []
        held = covered = 0.0
        content = False
        matched: set[str] = set()
        says = self._says(card.length // 16 * 8)
        for each in self.sought:
            share, strength = self._held(card, each, matched, says)
            held += each.worth * strength
            covered += each.worth * share
            content = content or (share > 0 and each.is_content)
            if strength:
                why.append((each.need.name, round(each.worth * strength, 3)))
        part = covered / self.asked if question.needs else 1.0
        is_it = self._is_asked_for(card)
        if question.needs and not is_it and (part < self._least(card) or (self.has_content and not content)):
            return None
        # A code is told by its title; the long text below it names much that lies around it.
        whole = part ** (weights.covered_code if card.kind == CODE else weights.covered)
        score = (held if question.needs else 1.0) * whole
        why.append(("covered", round(whole, 3)))
        for name, factor in self._factors(card, matched):
            if factor != 1.0:
                score *= factor
                why.append((name, round(factor, 3)))
        return Fit(card, score, part, tuple(why)) if score > 0 else None

    def _is_asked_for(self, card: Card) -> bool:
        return bool(self.question.codes) and any(_same_code(each, card.code) for each in self.question.codes)

    def _says(self, length: int) -> tuple[float, ...]:
        """What a word says by its weight: all in a title, less in a text, less in a long one than in a short one."""
        if length not in self.said:
            norm, weights = min(1.15, max(0.5, (USUAL / max(1, length)) ** 0.5)), self.weights
            told = (weights.aside * norm, weights.told * norm)
            self.said[length] = (0.0, *told, 0.6, weights.keyword, weights.named, 1.0)
        return self.said[length]

    def _least(self, card: Card) -> float:
        if not card.is_absence or self.question.asks_whether:
            return LEAST_COVERED
        return LEAST_COVERED_BY_ABSENCE

    def _held(
        self, card: Card, sought: _Sought, matched: set[str], says: Sequence[float]
    ) -> tuple[float, float]:
        """How much of the need the card covers (0 to 1) and how strongly it says it."""
        weights, need, said = self.weights, sought.need, card.weights
        parts = []
        for meanings in sought.own:
            best = 0.0
            for term, sure in meanings:
                if term in said:
                    strong = sure * says[said[term]]
                    if strong > best:
                        best = strong
                    matched.add(term)
            if best:
                parts.append(best)
        share = strength = 0.0
        if parts:
            share = len(parts) / len(need.own)
            share = 1.0 if share == 1.0 else share * weights.part
            strength = share * sum(parts) / len(parts)
            if len(need.own) > 1 and share == 1.0:
                strength *= weights.together if _together(card, need) else weights.not_together
        for phrase in sought.others:
            least = _least_weight(said, phrase)
            if least:
                other = weights.synonym * says[least]
                if len(phrase) > 1 and least < TITLE:
                    other *= weights.scattered
                matched.update(word for word, _root in phrase)
                if other > strength or share < 1.0:
                    share, strength = 1.0, max(strength, other)
        for phrase in sought.meant:
            if all(said.get(word) == TITLE or said.get(root) == TITLE for word, root in phrase):
                matched.update(word for word, _root in phrase)
                if weights.subject > strength or share < 1.0:
                    share, strength = 1.0, max(strength, weights.subject)
        if need.year and card.year_from <= need.year <= card.year_until:
            return 1.0, max(strength, weights.in_its_years)
        if need.area is not None:
            return self._held_of_area(card, need, share, strength)
        return share * (weights.faint + (1 - weights.faint) * min(1.0, strength / weights.clear)), strength

    def _held_of_area(self, card: Card, need: Need, share: float, strength: float) -> tuple[float, float]:
        """A place is held by what is about it or a part of it; less by what is about the area around it."""
        assert need.area is not None
        weights, code = self.weights, need.area.bps
        if code in card.areas:
            return (1.0, 1.0) if card.areas[0] == code else (weights.within, weights.within)
        if not card.areas:
            return (1.0, strength) if share == 1.0 else (weights.anywhere, weights.anywhere * 0.5)
        if code.startswith(card.areas[0]):  # a figure of the province may hold all its regencies
            around = weights.around if SMALLEST.get(card.level, 0) > 2 else weights.around * 0.7
            return max(share, around), max(strength, around * 0.7)
        return (share * 0.5, strength * 0.5)

    def _factors(self, card: Card, matched: set[str]) -> Iterator[tuple[str, float]]:
        question, weights = self.question, self.weights
        yield "precise", self._precision(card, matched)
        if question.codes:
            yield "code", weights.code if self._is_asked_for(card) else weights.other_code
        if card.kind == CODE:
            yield from self._of_a_code(card)
        elif question.version:
            asks_meaning = bool(question.kinds) and card.kind in question.kinds
            yield "version", 1.0 if asks_meaning or card.kind in EXPLAINS else weights.version_no_code
        if question.kinds:
            yield "kind", weights.kind if card.kind in question.kinds else weights.other_kind
        elif card.kind != CODE:
            yield "kind", getattr(weights, card.kind)
        if card.is_absence and question.asks_whether:
            yield "absence", weights.absence_asked_for
        if card.language == ENGLISH and not question.is_english:
            yield "language", weights.english_unasked
        yield "years", self._years(card)
        if question.level and card.level:
            yield "level", weights.level if card.level == question.level else weights.level_other
        elif card.is_absence and card.level and self.level:
            yield "level", weights.own_level if card.level == self.level else weights.unasked_level
        if question.frequency and card.frequency:
            is_it = card.frequency == question.frequency
            yield "frequency", weights.frequency if is_it else weights.frequency_other
        yield "place", self._place(card)

    def _of_a_code(self, card: Card) -> Iterator[tuple[str, float]]:
        question, weights = self.question, self.weights
        if question.version:
            if not card.version.upper().startswith(question.version.split()[0]):
                yield "version", weights.version_other
            else:
                exact = card.version.upper() == question.version.upper() or " " not in question.version
                yield "version", weights.version if exact else weights.version_nearly
        else:
            yield "classification", 1.0 if question.is_code else weights.code_unasked
            if question.family and not card.version.startswith(question.family):
                yield "family", weights.family_other
        if not _is_class(card):
            yield "group", weights.group
        called = max((len(name.split()) for name in question.names if name in card.names), default=0)
        if called:
            yield "called", 1 + weights.called * min(1.0, called / max(1, len(question.needs)))

    def _precision(self, card: Card, matched: set[str]) -> float:
        """A title that says little else than what was asked for is meant more than one that says much beside it; of
        a code, one of its everyday names will do."""
        aside = _aside(card.areas[0] if card.areas else "")
        best = _share(zip(card.title, card.stems, strict=True), matched, aside)
        for name in card.names:
            spoken = name.split(" ")
            if best < 1.0 and not matched.isdisjoint(spoken):
                best = max(best, _share(((word, _marked(word)) for word in spoken), matched, aside))
        weights = self.weights
        return weights.whole_title if best == 1.0 else weights.no_title + weights.part_title * best

    def _years(self, card: Card) -> float:
        question, weights = self.question, self.weights
        if not card.year_until:
            return 1.0
        if question.years is None:
            if question.is_newest:
                return 1.0 + max(-0.5, min(0.15, (card.year_until - question.year + 3) * weights.newest))
            return 1.0 - weights.age * max(0, min(OLDEST, question.year - 1 - card.year_until))
        first, last = question.years
        wanted = last - first + 1
        held = min(last, card.year_until) - max(first, card.year_from) + 1
        if held >= wanted:
            return weights.years_all
        if held > 0:
            return 1.0 + weights.years_some * held / wanted
        gap = min(abs(first - card.year_until), abs(card.year_from - last))
        return weights.years_near if gap <= 1 else weights.years_far

    def _place(self, card: Card) -> float:
        weights, near = self.weights, self.near
        if not card.areas:
            return 1.0
        own = card.areas[0]
        if not self.question.areas:
            if not near:
                return 1.0
            return weights.near if own == near[0] else weights.near_within if own.startswith(near[0]) else 1.0
        named = self.named
        if own in named:
            return 1.0
        return 1.0 if named.isdisjoint(card.areas) else weights.part_of_place


@cache
def _aside(area: str) -> frozenset[str]:
    """Words of a title that are no subject of it."""
    region = by_bps(area) if area else None
    return EMPTY | frozenset(words(region.short_name)) if region else EMPTY


def _share(said: Iterable[tuple[str, str]], matched: AbstractSet[str], aside: frozenset[str]) -> float:
    """How much of a name is what was asked for. Its area and its year tell it from its like; they are no other
    subject."""
    held = others = 0
    for word, root in said:
        if word in matched or root in matched:
            held += 1
        elif word not in aside and not word.isdigit():
            others += 1
    return held / (held + others) if held else 0.0


def _together(card: Card, need: Need) -> bool:
    """Whether the words of a phrase stand beside each other in the title."""
    said = list(zip(card.title, card.stems, strict=True))
    return any(
        all(_is(word, meanings) for word, meanings in zip(said[place:], need.own, strict=False))
        for place in range(len(said) - len(need.own) + 1)
    )


def _is(word: tuple[str, str], meanings: Mapping[str, float]) -> bool:
    """Whether a word of a title, with its root, is one that may be meant."""
    return word[0] in meanings or word[1] in meanings


def _same_code(code: str, other: str) -> bool:
    return code.replace(".", "") == other.replace(".", "")
