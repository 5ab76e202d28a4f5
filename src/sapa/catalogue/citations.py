"""What an answer says about where its figure stands (domain.md 10.6), as plain data that a message can keep."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from sapa.catalogue.figures import Cell, read
from sapa.catalogue.models import Entry, Frequency, Level
from sapa.catalogue.signs import written
from sapa.core.errors import Refused
from sapa.ui.dates import short_date

# The order in which a citation is read aloud, printed and copied.
FIELDS: Final = (
    *("title", "kind", "office", "number", "version", "url", "area", "level", "years", "frequency"),
    *("row", "column", "period"),
    *("unit", "status", "base_year", "producer", "released_on", "fetched_on", "value"),
)
MOST: Final = 20
LONGEST: Final = 500


def citation_of(entry: Entry, *, value: str = "", cell: Cell | None = None) -> dict[str, str]:
    """The citation of an entry, in the words that do not change with the reader; `value` is what is quoted of it.

    Kind, level, frequency and status are the codes of `Entry`; `worded` puts them into the reader's language. Of a
    `cell` row, column and period stand there too, and its value as the source has it, with a point as decimal mark.
    """
    made = {
        "title": entry.title,
        "kind": entry.kind,
        "office": entry.office.name,
        "number": entry.external_id,
        "version": entry.version,
        "url": entry.url,
        "area": entry.area,
        "level": entry.level,
        "years": entry.years,
        "frequency": entry.frequency,
        "unit": entry.unit,
        "status": entry.figure_status,
        "base_year": str(entry.base_year or ""),
        "producer": entry.producer or entry.office.name,
        "released_on": entry.released_on.isoformat() if entry.released_on else "",
        "fetched_on": entry.fetched_on.isoformat() if entry.fetched_on else "",
        "value": value[:LONGEST],
    }
    if cell is not None:
        made |= {"row": cell.row.label, "column": cell.column.label, "period": cell.period.label}
        made |= {"value": "" if cell.value is None else f"{cell.value}"}
    return {name: text for name, text in made.items() if text}


def worded(citation: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of the element `citation`, in the reader's language. Whatever is missing is left out."""
    known = {name: str(citation.get(name, "")) for name in FIELDS}
    period = [known["period"]] if known["period"] else [known["years"], _label(Frequency, known["frequency"])]
    cell = ", ".join(filter(None, (known["row"], known["column"])))
    status = [_label(Entry.FigureStatus, known["status"])]
    if known["base_year"]:
        status.append(_("base year %(year)s") % {"year": known["base_year"]})
    source = [known["producer"] or known["office"], _label(Entry.Kind, known["kind"]), known["version"]]
    if known["number"]:
        source.append(_("no. %(number)s") % {"number": known["number"]})
    if known["released_on"]:
        source.append(_("released %(date)s") % {"date": short_date(_day(known["released_on"]))})
    return {
        "title": known["title"],
        "area": ", ".join(filter(None, (known["area"], _label(Level, known["level"])))),
        "period": ", ".join(filter(None, period)),
        "unit": known["unit"],
        "status": ", ".join(filter(None, status)),
        "source": ", ".join(filter(None, source)),
        "url": known["url"],
        "accessed_on": _day(known["fetched_on"]),
        # A cell's value is kept as a number: another language writes it in another way.
        "value": written(read(known["value"])) if cell and known["value"] else known["value"],
        "cell": cell,
    }


def checked(citations: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The citations with the known fields only, as texts; refused when one has no title or an odd address."""
    found = []
    for each in citations[:MOST]:
        kept = {name: str(each[name])[:LONGEST] for name in FIELDS if each.get(name)}
        if not kept.get("title"):
            raise Refused(_("Every citation needs a title."), code="citation")
        if kept.get("url") and not kept["url"].startswith(("https://", "http://")):
            raise Refused(_("The address of a citation begins with https:// or http://."), code="citation")
        found.append(kept)
    return found


def _label(choices: type[TextChoices], value: str) -> str:
    return str(choices(value).label) if value in choices.values else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
