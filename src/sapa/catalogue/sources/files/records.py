"""A file as records of the catalogue: looked through once, so that all mistakes are known; then read again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, BinaryIO, Final

from django.db import models
from django.utils.translation import gettext as _

from sapa.catalogue.absences import KNOWN_BY as ABSENCE_KNOWN_BY
from sapa.catalogue.models import Absence, Entry
from sapa.catalogue.regions import by_bps
from sapa.catalogue.sources.base import ABSENCE
from sapa.catalogue.sources.files.codes import Codes
from sapa.catalogue.sources.files.layouts import STEPS, Layout, recognised
from sapa.catalogue.sources.files.rows import WIDEST, Row, refused, rows_of
from sapa.catalogue.sources.files.values import NEEDED, empty, tidy, value_of
from sapa.offices.marked_yaml import FileRefused, Problem

MOST_PROBLEMS: Final = 100
TELL_EVERY: Final = 5_000
KNOWN_BY: Final[dict[type[models.Model], tuple[str, ...]]] = {
    Entry: ("kind", "version", "external_id"),
    Absence: ABSENCE_KNOWN_BY,
}
Tell = Callable[[int], None]  # how many rows so far


@dataclass(frozen=True, slots=True)
class Record:
    """One thing as the file tells it; `parent_code` of a classification code, empty at the top."""

    line: int
    values: dict[str, Any]
    parent_code: str = ""


@dataclass(frozen=True)
class Looked:
    """A file in which nothing is wrong: what it is about and how many records it has.

    `notes`: what was left out although the file is right, a sentence each; `notes_left` how many more."""

    layout: Layout
    model: type[models.Model]
    rows: int
    notes: tuple[str, ...] = ()
    notes_left: int = 0


@dataclass
class _Findings:
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    noted: int = 0

    def wrong(self, line: int, column: int, sentence: str) -> None:
        self.problems.append(Problem(line, column, sentence))
        if len(self.problems) >= MOST_PROBLEMS:
            raise FileRefused(self.problems)


@dataclass(frozen=True)
class _Shape:
    """What a row is read as: where which field stands, and what all rows have in common."""

    layout: Layout
    model: type[models.Model]
    places: dict[str, int]
    given: dict[str, str]  # where a cell says nothing
    common: dict[str, Any]  # every field that a row has, empty
    fields: tuple[str, ...]  # those that a cell or a default can tell
    width: int


class Records:
    """The records of an open file. First `look`, then `read`, as often as wanted."""

    def __init__(self, file: BinaryIO, layout: Layout | None = None) -> None:
        self._file, self._given = file, layout
        self._codes = Codes()
        self._looked = False

    def close(self) -> None:
        """Nothing of it is left on the disk."""
        self._codes.close()

    def look(self, tell: Tell = lambda rows: None, *, most: int | None = None) -> Looked:
        """What the file holds. Raises FileRefused with up to a hundred mistakes, or for more than `most` rows."""
        found = _Findings()
        rows = 0
        shape, lines = self._opened(found)
        for row in lines:
            if _is_new(row, shape, found, self._codes):
                rows += 1
            if most is not None and rows > most:
                raise refused(
                    row.line,
                    1,
                    _("There are more than %(rows)s lines. Divide the file, or have it loaded by command.")
                    % {"rows": str(most)},
                )
            if row.line % TELL_EVERY == 0:
                tell(rows)
        if found.problems:
            raise FileRefused(found.problems)
        if not rows:
            raise refused(0, 0, _("The file holds no rows."))
        self._looked = True
        return Looked(shape.layout, shape.model, rows, tuple(found.notes), found.noted - len(found.notes))

    def read(self, *, after: int = 0) -> Iterator[Record]:
        """The records in the order of the file, from the line `after` on; what comes twice comes once.

        Without a look before, what comes twice and who is whose parent are not known.
        """
        shape, lines = self._opened(_Findings())
        model, careless = shape.model, _Findings()
        for row in lines:
            if row.line <= after:
                continue
            values = _values(row, shape, careless)
            if self._looked and self._codes.line_of(_key(model, values)) != row.line:
                continue
            yield Record(row.line, _titled(values), self._parent(values, row, shape))

    def holds(self, model: type[models.Model], values: dict[str, Any]) -> bool:
        """Whether what is known by these values (see KNOWN_BY) was met in the look."""
        return self._codes.line_of(_key(model, values)) is not None

    def _opened(self, found: _Findings) -> tuple[_Shape, Iterator[Row]]:
        """How rows are read, and the rows after the header."""
        rows = rows_of(self._file, sheet=self._given.sheet if self._given else "")
        first = next(rows, None)
        if first is None:
            raise refused(0, 0, _("The file is empty."))
        layout = self._given or recognised(first.cells)
        model: type[models.Model] = Absence if layout.kind == ABSENCE else Entry
        if not layout.has_header:
            places = {target: int(name) - 1 for name, target in layout.columns.items()}
            return _shape(layout, model, places), chain([first], rows)
        head = [" ".join(name.split()).casefold() for name in first.cells]
        while not head[-1]:
            head.pop()
        _check_head(head, first.line, layout, model, found)
        if found.problems:
            raise FileRefused(found.problems)
        places = {layout.columns[name]: place for place, name in enumerate(head) if name in layout.columns}
        return _shape(layout, model, places), rows

    def _parent(self, values: dict[str, Any], row: Row, shape: _Shape) -> str:
        """The code one step up: told, or the longest beginning that is a code itself, or the section."""
        told = {name: tidy(name, _cell(row, shape, name)) for name in STEPS if name in shape.places}
        if told.get("parent_code"):
            return told["parent_code"]
        code = str(values["external_id"]) if shape.layout.parents or told else ""
        if shape.layout.parents == "prefix":
            for length in range(len(code) - 1, 0, -1):
                shorter = code[:length].rstrip(".")
                if self._codes.line_of(_key(Entry, values | {"external_id": shorter})) is not None:
                    return shorter
        section = told.get("section", "")
        return section if section != code else ""


def _shape(layout: Layout, model: type[models.Model], places: dict[str, int]) -> _Shape:
    given = {"kind": layout.kind, "version": layout.version} | dict(layout.defaults)
    given = {name: text for name, text in given.items() if text and name in layout.fields}
    # An own list says everything about its things: where it has no column the field is empty.
    names = layout.fields if layout.strict else KNOWN_BY[model]
    return _Shape(
        layout,
        model,
        places,
        given,
        {name: empty(name) for name in names},
        tuple(name for name in layout.fields if name in places or name in given or name in NEEDED[model]),
        max(places.values()) + 1 if layout.strict else WIDEST,
    )


def _check_head(
    head: list[str], line: int, layout: Layout, model: type[models.Model], found: _Findings
) -> None:
    """Every column has one name, and those that are needed are there."""
    shown = ", ".join(name[:40] for name in head if name) or "–"
    said = [layout.columns.get(name) or f"? {name}" for name in head]
    for place, name in enumerate(head, 1):
        before = said[: place - 1]
        if not name:
            found.wrong(
                line,
                place,
                _("This column has no name. Give each column its own; merged cells are no names."),
            )
        elif layout.strict and name not in layout.columns:
            found.wrong(
                line,
                place,
                _("The column “%(name)s” is not known. Known are: %(known)s.")
                % {"name": name[:40], "known": ", ".join(layout.columns)},
            )
        elif before.count(said[place - 1]) == 1:
            found.wrong(line, place, _("The column “%(name)s” stands there twice.") % {"name": name[:40]})
    if layout.strict:
        missing = [name for name in NEEDED[model] if name not in said]
        names = [" / ".join(own for own, what in layout.columns.items() if what == name) for name in missing]
    else:
        names = [
            own for own, what in layout.columns.items() if own not in head and what not in layout.defaults
        ]
    for name in names:
        sentence = _("The column “%(name)s” is missing. There are: %(shown)s.")
        found.wrong(line, 1, sentence % {"name": name, "shown": shown})


def _is_new(row: Row, shape: _Shape, found: _Findings, codes: Codes) -> bool:
    """The line is looked through; False when the same thing came before."""
    values = _values(row, shape, found)
    first = codes.first(_key(shape.model, values), row.line)
    if first == row.line:
        return True
    if shape.layout.duplicates != "first":
        found.wrong(row.line, 1, _("This stands in line %(line)s already.") % {"line": str(first)})
        return True
    found.noted += 1
    if len(found.notes) < MOST_PROBLEMS:
        found.notes.append(
            _("Line %(line)s is left out: “%(code)s” stands in line %(first)s already.")
            % {"line": str(row.line), "code": str(values.get("external_id", "")), "first": str(first)}
        )
    return False


def _key(model: type[models.Model], values: dict[str, Any]) -> str:
    return "\x1f".join([str(values[name]).casefold() for name in KNOWN_BY[model]])


def _cell(row: Row, shape: _Shape, name: str) -> str:
    place = shape.places[name]
    return row.cells[place] if place < len(row.cells) else ""


def _values(row: Row, shape: _Shape, found: _Findings) -> dict[str, Any]:
    """What the catalogue takes in of one line; what is wrong is noted and read as empty."""
    if any(cell.strip() for cell in row.cells[shape.width :]):
        found.wrong(row.line, shape.width + 1, _("There are more cells than columns. Check the quotes."))
    values = dict(shape.common)
    for name in shape.fields:
        text = tidy(name, _cell(row, shape, name)) if name in shape.places else ""
        try:
            values[name] = value_of(shape.model, name, text or shape.given.get(name, ""))
        except ValueError as wrong:
            column = shape.places[name] + 1 if name in shape.places else 1
            found.wrong(row.line, column, f"{name}: {wrong}")
            values[name] = empty(name)
    first, last = values.get("year_from"), values.get("year_until")
    if first and last and last < first:
        column = shape.places.get("year_until", 0) + 1
        found.wrong(row.line, column, _("The last year is before the first."))
    if values.get("kind") == Entry.Kind.ANSWER and not values.get("body"):
        found.wrong(row.line, 1, _("An answered question needs its answer in “body”."))
    # The code of Kemendagri is looked up by that of BPS, never joined on the number (domain.md 10.3).
    if values.get("area_bps") and not values.get("area_kemendagri"):
        region = by_bps(values["area_bps"])
        values["area_kemendagri"] = region.kemendagri if region else ""
    return values


def _titled(values: dict[str, Any]) -> dict[str, Any]:
    """A classification code is shown by code and name, without the version, which is always shown beside it."""
    if values.get("kind") != Entry.Kind.CLASSIFICATION_CODE:
        return values
    code, title = values["external_id"], values["title"]
    if title.startswith((f"{code} ", f"{values['version']} {code} ")):
        return values
    return values | {"title": f"{code} {title}"[:500]}
