"""What is left of a query when its signs are read: its needs, each by all its names."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sapa.catalogue.search.analyse import words
from sapa.catalogue.search.heard import Heard
from sapa.catalogue.search.places import Place
from sapa.catalogue.search.question import Doubt, Need
from sapa.catalogue.search.spelling import apart, meanings
from sapa.catalogue.search.stemming import stem
from sapa.catalogue.search.vocabulary import Phrase

SHORTEST_QUERY: Final = 2
MOST_WORDS: Final = 12
MOST_OTHERS: Final = 6
MOST_SUBJECTS: Final = 4
# Words of what people call a subject.
LONGEST_NAME: Final = 5
# A word like "tabel" or "kecamatan" says less than the others.
LIGHT: Final = 0.35


def needs_of(
    heard: Heard, named: Sequence[Place], doubts: Sequence[Doubt], *, is_open: bool
) -> tuple[tuple[Need, ...], dict[int, Phrase], bool]:
    """The needs, which words were read otherwise than typed (where: words), and whether nothing was asked for.

    `is_open`: the last word may be typed on."""
    kept = _kept(heard, named)
    if sum(len(heard.words[at]) for at in kept) < SHORTEST_QUERY:
        return (), {}, True
    place_at = {place.start: place for place in named}
    doubt_at = {doubt.start: doubt for doubt in doubts}
    needs: list[Need] = []
    respelt: dict[int, Phrase] = {}
    run: list[int] = []  # plain words until the next place or doubt

    def end_run() -> None:
        at_end = run[-1:] == [len(heard.words) - 1]
        more, spelt = _plain(heard, run, is_open=is_open and at_end)
        needs.extend(need for need in more if need not in needs)
        respelt.update(spelt)
        run.clear()

    inside: Place | None = None
    for at in kept:
        if inside is not None and at < inside.end:
            continue
        inside = place_at.get(at)
        if inside is None and at not in doubt_at:
            run.append(at)
            continue
        end_run()
        needs.append(
            _need_of_place(heard, inside) if inside is not None else _need_of_doubt(heard, doubt_at[at])
        )
    end_run()
    if all(need.worth == LIGHT for need in needs):
        needs = [replace(need, worth=1.0) for need in needs]
    return tuple(needs), respelt, not needs


def _kept(heard: Heard, named: Sequence[Place]) -> list[int]:
    """Where the words stand that ask for something."""
    silent, several = heard.table.silent, len(heard.words) > 1
    in_phrases = _in_phrases(heard)
    spoken = [
        at
        for at, word in enumerate(heard.words)
        if at not in heard.gone and (len(word) > 1 or (word.isalpha() and several and word not in silent))
    ]
    kept = [
        at
        for at in spoken
        if heard.words[at] not in silent
        or any(place.start <= at < place.end for place in named)
        or at in in_phrases
    ]
    # Whoever types nothing else but perhaps a year means the silent words.
    if all(heard.words[at].isdigit() for at in kept):
        if any(sign.sort == "whether" for sign in heard.signs):
            kept = list(range(len(heard.words)))
        elif not heard.signs:
            kept = spoken
    return kept[:MOST_WORDS]


def _in_phrases(heard: Heard) -> set[int]:
    """Where words stand that say something only together: "dalam angka"."""
    found: set[int] = set()
    for at in range(len(heard.words)):
        for length in range(min(heard.table.longest, len(heard.words) - at), 1, -1):
            said = tuple(heard.words[at : at + length])
            is_subject = said in heard.table.subjects and heard.table.silent.issuperset(said)
            if said in heard.table.same or is_subject:
                found.update(range(at, at + length))
                break
    return found


def _need_of_place(heard: Heard, place: Place) -> Need:
    name = tuple(words(place.region.short_name))
    typed = tuple(heard.words[place.start : place.end])
    others = (typed,) if typed != name else ()
    return Need(tuple({word: 1.0} for word in name), others, area=place.region, name=place.region.short_name)


def _need_of_doubt(heard: Heard, doubt: Doubt) -> Need:
    senses = (doubt.taken,) if doubt.taken else doubt.senses
    phrases = [sense.phrase for sense in senses]
    others = [other for phrase in phrases for other in (phrase, *heard.table.same.get(phrase, ()))]
    return Need(({doubt.word: 1.0},), tuple(dict.fromkeys(others))[:MOST_OTHERS], name=doubt.word)


def _plain(heard: Heard, run: Sequence[int], *, is_open: bool) -> tuple[list[Need], dict[int, Phrase]]:
    parted = [
        (part, at)
        for place, at in enumerate(run, 1)
        for part in _parts(heard, heard.words[at], is_open=is_open and place == len(run))
    ]
    understood = [
        (*meanings(heard, word, is_open=is_open and place == len(parted)), at in heard.light)
        for place, (word, at) in enumerate(parted, 1)
    ]
    read: dict[int, Phrase] = {}
    for (_word, at), (_meant, spelt, _light) in zip(parted, understood, strict=True):
        read[at] = (*read.get(at, ()), spelt)
    respelt = {at: phrase for at, phrase in read.items() if phrase != (heard.words[at],)}
    # "menrut" is "menurut", and says as little.
    typed = {word for word, _at in parted}
    understood = [each for each in understood if each[1] not in heard.table.silent or each[1] in typed]
    return _grouped(heard, understood), respelt


def _parts(heard: Heard, word: str, *, is_open: bool) -> Sequence[str]:
    """The words that were written as one, without those that say nothing: "telpnya" is "telp"."""
    parts = apart(heard, word, is_open=is_open)
    said = [part for part in parts if part not in heard.table.silent]
    return said if len(parts) > 1 and said else parts


def _grouped(heard: Heard, understood: Sequence[tuple[dict[str, float], str, bool]]) -> list[Need]:
    """One need for each phrase that has other names, one for each word beside them."""
    found: list[Need] = []
    read = [each[1] for each in understood]
    meant_at = _subjects_in(heard, read)
    at = 0
    while at < len(read):
        length = _longest_phrase(heard, read, at)
        phrase = tuple(read[at : at + length])
        own = tuple(each[0] for each in understood[at : at + length])
        light = all(each[2] for each in understood[at : at + length])
        others = _others(heard, phrase)
        subjects = dict.fromkeys(each for place in range(at, at + length) for each in meant_at.get(place, ()))
        if not subjects and heard.features.synonyms:  # "motorcycle" is "sepeda motor", which is a vehicle
            subjects = dict.fromkeys(each for other in others for each in heard.table.subjects.get(other, ()))
        meant = tuple(each for each in subjects if each not in others)[:MOST_SUBJECTS]
        year = int(phrase[0]) if light and length == 1 and phrase[0].isdigit() else 0
        need = Need(own, others, meant, year=year, worth=LIGHT if light else 1.0, name=" ".join(phrase))
        if need not in found:
            found.append(need)
        at += length
    return found


def _subjects_in(heard: Heard, read: Sequence[str]) -> dict[int, tuple[Phrase, ...]]:
    """Where each word stands: the phrases of titles that what is said there may mean, of the longest first."""
    found: dict[int, tuple[Phrase, ...]] = {}
    if not heard.features.synonyms:
        return found
    for length in range(min(LONGEST_NAME, len(read)), 0, -1):
        for at in range(len(read) - length + 1):
            phrases = heard.table.subjects.get(tuple(read[at : at + length]), ())
            for place in range(at, at + length) if phrases else ():
                found[place] = (*found.get(place, ()), *phrases)
    return found


def _others(heard: Heard, phrase: Phrase) -> tuple[Phrase, ...]:
    if not heard.features.synonyms:
        return ()
    found = heard.table.same.get(phrase, ())
    if not found and len(phrase) == 1:
        found = heard.table.same.get((stem(phrase[0]),), ())
    return found[:MOST_OTHERS]


def _longest_phrase(heard: Heard, read: list[str], at: int) -> int:
    for length in range(min(heard.table.longest, len(read) - at), 1, -1):
        if tuple(read[at : at + length]) in heard.table.same:
            return length
    return 1
