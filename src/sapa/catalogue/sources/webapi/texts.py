"""Texts of the WebAPI as plain words; days, years, frequencies and levels that stand in them. All pure."""

import re
from collections.abc import Iterable
from datetime import date
from html import unescape
from typing import Any, Final

import nh3

from sapa.catalogue.models import Frequency, Level

LONGEST: Final = 200_000
_TAGS: Final = {"p", "br", "div", "li", "tr", "td", "th", "table", "tbody", "thead", "h1", "h2", "h3", "h4"}
_CELL: Final = re.compile(r"</t[dh]>")
_LINE: Final = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-4])>")
_TAG: Final = re.compile(r"<[^>]*>")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_YEAR: Final = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_BASE: Final = re.compile(
    r"\((\d{4})\s*=\s*100\)|(?:tahun dasar|harga konstan|base year|constant prices?)(?: of)?(?: tahun)?\s*\(?(\d{4})",
    re.IGNORECASE,
)
_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)")
# Names of areas in the order from the smallest: "Kecamatan di Kabupaten …" is about districts.
_LEVELS: Final = (
    (Level.VILLAGE, ("desa", "kelurahan", "village")),
    (Level.DISTRICT, ("kecamatan", "district", "subdistrict")),
    (Level.REGENCY, ("kabupaten", "kota", "regency", "municipality", "city")),
    (Level.PROVINCE, ("provinsi", "province")),
)
_MONTHS: Final = (
    *("januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober"),
    *("november", "desember", "january", "february", "march", "may", "june", "july", "august", "october"),
    "december",
)


def body(value: Any) -> str:
    """Plain text with its lines; cells of a table are parted by " | ". Scripts and styles are gone."""
    raw = str(value or "")[: LONGEST * 10]
    if "<" not in raw:
        raw = unescape(raw)
    clean = nh3.clean(raw, tags=_TAGS, attributes={}, link_rel=None)
    clean = _LINE.sub("\n", _CELL.sub(" | ", clean.replace("\n", " ")))
    lines = (_line(part) for part in unescape(_TAG.sub(" ", clean)).split("\n"))
    return "\n".join(line for line in lines if line)[:LONGEST]


def line(value: Any) -> str:
    """The same on one line: a title, a name, a unit."""
    raw = str(value if value is not None else "")
    if "<" in raw or "&" in raw:
        return " ".join(body(raw).split("\n"))
    return _CONTROL.sub("", " ".join(raw.split()))


def _line(text: str) -> str:
    cells = [" ".join(cell.split()) for cell in _CONTROL.sub("", text).split(" | ")]
    return " | ".join(cell for cell in cells if cell)


def day(value: Any) -> date | None:
    """The day in "2023-09-15" or "2023-09-15 10:00:00"; None for "0000-00-00", nothing, or something else."""
    found = _DAY.match(str(value or "").strip())
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def years(text: str) -> tuple[int | None, int | None]:
    """The first and the last year that a title names."""
    found = [int(year) for year in _YEAR.findall(text)]
    return (min(found), max(found)) if found else (None, None)


def base_year(text: str) -> int | None:
    """The year that is 100, or whose prices are used."""
    found = _BASE.search(text)
    return int(found[1] or found[2]) if found else None


def figure_status(text: str) -> str:
    """How final the figures are, where the words say so."""
    said = text.casefold()
    if "sangat sementara" in said or "very preliminary" in said:
        return "very_provisional"
    if "sementara" in said or "preliminary" in said or "provisional" in said:
        return "provisional"
    return "projection" if "proyeksi" in said or "projection" in said else ""


def level_named(text: str) -> str:
    """The level of the areas that a label like "Kecamatan" or "Kabupaten/Kota" names; blank when it names none."""
    said = text.casefold()
    for level, words in _LEVELS:
        if any(re.search(rf"\b{word}\b", said) for word in words):
            return level
    return ""


def level_of_title(title: str) -> str:
    """The level after "menurut" or "by": "Jumlah Penduduk menurut Kecamatan"; blank when there is none."""
    parts = re.split(r"\b(?:menurut|dirinci|per|by)\b", title, maxsplit=1, flags=re.IGNORECASE)
    before_place = re.split(r"\b(?:di|in)\b", parts[1], maxsplit=1)[0] if len(parts) == 2 else ""
    return level_named(before_place)


def frequency_of(labels: Iterable[str]) -> str:
    """How often there is a figure, by the names of the periods within a year."""
    said = [label.casefold().strip() for label in labels]
    if any(label.startswith(_MONTHS) and len(label.split()) == 1 for label in said):
        return Frequency.MONTHLY
    if any(word in label for label in said for word in ("triwulan", "quarter")):
        return Frequency.QUARTERLY
    if any(word in label for label in said for word in ("semester", "half")):
        return Frequency.SEMESTERLY
    return Frequency.YEARLY if said else ""
