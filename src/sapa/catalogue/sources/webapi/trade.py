"""Foreign trade: exports and imports of a year by chapter of the Harmonized System."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from sapa.catalogue.figures import Cube
from sapa.catalogue.figures import Item as Line
from sapa.catalogue.models import Entry, Frequency, Level
from sapa.catalogue.sources.base import Item
from sapa.catalogue.sources.webapi.envelopes import Row, whole
from sapa.catalogue.sources.webapi.parsing import Around, need

DIRECTIONS: Final = {1: "Ekspor", 2: "Impor"}


def check(given: Any) -> list[str]:
    """What is wrong with the settings of foreign trade: {"years": [2024], "hs": ["09", "15"]}."""
    years = given.get("years") if isinstance(given, Mapping) else None
    chapters = given.get("hs") if isinstance(given, Mapping) else None
    if not isinstance(years, list) or not years or any(whole(year) is None for year in years):
        return [_("“trade” needs “years”, a list like [2024].")]
    if not isinstance(chapters, list) or not chapters or any(not str(each).isdigit() for each in chapters):
        return [_('“trade” needs “hs”, a list of chapters of the Harmonized System like ["09", "15"].')]
    return []


def table(rows: list[Row], *, direction: int, year: int, around: Around) -> Item:
    """Exports or imports of a year by chapter of the Harmonized System, added up over ports and countries."""
    sums: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        chapter = need(row, "kodehs", "dataexim")
        for column in ("value", "netweight"):
            amount = row.get(column)
            if isinstance(amount, int | Decimal) and not isinstance(amount, bool):
                place = (chapter, column)
                sums[place] = sums.get(place, Decimal(0)) + amount
    name = DIRECTIONS[direction]
    english = {"Ekspor": "Exports", "Impor": "Imports"}[name]
    title = f"Nilai dan Berat {name} menurut Kode HS, {year}"
    chapters = sorted({chapter for chapter, _column in sums})
    cube = Cube(
        rows=tuple(Line(chapter, chapter) for chapter in chapters),
        columns=(Line("value", "Nilai (US$)"), Line("netweight", "Berat bersih (kg)")),
        periods=(Line(str(year), str(year)),),
        cells={(chapter, column, str(year)): amount for (chapter, column), amount in sums.items()},
        rows_label="Kode HS",
        notes="Dijumlahkan dari semua pelabuhan dan negara.",
    )
    values = around.values(
        title,
        keywords=f"perdagangan luar negeri {english} by HS code",
        subject="Ekspor-Impor",
        frequency=Frequency.YEARLY,
        level=Level.NATIONAL,
        year_from=year,
        year_until=year,
        url=f"{around.domain.url}/id/exim",
    )
    return Item(Entry.Kind.DYNAMIC_TABLE, f"{name.casefold()}-{year}", values, cube=cube)
