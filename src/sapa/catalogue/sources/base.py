"""The one face of all kinds of sources: pages of items, each page with the place where to go on after it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from sapa.catalogue.figures import Cube

# The kind of an item that tells what does not exist; all other kinds are those of `Entry`.
ABSENCE: Final = "absence"


class SourceError(Exception):
    """The source cannot be read further. `permanent`: trying again will not help (a wrong key, an unknown address);
    else it may (a time-out, too many requests). The sentence says what happened and what to do."""

    def __init__(self, sentence: str, *, permanent: bool) -> None:
        super().__init__(sentence)
        self.sentence, self.permanent = sentence, permanent


@dataclass(frozen=True)
class Item:
    """One entry as its source tells it: `values` are fields of `Entry`, known by kind, version and external_id.
    Of the kind ABSENCE they are fields of `Absence`, which is known by what it says.

    The runner adds office, source, fetched_on and what it needs itself; a text that is too long is shortened.
    `parent_code`: of a classification code, the code one step up in the same version. `keeps_numbers`: there are
    numbers, but they could not be read this time: those of before stay."""

    kind: str
    external_id: str
    values: Mapping[str, Any]
    version: str = ""
    parent_code: str = ""
    cube: Cube | None = None
    keeps_numbers: bool = False


@dataclass(frozen=True)
class Page:
    """Items that were read together; they are written in one transaction with the cursor.

    `problems`: what could not be read, a sentence each; the rest goes on; `failed`: how many items were lost by it.
    `ends`: the kinds of entries of which the source has now told everything, all of it readable: what of them was not
    met has vanished. A kind of which anything failed is left out. `done` of `total` pages or rows (`counts_items`: of
    things like the items); `what` is read."""

    items: tuple[Item, ...]
    cursor: Mapping[str, Any]
    problems: tuple[str, ...] = ()
    failed: int = 0
    ends: tuple[str, ...] = ()
    done: int = 0
    total: int = 0
    what: str = ""
    counts_items: bool = False


class Reader(Protocol):
    """A kind of source. Nothing here is ever called while a visitor waits."""

    def check(self, config: Mapping[str, Any]) -> list[str]:
        """What is wrong with this configuration, a sentence each; empty when it can be read."""

    def hurried(self) -> "Reader":
        """The same for somebody who waits to see a page: few rows, one try for each call, an end after seconds."""

    def pages(
        self, config: Mapping[str, Any], *, since: date | None, cursor: Mapping[str, Any]
    ) -> Iterator[Page]:
        """Everything the source tells (changed since `since`, where it can say so), from `cursor` on ({}: from the
        beginning). Raises SourceError when it cannot go on."""
