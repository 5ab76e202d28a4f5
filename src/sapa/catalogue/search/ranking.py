"""How well a card fits a question: what it holds of what was asked for, and what else speaks for it. Each reason can
be told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log
from typing import Final

from sapa.catalogue.models import Entry, Level
from sapa.catalogue.search.documents import TITLE, Card
from sapa.catalogue.search.question import STEM_MARK, Need, Question
from sapa.catalogue.search.stemming import stem

Kind = Entry.Kind
# The same thing by another name.
SYNONYM: Final = 0.85
# Of what was asked for, by how much it says: less than this is another thing.
LEAST_COVERED: Final = 0.25
LEAST_COVERED_BY_ABSENCE: Final = 0.5
# Distinct words of a usual text; a need is clearly held from this strength on, and faintly by a mention.
USUAL, CLEAR, FAINT = 40, 0.55, 0.5
# A year that lies within those of a table.
IN_ITS_YEARS: Final = 0.5
# Words of a phrase that may stand anywhere in a text are not yet the phrase.
SCATTERED: Final = 0.6
# Beside a good answer, what fits this much worse is about something else.
LEAST_BESIDE: Final = 0.04
# Part of a phrase ("jenis" of "jenis kelamin") says less than its share.
PART: Final = 0.7
# A place that was named and that an entry says nothing of: definitions and codes hold everywhere.
ANYWHERE: Final = 0.75
AROUND: Final = 0.6
WITHIN: Final = 0.8
CODE_KINDS: Final = frozenset({str(Kind.CLASSIFICATION_CODE)})
EXPLAINS: Final = frozenset({str(Kind.ANSWER), str(Kind.GLOSSARY_TERM)})
LOWEST: Final = 5
# Asked whether there is such a thing, absences come first unless something else fits much better.
ABSENCE_ASKED_FOR: Final = 5.0
HEAD: Final = 1.3
A_GROUP: Final = 0.55
# Of the best code's score, for a code beside it that holds none of the words.
NEIGHBOUR: Final = 0.3
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
) -> list[Fit]:
    """The cards that hold enough of what was asked for, best first. `worth`: of each need, how much it tells apart."""
    found = [fit for each in cards if (fit := _fit(each, question, worth, near)) is not None]
    best = max((fit.score for fit in found), default=0.0)
    # The newest number first among equals: the order is the same every time.
    return sorted(
        (fit for fit in found if fit.score >= best * LEAST_BESIDE),
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
    found = [each or usual * need.worth for each, need in zip(known, question.needs, strict=True)]
    if question.is_code and len(found) > 1:
        # The first word names the trade or the job ("perawat rumah sakit"); what follows only says which one.
        head = next((at for at, need in enumerate(question.needs) if need.worth == 1.0), 0)
        found[head] *= HEAD
    return found


def terms(question: Question) -> frozenset[str]:
    """Every word and marked stem whose weight the ranking may ask a card for."""
    own = {term for need in question.needs for meanings in need.own for term in meanings}
    others = {word for need in question.needs for phrase in need.others for word in phrase}
    return frozenset(own | others | {_marked(word) for word in others})


def beside(best: Fit, cards: Iterable[Card], known: Iterable[Fit]) -> list[Fit]:
    """The neighbours of the best code, in their order, well below it: who looks for one often wants the next."""
    have = {fit.card.key for fit in known}
    why = (("neighbour", NEIGHBOUR),)
    new = sorted((each for each in cards if each.key not in have), key=lambda each: each.code)
    return [Fit(each, best.score * (NEIGHBOUR - place * 0.005), 0.0, why) for place, each in enumerate(new)]


@lru_cache(maxsize=10_000)
def _marked(word: str) -> str:
    return STEM_MARK + stem(word)


def _least(card: Card, question: Question) -> float:
    if not card.is_absence:
        return LEAST_COVERED
    return LEAST_COVERED if question.asks_whether else LEAST_COVERED_BY_ABSENCE


def _fit(card: Card, question: Question, worth: Sequence[float], near: Sequence[str]) -> Fit | None:
    why: list[tuple[str, float]] = []
    held = covered = 0.0
    asked = sum(worth) or 1.0
    matched: set[str] = set()
    says = _says(card.length // 16 * 8)
    for need, said in zip(question.needs, worth, strict=True):
        share, strength = _held(card, need, matched, says)
        held += said * strength
        covered += said * share
        if strength:
            why.append((need.name, round(said * strength, 3)))
    part = covered / asked if question.needs else 1.0
    if question.needs and part < _least(card, question):
        return None
    # A code is told by its title; the long text below it names much that lies around it.
    whole = part**0.5 if card.kind in CODE_KINDS else part
    score = (held if question.needs else 1.0) * whole
    why.append(("covered", round(whole, 3)))
    for name, factor in _factors(card, question, near, matched):
        if factor != 1.0:
            score *= factor
            why.append((name, round(factor, 3)))
    return Fit(card, score, part, tuple(why)) if score > 0 else None


def _held(card: Card, need: Need, matched: set[str], says: Sequence[float]) -> tuple[float, float]:
    """How much of the need the card covers (0 to 1) and how strongly it says it."""
    weights = card.weights
    parts = []
    for meanings in need.own:
        best = 0.0
        for term, sure in meanings.items():
            weight = weights.get(term)
            if weight:
                best = max(best, sure * says[weight])
                matched.add(term)
        if best:
            parts.append(best)
    share = strength = 0.0
    if parts:
        share = len(parts) / len(need.own)
        share = 1.0 if share == 1.0 else share * PART
        strength = share * sum(parts) / len(parts)
        if len(need.own) > 1 and share == 1.0:
            strength *= _together(card, need)
    for phrase in need.others:
        least = min((weights.get(word) or weights.get(_marked(word), 0) for word in phrase), default=0)
        if least:
            other = SYNONYM * says[least]
            if len(phrase) > 1 and least < TITLE:
                other *= SCATTERED
            matched.update(phrase)
            if other > strength or share < 1.0:
                share, strength = 1.0, max(strength, other)
    if need.year and card.year_from <= need.year <= card.year_until:
        return 1.0, max(strength, IN_ITS_YEARS)
    if need.area is not None:
        return _held_of_area(card, need, share, strength)
    return share * (FAINT + (1 - FAINT) * min(1.0, strength / CLEAR)), strength


def _together(card: Card, need: Need) -> float:
    """The words of a phrase beside each other in the title are the phrase; anywhere, they only may be."""
    said = list(zip(card.title, card.stems, strict=True))
    for place in range(len(said) - len(need.own) + 1):
        if all(
            word in meanings or root in meanings
            for (word, root), meanings in zip(said[place:], need.own, strict=False)
        ):
            return 1.15
    return 0.8


@cache
def _says(words: int) -> tuple[float, ...]:
    """What a word says by its weight: all in a title, less in a text, and less in a long one than in a short one."""
    norm = min(1.15, max(0.5, (USUAL / max(1, words)) ** 0.5))
    return (0.0, 0.25 * norm, 0.5 * norm, 0.6, 0.8, 0.9, 1.0)


def _held_of_area(card: Card, need: Need, share: float, strength: float) -> tuple[float, float]:
    """A place is held by what is about it or a part of it; less by what is about the area around it."""
    assert need.area is not None
    code = need.area.bps
    if code in card.areas:
        return (1.0, 1.0) if card.areas[0] == code else (WITHIN, WITHIN)
    if not card.areas:
        return (1.0, strength) if share == 1.0 else (ANYWHERE, ANYWHERE * 0.5)
    if code.startswith(card.areas[0]):  # a figure of the province may hold all its regencies
        around = AROUND if SMALLEST.get(card.level, 0) > 2 else AROUND * 0.7
        return max(share, around), max(strength, around * 0.7)
    return (share * 0.5, strength * 0.5)


def _factors(
    card: Card, question: Question, near: Sequence[str], matched: set[str]
) -> Iterable[tuple[str, float]]:
    yield "precise", _precision(card, matched)
    if question.codes:
        yield "code", 8.0 if any(_same_code(code, card.code) for code in question.codes) else 0.6
    is_code = card.kind in CODE_KINDS
    if question.version:
        fits = is_code and card.version.upper().startswith(question.version.split()[0])
        exact = card.version.upper() == question.version.upper() or " " not in question.version
        asks_meaning = bool(question.kinds) and card.kind in question.kinds
        yield (
            "version",
            1.6
            if fits and exact
            else 0.7
            if fits
            else 1.0
            if asks_meaning or card.kind in EXPLAINS
            else 0.3
            if is_code
            else 0.55,
        )
    elif is_code:
        yield "classification", 1.0 if question.is_code else 0.6
    if is_code:
        yield "detail", 1.0 if _is_class(card) else A_GROUP
    if question.kinds:
        yield "kind", 1.5 if card.kind in question.kinds else 0.8
    elif card.kind == Kind.GLOSSARY_TERM or card.kind == Kind.INFOGRAPHIC or card.kind == Kind.INDICATOR:
        yield "kind", 0.85
    elif card.kind == Kind.DYNAMIC_TABLE:
        yield "kind", 1.08
    yield "years", _years(card, question)
    if question.is_newest and card.year_until:
        yield "newest", 1.0 + max(-0.3, min(0.15, (card.year_until - 2023) * 0.05))
    if question.level and card.level:
        yield "level", 1.25 if card.level == question.level else 0.85
    if question.frequency and card.frequency:
        yield "frequency", 1.3 if card.frequency == question.frequency else 0.85
    if card.areas and not question.areas and near:
        yield "near", 1.12 if card.areas[0] == near[0] else 1.06 if card.areas[0].startswith(near[0]) else 1.0
    if card.is_absence and question.asks_whether:
        yield "absence", ABSENCE_ASKED_FOR
    if is_code and not question.version and question.family:
        yield "family", 1.2 if card.version.startswith(question.family) else 0.9


def _is_class(card: Card) -> bool:
    """Whether it is a code of the lowest step, which is what an application asks for (KBJI: with a point)."""
    return "." in card.code if card.version.startswith("KBJI") else len(card.code) >= LOWEST


def _same_code(code: str, other: str) -> bool:
    return code.replace(".", "") == other.replace(".", "")


def _precision(card: Card, matched: set[str]) -> float:
    """A title that says little else than what was asked for is meant more than one that says much beside it."""
    if not card.title:
        return 1.0
    said = 0
    for word, root in zip(card.title, card.stems, strict=True):
        if word in matched or root in matched:
            said += 1
    return 1.4 if said == len(card.title) else 0.6 + 0.7 * said / len(card.title)


def _years(card: Card, question: Question) -> float:
    if question.years is None or not card.year_until:
        return 1.0
    first, last = question.years
    wanted = last - first + 1
    held = min(last, card.year_until) - max(first, card.year_from) + 1
    if held >= wanted:
        return 1.25
    if held > 0:
        return 1.0 + 0.2 * held / wanted
    gap = min(abs(first - card.year_until), abs(card.year_from - last))
    return 0.8 if gap <= 1 else 0.6
