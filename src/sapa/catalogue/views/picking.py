"""The officer's search: a part of the composer, each hit with a button that cites it in the answer."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sapa.catalogue.search import search
from sapa.catalogue.views.searching import LONGEST_QUERY
from sapa.people.access import OfficerRequest, officer_view
from sapa.people.rules import can_serve

RESULTS = 8


@officer_view(can_serve)
@require_safe
def show(request: OfficerRequest) -> HttpResponse:
    """Hits for `q`. Each button sends `cite=<id of the entry>` with the form that the part stands in."""
    text = request.GET.get("q", "")[:LONGEST_QUERY]
    context = {"office": request.office, "q": text.strip()}
    if text.strip():
        context["results"] = search(request.office, text, limit=RESULTS)
    return render(request, "catalogue/_pick.html", context)
