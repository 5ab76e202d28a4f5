"""The officer's search: a part of the composer, each hit with a button that cites it, or one of its numbers."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_scopes import scope

from sapa.catalogue import figures
from sapa.catalogue.models import Entry, Figures
from sapa.catalogue.search import search
from sapa.catalogue.views import tables
from sapa.catalogue.views.asked import doubts, read, understood
from sapa.people.access import OfficerRequest, officer_view
from sapa.people.rules import can_serve

RESULTS = 8
# There is little room beside a conversation.
ROWS = 12
PERIODS = 6


@officer_view(can_serve)
@require_safe
def show(request: OfficerRequest) -> HttpResponse:
    """Hits for `q`. Each button sends `cite=<id of the entry>` with the form that the part stands in."""
    asked = read({"q": request.GET.get("q", "")})
    context: dict[str, Any] = {"office": request.office, "q": asked.text.strip()}
    if asked.text.strip():
        results = search(request.office, asked.text, limit=RESULTS, with_facets=False)
        listed = [hit.entry.pk for hit in results.entries]
        with scope(office=request.office.lineage()):
            with_figures = set(Figures.objects.filter(entry__in=listed).values_list("entry_id", flat=True))
        context |= {
            "results": results,
            "with_figures": with_figures,
            "understood": understood(asked, results),
            "doubts": doubts(asked, results),
        }
    return render(request, "catalogue/_pick.html", context)


@officer_view(can_serve)
@require_safe
def numbers(request: OfficerRequest, entry: int) -> HttpResponse:
    """The numbers of a hit. Each is a button that sends `cite=<id of the entry>|<key of the cell>`."""
    with scope(office=request.office.lineage()):
        rows = Entry.objects.filter(pk=entry, published_at__isnull=False, withdrawn_at=None)
        found = rows.select_related("office").first()
        cube = figures.of(found) if found is not None else None
    if found is None or cube is None:
        raise Http404("no figures in this catalogue")
    context = {"office": request.office, "entry": found, "prefix": f"{found.pk}|"}
    context |= tables.shown(cube, found, request.GET, periods=PERIODS, rows=ROWS)
    return render(request, "catalogue/_pick_numbers.html", context)
