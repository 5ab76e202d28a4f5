"""Reading a portal by its action API: package_search page by page, package_show where a page tells too little."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from sapa.catalogue.models import Entry
from sapa.catalogue.sources.base import Item, Page, SourceError
from sapa.catalogue.sources.checking import address, unknown
from sapa.catalogue.sources.ckan.datasets import item_of
from sapa.catalogue.sources.polite import Missing, Polite

ROWS: Final = 100
MOST_PAGES: Final = 10_000
FEW: Final = 10
# Names of organisations and groups as they stand in the portal's addresses.
NAMED: Final = ("organization", "group")
KNOWN: Final = ("url", *NAMED, "query", "rows")
LONGEST_QUERY: Final = 200


class CkanReader:
    """Config: `url` of the portal, where not all of it is wanted `organization`, `group` (short names) and `query`
    (words as in the portal's own search), `rows` a page."""

    def __init__(self, *, sleep: Callable[[float], None] = time.sleep, hurries: bool = False) -> None:
        self._sleep, self._hurries = sleep, hurries

    def hurried(self) -> "CkanReader":
        """The same for somebody who waits."""
        return CkanReader(sleep=self._sleep, hurries=True)

    def check(self, config: Mapping[str, Any]) -> list[str]:
        """What is wrong with this configuration, a sentence each."""
        found = unknown(config, KNOWN) + address(
            config.get("url"), _("“url” is the address of the portal, like https://data.lampungprov.go.id.")
        )
        for name in NAMED:
            given = config.get(name, "")
            if not isinstance(given, str) or not is_short_name(given):
                found.append(
                    _("“%(name)s” is the short name that stands in the portal's addresses.") % {"name": name}
                )
        query = config.get("query", "")
        if not isinstance(query, str) or len(query) > LONGEST_QUERY:
            found.append(
                _("“query” is text of at most %(number)s characters.") % {"number": str(LONGEST_QUERY)}
            )
        rows = config.get("rows", ROWS)
        if not isinstance(rows, int) or not 1 <= rows <= 1000:
            found.append(_("“rows” is a number between 1 and 1000."))
        return found

    def pages(
        self, config: Mapping[str, Any], *, since: date | None, cursor: Mapping[str, Any]
    ) -> Iterator[Page]:
        """The data sets in the order of their names, those changed since `since` where it is given."""
        base = str(config["url"]).rstrip("/")
        rows = FEW if self._hurries else config.get("rows", ROWS)
        wanted = {"rows": str(rows), "sort": "name asc"}
        if config.get("query"):
            wanted["q"] = str(config["query"])
        if told := _filter(config, since):
            wanted["fq"] = told
        polite = Polite(
            urlsplit(base).hostname or base,
            sleep=self._sleep,
            hurries=self._hurries,
            anywhere=settings.SOURCES_PRIVATE,
        )
        with closing(polite):
            yield from _read(_Portal(polite, base), wanted, cursor)


class _Portal:
    def __init__(self, polite: Polite, base: str) -> None:
        self.polite, self.base = polite, base

    def ask(self, action: str, params: Mapping[str, str], what: str) -> Any:
        """The result of an action. Raises SourceError when the portal says that it failed."""
        answer = self.polite.json(f"{self.base}/api/3/action/{action}", what=what, params=params)
        if not isinstance(answer, Mapping) or "result" not in answer or answer.get("success") is not True:
            error = answer.get("error") if isinstance(answer, Mapping) else None
            said = str(error.get("message", ""))[:200] if isinstance(error, Mapping) else ""
            raise SourceError(
                _("%(name)s did not give what was asked for (%(what)s). %(said)s")
                % {"name": self.polite.name, "what": what, "said": said or "–"},
                permanent=False,
            )
        return answer["result"]


def _read(portal: _Portal, wanted: Mapping[str, str], cursor: Mapping[str, Any]) -> Iterator[Page]:
    start, met, lost = (int(cursor.get(name, 0)) for name in ("start", "met", "lost"))
    before: list[str] = list(cursor.get("before", []))
    for _turn in range(MOST_PAGES):
        what = _("data sets from %(number)s on") % {"number": str(start + 1)}
        result = portal.ask("package_search", {**wanted, "start": str(start)}, what)
        told = result.get("results") if isinstance(result, Mapping) else None
        if not isinstance(told, list):
            raise SourceError(
                _("%(name)s answers in a form that is not known (%(what)s).")
                % {"name": portal.polite.name, "what": what},
                permanent=False,
            )
        total = _count(result)
        numbers = [
            str(each.get("id") or each.get("name")) if isinstance(each, Mapping) else "" for each in told
        ]
        if told and numbers == before:
            yield Page((), {}, problems=(_("The portal gave the same page twice: reading ended there."),))
            return
        items, problems, failed = _items(portal, told)
        start, met, lost, before = start + len(told), met + len(told), lost + failed, numbers
        # Neither the count nor a short page is believed by itself: portals cut pages short, and count late.
        is_last = not told or (start >= total and len(told) < int(wanted["rows"]))
        if is_last and met != total:
            problems.append(
                _("The portal speaks of %(total)s data sets and showed %(met)s. Nothing is withdrawn.")
                % {"total": str(total), "met": str(met)}
            )
        is_whole = is_last and not lost and met == total
        place = {"start": start, "met": met, "lost": lost, "before": before}
        yield Page(
            tuple(items),
            place,
            problems=tuple(problems),
            failed=failed,
            ends=(Entry.Kind.STATIC_TABLE,) if is_whole else (),
            done=met,
            total=total,
            what=_("data sets"),
            counts_items=True,
        )
        if is_last:
            return


def _items(portal: _Portal, told: list[Any]) -> tuple[list[Item], list[str], int]:
    items: list[Item] = []
    problems: list[str] = []
    failed = 0
    for each in told:
        try:
            whole = _whole(portal, each)
            item = item_of(whole, base=portal.base)
        except Missing as gone:
            failed += 1
            problems.append(gone.sentence)
        except ValueError:
            failed += 1
            problems.append(_("A data set without a number or name was left out."))
        else:
            items += [item] if item is not None else []
    return items, problems, failed


def _whole(portal: _Portal, told: Any) -> Any:
    """A search of some portals names the data sets only; then each is asked for by itself."""
    if not isinstance(told, Mapping) or "resources" in told:
        return told
    number = str(told.get("id") or told.get("name") or "")
    return portal.ask("package_show", {"id": number}, number) if number else told


def _count(result: Mapping[str, Any]) -> int:
    count = result.get("count")
    return count if isinstance(count, int) and count >= 0 else 0


def is_short_name(text: str) -> bool:
    """Nothing in it means anything else to the portal's search."""
    return not any(each in text for each in ' :"\\()')


def _filter(config: Mapping[str, Any], since: date | None) -> str:
    fields = {"organization": "organization", "group": "groups"}
    told = [f"{field}:{config[name]}" for name, field in fields.items() if config.get(name)]
    told += [f"metadata_modified:[{since.isoformat()}T00:00:00Z TO *]"] if since else []
    return " AND ".join(told)


READER: Final = CkanReader()
