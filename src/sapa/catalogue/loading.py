"""A catalogue, or a list of what does not exist, from a CSV file: all of it or nothing, each mistake with its place."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction
from django.utils.translation import gettext as _
from django_scopes import scope

from sapa.activity.recording import record
from sapa.catalogue.models import Absence, Entry
from sapa.catalogue.search.indexing import index
from sapa.core.errors import Refused
from sapa.offices.marked_yaml import FileRefused, Problem
from sapa.offices.models import Office

LARGEST: Final = 10_000_000
MOST_ROWS: Final = 20_000
NUMBERS: Final = ("year_from", "year_until", "base_year")
DAYS: Final = ("released_on", "fetched_on")
# Columns of the file; the first ones must be filled in.
ENTRY: Final = (
    *(
        "kind",
        "title",
        "external_id",
        "version",
        "summary",
        "keywords",
        "subject",
        "area",
        "area_bps",
        "level",
    ),
    *(
        "frequency",
        "year_from",
        "year_until",
        "unit",
        "figure_status",
        "base_year",
        "producer",
        "released_on",
    ),
    *("fetched_on", "url", "language", "body"),
)
ABSENCE: Final = ("indicator", "level", "frequency", "area", "reason", "where_instead", "keywords", "url")
NEEDED: Final[dict[type[models.Model], tuple[str, ...]]] = {
    Entry: ("kind", "title", "external_id"),
    Absence: ("indicator", "reason"),
}
# What makes two rows the same thing.
KNOWN_BY: Final[dict[type[models.Model], tuple[str, ...]]] = {
    Entry: ("kind", "version", "external_id"),
    Absence: ("indicator", "level", "frequency", "area"),
}
_check_url = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Loaded:
    """What a file changed; what is the same as before was not written again."""

    added: int
    changed: int
    unchanged: int


def load_file(office: Office, given: Path | str | bytes, *, at: datetime, is_demo: bool = False) -> Loaded:
    """The entries, or the absences, of the file stand in the office's catalogue and are found.

    `given` is the file or its contents. What stands there by the same number (kind, version, external_id) is
    brought in line and shown again; nothing is taken away. Raises FileRefused with every mistake found, and then
    the catalogue is as it was.
    """
    model, rows = _read(_decoded(given))
    with transaction.atomic(), scope(office=office):
        loaded, written = _write(model, office, rows, at=at, is_demo=is_demo)
        index(written)
        if written:
            data = {"added": loaded.added, "changed": loaded.changed}
            record("catalogue.loaded", office, office_id=office.pk, by=None, at=at, data=data)
    return loaded


def _write(
    model: type[models.Model], office: Office, rows: list[dict[str, Any]], *, at: datetime, is_demo: bool
) -> tuple[Loaded, list[Any]]:
    manager = model._default_manager.filter(office=office)
    there = {_key(model, vars(row)): row for row in manager}
    new, changed = [], []
    for values in rows:
        row = there.get(_key(model, values))
        if row is None:
            shown = {"published_at": at} if model is Entry else {}
            new.append(model(office=office, is_demo=is_demo, **shown, **values))
        elif _bring_in_line(row, values):
            changed.append(row)
    made = model._default_manager.bulk_create(new, batch_size=200)
    if changed:
        names = [*ENTRY, "withdrawn_at"] if model is Entry else list(ABSENCE)
        model._default_manager.bulk_update(changed, names, batch_size=200)
    counts = Loaded(len(new), len(changed), len(rows) - len(new) - len(changed))
    return counts, [*made, *changed]


def _key(model: type[models.Model], values: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(values[name]).casefold() for name in KNOWN_BY[model])


def _bring_in_line(row: models.Model, values: dict[str, Any]) -> bool:
    """True when something had to be changed."""
    if isinstance(row, Entry) and row.withdrawn_at is not None:
        values = values | {"withdrawn_at": None}
    differs = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differs.items():
        setattr(row, name, value)
    return bool(differs)


def _decoded(given: Path | str | bytes) -> str:
    raw = _contents(given) if isinstance(given, Path) else given
    if len(raw) > LARGEST:
        raise _refused(0, _("The file is larger than %(size)s MB. Divide it.") % {"size": "10"})
    if isinstance(raw, str):
        return raw.removeprefix("\ufeff")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _refused(line, _("The file is not UTF-8 text. Save it as “CSV UTF-8”.")) from error


def _contents(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise Refused(
            _("The file %(name)s cannot be read: %(reason)s")
            % {"name": file.name, "reason": error.strerror or ""}
        ) from error


def _refused(line: int, sentence: str) -> FileRefused:
    return FileRefused([Problem(line, 1 if line else 0, sentence)])


def _read(text: str) -> tuple[type[models.Model], list[dict[str, Any]]]:
    """The rows as values of the model, checked; every mistake of the file at once."""
    if "\0" in text:
        raise _refused(text.count("\n", 0, text.index("\0")) + 1, _("There is a character that no text has."))
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    problems: list[Problem] = []
    rows: list[dict[str, Any]] = []
    try:
        head = [name.strip().casefold() for name in next(lines, [])]
        model = _model(head)
        seen: dict[tuple[str, ...], int] = {}
        begins = lines.line_num + 1
        for cells in lines:
            line, begins = begins, lines.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) >= MOST_ROWS:
                raise _refused(
                    line, _("There are more than %(rows)s rows. Divide the file.") % {"rows": MOST_ROWS}
                )
            row = _row(model, head, cells, line, problems)
            key = _key(model, row)
            if key in seen:
                sentence = _("This stands in line %(line)s already.") % {"line": str(seen[key])}
                problems.append(Problem(line, 1, sentence))
            seen.setdefault(key, line)
            rows.append(row)
    except csv.Error as error:
        sentence = _("This is not a CSV line (%(problem)s). Check the quotes.") % {"problem": str(error)}
        raise _refused(lines.line_num, sentence) from error
    if not rows and not problems:
        raise _refused(0, _("The file holds no rows."))
    if problems:
        raise FileRefused(problems)
    return model, rows


def _model(head: list[str]) -> type[models.Model]:
    """What the file is about, by its first line."""
    model: type[models.Model] = Absence if "indicator" in head else Entry
    allowed = ABSENCE if model is Absence else ENTRY
    problems = [
        Problem(
            1,
            head.index(name) + 1,
            _("The column “%(name)s” is not known. Known are: %(known)s.")
            % {"name": name[:40], "known": ", ".join(allowed)},
        )
        for name in dict.fromkeys(head)
        if name not in allowed
    ]
    problems += [
        Problem(1, 1, _("The column “%(name)s” is missing.") % {"name": name})
        for name in NEEDED[model]
        if name not in head
    ]
    problems += [
        Problem(1, 1, _("The column “%(name)s” stands there twice.") % {"name": name[:40]})
        for name in dict.fromkeys(head)
        if head.count(name) > 1
    ]
    if problems:
        raise FileRefused(problems)
    return model


def _row(
    model: type[models.Model], head: list[str], cells: list[str], line: int, problems: list[Problem]
) -> dict[str, Any]:
    """The values of one line; what is wrong is noted and read as empty."""
    if len(cells) > len(head):
        problems.append(
            Problem(line, len(head) + 1, _("There are more cells than columns. Check the quotes."))
        )
    texts = dict(zip(head, cells, strict=False))
    found: dict[str, Any] = {}
    for place, name in enumerate(ABSENCE if model is Absence else ENTRY):
        text = " ".join(texts.get(name, "").split()) if name != "body" else texts.get(name, "").strip()
        column = head.index(name) + 1 if name in head else place + 1
        try:
            found[name] = _value(model, name, text)
        except ValueError as wrong:
            problems.append(Problem(line, column, f"{name}: {wrong}"))
            found[name] = None if name in (*NUMBERS, *DAYS) else ""
    first, last = found.get("year_from"), found.get("year_until")
    if first and last and last < first:
        problems.append(Problem(line, head.index("year_until") + 1, _("The last year is before the first.")))
    if found.get("kind") == Entry.Kind.ANSWER and not found["body"]:
        problems.append(Problem(line, 1, _("An answered question needs its answer in “body”.")))
    return found


def _value(model: type[models.Model], name: str, text: str) -> Any:
    if not text:
        if name in NEEDED[model]:
            raise ValueError(_("must be filled in."))
        if name == "language":
            return Entry.Language.INDONESIAN.value
        return None if name in (*NUMBERS, *DAYS) else ""
    if name in NUMBERS:
        return _year(text)
    if name in DAYS:
        return _day(text)
    column = model._meta.get_field(name)
    assert isinstance(column, models.Field)
    if column.choices and text not in dict(column.flatchoices):
        raise ValueError(
            _("“%(value)s” is not one of: %(known)s.")
            % {"value": text[:40], "known": ", ".join(str(value) for value, _label in column.flatchoices)}
        )
    if column.max_length and len(text) > column.max_length:
        raise ValueError(
            _("at most %(number)s characters are possible.") % {"number": str(column.max_length)}
        )
    if name == "url":
        try:
            _check_url(text)
        except ValidationError as wrong:
            raise ValueError(_("write an address like https://tulangbawangkab.bps.go.id.")) from wrong
    return text


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1800 <= int(text[:5]) <= 2200):
        raise ValueError(_("“%(value)s” is not a year like 2025.") % {"value": text[:40]})
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise ValueError(_("“%(value)s” is not a date like 2026-11-25.") % {"value": text[:40]}) from wrong
