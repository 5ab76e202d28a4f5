"""What is asked of the engine: what may fit, by any of the ways to say it, in the catalogues searched."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import tantivy

from sapa.catalogue.models import Entry
from sapa.catalogue.search.documents import ABSENCE
from sapa.catalogue.search.question import STEM_MARK, Features, Need, Question
from sapa.catalogue.search.results import Filters
from sapa.catalogue.search.stemming import stem
from sapa.catalogue.search.store import SCHEMA

Query = tantivy.Query
Clause = tuple[tantivy.Occur, tantivy.Query]
SHOULD: Final = tantivy.Occur.Should
MUST: Final = tantivy.Occur.Must
NOT: Final = tantivy.Occur.MustNot
# A way to say something beside the best one adds this much of its score.
TIE: Final = 0.1
MOST_YEARS: Final = 40


@dataclass(frozen=True)
class Within:
    """What is looked through: whose entries (`offices`; none where everything in the index is theirs), what somebody
    chose beside the words, and the parts of the search that are in use. `is_exact`: every word must be there."""

    offices: tuple[int, ...]
    filters: Filters
    features: Features
    is_exact: bool = False


def candidates(question: Question, within: Within, *, absent: bool = False) -> tantivy.Query:
    """Entries (or absences) that may fit, likely ones first: enough of the needs, or the code, in any of their ways."""
    content = _content(question)
    clauses = [(SHOULD, _of_need(need, within.features)) for need in content]
    if within.is_exact:
        clauses += [(MUST, _whole(need, within.features)) for need in question.needs if _is_of_words(need)]
    clauses += [(SHOULD, Query.boost_query(term("code", _plain(code)), 20.0)) for code in question.codes]
    parts = list(_limits(within, absent=absent))
    if clauses:
        parts.append((MUST, Query.boolean_query(clauses, minimum_number_should_match=_least(question))))
        parts += [(SHOULD, _of_need(need, within.features)) for need in question.needs if need not in content]
    else:
        parts.append((MUST, Query.all_query()))
    parts += [(SHOULD, each) for each in _favours(question)]
    return Query.boolean_query(parts)


def counted(question: Question, within: Within) -> tantivy.Query:
    """The same entries, to be counted: without an order, which would take most of the time."""
    ways = [list(_ways(need, within.features)) for need in _content(question)]
    ways += [[term("code", _plain(code))] for code in question.codes]
    least = _least(question)
    if not ways:
        found = Query.all_query()
    elif least == 1:
        found = _any(way for each in ways for way in each)
    else:
        each_need = [(SHOULD, _any(each)) for each in ways]
        found = Query.boolean_query(each_need, minimum_number_should_match=least)
    return Query.boolean_query([*_limits(within, absent=False), (MUST, found)])


def holding_all(question: Question, within: Within) -> tantivy.Query:
    """Entries that hold all that was asked for, to be counted: each need but words like "tabel", the level and one of
    the years."""
    parts = [
        (MUST, _whole(need, within.features))
        for need in question.needs
        if need.worth == 1.0 and not need.year
    ]
    if len(parts) >= _least(question):  # then there are enough of the needs
        parts += _limits(within, absent=False)
    else:
        parts.append((MUST, counted(question, within)))
    if question.level:
        parts.append((MUST, term("level", question.level)))
    if question.years:
        first, last = question.years
        named = range(max(first, last - MOST_YEARS), last + 1)
        parts.append((MUST, _any(Query.term_query(SCHEMA, "year", each) for each in named)))
    return Query.boolean_query(parts)


def of_group(group: str, within: Within) -> tantivy.Query:
    """A code and its neighbours."""
    return Query.boolean_query([*_of(within.offices), (MUST, term("group", group))])


def of_code(version: str, code: str, within: Within) -> tantivy.Query:
    """A code itself."""
    return Query.boolean_query(
        [*_of(within.offices), (MUST, term("version", version)), (MUST, term("code", code))]
    )


def yearbooks(area: str, within: Within) -> tantivy.Query:
    """All editions of what every office of BPS publishes for its area each year, "Dalam Angka"."""
    named = [(MUST, term("title", word)) for word in ("dalam", "angka")]
    filed = [(MUST, term("place", area)), (MUST, term("kind", Entry.Kind.PUBLICATION))]
    return Query.boolean_query([*_of(within.offices), *filed, *named])


def everything(offices: Sequence[int]) -> tantivy.Query:
    """Every entry of these offices, without an order."""
    return Query.boolean_query([*_of(offices), (NOT, term("kind", ABSENCE))])


def term(field: str, value: str) -> tantivy.Query:
    """This value in this field."""
    return Query.term_query(SCHEMA, field, str(value))


def _limits(within: Within, *, absent: bool) -> Iterator[Clause]:
    yield from _of(within.offices)
    if absent:
        yield MUST, Query.const_score_query(term("kind", ABSENCE), 0.0)
    else:
        yield NOT, term("kind", ABSENCE)
    for name, value in within.filters:
        query = Query.term_query(SCHEMA, "year", int(value)) if name == "year" else term(name, value)
        yield MUST, Query.const_score_query(query, 0.0)


def _of(offices: Sequence[int]) -> Iterator[Clause]:
    """Of these offices, without a part in the score. One term each: a set of terms would be written out in full, all
    entries of the office, before anything is looked for."""
    each = [(SHOULD, Query.term_query(SCHEMA, "office", office)) for office in offices]
    if each:
        yield MUST, Query.const_score_query(Query.boolean_query(each) if len(each) > 1 else each[0][1], 0.0)


def _least(question: Question) -> int:
    """How many of the needs there must be."""
    return 1 if question.codes else max(1, round(len(_content(question)) * 0.4))


def _content(question: Question) -> Sequence[Need]:
    """What is asked for: a place, a year or "jumlah" alone answers nothing but the question for it."""
    found = [need for need in question.needs if need.is_content]
    return found or question.needs


def _plain(code: str) -> str:
    return code.replace(".", "")


def _favours(question: Question) -> Iterable[tantivy.Query]:
    """What speaks for a candidate without being asked for by a word."""
    for area in question.areas:
        yield Query.const_score_query(term("area", area.bps), 3.0)
    if question.level:
        yield Query.const_score_query(term("level", question.level), 1.0)
    if question.version:
        if " " in question.version:
            yield Query.const_score_query(term("version", question.version), 6.0)
        yield Query.const_score_query(term("kind", Entry.Kind.CLASSIFICATION_CODE), 4.0)
    elif question.is_code:
        yield Query.const_score_query(term("kind", Entry.Kind.CLASSIFICATION_CODE), 1.0)
    for name in question.names:
        yield Query.const_score_query(term("name", name), 5.0 * len(name.split()))
    for kind in question.kinds:
        yield Query.const_score_query(term("kind", kind), 2.0)
    if question.years:
        yield Query.const_score_query(Query.term_query(SCHEMA, "year", question.years[1]), 1.0)


def _of_need(need: Need, features: Features) -> tantivy.Query:
    ways = []
    parts = [_of_word(meanings) for meanings in need.own]
    ways.append(parts[0] if len(parts) == 1 else Query.boolean_query([(SHOULD, each) for each in parts]))
    for phrase in (*need.others, *need.meant):
        words = [_of_phrase_word(word, features) for word in phrase]
        whole = words[0] if len(words) == 1 else Query.boolean_query([(MUST, each) for each in words])
        ways.append(Query.boost_query(whole, 0.85 / len(phrase) ** 0.5))
    if need.area is not None:
        ways.append(Query.const_score_query(term("area", need.area.bps), 2.0))
    found = ways[0] if len(ways) == 1 else Query.disjunction_max_query(ways, TIE)
    return found if need.worth == 1.0 else Query.boost_query(found, need.worth)


def _of_word(meanings: dict[str, float]) -> tantivy.Query:
    ways = []
    for each, sure in meanings.items():
        if each.startswith(STEM_MARK):
            ways.append(Query.boost_query(term("stem", each[1:]), sure))
        else:
            ways.append(Query.boost_query(term("title", each), 2.0 * sure))
            ways.append(Query.boost_query(term("word", each), sure))
    return Query.disjunction_max_query(ways, TIE)


def _of_phrase_word(word: str, features: Features) -> tantivy.Query:
    ways = [Query.boost_query(term("title", word), 2.0), term("word", word)]
    if features.stems:
        ways.append(Query.boost_query(term("stem", stem(word)), 0.8))
    return Query.disjunction_max_query(ways, TIE)


def _ways(need: Need, features: Features) -> Iterator[tantivy.Query]:
    """Each way in which something holds the need, or a part of it."""
    for meanings in need.own:
        yield from _ways_of_word(meanings)
    yield from _other_ways(need, features)


def _ways_of_word(meanings: dict[str, float]) -> Iterator[tantivy.Query]:
    for each in meanings:
        if each.startswith(STEM_MARK):
            yield term("stem", each[1:])
        elif STEM_MARK + stem(each) not in meanings:  # else it is among those of its root
            yield term("title", each)
            yield term("word", each)


def _other_ways(need: Need, features: Features) -> Iterator[tantivy.Query]:
    for phrase in (*need.others, *need.meant):
        words = [
            term("stem", stem(word)) if features.stems else _any((term("title", word), term("word", word)))
            for word in phrase
        ]
        yield words[0] if len(words) == 1 else Query.boolean_query([(MUST, each) for each in words])
    if need.area is not None:
        yield term("area", need.area.bps)


def _whole(need: Need, features: Features) -> tantivy.Query:
    """What holds all words of the need, in any of its ways."""
    own = [(MUST, _any(_ways_of_word(each))) for each in need.own]
    return _any([Query.boolean_query(own), *_other_ways(need, features)])


def _is_of_words(need: Need) -> bool:
    """Whether it is neither a place nor a year: these are compared with more than words."""
    return need.area is None and not need.year


def _any(ways: Iterable[tantivy.Query]) -> tantivy.Query:
    return Query.boolean_query([(SHOULD, each) for each in ways])
