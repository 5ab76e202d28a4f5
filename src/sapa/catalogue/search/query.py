"""Finding entries and absences: the engine brings what may fit, the ranking says how well, the database says what
stands there now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final, TypeVar

import tantivy
from django.db.models import Q
from django_scopes import scope

from sapa.catalogue.models import Absence, Correspondence, Entry, years
from sapa.catalogue.regions import by_bps
from sapa.catalogue.search import keeping
from sapa.catalogue.search.candidates import (
    Within,
    candidates,
    counted,
    holding_all,
    of_code,
    of_group,
    yearbooks,
)
from sapa.catalogue.search.company import group_below, leading, with_counterparts, with_kin, with_yearbook
from sapa.catalogue.search.documents import Card
from sapa.catalogue.search.facets import facets, number
from sapa.catalogue.search.marking import marks, to_mark
from sapa.catalogue.search.places import is_within
from sapa.catalogue.search.question import STEM_MARK, Features, Need, Question
from sapa.catalogue.search.ranking import Fit, rank, terms, worths
from sapa.catalogue.search.reading import understand
from sapa.catalogue.search.results import AbsenceHit, Elsewhere, Facet, Filters, Hit, Results
from sapa.catalogue.search.store import Store
from sapa.catalogue.search.telling import ambiguities, chips, read_as
from sapa.catalogue.search.vocabulary import Vocabulary, vocabulary
from sapa.catalogue.search.weights import USED, Weights
from sapa.core import sql
from sapa.core.time import now
from sapa.offices.models import Office

MOST_ABSENCES: Final = 4
# So many of what the engine brings are looked at closely.
LOOKED_AT: Final = 40
ABSENCES_LOOKED_AT: Final = 12
NEIGHBOURS: Final = 8
SURE_ENOUGH: Final = 0.5
MOST: Final = 500
NOTHING_CHOSEN: Final = Filters()
ALL: Final = Features()
Row = TypeVar("Row", Entry, Absence)


@dataclass(frozen=True)
class Asked:
    """One search under way: the index, whose catalogue is searched, and what was understood."""

    store: Store
    office: Office
    line: tuple[Office, ...]
    near: tuple[str, ...]
    text: str
    table: Vocabulary
    question: Question
    within: Within
    weights: Weights


def search(
    office: Office,
    text: str,
    *,
    filters: Filters = NOTHING_CHOSEN,
    limit: int = 10,
    offset: int = 0,
    exact: bool = False,
    with_facets: bool = True,
    features: Features = ALL,
    weights: Weights = USED,
) -> Results:
    """What the catalogues of the office and of the offices above it hold for `text`, whatever `text` is.

    `exact`: every word as it stands there; nothing is taken for misspelt, another form or another name."""
    began = perf_counter()
    try:
        asked = _asked(office, text, filters=filters, exact=exact, features=features, weights=weights)
        if asked is None:
            return Results(is_too_short=True, took=perf_counter() - began)
        found = _found(asked, limit=min(limit, MOST), offset=min(offset, MOST), with_facets=with_facets)
    except keeping.Preparing:
        return Results(is_preparing=True, took=perf_counter() - began)
    except BaseException as error:
        if not is_of_the_engine(error):
            raise
        keeping.damaged(error)
        return Results(is_preparing=True, took=perf_counter() - began)
    return _shown(asked, *found, took=perf_counter() - began)


def is_of_the_engine(error: BaseException) -> bool:
    """What a damaged file makes the engine raise; its panics are no ordinary exceptions."""
    return type(error).__name__ == "PanicException" or (
        isinstance(error, (ValueError, OSError)) and "tantivy" in f"{type(error)} {error}".casefold()
    )


def _asked(
    office: Office, text: str, *, filters: Filters, exact: bool, features: Features, weights: Weights
) -> Asked | None:
    store = keeping.current()
    line = tuple(office.lineage())
    table = vocabulary([each.pk for each in line], change=keeping.upto())
    if exact:
        table = replace(table, short={}, same={}, ambiguous={}, longest=1)
        features = replace(features, stems=False, synonyms=False, spellings=False, endings=False, apart=False)
    near = tuple(_area_of(each) for each in line if _area_of(each))
    question = understand(text, store, table, near=near, year=now().year, is_exact=exact, features=features)
    if not question.needs and not question.codes and not question.version and not question.signs:
        return None
    offices = tuple(each.pk for each in line)
    within = Within(() if store.is_all_of(offices) else offices, filters, features, exact)
    return Asked(store, office, line, near, text, table, question, within, weights)


def _area_of(office: Office) -> str:
    """The BPS code of the office's area: 1800 is the office of province 18, 0000 of the nation."""
    code = office.code
    if code == "0000":
        return ""
    return code[:2] if code.endswith("00") else code


def _found(
    asked: Asked, *, limit: int, offset: int, with_facets: bool
) -> tuple[list[Fit], list[Fit], int, bool, tuple[Facet, ...]]:
    store, question = asked.store, asked.question
    times = [_times(store, need) for need in question.needs]
    known = (replace(need, is_known=often > 0) for need, often in zip(question.needs, times, strict=True))
    question = replace(question, needs=tuple(known))
    words = terms(question)
    wanted = max(LOOKED_AT, offset + limit + 1)
    result = store.searcher.search(candidates(question, asked.within), wanted, count=False)
    cards = [store.card(place, words) for _score, place in result.hits]
    absences: list[Card] = []
    if not asked.within.filters.kind and not asked.within.filters.version:
        absent = candidates(question, asked.within, absent=True)
        hits = store.searcher.search(absent, ABSENCES_LOOKED_AT, count=False).hits
        absences = [store.card(place, words) for _score, place in hits]
    worth = worths(question, times, _total(store))
    if asked.within.features.ranking:
        fits = _with_company(
            asked, rank(cards, question, worth=worth, near=asked.near, weights=asked.weights)
        )
    else:
        fits = [Fit(each, score, 1.0, ()) for each, (score, _place) in zip(cards, result.hits, strict=True)]
    overshadowed = store.overshadowed(tuple(each.pk for each in asked.line))
    fits = list(_once(fits, overshadowed))
    absent_fits = rank(absences, question, worth=worth, near=asked.near, weights=asked.weights)
    divided: tuple[Facet, ...] = ()
    total = 0
    if with_facets and (fits or any(asked.within.filters)):
        # Counted is what holds all that was asked for; what only resembles it, where nothing does.
        total = number(store.searcher, holding_all(question, asked.within), overshadowed)
        query = holding_all if total else counted
        divided = facets(
            store.searcher,
            lambda filters: query(question, replace(asked.within, filters=filters)),
            asked.within.filters,
            this_year=now().year,
            overshadowed=overshadowed,
        )
    return fits[offset : offset + limit], absent_fits, total, len(fits) > offset + limit, divided


def _once(fits: Iterable[Fit], overshadowed: Mapping[int, int]) -> Iterator[Fit]:
    """Of the twins of a code the one that is shown, where the first of them stands."""
    shown: set[int] = set()
    for fit in fits:
        other = overshadowed.get(fit.card.pk) if not fit.card.is_absence else None
        found = replace(fit, card=fit.card._replace(key=2 * other)) if other else fit
        if found.card.key not in shown:
            shown.add(found.card.key)
            yield found


def _missing(fit: Fit, question: Question) -> tuple[str, ...]:
    """What was asked for and the card says nothing of; a neighbour of a code is shown for another reason."""
    said = {name for name, _worth in fit.why}
    if said & {"neighbour", "its group", "part of it", "in another version", "yearbook"}:
        return ()
    found = [
        need.name for need in question.needs if need.worth == 1.0 and not need.year and need.name not in said
    ]
    if question.years and fit.card.year_until:
        first, last = question.years
        if fit.card.year_until < first or fit.card.year_from > last:
            found.append(years(first, last))
    return tuple(found)


def _with_company(asked: Asked, fits: list[Fit]) -> list[Fit]:
    """With what is wanted beside the best answers: the codes next to a code; of figures, the yearbook of the place."""
    question = asked.question
    leaders = leading(fits, asked.weights)
    if leaders:
        fits = with_kin(fits, [(each, _kin(asked, each.card)) for each in leaders], asked.weights)
    if question.codes:
        fits = with_counterparts(fits, _counterparts(asked, fits), question, asked.weights)
    if question.is_code:
        return fits
    if fits and question.needs and not question.kinds and not question.asks_whether:
        named = sorted((area.bps for area in question.areas), key=len)
        books = _cards(asked, yearbooks(named[-1] if named else (asked.near or ("",))[0], asked.within))
        return with_yearbook(fits, _edition(books, question), asked.weights)
    return fits


def _kin(asked: Asked, card: Card) -> list[Card]:
    """The codes of the same group, the group, and what the code is divided into."""
    above = of_code(card.version, card.group.rpartition(" ")[2], asked.within)
    near = [of_group(group_below(card), asked.within)]
    if card.group:
        near += [of_group(card.group, asked.within), above]
    return [each for query in near for each in _cards(asked, query)]


def _counterparts(asked: Asked, fits: Sequence[Fit]) -> list[Card]:
    """What the codes asked for are in other versions, where an officer has confirmed it."""
    codes = {code.replace(".", "") for code in asked.question.codes}
    pks = [fit.card.pk for fit in fits if fit.card.version and fit.card.code.replace(".", "") in codes]
    with scope(office=list(asked.line)):
        rows = Correspondence.objects.filter(Q(here__in=pks) | Q(there__in=pks), confirmed_at__isnull=False)
        rows = rows.exclude(relation=Correspondence.Relation.REUSED)
        pairs = rows.order_by("pk").values_list(
            *("here_id", "here__version", "here__external_id"),
            *("there_id", "there__version", "there__external_id"),
        )[:NEIGHBOURS]
    others = [pair[3:] if pair[0] in pks else pair[:3] for pair in pairs]
    return [
        card
        for _pk, version, code in dict.fromkeys(others)
        for card in _cards(asked, of_code(version, code, asked.within))[:1]
    ]


def _edition(books: Sequence[Card], question: Question) -> Card | None:
    """The one that holds the last year asked for, else the newest."""
    last = question.years[1] if question.years else 0
    fitting = [each for each in books if each.year_from <= last <= each.year_until] or books
    return max(fitting, key=lambda each: (each.year_until, each.key), default=None)


def _cards(asked: Asked, query: tantivy.Query) -> list[Card]:
    hits = asked.store.searcher.search(query, NEIGHBOURS, count=False).hits
    return [asked.store.card(place) for _score, place in hits]


def _times(store: Store, need: Need) -> int:
    """In about how many documents the need stands, by its most frequent word that is sure."""
    if need.area is not None:
        return store.searcher.doc_freq("area", need.area.bps)
    found = 0
    for meanings in need.own:
        # The word as it is written tells more than all words of its root together.
        written = [store.times(term) for term, sure in meanings.items() if sure == 1.0]
        best = max(written, default=0) or max(
            (_times_of(store, term) for term, sure in meanings.items() if sure >= SURE_ENOUGH), default=0
        )
        found = min(found, best) if found and best else max(found, best)
    others = (*need.others, *need.meant)
    if not found and others:
        found = max(min(store.times(word) for word in phrase) for phrase in others)
    return found


def _times_of(store: Store, term: str) -> int:
    return store.searcher.doc_freq("stem", term[1:]) if term.startswith(STEM_MARK) else store.times(term)


def _total(store: Store) -> int:
    return max(1, int(store.searcher.num_docs))


def _shown(
    asked: Asked,
    fits: Sequence[Fit],
    absent: Sequence[Fit],
    total: int,
    has_more: bool,
    divided: tuple[Facet, ...],
    *,
    took: float,
) -> Results:
    """With what the database holds now: what was withdrawn a moment ago is not shown."""
    question = asked.question
    entries = _rows(Entry, asked.line, fits)
    least = absent[0].score * asked.weights.least_absence if absent else 0.0
    kept = [fit for fit in absent[:MOST_ABSENCES] if fit.score >= least]
    absences = _rows(Absence, asked.line, kept)
    hits, looked_for = [], to_mark(question)
    for fit in fits:
        entry = entries.get(fit.card.pk)
        if entry is not None and entry.is_shown:
            title, excerpt = marks(looked_for, entry.title, entry.summary or entry.body)
            hits.append(Hit(entry, fit.score, title, excerpt, why=fit.why, missing=_missing(fit, question)))
    absence_hits = [
        AbsenceHit(
            absences[fit.card.pk],
            fit.score,
            marks(looked_for, absences[fit.card.pk].indicator, "")[0],
            fit.why,
        )
        for fit in kept
        if fit.card.pk in absences
    ]
    return Results(
        entries=hits,
        absences=absence_hits,
        total=total,
        has_more=has_more,
        took=took,
        read_marks=read_as(asked.text, question),
        chips=chips(asked.text, question),
        facets=divided,
        ambiguous=ambiguities(asked.text, question, asked.table),
        elsewhere=_elsewhere(asked),
    )


def _rows(model: type[Row], line: Sequence[Office], fits: Sequence[Fit]) -> dict[int, Row]:
    """What stands there now, with its office, by its number. By hand: ten come with every letter (decision 0007)."""
    if not fits:
        return {}
    offices: dict[int, Office] = {each.pk: each for each in line}
    condition = f"id IN ({sql.places(fits)}) AND office_id IN ({sql.places(offices)})"
    found = sql.every(model, condition, [*(fit.card.pk for fit in fits), *offices])
    for each in found:
        each.office = offices[each.office_id]
    return {each.pk: each for each in found}


def _elsewhere(asked: Asked) -> Elsewhere | None:
    """The first place named that does not lie in the office's area nor around it."""
    if not asked.near:
        return None
    for region in asked.question.areas:
        if is_within(region, asked.near):
            continue
        code = region.bps
        while len(code) > 4 and (above := by_bps(code)) is not None:
            code = above.parent_bps
        wanted = code + "00" if len(code) == 2 else code
        return Elsewhere(region, Office.objects.filter(code=wanted).first())
    return None
