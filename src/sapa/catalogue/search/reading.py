"""Reading a query: its signs first, what is left is needed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sapa.catalogue.search import codes_said, signs
from sapa.catalogue.search.heard import MOST_LETTERS, Heard, listen, respelt_pieces
from sapa.catalogue.search.needs import needs_of
from sapa.catalogue.search.places import Place
from sapa.catalogue.search.question import Doubt, Features, Lexicon, Question
from sapa.catalogue.search.vocabulary import Vocabulary

ALL: Final = Features()
# "Data sampah per dusun ada?"
ENDS_ASKING: Final = frozenset(["ada", "tersedia", "available"])


def understand(
    text: str,
    lexicon: Lexicon,
    table: Vocabulary,
    *,
    near: Sequence[str] = (),
    year: int,
    is_exact: bool = False,
    features: Features = ALL,
) -> Question:
    """The question behind `text`, given what the index knows. Nothing typed asks for nothing.

    `near`: BPS codes of the office and those above it. `year`: the present one, for "the last five years"."""
    raw = text[:MOST_LETTERS]
    heard = Heard(listen(raw, table), lexicon, table, near, year, is_exact, features)
    asks_whether = any(heard.says(phrase) for phrase in table.availability) or (
        len(heard.words) > 1 and heard.words[-1] in ENDS_ASKING
    )
    if asks_whether:
        heard.sign("whether", "", heard.drop(lambda word: word in table.availability_words))
    found = Question(
        asks_whether=asks_whether,
        typed=tuple(heard.words),
        year=year,
        is_english=not table.english.isdisjoint(heard.words),
    )
    named: list[Place] = []
    doubts: tuple[Doubt, ...] = ()
    if features.understanding:
        found = codes_said.versions_and_codes(heard, found)
        found = signs.years_and_newest(heard, found)
        doubts = signs.doubts_in(heard)
        named = signs.places_in(heard, doubts)
        found = signs.level(heard, found, named)
        found = signs.frequency(heard, found)
        found = signs.kinds(heard, found)
        codes_said.framing(heard, found)
    needs, respelt, is_empty = needs_of(heard, named, doubts, is_open=bool(raw) and not raw[-1:].isspace())
    if is_empty and not (found.codes or found.version or found.years or found.kinds):
        return Question(asks_whether=asks_whether)
    return replace(
        found,
        needs=needs,
        doubts=doubts,
        areas=tuple(dict.fromkeys(place.region for place in named)),
        is_code=codes_said.is_about_a_code(heard, found),
        family=codes_said.family(heard),
        names=codes_said.names_said(heard),
        signs=tuple(heard.signs),
        respelt=respelt_pieces(heard, respelt),
    )
