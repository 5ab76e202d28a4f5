"""The numbers of a table: the page, one cell with its citation, and the whole table as a file."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe
from django_scopes import scope

from sapa.catalogue import downloads, figures
from sapa.catalogue.citations import worded
from sapa.catalogue.figures import Cube
from sapa.catalogue.hit_lines import facts
from sapa.catalogue.models import Entry
from sapa.catalogue.quoting import source_of
from sapa.catalogue.views import tables
from sapa.catalogue.views.shown import is_part
from sapa.core.errors import Refused
from sapa.core.limits import spend
from sapa.core.time import now
from sapa.offices.scope import OfficeRequest
from sapa.people.access import office_public

FILES_IN_TEN_MINUTES = 30
TEN_MINUTES = 600


@office_public
@require_safe
def show(request: OfficeRequest, entry: int) -> HttpResponse:
    """The table, or the part of it that was chosen; a chosen cell with its citation. Parts of the page for htmx."""
    found, cube, fetched_at = _found(request, entry)
    if found.withdrawn_at is not None or cube is None:
        return _withdrawn(request, found)
    return _page(request, found, cube, fetched_at)


@office_public
@require_safe
def csv(request: OfficeRequest, entry: int) -> HttpResponse:
    """The whole table, one datum per line, with its citation at the end."""
    return _file(request, entry, "csv")


@office_public
@require_safe
def xlsx(request: OfficeRequest, entry: int) -> HttpResponse:
    """The whole table as a workbook: the numbers, and a sheet with its citation."""
    return _file(request, entry, "xlsx")


def _page(
    request: OfficeRequest, entry: Entry, cube: Cube, fetched_at: datetime, *, refused: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {"office": request.office, "entry": entry, "refused": refused}
    context["facts"] = facts(entry)
    context |= tables.shown(cube, entry, request.GET)
    cell = context["sel"]
    address = reverse("catalogue_numbers", args=[request.office.code, entry.pk])
    context |= {"here": address, "sel_query": _with(context["query"], sel=cell.key if cell else "")}
    context["citation"] = worded(source_of(entry, cube, fetched_at, cell=cell))
    context["table_citation"] = worded(source_of(entry, cube, fetched_at))
    # Where the source has no address of its own, ours leads to the number.
    if not entry.url:
        context["citation"]["url"] = request.build_absolute_uri(f"{address}?{context['sel_query']}")
        context["table_citation"]["url"] = request.build_absolute_uri(address)
    template = "catalogue/numbers.html"
    if is_part(request):
        is_cell = request.headers.get("HX-Target") == "kutipan"
        template = "catalogue/_cited.html" if is_cell else "catalogue/_numbers.html"
    response = render(request, template, context, status=429 if refused else 200)
    if is_part(request):
        response["HX-Replace-Url"] = f"{address}?{context['sel_query']}"
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    patch_cache_control(response, no_store=True, private=True)
    return response


def _file(request: OfficeRequest, number: int, kind: str) -> HttpResponse:
    entry, cube, fetched_at = _found(request, number)
    if entry.withdrawn_at is not None or cube is None:
        return _withdrawn(request, entry)
    try:
        spend("figures", request.META["REMOTE_ADDR"], times=FILES_IN_TEN_MINUTES, seconds=TEN_MINUTES)
    except Refused as refusal:
        return _page(request, entry, cube, fetched_at, refused=str(refusal))
    page = request.build_absolute_uri(reverse("catalogue_numbers", args=[request.office.code, entry.pk]))
    about = downloads.about(entry, cube, page=page, fetched_at=fetched_at, at=now())
    made = downloads.as_csv(cube, about) if kind == "csv" else downloads.as_xlsx(cube, about)
    response = HttpResponse(made, content_type=downloads.TYPES[kind])
    name = downloads.file_name(entry, kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_cache_control(response, no_store=True, private=True)
    return response


def _found(request: OfficeRequest, number: int) -> tuple[Entry, Cube | None, Any]:
    """The entry of this office or of one above it, with its figures; not found where it has none."""
    with scope(office=request.office.lineage()):
        rows = Entry.objects.select_related("office").filter(pk=number, published_at__isnull=False)
        entry = rows.first()
        dated = figures.dated(entry) if entry is not None and entry.withdrawn_at is None else None
    if entry is None or (dated is None and entry.withdrawn_at is None):
        raise Http404("no figures in this catalogue")
    return (entry, *dated) if dated else (entry, None, None)


def _withdrawn(request: OfficeRequest, entry: Entry) -> HttpResponse:
    context = {
        "office": request.office,
        "entry": entry,
        "back_url": reverse("search", args=[request.office.code]),
    }
    return render(request, "catalogue/withdrawn.html", context, status=410)


def _with(query: str, *, sel: str) -> str:
    made = QueryDict(query, mutable=True)
    if sel:
        made["sel"] = sel
    return made.urlencode()
