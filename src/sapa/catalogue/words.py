"""The table of words: the lines that come with Sapa (data/words.yaml), and those that the office wrote itself."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sapa.activity.recording import record
from sapa.catalogue import failures
from sapa.catalogue.models import WordRule
from sapa.catalogue.search.analyse import fold
from sapa.catalogue.search.indexing import touch
from sapa.catalogue.search.vocabulary import FILE
from sapa.core.errors import Refused
from sapa.offices.models import Office
from sapa.people.datafiles import read
from sapa.people.models import Officer

Kind = WordRule.Kind
LONGEST_PHRASE: Final = 80
LONGEST_MEANING: Final = 120
LONGEST_WHEN: Final = 300


@dataclass(frozen=True)
class Line:
    """One line of the table. `rule`: the office's own row, if there is one: what it added, or what takes a shipped
    line out (`is_off`)."""

    kind: Kind
    phrase: str
    means: str
    when: str = ""
    label: str = ""
    rule: int | None = None
    is_shipped: bool = False
    is_off: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.kind.value, self.phrase, self.means)


@cache
def shipped() -> tuple[Line, ...]:
    """The lines of data/words.yaml: of names for the same thing each with the first one of its group."""
    found = dict(read(FILE).pairs())
    lines = [
        Line(Kind.SHORT, fold(name), fold(value.text()), is_shipped=True)
        for name, value in found["short"].pairs()
    ]
    for group in found["same"].items():
        first, *others = [fold(each.text()) for each in group.items()]
        lines += [Line(Kind.SAME, first, each, is_shipped=True) for each in others]
    for each in found["ambiguous"].items():
        asked = each.fields("word meanings")
        for meaning in asked["meanings"].items():
            parts = meaning.fields("means label", "when")
            beside = parts["when"].items() if "when" in parts else []
            when = ", ".join(word.text() for word in beside)
            lines.append(
                Line(
                    Kind.AMBIGUOUS,
                    fold(asked["word"].text()),
                    fold(parts["means"].text()),
                    when=when,
                    label=parts["label"].text(),
                    is_shipped=True,
                )
            )
    return tuple({line.key: line for line in lines}.values())


def table(office: Office, *, holding: str = "") -> list[Line]:
    """Every line, the office's own first, then by phrase; with `holding` only those in which these letters stand."""
    rules = list(WordRule.objects.filter(office=office))
    off = {(each.kind, each.phrase, each.means): each.pk for each in rules if each.is_off}
    own = [
        Line(Kind(each.kind), each.phrase, each.means, when=each.when, rule=each.pk)
        for each in rules
        if not each.is_off
    ]
    lines = [
        Line(
            **{**vars(line), "rule": off.get(line.key), "is_off": line.key in off},
        )
        for line in shipped()
    ]
    wanted = fold(holding)
    return [
        line
        for line in (*sorted(own, key=_by_phrase), *sorted(lines, key=_by_phrase))
        if wanted in f"{line.phrase} {line.means} {fold(line.label)}"
    ]


def add(
    office: Office,
    *,
    kind: str,
    phrase: str,
    means: str,
    when: str = "",
    query: str = "",
    by: Officer,
    at: datetime,
) -> WordRule:
    """The search of the office reads `phrase` so from now on; `query`, for which it was written, is settled."""
    line = Line(Kind(kind), fold(phrase), fold(means), when=" ".join(fold(when).split()))
    if not line.phrase or not line.means:
        raise Refused(_("Write the words and what they mean."), code="empty")
    if line.phrase == line.means:
        raise Refused(_("That says nothing: both are the same words."), code="same")
    if (
        len(line.phrase) > LONGEST_PHRASE
        or len(line.means) > LONGEST_MEANING
        or len(line.when) > LONGEST_WHEN
    ):
        raise Refused(_("That is too long for a line of the table. Shorten it."), code="long")
    if line.key in {each.key for each in shipped()}:
        raise Refused(_("This stands in the table already."), code="twice")
    values = {"kind": line.kind, "phrase": line.phrase, "means": line.means, "when": line.when}
    try:
        with transaction.atomic():
            rule = WordRule.objects.create(office=office, **values)
            touch()
            record("word_rule.added", rule, office_id=office.pk, by=by.user, at=at)
            failures.settle(office, query, by=by, at=at)
    except IntegrityError as twice:
        raise Refused(_("This stands in the table already."), code="twice") from twice
    return rule


def switch_off(office: Office, *, kind: str, phrase: str, means: str, by: Officer, at: datetime) -> None:
    """The shipped line says nothing any more in this office. Twice is once."""
    if (kind, phrase, means) not in {each.key for each in shipped()}:
        raise Refused(_("There is no such line in the table."), code="unknown")
    with transaction.atomic():
        rule, is_new = WordRule.objects.get_or_create(
            office=office, kind=kind, phrase=phrase, means=means, defaults={"is_off": True}
        )
        if is_new:
            touch()
            record("word_rule.switched_off", rule, office_id=office.pk, by=by.user, at=at)


def remove(rule: WordRule, *, by: Officer, at: datetime) -> None:
    """What the office wrote is gone; a shipped line that it had switched off is read again."""
    with transaction.atomic():
        name = "word_rule.switched_on" if rule.is_off else "word_rule.removed"
        record(name, rule, office_id=rule.office_id, by=by.user, at=at)
        rule.delete()
        touch()


def _by_phrase(line: Line) -> tuple[str, str, str]:
    return (line.phrase, line.kind.value, line.means)
