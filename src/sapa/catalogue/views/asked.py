"""What the address of a search says: the words, what was chosen beside them, which page of the results."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from sapa.catalogue.models import Entry, Frequency, Level
from sapa.catalogue.search import Filters, Results

# What is longer is nobody's question; it is searched by its beginning.
LONGEST_QUERY: Final = 300
RESULTS: Final = 10
# Nobody reads further; the way on is another word.
MOST_PAGES: Final = 30
PARAMETERS: Final = {
    "kind": "jenis",
    "level": "tingkat",
    "subject": "topik",
    "year": "tahun",
    "frequency": "frekuensi",
    "version": "versi",
}
ICONS: Final = {
    "area": "map-pin",
    "years": "calendar",
    "level": "building",
    "frequency": "clock",
    "kind": "file-text",
    "version": "list",
    "code": "list",
    "newest": "refresh",
    "whether": "help-circle",
    "subject": "flag",
    "year": "calendar",
}


@dataclass(frozen=True)
class Asked:
    """A search as its address says it. `exact`: nothing is to be taken for misspelt; `trail`: its token, handed on
    by every address, so that narrowing a search is the same search."""

    text: str
    filters: Filters
    page: int = 1
    exact: bool = False
    trail: str = ""

    def query(self, **changes: Any) -> str:
        """The parameters of the same search with these changes; on its first page, unless `hal` is among them."""
        chosen = {PARAMETERS[name]: value for name, value in self.filters}
        exact = {"persis": "1"} if self.exact else {}
        given = {"q": self.text} | chosen | exact | {"jejak": self.trail} | changes
        return urlencode(
            {name: value for name, value in given.items() if value not in ("", None) or name == "q"}
        )

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a form must send along, so that the search stays as it is but for the words."""
        return [(PARAMETERS[name], value) for name, value in self.filters]


def read(given: Mapping[str, str]) -> Asked:
    """The search that the parameters name; what is not understood of them is not there."""
    number = given.get("hal", "")
    year = given.get("tahun", "")
    filters = Filters(
        kind=_one_of(given.get("jenis", ""), Entry.Kind.values),
        level=_one_of(given.get("tingkat", ""), Level.values),
        subject=given.get("topik", "")[:60].strip(),
        year=int(year) if len(year) == 4 and year.isascii() and year.isdigit() else None,
        frequency=_one_of(given.get("frekuensi", ""), Frequency.values),
        version=given.get("versi", "")[:30].strip(),
    )
    page = int(number) if len(number) < 4 and number.isascii() and number.isdigit() else 1
    return Asked(
        text=given.get("q", "")[:LONGEST_QUERY],
        filters=filters,
        page=min(max(page, 1), MOST_PAGES),
        exact=given.get("persis", "") == "1",
    )


def understood(asked: Asked, results: Results) -> list[dict[str, str]]:
    """A chip for what was understood in the words and for what was chosen, each with the search without it."""
    chips = [
        {"label": chip.label, "icon": ICONS[chip.sort], "without": asked.query(q=chip.rest)}
        for chip in results.chips
    ]
    labels = {
        facet.name: value.label for facet in results.facets for value in facet.values if value.is_chosen
    }
    if asked.exact:
        chips.append({"label": _("These words only"), "icon": "check", "without": asked.query(persis="")})
    return chips + [
        {
            "label": str(labels.get(name, _label(name, value))),
            "icon": ICONS[name],
            "without": asked.query(**{PARAMETERS[name]: ""}),
        }
        for name, value in asked.filters
    ]


def doubts(asked: Asked, results: Results) -> list[dict[str, Any]]:
    """The ambiguous words, each meaning with the search that says it outright."""
    return [
        {
            "word": each.word,
            "meanings": [
                {
                    "label": meaning.label,
                    "is_taken": meaning.is_taken,
                    "address": f"?{asked.query(q=meaning.query)}",
                }
                for meaning in each.meanings
            ],
        }
        for each in results.ambiguous
    ]


def _one_of(value: str, known: list[Any]) -> str:
    return value if value in known else ""


def _label(name: str, value: str) -> str:
    choices = {"kind": Entry.Kind, "level": Level, "frequency": Frequency}.get(name)
    return str(choices(value).label) if choices else value
