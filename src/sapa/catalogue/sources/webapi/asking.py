"""The questions to one site of the WebAPI: its address, its subjects, its lists, and what belongs to each row."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from sapa.catalogue.sources.base import Item, SourceError
from sapa.catalogue.sources.polite import Missing
from sapa.catalogue.sources.webapi import dynamic, envelopes, parsing
from sapa.catalogue.sources.webapi.client import Client
from sapa.catalogue.sources.webapi.envelopes import Listed, Row, Unreadable, whole
from sapa.catalogue.sources.webapi.models import Model
from sapa.catalogue.sources.webapi.parsing import Around
from sapa.catalogue.sources.webapi.places import Domain
from sapa.catalogue.sources.webapi.texts import line

# After so many rows in a row that did not come, it is not the rows.
MOST_MISSED: Final = 3
MOST_LOOKUP_PAGES: Final = 100
YEARS_AT_ONCE: Final = 5


@dataclass
class Found:
    """What became of rows: items, a sentence for each row that could not be read, and what to know of the others."""

    items: list[Item] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


class Asking:
    """One site; answers come as typed things, or Unreadable and SourceError are raised."""

    def __init__(self, client: Client, domain: str) -> None:
        self.client, self._domain = client, domain
        # Some sites tell numbers only for years that are named; once that is known, nobody asks without.
        self._names_years = False

    def site(self) -> Domain:
        """The site of this domain. Raises SourceError when BPS has none: its pages could not be cited."""
        what = _("list of sites")
        try:
            listed = envelopes.listed(self.client.ask("domain", what=what, type="all"), what=what)
        except Unreadable as wrong:
            raise SourceError(wrong.sentence, permanent=False) from wrong
        for row in listed.rows:
            if line(row.get("domain_id")) == self._domain:
                url = line(row.get("domain_url")).rstrip("/")
                return Domain(self._domain, line(row.get("domain_name")), url)
        raise SourceError(
            _("BPS has no site with the number %(number)s.") % {"number": self._domain}, permanent=True
        )

    def listed(self, model: str, language: str, page: int, per_page: int, **more: str | int) -> Listed:
        """One page of a list."""
        what = _("%(list)s, page %(page)s") % {"list": f"{model} {language}", "page": str(page)}
        parts = {"model": model, "lang": language, "domain": self._domain, **more}
        answer = self.client.ask("list", what=what, **parts, page=page, perpage=per_page)
        return envelopes.listed(answer, what=what)

    def rows(self, model: str, language: str, **more: str | int) -> Iterable[Row]:
        """All rows of a small list that helps to understand others; what cannot be read helps nobody."""
        page = 1
        while page <= MOST_LOOKUP_PAGES:
            try:
                listed = self.listed(model, language, page, 100, **more)
            except (Unreadable, Missing):
                return
            yield from listed.rows
            if not listed.rows or page >= (listed.pages or 0):
                return
            page += 1

    def subjects(self, language: str) -> dict[int, str]:
        """The names of the subjects by their numbers."""
        found = ((whole(row.get("sub_id")), line(row.get("title"))) for row in self.rows("subject", language))
        return {number: name for number, name in found if number is not None}

    def items(self, model: Model, language: str, rows: Iterable[Row], around: Around) -> Found:
        """The rows as items. Raises SourceError when one after the other does not come."""
        found = Found()
        missed = 0
        for row in rows:
            try:
                item, doubts = self._item(model, language, row, around)
            except (Unreadable, Missing) as wrong:
                found.problems.append(wrong.sentence)
                continue
            except SourceError as wrong:
                missed += 1
                if wrong.permanent or missed >= MOST_MISSED:
                    raise
                found.problems.append(wrong.sentence)
                continue
            missed = 0
            found.items.append(item)
            found.doubts += doubts
        return found

    def _item(self, model: Model, language: str, row: Row, around: Around) -> tuple[Item, tuple[str, ...]]:
        if model.details == "data":
            told = self._table(row, language)
            years = () if told else self._years(row, language)
            return parsing.variable(row, told, around, years), told.problems if told else ()
        assert model.parse is not None
        return model.parse(row, self._view(model.name, language, row), around), ()

    def _view(self, model: str, language: str, row: Row) -> Row | None:
        name = {"statictable": "table_id", "publication": "pub_id"}.get(model)
        if name is None:
            return None
        number = parsing.need(row, name, model)
        what = f"{model} id {number}"
        parts = {"model": model, "lang": language, "domain": self._domain, "id": number}
        return envelopes.viewed(self.client.ask("view", what=what, **parts), what=what)

    def _table(self, row: Row, language: str) -> dynamic.Told | None:
        """The numbers of the table. Where the site tells none without naming years, its years are asked for."""
        number = parsing.need(row, "var_id", "var")
        what = f"data {number}"
        told: Row | None = None
        if not self._names_years:
            try:
                told = self._data(number, language)
            except Unreadable:
                if not (told := self._data_by_years(number, language)):
                    raise
        if told is None:
            told = self._data_by_years(number, language)
        return dynamic.read_table(told, what=what) if told is not None else None

    def _data(self, number: str, language: str, **years: str) -> Row | None:
        what = f"data {number}"
        parts = {"model": "data", "lang": language, "domain": self._domain, "var": number, **years}
        return envelopes.told(self.client.ask("list", what=what, **parts), what=what)

    def _data_by_years(self, number: str, language: str) -> Row | None:
        found = [whole(each.get("th_id")) for each in self.rows("th", language, var=number)]
        years = [str(year) for year in found if year is not None]
        parts: list[Row] = []
        for first in range(0, len(years), YEARS_AT_ONCE):
            told = self._data(number, language, th=";".join(years[first : first + YEARS_AT_ONCE]))
            if told is not None:
                parts.append(told)
        self._names_years = self._names_years or bool(parts)
        return dynamic.together(parts) if parts else None

    def _years(self, row: Row, language: str) -> tuple[int, ...]:
        """Of a table whose numbers were not told: the years of its list of periods."""
        number = parsing.need(row, "var_id", "var")
        found = (whole(each.get("th")) for each in self.rows("th", language, var=number))
        return tuple(year for year in found if year is not None)
