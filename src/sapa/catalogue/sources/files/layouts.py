"""What the columns of a file mean: told by its owner, or known by the first line of the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from sapa.catalogue.models import Entry
from sapa.catalogue.sources.base import ABSENCE
from sapa.catalogue.sources.checking import unknown

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
        "area_kemendagri",
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
ABSENT: Final = (
    *(
        "indicator",
        "level",
        "frequency",
        "area",
        "reason",
        "where_instead",
        "next_release",
        "keywords",
        "url",
    ),
)
# How an office calls the columns of its list of what does not exist; the template is written so.
CALLED: Final = {
    "indikator": "indicator",
    "tingkat": "level",
    "frekuensi": "frequency",
    "wilayah": "area",
    "alasan": "reason",
    "tanyakan ke": "where_instead",
    "rilis berikutnya": "next_release",
    "kata lain": "keywords",
    "alamat": "url",
}
# Of a classification: the code one step up, and the section, which is one step up from where no shorter code is.
STEPS: Final = ("parent_code", "section")
_KEYS: Final = ("kind", "version", "columns", "has_header", "defaults", "parents", "duplicates", "sheet")
_CLASSIFICATION: Final = {"subject": "Klasifikasi", "producer": "BPS"}


@dataclass(frozen=True)
class Layout:
    """`columns`: name of a column, or its number from 1 where the file has no header, to what it is in the catalogue.

    `kind` is empty where a column tells it. `parents` "prefix": the code one step up is the longest beginning of a
    code that is a code itself. `duplicates` "first": of a code that comes again the first line counts, and the report
    says so; else the file is refused. `strict`: a column that is not known is a mistake, not left out."""

    kind: str
    columns: Mapping[str, str]
    version: str = ""
    has_header: bool = True
    defaults: Mapping[str, str] = field(default_factory=dict)
    parents: str = ""
    duplicates: str = "refuse"
    sheet: str = ""
    strict: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """What an entry, or an absence, of this file can have."""
        return ABSENT if self.kind == ABSENCE else ENTRY


def recognised(first: Sequence[str]) -> Layout:
    """The layout that goes with this first line: a classification as BPS offices pass them on, or an own list."""
    head = [" ".join(name.split()).casefold() for name in first]
    if head[-4:] == ["digit", "kode", "judul", "deskripsi"] and len(head) <= 5:
        has_section = head[0] == "kategori"
        return classification(
            "KBLI 2020" if has_section else "KBJI 2014",
            columns=({"kategori": "section"} if has_section else {})
            | {"kode": "external_id", "judul": "title", "deskripsi": "summary"},
        )
    if len(head) == 4 and len(head[0]) == 1 and head[0].isdigit() and _is_code_of(head[0], head[1]):
        # Goods are the sections 0 to 4, services 5 to 9; they were made a year apart.
        return classification(
            "KBKI 2012" if head[0] < "5" else "KBKI 2013",
            columns={"1": "section", "2": "external_id", "3": "title", "4": "summary"},
            has_header=False,
        )
    if "indicator" in head or "indikator" in head:
        return Layout(ABSENCE, {name: name for name in ABSENT} | CALLED, strict=True)
    return Layout("", {name: name for name in ENTRY}, strict=True)


def classification(version: str, *, columns: Mapping[str, str], has_header: bool = True) -> Layout:
    """The layout of one version of a classification."""
    return Layout(
        Entry.Kind.CLASSIFICATION_CODE,
        columns,
        version=version,
        has_header=has_header,
        defaults=_CLASSIFICATION,
        parents="prefix",
        duplicates="first",
    )


def _is_code_of(section: str, code: str) -> bool:
    return code.isascii() and code.isdigit() and code.startswith(section)


def problems_of(given: Any) -> list[str]:
    """What is wrong with a mapping that somebody wrote, a sentence each."""
    if not isinstance(given, Mapping):
        return [_("The mapping is a list of settings: kind, version, columns …")]
    found = unknown(given, _KEYS)
    kind, columns = given.get("kind", ""), given.get("columns")
    kinds = [*Entry.Kind.values, ABSENCE]
    if kind and kind not in kinds:
        found.append(_("The kind is one of: %(known)s.") % {"known": ", ".join(kinds)})
    if not isinstance(columns, Mapping) or not columns:
        found.append(_("“columns” says for each column what it is, for example: kode: external_id."))
        return found
    fields = ABSENT if kind == ABSENCE else (*ENTRY, *STEPS)
    found += [
        _("“%(key)s” is not known here. Known are: %(known)s.")
        % {"key": str(target)[:60], "known": ", ".join(fields)}
        for target in columns.values()
        if target not in fields
    ]
    found += _twice([str(target) for target in columns.values()])
    if given.get("has_header", True) is False and not all(_is_place(str(name)) for name in columns):
        found.append(_("Without a header the columns are told by their numbers: 1, 2, 3 …"))
    defaults = given.get("defaults", {})
    if not isinstance(defaults, Mapping) or not all(name in fields for name in defaults):
        found.append(_("“defaults” gives values to: %(known)s.") % {"known": ", ".join(fields)})
    if given.get("parents", "") not in ("", "prefix"):
        found.append(_("“parents” is “prefix” or left out."))
    if given.get("duplicates", "refuse") not in ("refuse", "first"):
        found.append(_("“duplicates” is “refuse” or “first”."))
    needed = ("indicator", "reason") if kind == ABSENCE else ("title", "external_id")
    told = {*columns.values(), *(defaults if isinstance(defaults, Mapping) else ())}
    found += [
        _("No column is “%(name)s”; it is needed.") % {"name": name} for name in needed if name not in told
    ]
    if not kind and "kind" not in told:
        found.append(_("The kind is one of: %(known)s.") % {"known": ", ".join(kinds)})
    return found


def layout_of(given: Mapping[str, Any]) -> Layout:
    """The layout of a mapping in which `problems_of` finds nothing wrong."""
    is_plain = given.get("has_header", True) is not False
    return Layout(
        str(given.get("kind", "")),
        {
            " ".join(str(name).split()).casefold() if is_plain else str(name): str(target)
            for name, target in given["columns"].items()
        },
        version=str(given.get("version", "")),
        has_header=is_plain,
        defaults={str(name): str(value) for name, value in given.get("defaults", {}).items()},
        parents=str(given.get("parents", "")),
        duplicates=str(given.get("duplicates", "refuse")),
        sheet=str(given.get("sheet", "")),
    )


def _twice(names: Sequence[str]) -> list[str]:
    return [
        _("“%(key)s” stands here twice. Keep one.") % {"key": name}
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]


def _is_place(name: str) -> bool:
    return name.isascii() and name.isdigit() and 0 < int(name) <= 200
