"""A data set of CKAN as an entry: pure, whatever the portal leaves out or writes otherwise."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.parse import quote

from sapa.catalogue.models import Entry
from sapa.catalogue.sources.base import Item

LONGEST_NOTES: Final = 2_000
_MARKUP: Final = re.compile(r"<[^>]{0,300}>|!?\[([^\]]{0,300})\]\([^)]{0,500}\)|[*_`#>]{1,6}")


def item_of(told: Any, *, base: str) -> Item | None:
    """The entry; None for what has no number or is not public. Raises ValueError for what is no data set."""
    if not isinstance(told, Mapping):
        raise ValueError("not a data set")
    number = _text(told, "id") or _text(told, "name")
    name = _text(told, "name") or number
    if not number:
        raise ValueError("no number")
    if told.get("private") is True or told.get("state", "active") != "active":
        return None
    title = _text(told, "title") or name.replace("-", " ")
    values: dict[str, Any] = {
        "title": title,
        "summary": _summary(told),
        "keywords": _keywords(told),
        "producer": _producer(told),
        "released_on": _day(told.get("metadata_created")),
        "url": f"{base}/dataset/{quote(name, safe='')}",
        **_years(title),
    }
    return Item(Entry.Kind.STATIC_TABLE, number, values)


def _summary(told: Mapping[str, Any]) -> str:
    """What it is about, in which forms it comes and under which licence."""
    notes = _MARKUP.sub(lambda found: found[1] or "", _text(told, "notes"))
    notes = "\n".join(filter(None, (" ".join(line.split()) for line in notes.splitlines())))
    licence = _text(told, "license_title")
    parts = (notes[:LONGEST_NOTES], ", ".join(_formats(told)), licence)
    return "\n".join(part for part in parts if part)


def _formats(told: Mapping[str, Any]) -> list[str]:
    resources = told.get("resources")
    if not isinstance(resources, list):
        return []
    found = (_text(each, "format").upper().lstrip(".") for each in resources if isinstance(each, Mapping))
    return sorted({each[:20] for each in found if each})


def _keywords(told: Mapping[str, Any]) -> str:
    tags = told.get("tags")
    if not isinstance(tags, list):
        return ""
    return " ".join(_text(each, "name") for each in tags if isinstance(each, Mapping))[:300]


def _producer(told: Mapping[str, Any]) -> str:
    organisation = told.get("organization")
    if not isinstance(organisation, Mapping):
        return _text(told, "author")[:120]
    return (_text(organisation, "title") or _text(organisation, "name"))[:120]


def _years(title: str) -> dict[str, int | None]:
    """The years that the title names: "Jumlah UMKM 2019-2023"."""
    years = [int(each) for each in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", title)]
    return {"year_from": min(years, default=None), "year_until": max(years, default=None)}


def _day(told: Any) -> date | None:
    try:
        return date.fromisoformat(str(told)[:10])
    except ValueError:
        return None


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return value.strip() if isinstance(value, str) else ""
