"""The sources of an answer as structured blocks, in the fields of domain.md 10.6 (catalogue/citations.py)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from sapa.catalogue.citations import checked
from sapa.consultations.models import Citation, Consultation
from sapa.core.errors import Refused

MOST: Final = 10
Source = Mapping[str, str]

# The column of consultations.Citation for each field of a source.
_COLUMNS: Final = {
    "title": "title",
    "url": "url",
    "kind": "kind",
    "number": "identifier",
    "area": "area",
    "level": "level",
    "years": "period",
    "frequency": "frequency",
    "unit": "unit",
    "status": "figure_status",
    "base_year": "base_year",
    "producer": "producer",
    "value": "value",
}


def read(given: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The sources with their known fields, as texts; refused when there are too many, or one is none."""
    if len(given) > MOST:
        raise Refused(_("An answer takes at most %(most)s sources.") % {"most": MOST}, code="citation")
    return checked(given)


def keep(consultation: Consultation, sources: Sequence[Source]) -> None:
    """The consultation's citations gain these, in order: reports and the desk read them there."""
    if not sources:
        return
    first = consultation.citations.count()
    Citation.objects.bulk_create(
        Citation(
            consultation=consultation,
            position=first + place,
            released_on=_day(source.get("released_on", "")),
            fetched_on=_day(source.get("fetched_on", "")),
            **{column: _cut(column, source.get(name, "")) for name, column in _COLUMNS.items()}
            | _cell(source),
        )
        for place, source in enumerate(sources)
    )


def _cell(source: Source) -> dict[str, str]:
    """Of a cell: its row and column go before the area, its period takes the place of the table's years."""
    if not source.get("period"):
        return {}
    area = ", ".join(filter(None, (source.get(name, "") for name in ("row", "column", "area"))))
    return {"area": _cut("area", area), "period": _cut("period", source["period"])}


def _cut(column: str, text: str) -> str:
    longest = getattr(Citation._meta.get_field(column), "max_length", None)
    return text[:longest]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
