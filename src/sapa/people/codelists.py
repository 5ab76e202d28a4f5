"""The code lists of the guest book (domain.md 3.1, 3.2): versioned data files, each field with its purpose.

A visit keeps the version it was signed under, so that an old visit keeps its old wording. Never change a
shipped file once visits refer to it: add a new version with its own `valid_from`.

Not here on purpose: the *kind* of a disability. It is health data (UU 27/2022 art. 4), nothing in a visit
needs it, and a peer made it mandatory without ever using it (lessons.md E.0).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext_lazy as _

from sapa.people.datafiles import Value, Wording, read

FOLDER: Final = Path(__file__).parent / "data" / "codelists"
# The lists every version must have, or a visit of its time could not be signed or shown.
REQUIRED: Final = (
    "gender",
    "age_class",
    "disability",
    "education",
    "occupation",
    "institution_category",
    "purpose",
    "means",
    "service",
    "identity_kind",
    "nationality",
    "visit_kind",
)
KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,19}")
OLDEST_AGE: Final = 120


class CodeListsError(LookupError):
    """No version of the code lists was in force on that day, or none has that name."""


class BitSchemeError(ValueError):
    """Codes that cannot be added without two selections giving the same sum."""


class BadBirthYear(ValueError):
    """A birth year nobody alive can have; the message is for the person who typed it."""


@dataclass(frozen=True, slots=True)
class Code:
    """One option: `key` is what the database keeps, `code` what the official form prints."""

    key: str
    code: str
    label: Wording
    other: bool = False
    from_age: int | None = None
    to_age: int | None = None


@dataclass(frozen=True, slots=True)
class CodeList:
    """One field of the guest book with its options, and why it is asked at all."""

    name: str
    purpose: Wording
    legal_basis: Wording
    codes: tuple[Code, ...]
    several: bool
    exports: Mapping[str, Mapping[str, int]]

    def code(self, key: str) -> Code:
        """The option with this key; KeyError when the list has none."""
        for each in self.codes:
            if each.key == key:
                return each
        raise KeyError(f"{self.name} has no option {key}")

    @property
    def keys(self) -> frozenset[str]:
        """The keys a form may accept."""
        return frozenset(each.key for each in self.codes)

    @property
    def wanting_text(self) -> frozenset[str]:
        """The keys beside which a text is asked for ("other, namely")."""
        return frozenset(each.key for each in self.codes if each.other)


@dataclass(frozen=True, slots=True)
class CodeLists:
    """One version of all lists, in force from `valid_from` until the next version."""

    version: str
    valid_from: date
    source: str
    lists: Mapping[str, CodeList]

    def __getitem__(self, name: str) -> CodeList:
        return self.lists[name]

    def __contains__(self, name: object) -> bool:
        return name in self.lists


def lists_in_force(on: date) -> CodeLists:
    """The version to sign a visit under on that day; CodeListsError before the first one."""
    begun = [each for each in versions() if each.valid_from <= on]
    if not begun:
        raise CodeListsError(f"no code lists are in force on {on.isoformat()}")
    return begun[-1]


def version(name: str) -> CodeLists:
    """The version a visit was signed under, also after newer ones; CodeListsError when unknown."""
    for each in versions():
        if each.version == name:
            return each
    raise CodeListsError(f"there is no version {name} of the code lists")


def choices(code_list: CodeList, language: str) -> list[tuple[str, str]]:
    """Key and label of each option in the order of the official form, for a form field."""
    return [(each.key, each.label.in_language(language)) for each in code_list.codes]


def label(list_version: str, list_name: str, key: str, language: str) -> str:
    """The wording the visitor chose, from the version of that day. Nothing chosen gives an empty text."""
    return version(list_version)[list_name].code(key).label.in_language(language) if key else ""


def age_class(birth_year: int, on: date) -> str:
    """The key of the age class in force, from the age reached in that year.

    Only the year is kept (domain.md 3.1), so a birthday still to come this year counts as reached.
    """
    age = on.year - birth_year
    if not 0 <= age <= OLDEST_AGE:
        raise BadBirthYear(_("Type the year of birth in four digits, for example 1998."))
    for each in lists_in_force(on)["age_class"].codes:
        if (each.from_age or 0) <= age and (each.to_age is None or age <= each.to_age):
            return each.key
    raise AssertionError("the loader let a gap between age classes pass")


def export_codes(code_list: CodeList, keys: Iterable[str], scheme: str) -> tuple[int, ...]:
    """The numbers of these options in an outside form (a scheme of the data file), in ascending order."""
    numbers = code_list.exports[scheme]
    return tuple(sorted(numbers[key] for key in set(keys)))


def export_bit_sum(code_list: CodeList, keys: Iterable[str], scheme: str) -> int:
    """The options as one sum, for outside forms made that way.

    Refused where two selections would give the same sum: the SKD form numbers e-mail 9, which is 1 + 8
    (domain.md 3.1). There hand over `export_codes`.
    """
    numbers = code_list.exports[scheme].values()
    if any(number < 1 or number & (number - 1) for number in numbers) or len(set(numbers)) < len(numbers):
        raise BitSchemeError(f"{scheme} numbers {code_list.name} in a way that cannot be added up")
    return sum(export_codes(code_list, keys, scheme))


@cache
def versions() -> tuple[CodeLists, ...]:
    """All shipped versions, oldest first; read once per process."""
    return load_folder(FOLDER)


def load_folder(folder: Path) -> tuple[CodeLists, ...]:
    """All versions of a folder, oldest first; DataFileError where one is wrong or two begin together."""
    found: list[CodeLists] = []
    for path in sorted(folder.glob("*.yaml")):
        loaded = load(path)
        for other in found:
            if loaded.valid_from == other.valid_from:
                raise (
                    read(path)
                    .fields("version valid_from source lists")["valid_from"]
                    .error(f"version {other.version} begins on the same day")
                )
        found.append(loaded)
    return tuple(sorted(found, key=lambda each: each.valid_from))


def load(path: Path) -> CodeLists:
    """One version, checked to the last key; DataFileError names the line of the first mistake."""
    top = read(path).fields("version valid_from source lists")
    if top["version"].text() != path.stem:
        raise top["version"].error(f"the version must be called like its file, {path.stem}")
    lists = {name: _code_list(name, value) for name, value in top["lists"].pairs()}
    for name in REQUIRED:
        if name not in lists:
            raise top["lists"].error(f"the list '{name}' is missing")
    return CodeLists(
        version=top["version"].text(),
        valid_from=top["valid_from"].day(),
        source=top["source"].text(),
        lists=MappingProxyType(lists),
    )


def _code_list(name: str, value: Value) -> CodeList:
    fields = value.fields("purpose legal_basis codes", "several export")
    codes = _codes(fields["codes"])
    if name == "age_class":
        _check_ages(codes, fields["codes"])
    export = fields.get("export")
    exports = {scheme: _scheme(each, codes) for scheme, each in export.pairs()} if export else {}
    return CodeList(
        name=name,
        purpose=fields["purpose"].wording(),
        legal_basis=fields["legal_basis"].wording(),
        codes=codes,
        several=fields["several"].flag() if "several" in fields else False,
        exports=MappingProxyType(exports),
    )


def _codes(value: Value) -> tuple[Code, ...]:
    codes: list[Code] = []
    for item in value.items():
        fields = item.fields("key code label_id label_en", "other from_age to_age")
        key, code = fields["key"].text(), fields["code"].text()
        if not KEY.fullmatch(key):
            raise fields["key"].error("a key is at most 20 small letters, digits and underscores")
        for earlier in codes:
            if earlier.key == key:
                raise fields["key"].error(f"the key '{key}' stands in this list twice")
            if earlier.code == code:
                raise fields["code"].error(f"the code '{code}' stands in this list twice")
        codes.append(
            Code(
                key=key,
                code=code,
                label=Wording(id=fields["label_id"].text(), en=fields["label_en"].text()),
                other=fields["other"].flag() if "other" in fields else False,
                from_age=fields["from_age"].whole() if "from_age" in fields else None,
                to_age=fields["to_age"].whole() if "to_age" in fields else None,
            )
        )
    return tuple(codes)


def _scheme(value: Value, codes: tuple[Code, ...]) -> Mapping[str, int]:
    numbers = {key: number.whole() for key, number in value.pairs()}
    if set(numbers) != {each.key for each in codes}:
        raise value.error("an export needs exactly the keys of its list")
    return MappingProxyType(numbers)


def _check_ages(codes: tuple[Code, ...], value: Value) -> None:
    """Every age falls into exactly one class: the first begins open, each next where the one before ends."""
    for item, code, after in zip(value.items(), codes, [*codes[1:], None], strict=True):
        if code is codes[0] and code.from_age is not None:
            raise item.error("the first age class has no from_age")
        if after is None and code.to_age is not None:
            raise item.error("the last age class has no to_age")
        if after is not None and (code.to_age is None or after.from_age != code.to_age + 1):
            raise item.error("the next age class must begin one year after this one ends")
