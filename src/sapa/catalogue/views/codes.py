"""Codes of classifications: their part of an entry's page, and for supervisors what became of a code."""

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sapa.catalogue import classifications, correspondences
from sapa.catalogue.models import Correspondence, Entry
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.offices.models import Office
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view

PER_PAGE: Final = 20
LONGEST_QUERY: Final = 80


def part_of(entry: Entry, here: Office) -> dict[str, Any] | None:
    """What the page of a code shows beside the entry itself; None for what is no code."""
    if entry.kind != Entry.Kind.CLASSIFICATION_CODE:
        return None
    way = classifications.path_of(entry)
    elsewhere = classifications.versions_of(entry, here.lineage())
    return {
        "way": [
            (f"{step.code} {step.name}", _address(here, step.entry) if step.entry != entry.pk else "")
            for step in way
        ],
        "below": classifications.below(entry),
        "reused": [each for each in elsewhere if each.is_reused],
        "same": [each for each in elsewhere if not each.is_reused],
        "became": classifications.successors_of(entry),
    }


@officer_view(rules.can_supervise)
@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    """What is suggested and nobody has looked at yet, code by code."""
    here = request.office
    waiting = Correspondence.objects.filter(here__office=here, confirmed_at=None)
    rows = waiting.select_related("here", "there").order_by("here__version", "here__external_id", "pk")
    versions = correspondences.versions_in(here)
    context = {
        "office": here,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "versions": [(version, version) for version in versions],
        "can_compare": len(versions) > 1,
        "newest": versions[-1] if versions else "",
        "is_under_way": correspondences.is_under_way(here, at=now()),
        "last": correspondences.last_comparison(here),
        "confirmed": correspondences.confirmed_for(here).count(),
    }
    return render(request, "catalogue/correspondences.html", context)


@officer_view(rules.can_supervise)
@require_safe
def confirmed(request: OfficerRequest) -> HttpResponse:
    """What holds here, that of the offices above too; nothing can be changed on this page."""
    here = request.office
    query = " ".join(request.GET.get("q", "").split())[:LONGEST_QUERY]
    rows = correspondences.confirmed_for(here, query=query)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "office": here,
        "page": page,
        "rows": [
            (row, classifications.name_of(row.here), classifications.name_of(row.there)) for row in page
        ],
        "query": query,
        "kept": urlencode({"q": query}) if query else "",
    }
    return render(request, "catalogue/correspondences_confirmed.html", context)


@officer_view(rules.can_supervise)
@require_POST
def suggest(request: OfficerRequest) -> HttpResponse:
    """The worker is asked to compare two versions; what is alike waits to be looked at."""
    here = request.office
    one, other = request.POST.get("dari", ""), request.POST.get("ke", "")
    try:
        correspondences.request(here, here=one, there=other, by=request.officer, at=now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(
            request, _("The versions are compared in the background. The suggestions come below.")
        )
    return redirect("settings_correspondences", office=here.code)


@officer_view(rules.can_supervise)
@require_POST
def confirm(request: OfficerRequest, correspondence: int) -> HttpResponse:
    """It holds, as the relation that was chosen."""
    row = _one(request, correspondence)
    relation = request.POST.get("hubungan", row.relation)
    if relation not in Correspondence.Relation.values:
        raise Http404("no such relation")
    try:
        correspondences.confirm(row, relation=relation, by=request.officer, at=now())
    except Refused as refusal:
        messages.warning(request, str(refusal.sentence))
    else:
        messages.success(request, _("Confirmed: it stands on the pages of both codes."))
    return _back(request)


@officer_view(rules.can_supervise)
@require_POST
def refuse(request: OfficerRequest, correspondence: int) -> HttpResponse:
    """It does not hold, and is not suggested again."""
    try:
        correspondences.refuse(_one(request, correspondence), by=request.officer, at=now())
    except Refused as refusal:
        messages.warning(request, str(refusal.sentence))
    else:
        messages.success(request, _("Refused: it is not suggested again."))
    return _back(request)


def _one(request: OfficerRequest, number: int) -> Correspondence:
    rows = Correspondence.objects.filter(here__office=request.office).select_related("here")
    found = rows.filter(pk=number).first()
    if found is None:
        raise Http404("no such correspondence in this office")
    return found


def _back(request: OfficerRequest) -> HttpResponse:
    page = request.POST.get("page", "")
    address = reverse("settings_correspondences", args=[request.office.code])
    return redirect(f"{address}?page={page}" if page.isascii() and page.isdigit() else address)


def _address(office: Office, entry: int) -> str:
    return reverse("catalogue_entry", args=[office.code, entry])
