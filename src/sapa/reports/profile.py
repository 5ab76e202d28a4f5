"""Who came, by the code lists of the day they came: an old visit keeps the wording it was asked with."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sapa.frontdesk.models import Visit
from sapa.people.codelists import CodeListsError, version
from sapa.reports.table import Cell, Table
from sapa.ui.dates import language

LISTS: Final = {
    "gender": gettext_lazy("Gender"),
    "age_class": gettext_lazy("Age"),
    "education": gettext_lazy("Highest education"),
    "occupation": gettext_lazy("Main occupation"),
    "institution_category": gettext_lazy("Kind of institution"),
    "purpose": gettext_lazy("Purpose of the data"),
}
_LAST: Final = 999


@dataclass(frozen=True, slots=True)
class Profile:
    """One field of the guest book, counted."""

    table: Table
    total: int


def heads(visit: Visit) -> int:
    """How many people came: a group is as many as were counted, and at least the one who signed."""
    return max(1, visit.men + visit.women) if visit.is_group else 1


def profiles(visits: Sequence[Visit]) -> list[Profile]:
    """One table for each field: gender by heads, the others by the person who signed for the visit."""
    return [
        Profile(table, sum(int(str(row[1])) for row in table.rows))
        for table in (_table(name, str(title), visits) for name, title in LISTS.items())
    ]


def wording(list_version: str, list_name: str, key: str) -> tuple[int, str]:
    """Place on the form and wording of an answer; an answer no list knows is shown as it was kept, at the end."""
    if not key:
        return (_LAST + 1, _("Not stated"))
    try:
        codes = version(list_version)[list_name].codes
    except (CodeListsError, KeyError):
        return (_LAST, key)
    for place, code in enumerate(codes):
        if code.key == key:
            return (place, code.label.in_language(language()))
    return (_LAST, key)


def _table(name: str, title: str, visits: Iterable[Visit]) -> Table:
    count: Callable[[Visit], Iterable[tuple[str, int]]] = (
        _gender if name == "gender" else lambda visit: [(getattr(visit, name), 1)]
    )
    found: dict[tuple[int, str], int] = {}
    for visit in visits:
        for key, many in count(visit):
            if many:
                place = wording(visit.codelist_version, name, key)
                found[place] = found.get(place, 0) + many
    body: list[list[Cell]] = [[label, many] for (_place, label), many in sorted(found.items())]
    head = [title, _("People") if name == "gender" else _("Visits")]
    return Table(name.replace("_", "-"), title, head, body, numeric=(1,), empty=_("No visits in this period"))


def _gender(visit: Visit) -> list[tuple[str, int]]:
    if visit.is_group and visit.men + visit.women:
        return [("male", visit.men), ("female", visit.women)]
    return [(visit.gender, 1)]
