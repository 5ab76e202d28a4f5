"""What an officer picks from the catalogue for an answer: an entry, or one number of it."""

from datetime import datetime

from django.utils.translation import gettext as _
from django_scopes import scope

from sapa.catalogue import figures
from sapa.catalogue.citations import citation_of
from sapa.catalogue.figures import Cell, Cube
from sapa.catalogue.models import Entry
from sapa.core.errors import Refused
from sapa.offices.models import Office

LONGEST_NUMBER = 18


def quoted(office: Office, given: str) -> dict[str, str] | None:
    """The citation of the entry "12", or of its cell "12|<key of the cell>"; None where there is no such entry here.

    Refused when the number is not there (any more): nobody cites a table for a number that it does not hold.
    """
    number, _bar, place = given.partition("|")
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        return None
    with scope(office=office.lineage()):
        shown = Entry.objects.filter(pk=int(number), published_at__isnull=False, withdrawn_at=None)
        entry = shown.select_related("office").first()
        if entry is None or not place:
            return citation_of(entry) if entry else None
        dated = figures.dated(entry)
    cell = dated[0].cell(place) if dated else None
    if dated is None or cell is None or cell.value is None:
        raise Refused(
            _("This number is not in the table any more. Open its numbers again."), code="cell_gone"
        )
    return source_of(entry, *dated, cell=cell)


def source_of(entry: Entry, cube: Cube, fetched_at: datetime, *, cell: Cell | None = None) -> dict[str, str]:
    """The citation of the figures, or of one of them: with their own unit, and the day on which they were fetched."""
    made = citation_of(entry, cell=cell)
    made |= {"fetched_on": fetched_at.astimezone(entry.office.zone).date().isoformat()}
    return made | ({"unit": cube.unit} if cube.unit else {})
