"""The WebAPI as a source: model after model, language after language, each list to its last page."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from sapa.catalogue.sources.base import Item, Page, SourceError
from sapa.catalogue.sources.checking import unknown
from sapa.catalogue.sources.polite import Missing
from sapa.catalogue.sources.webapi import trade
from sapa.catalogue.sources.webapi.asking import Asking
from sapa.catalogue.sources.webapi.client import Client, KeyAtTheEnd
from sapa.catalogue.sources.webapi.envelopes import Listed, Unreadable
from sapa.catalogue.sources.webapi.extras import Extras
from sapa.catalogue.sources.webapi.models import LANGUAGES, READ, USUAL, Model
from sapa.catalogue.sources.webapi.parsing import Around, newest

KNOWN: Final = ("domain", "models", "languages", "trade")
MOST_PAGES: Final = 20_000
FEW: Final = 3


@dataclass(frozen=True)
class Step:
    """One list in one language."""

    model: Model
    language: str

    @property
    def name(self) -> str:
        return f"{self.model.name} {self.language}"


@dataclass
class Place:
    """Where a reading stands: which step and page, and what the rest must know of what was before."""

    step: int = 0
    page: int = 1
    told: int = 0
    total: int | None = None
    broken: list[str] = field(default_factory=list)  # kinds of which something failed
    digests: list[str] = field(default_factory=list)  # of the pages of this list
    stumbled: list[int] = field(default_factory=list)  # where it could not go on last time

    def next_step(self) -> None:
        self.step, self.page, self.told, self.total, self.digests, self.stumbled = (
            self.step + 1,
            1,
            0,
            None,
            [],
            [],
        )

    def cursor(self) -> dict[str, Any]:
        copied: dict[str, Any] = json.loads(json.dumps(vars(self)))
        return copied


class WebApi:
    """Reads what `config` names: {"domain": "1808", "models": [...], "languages": ["ind", "eng"], "trade": {...}}."""

    def __init__(self, *, sleep: Callable[[float], None] = time.sleep, hurries: bool = False) -> None:
        self._sleep, self._hurries = sleep, hurries

    def hurried(self) -> "WebApi":
        """The same for somebody who waits."""
        return WebApi(sleep=self._sleep, hurries=True)

    def check(self, config: Mapping[str, Any]) -> list[str]:
        """What is wrong with this configuration, a sentence each."""
        problems = unknown(config, KNOWN)
        if not re.fullmatch(r"\d{4}", str(config.get("domain", ""))):
            problems.append(_("“domain” must be the four digits of a site of BPS, like 1808."))
        problems += _not_of(config, "models", READ, USUAL) + _not_of(config, "languages", LANGUAGES, ("ind",))
        if "dataexim" in (config.get("models") or ()):
            problems += trade.check(config.get("trade"))
        return problems

    def pages(
        self, config: Mapping[str, Any], *, since: date | None, cursor: Mapping[str, Any]
    ) -> Iterator[Page]:
        """Everything of the models, from `cursor` on."""
        if not settings.WEBAPI_KEY:
            raise SourceError(
                _("The key of the WebAPI is missing: set SAPA_WEBAPI_KEY (see the operator's guide)."),
                permanent=True,
            )
        client = Client(KeyAtTheEnd(settings.WEBAPI_KEY), sleep=self._sleep, hurries=self._hurries)
        try:
            asking = Asking(client, str(config["domain"]))
            most = FEW if self._hurries else None
            yield from _Reading(asking, config, since, Place(**cursor), most).pages()
        finally:
            client.close()


READER = WebApi()


class _Reading:
    def __init__(
        self,
        asking: Asking,
        config: Mapping[str, Any],
        since: date | None,
        place: Place,
        most: int | None,
    ) -> None:
        self._asking, self._config, self._since, self._place = asking, config, since, place
        self._most = most  # rows of a page, where each may cost calls of its own
        self._domain = asking.site()
        self._extras = Extras(asking, config)
        self._around: dict[str, Around] = {}
        languages = list(config.get("languages") or ("ind",))
        models = [READ[name] for name in dict.fromkeys(config.get("models") or USUAL)]
        self._steps = [
            Step(model, language)
            for model in models
            for language in languages
            if language == languages[0] or not model.once
        ]

    def pages(self) -> Iterator[Page]:
        place = self._place
        while place.step < len(self._steps):
            step, here = self._steps[place.step], [place.step, place.page]
            try:
                yield self._next(step)
            except SourceError as problem:
                if not isinstance(problem, Missing) and (problem.permanent or place.stumbled != here):
                    place.stumbled = here
                    yield self._page(step, [], [])
                    raise
                # It failed here before, or it is not there: the other lists may be well.
                yield self._give_up(step, problem.sentence)
            except Unreadable as problem:
                yield self._give_up(step, problem.sentence)

    def _next(self, step: Step) -> Page:
        """The next page of the list; `_place` stands behind it."""
        place, around = self._place, self._around_of(step.language)
        if step.model.parse is None and step.model.name != "var":
            return self._next_piece(step, around)
        listed = self._asking.listed(step.model.name, step.language, place.page, step.model.per_page)
        digest = _digest(listed)
        wrong = self._suspicion(step, listed, digest)
        if wrong:
            return self._give_up(step, wrong)
        rows = [row for row in listed.rows if self._is_wanted(newest(row))][: self._most]
        found = self._asking.items(step.model, step.language, rows, around)
        if listed.odd:
            sentence = _("%(count)s things in the list are no data (%(what)s).")
            found.problems.append(sentence % {"count": str(listed.odd), "what": step.name})
        if found.problems:
            self._break(step)
        failed, problems = len(found.problems), found.problems + found.doubts
        place.digests.append(digest)
        place.told += len(listed.rows)
        place.total = listed.total if listed.total is not None else place.total
        place.stumbled = []
        is_last = place.page >= (listed.pages or 0)
        place.page += 1
        if is_last:
            problems += self._miscounted(step)
            place.next_step()
        return self._page(step, found.items, problems, failed=failed, is_last=is_last, pages=listed.pages)

    def _next_piece(self, step: Step, around: Around) -> Page:
        """The same of what is outside the lists."""
        place = self._place
        piece = self._extras.read(step.model.name, around, place.page)
        if piece.problems or place.total not in (None, piece.total):
            # Of a list that changed since the page before something may have slipped through.
            self._break(step)
        place.total, place.stumbled = piece.total, []
        is_last = place.page >= piece.pages
        place.page += 1
        if is_last:
            place.next_step()
        problems = piece.problems + piece.doubts
        return self._page(
            step, piece.items, problems, failed=len(piece.problems), is_last=is_last, pages=piece.pages
        )

    def _is_wanted(self, changed: date | None) -> bool:
        return self._since is None or changed is None or changed >= self._since

    def _suspicion(self, step: Step, listed: Listed, digest: str) -> str:
        """Why this list cannot be gone on with: pages that repeat themselves, or no word of how many there are."""
        place = self._place
        what = {"what": step.name, "page": str(place.page)}
        if listed.rows and (digest in place.digests or place.page > MOST_PAGES):
            return _("Page %(page)s is a page that came before: the list was left there (%(what)s).") % what
        if listed.rows and listed.pages is None:
            return _("The list does not say how many pages it has (%(what)s).") % what
        return ""

    def _miscounted(self, step: Step) -> list[str]:
        place = self._place
        if place.total is None or place.told == place.total:
            return []
        if place.told < place.total:
            self._break(step)
        told = {"what": step.name, "said": str(place.total), "told": str(place.told)}
        return [_("The list says that it has %(said)s rows and told %(told)s (%(what)s).") % told]

    def _give_up(self, step: Step, sentence: str) -> Page:
        self._break(step)
        self._place.next_step()
        return self._page(step, [], [sentence], failed=1, is_last=True)

    def _break(self, step: Step) -> None:
        if step.model.kind not in self._place.broken:
            self._place.broken.append(step.model.kind)

    def _page(
        self,
        step: Step,
        items: list[Item],
        problems: list[str],
        *,
        failed: int = 0,
        is_last: bool = False,
        pages: int | None = None,
    ) -> Page:
        place, kind = self._place, step.model.kind
        later = {each.model.kind for each in self._steps[place.step :]}
        is_told = is_last and kind not in later and kind not in place.broken
        return Page(
            tuple(items),
            place.cursor(),
            tuple(problems),
            failed=failed,
            ends=(kind,) if is_told else (),
            done=min(place.step, len(self._steps)),
            total=len(self._steps),
            what=f"{step.name} {place.page - 1}/{pages}" if pages and not is_last else step.name,
        )

    def _around_of(self, language: str) -> Around:
        if language not in self._around:
            subjects = self._asking.subjects(language)
            self._around[language] = Around(self._domain, LANGUAGES[language], subjects)
        return self._around[language]


def _digest(listed: Listed) -> str:
    text = json.dumps([dict(row) for row in listed.rows], sort_keys=True, default=str)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _not_of(
    config: Mapping[str, Any], name: str, known: Mapping[str, Any], usual: tuple[str, ...]
) -> list[str]:
    given = config.get(name, list(usual))
    if not isinstance(given, list) or not given or any(each not in known for each in map(str, given)):
        said = {"name": name, "known": ", ".join(known)}
        return [_("“%(name)s” must be a list of some of: %(known)s.") % said]
    return []
