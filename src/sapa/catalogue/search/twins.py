"""The same code of the same version in two catalogues of a line of offices: an office and one above it loaded it."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.db.models import Exists, F, OuterRef
from django_scopes import scopes_disabled

from sapa.catalogue.models import Entry

Code = tuple[str, str]  # version and code
CODE: Final = Entry.Kind.CLASSIFICATION_CODE


def told_once(entries: Iterable[Entry]) -> dict[Code, Entry]:
    """Of each code the one to show: what is real before a demonstration, then that of the smallest office.

    Asks for the offices of the entries."""
    found: dict[Code, Entry] = {}
    for entry in entries:
        code = (entry.version, entry.external_id)
        if entry.kind == CODE and all(code) and (code not in found or _rank(entry) > _rank(found[code])):
            found[code] = entry
    return found


def overshadowed(offices: Sequence[int]) -> dict[int, int]:
    """The codes that are not shown because a twin of them is: which entry stands for which."""
    with scopes_disabled():
        shown = Entry.objects.filter(kind=CODE, published_at__isnull=False, withdrawn_at=None)
        # The index of codes is to lead, not that of offices: of all entries of an office few have a version.
        codes = (
            shown.alias(at=F("office_id") + 0).filter(at__in=offices, version__gt="").exclude(external_id="")
        )
        same = shown.filter(version=OuterRef("version"), external_id=OuterRef("external_id"))
        others = same.filter(office__in=offices).exclude(office=OuterRef("office"))
        twins = codes.filter(Exists(others)).select_related("office")
        rows = list(twins.only("kind", "version", "external_id", "is_demo", "office__code"))
    once = told_once(rows)
    stands_for = {each.pk: once[each.version, each.external_id].pk for each in rows}
    return {pk: other for pk, other in stands_for.items() if pk != other}


def _rank(entry: Entry) -> tuple[bool, int, int]:
    return not entry.is_demo, len(entry.office.code.rstrip("0")), -entry.pk
