"""Reading an SDMX service: structures are fetched here, and understood in a process of their own."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date
from importlib.util import find_spec
from typing import Any, Final
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from sapa.catalogue.models import Entry
from sapa.catalogue.sources.base import Item, Page, SourceError
from sapa.catalogue.sources.checking import address, unknown
from sapa.catalogue.sources.polite import HURRY_SECONDS, Missing, Polite
from sapa.catalogue.sources.sdmx.child import NOT_INSTALLED
from sapa.catalogue.sources.sdmx.structures import codelist_items, dataflow_items

KINDS: Final[dict[str, tuple[str, ...]]] = {
    "dataflow": (Entry.Kind.DYNAMIC_TABLE,),
    "codelist": (Entry.Kind.GLOSSARY_TERM, Entry.Kind.CLASSIFICATION_CODE),
}
KNOWN: Final = ("url", "agency", "resources", "classifications")
ACCEPT: Final = "application/vnd.sdmx.structure+xml;version=2.1, application/xml;q=0.5"
CHILD_SECONDS: Final = 300.0
AT_ONCE: Final = 1_000


class SdmxReader:
    """Config: `url` of the service, `agency` (else all), `resources` (dataflow, codelist), and `classifications`:
    the code lists of which each code is an entry. The service always tells everything."""

    def __init__(self, *, sleep: Callable[[float], None] = time.sleep, hurries: bool = False) -> None:
        self._sleep, self._hurries = sleep, hurries

    def hurried(self) -> "SdmxReader":
        """The same for somebody who waits."""
        return SdmxReader(sleep=self._sleep, hurries=True)

    def check(self, config: Mapping[str, Any]) -> list[str]:
        """What is wrong with this configuration, a sentence each."""
        found = unknown(config, KNOWN) + address(
            config.get("url"), _("“url” is the address of the service, up to what stands before “/dataflow”.")
        )
        resources = config.get("resources", [*KINDS])
        if not isinstance(resources, list) or not resources or not all(each in KINDS for each in resources):
            found.append(_("“resources” is a list of: %(known)s.") % {"known": ", ".join(KINDS)})
        lists = config.get("classifications", [])
        if not isinstance(lists, list) or not all(isinstance(each, str) for each in lists):
            found.append(_("“classifications” is a list of the ids of code lists."))
        if not is_installed():
            found.append(_not_installed())
        return found

    def pages(
        self, config: Mapping[str, Any], *, since: date | None, cursor: Mapping[str, Any]
    ) -> Iterator[Page]:
        """First the data flows, then the code lists."""
        base = str(config["url"]).rstrip("/")
        agency = quote(str(config.get("agency") or "all"), safe="")
        resources = list(config.get("resources", [*KINDS]))
        polite = Polite(
            urlsplit(base).hostname or base,
            sleep=self._sleep,
            hurries=self._hurries,
            anywhere=settings.SOURCES_PRIVATE,
        )
        seconds = HURRY_SECONDS if self._hurries else CHILD_SECONDS
        with closing(polite):
            for place, resource in enumerate(resources):
                if place < int(cursor.get("done", 0)):
                    continue
                try:
                    body = polite.body(
                        f"{base}/{resource}/{agency}/all/latest", what=resource, headers={"Accept": ACCEPT}
                    )
                except Missing as nothing:
                    yield Page((), {"done": place + 1}, problems=(nothing.sentence,), failed=1)
                    continue
                told = _understood(body, polite.name, seconds)
                yield from _pages(_items(resource, told, base, config), resource, place)


def _items(resource: str, told: Mapping[str, Any], base: str, config: Mapping[str, Any]) -> list[Item]:
    if resource == "dataflow":
        return list(dataflow_items(told["dataflows"], base=base))
    lists = config.get("classifications", [])
    return list(codelist_items(told["codelists"], base=base, classifications=lists))


def _pages(items: list[Item], resource: str, place: int) -> Iterator[Page]:
    """A page that was cut is read from the beginning of its resource: what stands already costs little."""
    for first in range(0, max(len(items), 1), AT_ONCE):
        done = min(first + AT_ONCE, len(items))
        is_last = done == len(items)
        yield Page(
            tuple(items[first:done]),
            {"done": place + 1 if is_last else place},
            ends=KINDS[resource] if is_last else (),
            done=done,
            total=len(items),
            what=resource,
            counts_items=True,
        )


def _understood(body: bytes, name: str, seconds: float) -> Mapping[str, Any]:
    """What the message tells, by the child process. Raises SourceError where it is none."""
    beginning = body[:4096].lower()
    if b"structure" not in beginning or b"<!doctype" in beginning or b"<!ENTITY" in body:
        raise SourceError(_("%(name)s sent no SDMX-ML structures.") % {"name": name}, permanent=False)
    try:
        made = subprocess.run(
            [sys.executable, "-m", "sapa.catalogue.sources.sdmx.child"],
            input=body,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise SourceError(
            _("%(name)s sent structures that take too long to read. Ask for one agency.") % {"name": name},
            permanent=False,
        ) from late
    if made.returncode == NOT_INSTALLED:
        raise SourceError(_not_installed(), permanent=True)
    if made.returncode:
        raise SourceError(_("%(name)s sent no SDMX-ML structures.") % {"name": name}, permanent=False)
    told: Mapping[str, Any] = json.loads(made.stdout)
    return told


def is_installed() -> bool:
    """Whether the extra is there; nothing of it is loaded."""
    return find_spec("sdmx") is not None


def _not_installed() -> str:
    return _('SDMX is an extra that is not installed here. Install it: pip install "sapa[sdmx]".')


READER: Final = SdmxReader()
