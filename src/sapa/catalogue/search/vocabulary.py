"""The table of words: what is shipped (data/words.yaml) with what the office wrote itself (WordRule) before it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from django_scopes import scopes_disabled

from sapa.catalogue.models import WordRule
from sapa.catalogue.search.analyse import words
from sapa.catalogue.search.everyday import subjects
from sapa.people.datafiles import read

FILE: Final = Path(__file__).resolve().parent.parent / "data" / "words.yaml"
LISTS: Final = (
    "business",
    "jobs",
    "goods",
    "ordinary_places",
    "framing",
    "framing_codes",
    "figures",
    "english",
)
Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Sense:
    """One thing that an ambiguous word may mean; `when`: words beside it that decide for this one."""

    label: str
    phrase: Phrase
    when: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Vocabulary:
    """`same`: a phrase -> the other phrases for the same thing. `longest`: words in the longest phrase. `subjects`:
    what people say -> phrases of titles that may be meant, and not back: not every vehicle is a lorry."""

    short: dict[str, Phrase]
    silent: frozenset[str]
    availability: tuple[Phrase, ...]
    availability_words: frozenset[str]
    # Said by whoever asks about the service itself.
    service: tuple[Phrase, ...]
    same: dict[Phrase, tuple[Phrase, ...]]
    subjects: dict[Phrase, tuple[Phrase, ...]]
    # Words of those that the index need not know: nobody has misspelt them.
    spoken: frozenset[str]
    ambiguous: dict[str, tuple[Sense, ...]]
    longest: int
    # Words of somebody who describes a business, a job or a thing, and of places that are ordinary words.
    business: frozenset[str]
    jobs: frozenset[str]
    goods: frozenset[str]
    ordinary_places: frozenset[str]
    # Words around what is looked for: of any question, and of one for a code.
    framing: frozenset[str]
    framing_codes: frozenset[str]
    # Words of somebody who wants a figure.
    figures: frozenset[str]
    # Words of somebody who writes English.
    english: frozenset[str]
    # Single words of the table: they can be misspelt, too.
    familiar: frozenset[str]


@dataclass(frozen=True)
class Rule:
    """A row of `WordRule`, so that the table can be kept while it does not change."""

    kind: str
    phrase: str
    means: str
    when: str
    is_off: bool


def vocabulary(offices: Sequence[int], *, change: int) -> Vocabulary:
    """The table for these offices (own first), read anew when the catalogue's number is another than before."""
    return _with_rules(_rules(tuple(offices), change))


def shipped() -> Vocabulary:
    """The table without any office's own lines."""
    return _with_rules(())


def forget() -> None:
    """Nothing is kept of the offices' own lines: the numbers of another database say something else."""
    _rules.cache_clear()


@lru_cache(maxsize=600)
def _rules(offices: tuple[int, ...], change: int) -> tuple[Rule, ...]:
    with scopes_disabled():
        rows = WordRule.objects.filter(office__in=offices).order_by("id")
        return tuple(Rule(*row) for row in rows.values_list("kind", "phrase", "means", "when", "is_off"))


@dataclass(frozen=True)
class _Shipped:
    short: dict[str, Phrase]
    silent: frozenset[str]
    availability: tuple[Phrase, ...]
    availability_words: frozenset[str]
    service: tuple[Phrase, ...]
    groups: tuple[tuple[Phrase, ...], ...]
    ambiguous: dict[str, tuple[Sense, ...]]
    lists: dict[str, frozenset[str]]


@cache
def _shipped() -> _Shipped:
    """The file; one with a mistake is refused with its line and column."""
    found = read(FILE).fields(
        f"short silent availability availability_words service same ambiguous {' '.join(LISTS)}"
    )
    ambiguous = {}
    for item in found["ambiguous"].items():
        fields = item.fields("word meanings")
        senses = []
        for each in fields["meanings"].items():
            sense = each.fields("means label", "when")
            when = sense["when"].items() if "when" in sense else []
            senses.append(
                Sense(
                    sense["label"].text(),
                    tuple(words(sense["means"].text())),
                    frozenset(word for one in when for word in words(one.text())),
                )
            )
        ambiguous[fields["word"].text()] = tuple(senses)
    return _Shipped(
        short={name: tuple(words(value.text())) for name, value in found["short"].pairs()},
        silent=frozenset(words(found["silent"].text())),
        availability=tuple(tuple(words(each.text())) for each in found["availability"].items()),
        availability_words=frozenset(words(found["availability_words"].text())),
        service=tuple(tuple(words(each.text())) for each in found["service"].items()),
        groups=tuple(
            tuple(tuple(words(each.text())) for each in group.items()) for group in found["same"].items()
        ),
        ambiguous=ambiguous,
        lists={name: frozenset(words(found[name].text())) for name in LISTS},
    )


@lru_cache(maxsize=64)
def _with_rules(rules: tuple[Rule, ...]) -> Vocabulary:
    base = _shipped()
    short, ambiguous, groups = dict(base.short), dict(base.ambiguous), list(base.groups)
    off: set[tuple[Phrase, Phrase]] = set()
    for rule in rules:
        phrase, means = tuple(words(rule.phrase)), tuple(words(rule.means))
        if not phrase or not means:
            continue
        if rule.is_off:
            off |= {(phrase, means), (means, phrase)}
            if short.get(phrase[0]) == means:
                del short[phrase[0]]
            kept = tuple(sense for sense in ambiguous.get(phrase[0], ()) if sense.phrase != means)
            if phrase[0] in ambiguous:
                ambiguous[phrase[0]] = kept
        elif rule.kind == WordRule.Kind.SHORT and len(phrase) == 1:
            short[phrase[0]] = means
        elif rule.kind == WordRule.Kind.AMBIGUOUS and len(phrase) == 1:
            sense = Sense(rule.means, means, frozenset(words(rule.when)))
            ambiguous[phrase[0]] = (*ambiguous.get(phrase[0], ()), sense)
        else:
            groups.append((phrase, means))
    same = _same(groups, off)
    ambiguous = {word: senses for word, senses in ambiguous.items() if len(senses) > 1}
    singles = {phrase[0] for phrase in same if len(phrase) == 1}
    return Vocabulary(
        short=short,
        silent=base.silent,
        availability=base.availability,
        availability_words=base.availability_words,
        service=base.service,
        same=same,
        subjects=_subjects(),
        spoken=_spoken(),
        ambiguous=ambiguous,
        longest=max(map(len, same)),
        **base.lists,
        familiar=frozenset(singles | base.silent),
    )


def _same(
    groups: Iterable[tuple[Phrase, ...]], off: set[tuple[Phrase, Phrase]]
) -> dict[Phrase, tuple[Phrase, ...]]:
    same: dict[Phrase, tuple[Phrase, ...]] = {}
    for group in groups:
        for phrase in group:
            known = same.get(phrase, ())
            others = (each for each in group if each != phrase and each not in known)
            same[phrase] = (*known, *(each for each in others if (phrase, each) not in off))
    return {phrase: others for phrase, others in same.items() if others}


@cache
def _subjects() -> dict[Phrase, tuple[Phrase, ...]]:
    """What people call a subject, in words as they are heard -> the phrases of titles that may be meant."""
    base = _shipped()
    found: dict[Phrase, tuple[Phrase, ...]] = {}
    for name, phrases in subjects().items():
        written = tuple(part for word in name for part in base.short.get(word, (word,)))
        spoken = tuple(word for word in written if word not in base.silent)
        said = spoken if len(spoken) > 1 else written
        found[said] = tuple(dict.fromkeys((*found.get(said, ()), *phrases)))
    return found


@cache
def _spoken() -> frozenset[str]:
    return frozenset(word for name in _subjects() for word in name)
