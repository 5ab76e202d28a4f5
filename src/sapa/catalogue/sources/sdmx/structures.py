"""Data flows and code lists as entries: pure, from what the child process tells.

A data flow is a dynamic table. A code list is one glossary term with its codes in it; only a list that the
configuration names as a classification becomes an entry for each code (docs/decisions/0022).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sapa.catalogue.models import Entry
from sapa.catalogue.sources.base import Item

LONGEST_BODY: Final = 50_000
LONGEST_VERSION: Final = 30


def dataflow_items(told: Sequence[Mapping[str, Any]], *, base: str) -> Iterator[Item]:
    """One dynamic table for each data flow."""
    for each in told:
        language, title = _named(each, "names")
        values = {
            "title": title or each["id"],
            "summary": _named(each, "descriptions")[1],
            "producer": each["agency"],
            "url": f"{base}/dataflow/{each['agency']}/{each['id']}/{each['version'] or 'latest'}",
            "language": language,
        }
        yield Item(Entry.Kind.DYNAMIC_TABLE, _number(each), values)


def codelist_items(
    told: Sequence[Mapping[str, Any]], *, base: str, classifications: Sequence[str] = ()
) -> Iterator[Item]:
    """One term for each code list, or one entry for each code of those that are classifications."""
    for each in told:
        if each["id"] in classifications:
            yield from _codes(each)
            continue
        language, title = _named(each, "names")
        values = {
            "title": title or each["id"],
            "summary": _named(each, "descriptions")[1],
            "body": _listed(each["codes"]),
            "producer": each["agency"],
            "url": f"{base}/codelist/{each['agency']}/{each['id']}/{each['version'] or 'latest'}",
            "language": language,
        }
        yield Item(Entry.Kind.GLOSSARY_TERM, _number(each), values)


def _codes(told: Mapping[str, Any]) -> Iterator[Item]:
    version = f"{told['id']} {told['version']}".strip()[:LONGEST_VERSION]
    for code in told["codes"]:
        language, name = _named(code, "names")
        values = {
            "title": f"{code['id']} {name}".strip(),
            "summary": _named(code, "descriptions")[1],
            "producer": told["agency"],
            "language": language,
        }
        yield Item(
            Entry.Kind.CLASSIFICATION_CODE, code["id"], values, version=version, parent_code=code["parent"]
        )


def _listed(codes: Sequence[Mapping[str, Any]]) -> str:
    """The codes line by line, as many as a page can hold."""
    lines = [f"{code['id']}: {_named(code, 'names')[1]}" for code in codes]
    text = "\n".join(lines)
    return text if len(text) <= LONGEST_BODY else text[:LONGEST_BODY].rpartition("\n")[0] + "\n…"


def _number(told: Mapping[str, Any]) -> str:
    return f"{told['agency']}:{told['id']}({told['version'] or '1.0'})"


def _named(told: Mapping[str, Any], name: str) -> tuple[str, str]:
    """The Indonesian text, else the English one, else any; with the language of the catalogue that it is in."""
    texts = told[name]
    if texts.get("id"):
        return "id", str(texts["id"])
    found = texts.get("en") or next(iter(texts.values()), "")
    return ("en" if texts else "id"), str(found)
