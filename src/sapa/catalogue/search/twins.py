"""The same code of the same version in two catalogues of a line of offices: an office and one above it loaded it."""

from collections.abc import Iterable

from sapa.catalogue.models import Entry

Code = tuple[str, str]  # version and code


def code_of(entry: Entry) -> Code | None:
    """What the entry is a twin by; None for what is no code."""
    is_code = entry.kind == Entry.Kind.CLASSIFICATION_CODE and entry.version and entry.external_id
    return (entry.version, entry.external_id) if is_code else None


def told_once(entries: Iterable[Entry]) -> dict[Code, Entry]:
    """Of each code the one to show: what is real before a demonstration, then that of the smallest office.

    Asks for the offices of the entries."""
    found: dict[Code, Entry] = {}
    for entry in entries:
        code = code_of(entry)
        if code is not None and (code not in found or _rank(entry) > _rank(found[code])):
            found[code] = entry
    return found


def _rank(entry: Entry) -> tuple[bool, int, int]:
    return not entry.is_demo, len(entry.office.code.rstrip("0")), -entry.pk
