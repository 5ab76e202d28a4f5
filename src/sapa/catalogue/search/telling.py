"""What was understood, in the reader's words: chips that can be taken off, and words that may mean several things."""

from django.utils.translation import gettext as _

from sapa.catalogue.models import Entry, Frequency, Level
from sapa.catalogue.regions import by_bps
from sapa.catalogue.search.heard import instead, pieces, without
from sapa.catalogue.search.question import Question, Sign
from sapa.catalogue.search.results import Ambiguity, Chip, Mark, Meaning
from sapa.catalogue.search.vocabulary import Vocabulary


def chips(text: str, question: Question) -> tuple[Chip, ...]:
    """One for everything that was understood beside the words themselves."""
    return tuple(Chip(sign.sort, _label(sign), without(text, sign)) for sign in question.signs)


def read_as(text: str, question: Question) -> tuple[Mark, ...]:
    """The query as it was typed but for the words that are read otherwise, which are marked; nothing where none is."""
    found: list[Mark] = []
    until = 0
    spans = pieces(text)
    for piece, words in sorted(question.respelt):
        first, last = spans[piece]
        if text[until:first]:
            found.append(Mark(text[until:first], is_hit=False))
        found.append(Mark(words, is_hit=True))
        until = last
    rest = text[until:].rstrip()
    return (*found, Mark(rest, is_hit=False)) if found and rest else tuple(found)


def ambiguities(text: str, question: Question, table: Vocabulary) -> tuple[Ambiguity, ...]:
    """The ambiguous words, each with all its meanings and the one that was taken."""
    found = []
    number = len(pieces(text))
    for doubt in question.doubts:
        at = _piece_of(text, doubt.word)
        if at is None or at >= number:
            continue
        meanings = tuple(
            Meaning(sense.label, instead(text, at, " ".join(sense.phrase)), sense is doubt.taken)
            for sense in doubt.senses
        )
        found.append(Ambiguity(doubt.word, meanings))
    return tuple(found)


def _piece_of(text: str, word: str) -> int | None:
    for at, (first, last) in enumerate(pieces(text)):
        if text[first:last].casefold() == word:
            return at
    return None


def _label(sign: Sign) -> str:
    value = sign.value
    if sign.sort == "area":
        region = by_bps(value)
        return region.name if region else value
    if sign.sort == "years":
        return _("Year %(year)s") % {"year": value.replace("-", "–")}
    if sign.sort == "level":
        return _("per %(level)s") % {"level": str(Level(value).label).casefold()}
    if sign.sort == "frequency":
        return str(Frequency(value).label)
    if sign.sort == "kind":
        return str(Entry.Kind(value).label)
    if sign.sort == "code":
        return _("Code %(code)s") % {"code": value}
    if sign.sort == "newest":
        return _("Newest first")
    if sign.sort == "whether":
        return _("Is there such a thing?")
    return value
