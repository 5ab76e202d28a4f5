"""What the WebAPI tells outside its lists: tables of SIMDASI and of the censuses, foreign trade."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from sapa.catalogue.sources.base import Item
from sapa.catalogue.sources.polite import Missing
from sapa.catalogue.sources.webapi import envelopes, parsing
from sapa.catalogue.sources.webapi.asking import Asking
from sapa.catalogue.sources.webapi.envelopes import Row, Unreadable
from sapa.catalogue.sources.webapi.parsing import Around

CENSUS: Final = "interoperabilitas/datasource/sensus"
SIMDASI: Final = "interoperabilitas/datasource/simdasi"
# Numbers of the questions (domain.md 10.1).
EVENTS, TOPICS, DATASETS, TABLES_OF_AREA = 37, 38, 40, 23


def read(
    name: str, asking: Asking, around: Around, config: Mapping[str, Any]
) -> tuple[list[Item], list[str]]:
    """All of it, and a sentence for each part that could not be read."""
    if name == "simdasi":
        return _simdasi(asking, around)
    if name == "sensus":
        return _census(asking, around)
    return _trade(asking, around, config["trade"])


def check_trade(given: Any) -> list[str]:
    """What is wrong with the settings of foreign trade: {"years": [2024], "hs": ["09", "15"]}."""
    years = given.get("years") if isinstance(given, Mapping) else None
    chapters = given.get("hs") if isinstance(given, Mapping) else None
    if not isinstance(years, list) or not years or any(envelopes.whole(year) is None for year in years):
        return [_("“trade” needs “years”, a list like [2024].")]
    if not isinstance(chapters, list) or not chapters or any(not str(each).isdigit() for each in chapters):
        return [_('“trade” needs “hs”, a list of chapters of the Harmonized System like ["09", "15"].')]
    return []


def _simdasi(asking: Asking, around: Around) -> tuple[list[Item], list[str]]:
    rows = _rows(asking, SIMDASI, TABLES_OF_AREA, wilayah=around.domain.mfd)
    items, problems = [], []
    for row in rows:
        try:
            items.append(parsing.simdasi_table(row, around))
        except Unreadable as wrong:
            problems.append(wrong.sentence)
    return items, problems


def _census(asking: Asking, around: Around) -> tuple[list[Item], list[str]]:
    items: list[Item] = []
    problems: list[str] = []
    for event in _rows(asking, CENSUS, EVENTS):
        try:
            number = parsing.need(event, "id", "sensus")
            for topic in _rows(asking, CENSUS, TOPICS, kegiatan=number):
                about = parsing.need(topic, "id", "sensus")
                tables = _rows(asking, CENSUS, DATASETS, kegiatan=number, topik=about)
                items += [parsing.census_table(row, event, around) for row in tables]
        except (Unreadable, Missing) as wrong:
            problems.append(wrong.sentence)
    return items, problems


def _trade(asking: Asking, around: Around, wanted: Mapping[str, Any]) -> tuple[list[Item], list[str]]:
    items: list[Item] = []
    problems: list[str] = []
    chapters = ";".join(str(each).zfill(2) for each in wanted["hs"])
    for year in (int(each) for each in wanted["years"]):
        for direction, name in parsing.DIRECTIONS.items():
            what = f"dataexim {name} {year}"
            parts: dict[str, str | int] = {
                "sumber": direction,
                "periode": 2,
                "kodehs": chapters,
                "jenishs": 1,
                "tahun": year,
            }
            try:
                rows = _all_pages(asking, "dataexim", what, **parts)
                if rows:
                    items.append(parsing.trade(rows, direction=direction, year=year, around=around))
            except (Unreadable, Missing) as wrong:
                problems.append(wrong.sentence)
    return items, problems


def _rows(asking: Asking, path: str, question: int, **parts: str | int) -> list[Row]:
    what = f"{path.rsplit('/', 1)[-1]} {question}"
    return _all_pages(asking, path, what, id=question, **parts)


def _all_pages(asking: Asking, path: str, what: str, **parts: str | int) -> list[Row]:
    """The rows of all pages; most of these lists have one. Raises Unreadable when a page comes twice."""
    rows: list[Row] = []
    page, before = 1, None
    while True:
        more = {"page": page} if page > 1 else {}
        listed = envelopes.listed(asking.client.ask(path, what=what, **parts, **more), what=what)
        if listed.rows and listed.rows == before:
            raise Unreadable(
                _("Page %(page)s is a page that came before: the list was left there (%(what)s).")
                % {"page": str(page), "what": what}
            )
        rows += listed.rows
        if page >= (listed.pages or 1) or not listed.rows:
            return rows
        page, before = page + 1, listed.rows
