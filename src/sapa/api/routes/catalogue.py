"""The catalogue: search it as people do, read one entry with its citation."""

from datetime import date
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django_scopes import scope
from ninja import Path, Query, Router, Schema
from pydantic import Field

from sapa.api.gate import ApiRequest
from sapa.api.problems import Problem
from sapa.api.rights import Bearer, OfficeCode
from sapa.catalogue import figures
from sapa.catalogue.citations import citation_of
from sapa.catalogue.models import Absence, Entry
from sapa.catalogue.search import Filters, search
from sapa.offices.models import Office

router = Router(tags=["catalogue"])
MOST = 50
LAST_OFFSET = 200
EntryKind = Literal[
    "dynamic_table",
    "static_table",
    "publication",
    "press_release",
    "indicator",
    "classification_code",
    "glossary_term",
    "infographic",
    "answer",
]
AreaLevel = Literal["national", "province", "regency", "district", "village"]
Often = Literal["weekly", "monthly", "quarterly", "semesterly", "yearly", "decennial", "irregular"]
EntryNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]


class EntryOut(Schema):
    """What the catalogue tells of a table, publication, code …; empty where it does not know."""

    id: int
    kind: EntryKind
    title: str
    summary: str
    number: str = Field(description="As its source knows it; of a classification the code")
    version: str = Field(description="Of a classification, such as KBLI 2020: a code means little without it")
    subject: str
    area: str
    area_bps: str = Field(description="Code of BPS; never to be joined with that of Kemendagri")
    area_kemendagri: str
    level: AreaLevel | Literal[""]
    frequency: Often | Literal[""]
    year_from: int | None
    year_until: int | None
    unit: str
    figure_status: Literal["", "final", "provisional", "very_provisional", "projection"]
    base_year: int | None
    producer: str
    released_on: date | None
    fetched_on: date | None
    language: Literal["id", "en"]
    office: str = Field(description="Code of the office in whose catalogue it stands")
    is_demo: bool
    url: str = Field(description="At its source")
    page: str = Field(description="For people, at this office")


class FoundOut(EntryOut):
    score: float = Field(description="How well it fits: comparable within this answer only")


class WholeEntryOut(EntryOut):
    body: str
    citation: dict[str, str] = Field(description="What an answer that quotes it should hold")
    numbers_csv: str | None = Field(description="Where its numbers are, if it has any")


class AbsenceOut(Schema):
    """What does not exist, and why: an answer, too."""

    indicator: str
    level: AreaLevel | Literal[""]
    frequency: Often | Literal[""]
    area: str
    reason: str
    where_instead: str
    next_release: str
    url: str
    score: float = Field(description="On the scale of the entries of this answer")


class SearchOut(Schema):
    """The best first; `absences` fit where their score stands among those of `items`."""

    items: list[FoundOut]
    absences: list[AbsenceOut]
    has_more: bool
    read_as: str = Field(description="How a misspelt query was read, else empty")
    is_preparing: bool = Field(description="The search is being made anew: ask again in a moment")


@router.get("", auth=Bearer("catalogue:read"), response=SearchOut)
def index(
    request: ApiRequest,
    office: OfficeCode,
    q: Annotated[str, Query(min_length=1, max_length=200, description="Words, codes, places, years")],
    kind: EntryKind | None = None,
    level: AreaLevel | None = None,
    frequency: Often | None = None,
    year: Annotated[int | None, Query(ge=1800, le=2200)] = None,
    version: Annotated[str, Query(max_length=30, description="Of a classification, such as KBLI 2020")] = "",
    offset: Annotated[int, Query(ge=0, le=LAST_OFFSET)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 10,
) -> SearchOut:
    """What there is for these words in this office and above it, and what does not exist."""
    filters = Filters(
        kind=kind or "", level=level or "", frequency=frequency or "", year=year, version=version
    )
    found = search(request.office, q, filters=filters, limit=limit, offset=offset, with_facets=False)
    if found.is_too_short:
        raise Problem(422, "empty", "There is nothing to search for.")
    return SearchOut(
        items=[FoundOut(**_shown(hit.entry, request.office), score=hit.score) for hit in found.entries],
        absences=[_absence(each.absence, each.score) for each in found.absences],
        has_more=found.has_more,
        read_as=found.read_as,
        is_preparing=found.is_preparing,
    )


@router.get("/{entry}", auth=Bearer("catalogue:read"), response=WholeEntryOut)
def show(request: ApiRequest, office: OfficeCode, entry: EntryNumber) -> WholeEntryOut:
    """One entry, with its citation."""
    here = request.office
    with scope(office=here.lineage()):
        found = Entry.objects.select_related("office").filter(pk=entry).first()
        has_numbers = found is not None and figures.dated(found) is not None
    if found is None or not found.is_shown:
        raise Http404
    return WholeEntryOut(
        **_shown(found, here),
        body=found.body,
        citation=citation_of(found),
        numbers_csv=_address("catalogue_numbers_csv", here, found) if has_numbers else None,
    )


def _shown(entry: Entry, here: Office) -> dict[str, Any]:
    names = ("id", "kind", "title", "summary", "version", "subject", "area", "area_bps", "area_kemendagri")
    more = ("level", "frequency", "year_from", "year_until", "unit", "figure_status", "base_year", "producer")
    last = ("released_on", "fetched_on", "language", "is_demo", "url")
    return {name: getattr(entry, name) for name in (*names, *more, *last)} | {
        "number": entry.external_id,
        "office": entry.office.code,
        "page": _address("catalogue_entry", here, entry),
    }


def _absence(absence: Absence, score: float) -> AbsenceOut:
    names = ("indicator", "level", "frequency", "area", "reason", "where_instead", "next_release", "url")
    return AbsenceOut(**{name: getattr(absence, name) for name in names}, score=score)


def _address(name: str, here: Office, entry: Entry) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse(name, args=[here.code, entry.pk])
