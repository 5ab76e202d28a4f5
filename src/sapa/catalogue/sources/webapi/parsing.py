"""From rows of the WebAPI to items of the catalogue: one function for each model. All pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from sapa.catalogue.models import Entry, Frequency
from sapa.catalogue.sources.base import Item
from sapa.catalogue.sources.webapi import texts
from sapa.catalogue.sources.webapi.dynamic import Told
from sapa.catalogue.sources.webapi.envelopes import Row, Unreadable, whole
from sapa.catalogue.sources.webapi.places import DYNAMIC, STATIC, Domain, dated_url, table_url

Kind = Entry.Kind
CLASSIFICATIONS: Final = {
    "kbli2009": "KBLI 2009",
    "kbli2015": "KBLI 2015",
    "kbli2017": "KBLI 2017",
    "kbli2020": "KBLI 2020",
    "kbli2025": "KBLI 2025",
    "kbki2015": "KBKI 2015",
}


@dataclass(frozen=True)
class Around:
    """What is known beside the row: the site, the language, the names of subjects."""

    domain: Domain
    language: str = "id"
    subjects: Mapping[int, str] = field(default_factory=dict)

    def number(self, number: Any, prefix: str = "") -> str:
        """What the item is known by. The English twin has the same number, so that it says which it is."""
        twin = "" if self.language == "id" else f"-{self.language}"
        return f"{prefix}{number}{twin}"

    def values(self, title: str, **told: Any) -> dict[str, Any]:
        """What every item of this site says."""
        return {
            "title": title,
            "area": self.domain.area,
            "area_bps": self.domain.region_code,
            "area_kemendagri": self.domain.kemendagri,
            "level": self.domain.level,
            "producer": self.domain.producer,
            "language": self.language,
            "url": self.domain.url,
        } | told

    def subject(self, row: Row, *, name: str, number: str) -> str:
        """The subject by its name, or by the list of subjects where the row has a number only."""
        return texts.line(row.get(name)) or self.subjects.get(whole(row.get(number)) or -1, "")


def need(row: Row, name: str, what: str) -> str:
    """The field as a line of text. Raises Unreadable when it is missing: a source changes without asking us."""
    value = texts.line(row.get(name))
    if not value:
        raise Unreadable(_("The field “%(name)s” is missing (%(what)s).") % {"name": name, "what": what})
    return value


def variable(row: Row, told: Told | None, around: Around, years: tuple[int, ...] = ()) -> Item:
    """A dynamic table with its numbers, where there are any; `years` are those of the list of periods."""
    number, title = need(row, "var_id", "var"), need(row, "title", "var")
    definition, notes = texts.body(row.get("def")), texts.body(row.get("notes"))
    known = told.years if told else years
    level = (told.level if told else "") or texts.level_of_title(title)
    values = around.values(
        title,
        summary=definition,
        body=notes,
        subject=around.subject(row, name="sub_name", number="sub_id"),
        keywords=texts.line(row.get("subcsa_name")),
        unit=texts.line(row.get("unit")),
        frequency=told.frequency if told else "",
        year_from=min(known, default=None),
        year_until=max(known, default=None),
        base_year=texts.base_year(f"{title} {notes}"),
        figure_status=texts.figure_status(title),
        url=table_url(around.domain, around.language, DYNAMIC, number, title),
        **({"level": level} if level else {}),
    )
    return Item(Kind.DYNAMIC_TABLE, around.number(number), values, cube=told.cube if told else None)


def static_table(row: Row, view: Row | None, around: Around) -> Item:
    """A table as it was made, its cells as plain text that is searched."""
    number, title = need(row, "table_id", "statictable"), need(row, "title", "statictable")
    first, last = texts.years(title)
    level = texts.level_of_title(title)
    values = around.values(
        title,
        subject=around.subject(row, name="subj", number="subj_id"),
        body=texts.body((view or {}).get("table")),
        year_from=first,
        year_until=last,
        base_year=texts.base_year(title),
        figure_status=texts.figure_status(title),
        released_on=texts.day(row.get("updt_date")),
        url=table_url(around.domain, around.language, STATIC, number, title),
        **({"level": level} if level else {}),
    )
    return Item(Kind.STATIC_TABLE, around.number(number), values)


def publication(row: Row, view: Row | None, around: Around) -> Item:
    """A publication with its catalogue numbers, by which people ask for it."""
    number, title = need(row, "pub_id", "publication"), need(row, "title", "publication")
    more = {**row, **(view or {})}
    released = texts.day(more.get("rl_date"))
    first, last = texts.years(title)
    codes = [texts.line(more.get(name)) for name in ("kat_no", "pub_no", "issn")]
    yearly = "dalam angka" in title.casefold() or "in figures" in title.casefold()
    values = around.values(
        title,
        summary=texts.body(more.get("abstract")),
        keywords=" ".join(code for code in codes if code.strip("-")),
        frequency=Frequency.YEARLY if yearly else "",
        year_from=first,
        year_until=last,
        released_on=released,
        url=dated_url(around.domain, around.language, "publication", released, number, title),
    )
    return Item(Kind.PUBLICATION, around.number(number), values)


def press_release(row: Row, view: Row | None, around: Around) -> Item:
    """A press release (BRS); the year it is about is the first that its title names."""
    number, title = need(row, "brs_id", "pressrelease"), need(row, "title", "pressrelease")
    released = texts.day(row.get("rl_date"))
    about = texts.years(title)[1] or (released.year if released else None)
    values = around.values(
        title,
        summary=texts.body(row.get("abstract")),
        subject=around.subject(row, name="subj", number="subj_id"),
        figure_status=texts.figure_status(title),
        year_from=about,
        year_until=about,
        released_on=released,
        url=dated_url(around.domain, around.language, "pressrelease", released, number, title),
    )
    return Item(Kind.PRESS_RELEASE, around.number(number), values)


def indicator(row: Row, view: Row | None, around: Around) -> Item:
    """A strategic indicator with its newest value; its address is that of the dynamic table behind it."""
    number, title = need(row, "indicator_id", "indicators"), need(row, "title", "indicators")
    period, unit = texts.line(row.get("periode")), texts.line(row.get("unit"))
    value = texts.line(row.get("value"))
    told = f"{decimal_comma(value) if around.language == 'id' else value} {unit}".strip() if value else ""
    name, source = texts.line(row.get("name")), texts.line(row.get("data_source"))
    first, last = texts.years(period or title)
    behind = whole(row.get("var"))
    values = around.values(
        title,
        summary="\n".join(part for part in (name, ": ".join(filter(None, (period, told))), source) if part),
        unit=unit,
        year_from=first,
        year_until=last,
        url=table_url(around.domain, around.language, DYNAMIC, str(behind), title)
        if behind
        else around.domain.url,
    )
    return Item(Kind.INDICATOR, around.number(number, "indikator-"), values)


def sdg(row: Row, view: Row | None, around: Around) -> Item:
    """An indicator of the Sustainable Development Goals, with the addresses of its metadata."""
    number, title = need(row, "sdgs_id", "sdgs"), need(row, "title", "sdgs")
    behind = need(row, "var_id", "sdgs")
    links = [texts.line(row.get(name)) for name in ("meta_var", "meta_activity")]
    text = "\n".join(part for part in (texts.body(row.get("notes")), *links) if part)
    values = around.values(
        title,
        summary=texts.body(row.get("def")),
        body=text,
        keywords=f"SDGs TPB {number} {texts.line(row.get('sdgs_goal_name'))}",
        subject="SDGs",
        unit=texts.line(row.get("unit")),
        url=links[0] or table_url(around.domain, around.language, DYNAMIC, behind, title),
    )
    return Item(Kind.INDICATOR, around.number(f"{number}-{behind}", "sdgs-"), values)


def infographic(row: Row, view: Row | None, around: Around) -> Item:
    """An infographic, by the page that shows it."""
    number, title = need(row, "inf_id", "infographic"), need(row, "title", "infographic")
    first, last = texts.years(title)
    values = around.values(
        title,
        summary=texts.body(row.get("desc")),
        year_from=first,
        year_until=last,
        url=f"{around.domain.url}/{around.language}/infographic?id={number}",
    )
    return Item(Kind.INFOGRAPHIC, around.number(number), values)


def glossary_term(row: Row, view: Row | None, around: Around) -> Item:
    """A term with its meaning; it is the same in the whole country."""
    number, title = need(row, "glos_id", "glosarium"), need(row, "title", "glosarium")
    values = around.values(title, summary=texts.body(row.get("description")), level="", area="", area_bps="")
    values |= {"area_kemendagri": "", "producer": "Badan Pusat Statistik"}
    url = texts.line(row.get("url"))
    return Item(Kind.GLOSSARY_TERM, around.number(number), values | ({"url": url} if url else {}))


def classification_code(row: Row, view: Row | None, around: Around) -> Item:
    """A code with its version and the code one step up. Titles come as "[011] Pertanian Tanaman Semusim"."""
    told = row.get("_source")
    if not isinstance(told, Mapping):
        raise Unreadable(
            _("The field “%(name)s” is missing (%(what)s).") % {"name": "_source", "what": "kbli"}
        )
    model = need(told, "jenis", "kbli").casefold()
    version = CLASSIFICATIONS.get(model, "")
    code = need(told, "id", model).rsplit("_", 1)[-1]
    title = texts.line(told.get("judul")) or need(told, "title", model)
    title = title.removeprefix(f"[{code}]").strip()
    above = told.get("sebelumnya")
    parents = [texts.line(each.get("kode")) for each in above or () if isinstance(each, Mapping)]
    tags = told.get("tags")
    values = {
        "title": f"{code} {title}",
        "summary": texts.body(told.get("deskripsi")),
        "subject": "Klasifikasi",
        "keywords": " ".join(texts.line(tag) for tag in tags if tag)[:300] if isinstance(tags, list) else "",
        "producer": "Badan Pusat Statistik",
        "released_on": texts.day(told.get("tgl_rilis")),
        "url": texts.line(told.get("url")),
        "language": "id",
    }
    if not version:
        raise Unreadable(_("The classification %(name)s is not known.") % {"name": model[:40]})
    # The nearest one is the longest: of class 0111 the group 011, not the section A.
    return Item(
        Kind.CLASSIFICATION_CODE, code, values, version, parent_code=max(parents, key=len, default="")
    )


def decimal_comma(number: str) -> str:
    """606.29 as Indonesian is written: 606,29."""
    return number.replace(".", ",")


def newest(row: Row) -> date | None:
    """When the thing was last changed, where the list says so."""
    days = [texts.day(row.get(name)) for name in ("updt_date", "rl_date", "last_update")]
    return max((each for each in days if each), default=None)


Parse = Callable[[Row, Row | None, Around], Item]
