"""Trying a source before it is added: its first page is fetched and shown, nothing is written."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final, cast

from django.utils.translation import gettext as _

from sapa.catalogue.models import Entry
from sapa.catalogue.sources.base import ABSENCE, Item, Reader, SourceError
from sapa.catalogue.sources.registry import reader_of

MOST_SHOWN: Final = 10
MOST_PROBLEMS: Final = 5
# So many pages without anything to show are enough to know that nothing comes.
MOST_PAGES: Final = 3


@dataclass(frozen=True)
class Shown:
    """One thing as it would stand in the catalogue."""

    kind: str
    title: str
    years: str = ""
    url: str = ""


@dataclass(frozen=True)
class Tried:
    """What would come first; `problems`: what went wrong, a sentence each. `total` of `what` there are, if known."""

    items: tuple[Shown, ...] = ()
    problems: tuple[str, ...] = ()
    total: int = 0
    what: str = ""


def first_page(kind: str, config: Mapping[str, Any], *, reader: Reader | None = None) -> Tried:
    """What the source tells first. Takes seconds: only ever for an officer who asked for it and waits."""
    hurried = (reader or reader_of(kind)).hurried()
    wrong = hurried.check(config)
    if wrong:
        return Tried(problems=tuple(wrong))
    problems: list[str] = []
    try:
        with closing(cast("Any", hurried.pages(config, since=None, cursor={}))) as pages:
            for number, page in enumerate(pages, 1):
                problems += page.problems
                if page.items or number >= MOST_PAGES:
                    items = tuple(_shown(item) for item in page.items[:MOST_SHOWN])
                    total = page.total if page.counts_items else 0
                    return Tried(items, tuple(problems[:MOST_PROBLEMS]), total, page.what)
    except SourceError as problem:
        problems.append(problem.sentence)
    return Tried(problems=tuple(problems[:MOST_PROBLEMS]))


def _shown(item: Item) -> Shown:
    said = item.values
    first, last = said.get("year_from"), said.get("year_until")
    years = str(first or last or "") if first == last or not (first and last) else f"{first}–{last}"
    if item.kind == ABSENCE:
        return Shown(_("Not available"), str(said.get("indicator", "")))
    return Shown(
        str(Entry.Kind(item.kind).label), str(said.get("title", "")), years, str(said.get("url") or "")
    )
