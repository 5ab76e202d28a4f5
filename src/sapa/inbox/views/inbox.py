"""The office's inbox: its views, and finding a consultation in it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sapa.activity.push import last_event_id
from sapa.core.time import now
from sapa.inbox import listing
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view

KEPT = "inbox_view"


@officer_view(rules.can_read_inbox)
@require_GET
def show(request: OfficerRequest) -> HttpResponse:
    """One view of the inbox; the one looked at last is the one that opens."""
    seen = last_event_id(request.office.pk)
    return render(request, "inbox/inbox.html", {**shelf(request), "seen": seen})


@officer_view(rules.can_read_inbox)
@require_GET
def rows(request: OfficerRequest) -> HttpResponse:
    """The list alone, fetched again when a signal tells of a change."""
    return render(request, "inbox/_list.html", shelf(request, open_code=request.GET.get("buka", "")))


def shelf(request: OfficerRequest, *, open_code: str = "") -> dict[str, Any]:
    """The view that is asked for, its rows and the numbers on the tabs: a fixed number of statements."""
    name = request.GET.get("tampilan") or request.session.get(KEPT, listing.FIRST)
    view = listing.VIEWS.get(name, listing.VIEWS[listing.FIRST])
    if request.session.get(KEPT, listing.FIRST) != view.name:
        request.session[KEPT] = view.name
    wanted = request.GET.get("cari", "").strip()
    after = request.GET.get("sesudah", "")
    if wanted:
        page = listing.Page(view, listing.find(request.office, wanted), None)
    else:
        page = listing.page(request.office, request.officer, view, after=after)
    counts = listing.counts(request.office, request.officer)
    return {
        "office": request.office,
        "officer": request.officer,
        "page": page,
        "wanted": wanted,
        "open_code": open_code,
        "refresh": _same(tampilan=view.name, cari=wanted, sesudah=after, buka=open_code),
        "at": now(),
        "tabs": [
            {
                "name": each.name,
                "label": each.label,
                "count": counts.get(each.name),
                "is_current": each is view and not wanted,
            }
            for each in listing.VIEWS.values()
        ],
    }


def _same(**asked: str) -> str:
    """What a refresh asks for, so that a search, a further page and the row that is open stay what they are."""
    return urlencode({name: value for name, value in asked.items() if value})
