"""Searches that failed, for the office to learn from: each one click from a word, an absence or an entry."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sapa.catalogue import adding, failures, trails, words
from sapa.catalogue.forms import AbsenceForm, EntryForm, WordForm
from sapa.catalogue.models import SettledQuery, WordRule
from sapa.catalogue.search import search
from sapa.catalogue.views.asked import LONGEST_QUERY
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view

# What was typed is kept for ninety days.
DAYS: Final = (7, 30, 90)
ON_A_PAGE: Final = 20
TRIED: Final = 3
SETTLED: Final = 20
Save = Callable[[dict[str, Any], str], Any]


@officer_view(rules.can_read_inbox)
@require_safe
def show(request: OfficerRequest) -> HttpResponse:
    """What was searched in vain, and how many found an answer; what came of the last repair."""
    office, at = request.office, now()
    asked = request.GET.get("hari", "")
    days = int(asked) if asked in {str(each) for each in DAYS} else DAYS[1]
    since = at - timedelta(days=days)
    found = failures.failures(office, since=since, until=at)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    tried = request.GET.get("dicoba", "")[: failures.LONGEST].strip()
    context = {
        "office": office,
        "page": page,
        "failed": len(found),
        "query": urlencode({"hari": days}),
        "periods": [_period(each, days) for each in DAYS],
        "deflection": trails.deflection(office, since=since, until=at),
        "settled": failures.settled_by(office, most=SETTLED),
        "tried": tried,
        "results": search(office, tried, limit=TRIED) if tried else None,
    }
    return render(request, "catalogue/failures.html", context)


@officer_view(rules.can_read_inbox)
@require_http_methods(["GET", "POST"])
def word(request: OfficerRequest) -> HttpResponse:
    """A synonym or an abbreviation for a query that failed."""

    def save(said: dict[str, Any], query: str) -> None:
        words.add(request.office, **said, query=query, by=request.officer, at=now())

    query = _query(request)
    initial = {"phrase": query[: words.LONGEST_PHRASE], "kind": WordRule.Kind.SAME}
    return _form(request, WordForm, initial, save, title=_("Teach the search a word"))


@officer_view(rules.can_read_inbox)
@require_http_methods(["GET", "POST"])
def absence(request: OfficerRequest) -> HttpResponse:
    """What a failed query asked for is not produced: why, and where to ask instead."""

    def save(said: dict[str, Any], query: str) -> None:
        adding.add_absence(request.office, said, query=query, by=request.officer, at=now())

    initial = {"indicator": _query(request).capitalize(), "area": request.office.name.removeprefix("BPS ")}
    return _form(request, AbsenceForm, initial, save, title=_("Say that it is not available"))


@officer_view(rules.can_read_inbox)
@require_http_methods(["GET", "POST"])
def entry(request: OfficerRequest) -> HttpResponse:
    """What a failed query asked for exists: it is brought into the catalogue."""

    def save(said: dict[str, Any], query: str) -> None:
        adding.add_entry(request.office, said, query=query, by=request.officer, at=now())

    initial = {
        "title": _query(request).capitalize(),
        "kind": "static_table",
        "producer": request.office.name,
        "area": request.office.name.removeprefix("BPS "),
    }
    return _form(request, EntryForm, initial, save, title=_("Add an entry to the catalogue"))


@officer_view(rules.can_read_inbox)
@require_POST
def settlement(request: OfficerRequest) -> HttpResponse:
    """Nothing need be done about this query."""
    query = request.POST.get("q", "")[:LONGEST_QUERY]
    if failures.settle(request.office, query, by=request.officer, at=now()):
        messages.success(request, _("Settled: it is not listed any more. Below it can be brought back."))
    else:
        messages.warning(request, _("There was nothing to settle."))
    return redirect("search_failures", office=request.office.code)


@officer_view(rules.can_read_inbox)
@require_POST
def reopening(request: OfficerRequest, settled: int) -> HttpResponse:
    """What was settled is listed again."""
    row = SettledQuery.objects.filter(office=request.office, pk=settled).first()
    if row is None:
        raise Http404("not settled in this office")
    try:
        failures.bring_back(row, by=request.officer, at=now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Brought back: it is listed again while it fails."))
    return redirect("search_failures", office=request.office.code)


def _form(
    request: OfficerRequest, kind: type[forms.Form], initial: dict[str, Any], save: Save, *, title: str
) -> HttpResponse:
    """The form, filled in as far as the query says it; once it is kept, the query is tried again."""
    query = _query(request)
    form = kind(request.POST, initial=initial) if request.method == "POST" else kind(initial=initial)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            save(form.cleaned_data, query)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept: the search uses it from now on."))
            address = reverse("search_failures", args=[request.office.code])
            return redirect(f"{address}?{urlencode({'dicoba': query})}" if query else address)
    if form.is_bound:
        status = 422
    context = {"office": request.office, "form": form, "title": title, "q": query}
    return render(request, "catalogue/failure_form.html", context, status=status)


def _query(request: OfficerRequest) -> str:
    given = request.POST if request.method == "POST" else request.GET
    return given.get("q", "")[: failures.LONGEST].strip()


def _period(days: int, chosen: int) -> dict[str, Any]:
    label = ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    return {"label": label, "href": f"?hari={days}", "current": days == chosen}
