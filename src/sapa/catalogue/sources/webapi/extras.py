"""What the WebAPI tells outside its lists, in pages of a few tables: SIMDASI, the censuses, foreign trade."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from sapa.catalogue.figures import Cube
from sapa.catalogue.sources.base import Item, SourceError
from sapa.catalogue.sources.polite import Missing
from sapa.catalogue.sources.webapi import census, envelopes, parsing, simdasi, trade
from sapa.catalogue.sources.webapi.asking import MOST_MISSED, Asking, Found
from sapa.catalogue.sources.webapi.envelopes import Row, Unreadable
from sapa.catalogue.sources.webapi.parsing import Around

CENSUS: Final = "interoperabilitas/datasource/sensus"
SIMDASI: Final = "interoperabilitas/datasource/simdasi"
# Numbers of the questions (domain.md 10.1).
EVENTS, TOPICS, AREAS, DATASETS, DATA = 37, 38, 39, 40, 41
TABLES_OF_AREA, NUMBERS = 23, 25
# Each table costs some questions: a cut loses little.
AT_ONCE: Final = 5


@dataclass(frozen=True)
class _Dataset:
    """A table of a census, its event, and what the area of this site is asked by there."""

    row: Row
    event: Row
    areas: list[str]


@dataclass
class Piece(Found):
    """Some of the tables of a kind; `total` of all there are, in `pages` such pieces."""

    total: int = 0
    pages: int = 1


@dataclass
class _Listed:
    tables: list[Any] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class Extras:
    """One site; what tables there are is asked once in a reading."""

    def __init__(self, asking: Asking, config: Mapping[str, Any]) -> None:
        self._asking, self._config = asking, config
        self._listed: dict[str, _Listed] = {}

    def read(self, name: str, around: Around, page: int) -> Piece:
        """The tables of this page (from 1 on); what could not be listed is told with the first."""
        if name == "dataexim":
            return self._trade(around)
        listed = self._listed.get(name)
        if listed is None:
            tables = self._simdasi(around) if name == "simdasi" else self._censuses(around)
            listed = self._listed.setdefault(name, tables)
        piece = Piece(total=len(listed.tables), pages=max(1, -(-len(listed.tables) // AT_ONCE)))
        piece.problems += listed.problems if page == 1 else []
        missed = 0
        for each in listed.tables[(page - 1) * AT_ONCE : page * AT_ONCE]:
            try:
                if name == "simdasi":
                    piece.items.append(self._simdasi_table(each, around, piece.doubts))
                else:
                    piece.items.append(self._census_table(each, around, piece.doubts))
            except Unreadable as wrong:
                piece.problems.append(wrong.sentence)
            except SourceError as wrong:
                missed += 1
                if wrong.permanent or missed >= MOST_MISSED:
                    raise
                piece.problems.append(wrong.sentence)
        return piece

    def _simdasi(self, around: Around) -> _Listed:
        return _Listed(self._rows(SIMDASI, TABLES_OF_AREA, wilayah=around.domain.mfd))

    def _simdasi_table(self, row: Row, around: Around, doubts: list[str]) -> Item:
        number, title = parsing.need(row, "id_tabel", "simdasi"), parsing.need(row, "judul", "simdasi")
        told: dict[int, Row] = {}
        cube: Cube | None = None
        try:
            for year in simdasi.years_of(row)[-simdasi.MOST_YEARS :]:
                parts: dict[str, str | int] = {
                    "wilayah": around.domain.mfd,
                    "tahun": year,
                    "id_tabel": number,
                }
                what = f"simdasi {NUMBERS} {title[:60]} {year}"
                answer = self._asking.client.ask(SIMDASI, what=what, id=NUMBERS, **parts)
                if (found := envelopes.detailed(answer, what=what)) is not None:
                    told[year] = found
            cube = simdasi.cube_of(told, around)
        except (Unreadable, Missing) as wrong:
            doubts.append(_not_understood(title, wrong.sentence))
            return simdasi.table(row, around, None, is_unread=True)
        return simdasi.table(row, around, cube)

    def _censuses(self, around: Around) -> _Listed:
        found = _Listed()
        for event in self._rows(CENSUS, EVENTS):
            try:
                number = parsing.need(event, "id", "sensus")
                areas = census.area_of(self._rows(CENSUS, AREAS, kegiatan=number), around)
                for topic in self._rows(CENSUS, TOPICS, kegiatan=number):
                    about = parsing.need(topic, "id", "sensus")
                    rows = self._rows(CENSUS, DATASETS, kegiatan=number, topik=about)
                    found.tables += [_Dataset(row, event, areas) for row in rows]
            except (Unreadable, Missing) as wrong:
                found.problems.append(wrong.sentence)
        return found

    def _census_table(self, given: _Dataset, around: Around, doubts: list[str]) -> Item:
        row, event = given.row, given.event
        parts = {
            "kegiatan": parsing.need(event, "id", "sensus"),
            "dataset": parsing.need(row, "id", "sensus"),
        }
        cube: Cube | None = None
        try:
            for area in given.areas:
                rows = self._rows(CENSUS, DATA, **parts, wilayah_sensus=area)
                if (cube := census.cube_of(rows, around)) is not None:
                    break
        except (Unreadable, Missing) as wrong:
            doubts.append(_not_understood(parsing.need(row, "nama", "sensus"), wrong.sentence))
            return census.table(row, event, around, None, is_unread=True)
        return census.table(row, event, around, cube)

    def _trade(self, around: Around) -> Piece:
        piece, wanted = Piece(), self._config["trade"]
        chapters = ";".join(str(each).zfill(2) for each in wanted["hs"])
        for year in (int(each) for each in wanted["years"]):
            for direction, name in trade.DIRECTIONS.items():
                what = f"dataexim {name} {year}"
                parts: dict[str, str | int] = {
                    "sumber": direction,
                    "periode": 2,
                    "kodehs": chapters,
                    "jenishs": 1,
                    "tahun": year,
                }
                try:
                    rows = self._all_pages("dataexim", what, **parts)
                    if rows:
                        piece.items.append(trade.table(rows, direction=direction, year=year, around=around))
                except (Unreadable, Missing) as wrong:
                    piece.problems.append(wrong.sentence)
        return piece

    def _rows(self, path: str, question: int, **parts: str | int) -> list[Row]:
        what = f"{path.rsplit('/', 1)[-1]} {question}"
        return self._all_pages(path, what, id=question, **parts)

    def _all_pages(self, path: str, what: str, **parts: str | int) -> list[Row]:
        """The rows of all pages; most of these lists have one. Raises Unreadable when a page comes twice."""
        rows: list[Row] = []
        page, before = 1, None
        while True:
            more = {"page": page} if page > 1 else {}
            listed = envelopes.listed(self._asking.client.ask(path, what=what, **parts, **more), what=what)
            if listed.rows and listed.rows == before:
                raise Unreadable(
                    _("Page %(page)s is a page that came before: the list was left there (%(what)s).")
                    % {"page": str(page), "what": what}
                )
            rows += listed.rows
            if page >= (listed.pages or 1) or not listed.rows:
                return rows
            page, before = page + 1, listed.rows


def _not_understood(title: str, sentence: str) -> str:
    return _("The numbers of “%(title)s” were not understood; the table stands without new ones. %(why)s") % {
        "title": title[:80],
        "why": sentence,
    }
