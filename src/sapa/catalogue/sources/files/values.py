"""One cell as a value of the catalogue; what is wrong with it is said with what is allowed."""

import re
from datetime import date
from functools import cache
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from sapa.catalogue.models import Absence, Entry

NUMBERS: Final = ("year_from", "year_until", "base_year")
DAYS: Final = ("released_on", "fetched_on")
# Texts that keep their lines.
LONG: Final = ("body", "summary", "reason", "where_instead")
NEEDED: Final[dict[type[models.Model], tuple[str, ...]]] = {
    Entry: ("kind", "title", "external_id"),
    Absence: ("indicator", "reason"),
}
_check_url = URLValidator(schemes=["http", "https"])
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def empty(name: str) -> Any:
    """What stands in the catalogue where a cell says nothing."""
    if name == "language":
        return Entry.Language.INDONESIAN.value
    return None if name in (*NUMBERS, *DAYS) else ""


def tidy(name: str, text: str) -> str:
    """The text without stray spaces; line breaks stay only where a text has lines."""
    if name == "body":
        return text.strip()
    if name not in LONG:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def value_of(model: type[models.Model], name: str, text: str) -> Any:
    """The value of a tidied cell. Raises ValueError with a sentence."""
    if not text:
        if name in NEEDED[model]:
            raise ValueError(_("must be filled in."))
        return empty(name)
    if _CONTROL.search(text):
        raise ValueError(_("There is a character that no text has."))
    if name in NUMBERS:
        return _year(text)
    if name in DAYS:
        return _day(text)
    choices, longest = _limits(model, name)
    if choices and text not in choices:
        text = _meant(model, name).get(text.casefold(), text)
    if choices and text not in choices:
        raise ValueError(
            _("“%(value)s” is not one of: %(known)s.") % {"value": text[:40], "known": ", ".join(choices)}
        )
    if longest and len(text) > longest:
        raise ValueError(_("at most %(number)s characters are possible.") % {"number": str(longest)})
    if name == "url":
        try:
            _check_url(text)
        except ValidationError as wrong:
            raise ValueError(_("write an address like https://tulangbawangkab.bps.go.id.")) from wrong
    return text


@cache
def _limits(model: type[models.Model], name: str) -> tuple[tuple[str, ...], int]:
    column = model._meta.get_field(name)
    assert isinstance(column, models.Field)
    choices = tuple(str(value) for value, _label in column.flatchoices) if column.choices else ()
    return choices, column.max_length or 0


@cache
def _meant(model: type[models.Model], name: str) -> dict[str, str]:
    """How pages call the choices, in both languages, whole or in part: "Kabupaten/kota" and "Kabupaten"."""
    column = model._meta.get_field(name)
    assert isinstance(column, models.Field)
    found: dict[str, str] = {}
    for language in ("id", "en"):
        with translation.override(language):
            for value, label in column.flatchoices:
                words = [str(label), *re.split(r"[/()]| or ", str(label))]
                found |= {word.strip().casefold(): str(value) for word in words if word.strip()}
    return found


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1800 <= int(text[:5]) <= 2200):
        raise ValueError(_("“%(value)s” is not a year like 2025.") % {"value": text[:40]})
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise ValueError(_("“%(value)s” is not a date like 2026-11-25.") % {"value": text[:40]}) from wrong
