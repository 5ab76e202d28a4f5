"""The search as everybody sees it: results as one types, "this answered me", "not this one"."""

import contextlib
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_scopes import scope

from sapa.catalogue import topics, trails
from sapa.catalogue.classifications import elsewhere_of, paths_of
from sapa.catalogue.hit_lines import lines
from sapa.catalogue.models import Absence, Entry, SearchTrail
from sapa.catalogue.search import Filters, Hit, Results, Suggestion, Suggestions, search, suggest
from sapa.catalogue.views.asked import (
    LONGEST_QUERY,
    MOST_PAGES,
    RESULTS,
    Asked,
    doubts,
    read,
    understood,
)
from sapa.catalogue.views.dividing import facet_column
from sapa.catalogue.views.shown import ask_address, is_part
from sapa.core.errors import Refused
from sapa.core.ids import token as new_token
from sapa.core.time import now
from sapa.offices.models import Office
from sapa.offices.scope import OfficeRequest
from sapa.people.access import office_public
from sapa.ui.remembered import address


@office_public
@require_safe
def show(request: OfficeRequest) -> HttpResponse:
    """The box and, once something was typed, what the catalogue holds for it. A part of the page for htmx."""
    here, asked = request.office, read(request.GET.dict())
    token = request.GET.get("jejak", "")[:40] or new_token()
    context: dict[str, Any] = {"office": here, "q": asked.text, "asked": asked, "jejak": token}
    status = 200
    if asked.text.strip():
        try:
            trails.spend_search(request.META["REMOTE_ADDR"])
            context |= _found(request, asked, token)
        except Refused as refusal:
            context |= {"refused": str(refusal)}
            status = 429
    if not context.get("hits") and not context.get("absences"):
        context["topics"] = topics.of(here)
    if not is_part(request):
        return _fresh(render(request, "catalogue/search.html", context, status=status))
    # htmx shows no refusal by itself; its sentence stands in the part.
    response = _fresh(render(request, "catalogue/_results.html", context | {"is_part": True}))
    here_now = f"{address('search', here.code)}?{context['asked'].query(jejak=context['jejak'])}"
    # One step back leads out of the search, not through every word that was half typed.
    goes_on = "q=" in request.headers.get("HX-Current-URL", "")
    response["HX-Replace-Url" if goes_on else "HX-Push-Url"] = here_now
    return response


@office_public
@require_safe
def suggestions(request: OfficeRequest) -> JsonResponse:
    """Ways to go on typing, by their sort. No trail knows of them: only what is searched is kept."""
    text = request.GET.get("q", "")[:LONGEST_QUERY]
    found = Suggestions()
    if text.strip():
        # Whoever is stopped can still type: they are a courtesy.
        with contextlib.suppress(Refused):
            trails.spend_search(request.META["REMOTE_ADDR"])
            found = suggest(request.office, text)
    sorts = ((_("Search for"), found.words), (_("Places"), found.places), (_("Straight to"), found.entries))
    groups = [
        {"label": label, "options": [_option(request.office, text, each) for each in options]}
        for label, options in sorts
        if options
    ]
    response = JsonResponse({"groups": groups})
    patch_cache_control(response, no_store=True, private=True)
    return response


@office_public
@require_POST
def respond(request: OfficeRequest) -> HttpResponse:
    """ "This answers my question" ends the search and is counted; "not this one" takes it out of the results."""
    here, at = request.office, now()
    asked, token = read(request.POST.dict()), request.POST.get("jejak", "")[:40]
    name = "menjawab" if "menjawab" in request.POST else "bukan"
    thing = _thing(request, request.POST.get(name, ""))
    trail = trails.begin(here, language=_language(), at=at, token=token, address=request.META["REMOTE_ADDR"])
    if name == "menjawab":
        trails.answered(trail, thing, at=at)
        return redirect("search_thanks", office=here.code)
    trails.note_dismissed(trail, thing, at=at)
    return redirect(f"{reverse('search', args=[here.code])}?{asked.query(jejak=trail.token)}")


@office_public
@require_safe
def thanks(request: OfficeRequest) -> HttpResponse:
    """The question is answered; what may come next."""
    return render(request, "catalogue/thanks.html", {"office": request.office})


def _found(request: OfficeRequest, asked: Asked, token: str) -> dict[str, Any]:
    """The results without what was put aside; the search stands on the trail."""
    here, at = request.office, now()
    # A token that was made just now is nobody's yet.
    is_old = request.method == "GET" and request.GET.get("jejak") == token
    known = trails.find(here, token, at=at) if is_old else None
    no_entries, no_absences = trails.dismissed(known) if known else (set[int](), set[int]())
    results = _page_of(request, asked, no_entries)
    hits = [hit for hit in results.entries if hit.entry.pk not in no_entries]
    if no_entries:
        hits = hits[(asked.page - 1) * RESULTS :]
    hits = _with_ways(here, hits[:RESULTS])
    absences = [each for each in results.absences if each.absence.pk not in no_absences]
    absences = absences if asked.page == 1 else []
    total = max(results.total - len(no_entries), 0)
    # Nothing of what was chosen is not nothing at all; a later page, or these words exactly, is no other search.
    is_whole = asked.page == 1 and not asked.exact and (bool(hits or absences) or asked.filters == Filters())
    is_noted = is_whole and not results.is_too_short and not results.is_preparing
    trail = None
    if request.method == "GET":
        with transaction.atomic():  # one commit: the disk takes longer than the search
            trail = known or _new_trail(request, token)
            if trail and is_noted:
                found = max(total, len(hits)) + len(absences)
                trails.note_search(trail, text=asked.text, results=found, at=at)
    jejak = trail.token if trail else token
    asked = replace(asked, trail=jejak)
    in_order = replace(results, entries=hits, absences=absences).in_order
    has_next = bool(hits) and results.has_more and asked.page < MOST_PAGES
    return {
        "asked": asked,
        "searched": True,
        "results": results,
        "hits": hits,
        "total": total,
        "has_similar": any(hit.missing for hit in hits) or (asked.page - 1) * RESULTS + len(hits) > total,
        "absences": absences,
        "in_order": in_order,
        "lines": lines(in_order, office=here.code, text=asked.text, trail=jejak),
        "put_aside": len(no_entries) + len(no_absences),
        "jejak": jejak,
        "ask_url": ask_address(here, jejak),
        "understood": understood(asked, results),
        "facets": facet_column(asked, results, address=address("search", here.code)),
        "doubts": doubts(asked, results),
        "exactly": asked.query(persis="1"),
        "again": asked.query(hal=asked.page),
        "unchosen": replace(asked, filters=Filters()).query() if asked.hidden else "",
        "before": asked.query(hal=asked.page - 1) if asked.page > 1 else "",
        "after": asked.query(hal=asked.page + 1) if has_next else "",
        "first_number": (asked.page - 1) * RESULTS + 1,
    }


def _with_ways(here: Office, hits: list[Hit]) -> list[Hit]:
    """Each classification code with the way to it from its section, and the versions in which its number means
    something else; no query where there is none."""
    codes = [hit.entry for hit in hits if hit.entry.kind == Entry.Kind.CLASSIFICATION_CODE]
    if not codes:
        return hits
    ways, elsewhere = paths_of(codes), elsewhere_of(codes, here.lineage())
    return [
        replace(
            hit,
            path=tuple((step.code, step.name) for step in ways[hit.entry.pk][:-1]),
            reused=tuple(each.entry.version for each in elsewhere[hit.entry.pk] if each.is_reused),
        )
        if hit.entry.pk in ways
        else hit
        for hit in hits
    ]


def _page_of(request: OfficeRequest, asked: Asked, no_entries: set[int]) -> Results:
    """The page asked for; from the first on where something was put aside, for it takes no place."""
    offset = (asked.page - 1) * RESULTS
    if no_entries:
        offset, limit = 0, asked.page * RESULTS + len(no_entries)
    else:
        limit = RESULTS
    return search(
        request.office, asked.text, filters=asked.filters, limit=limit, offset=offset, exact=asked.exact
    )


def _new_trail(request: OfficeRequest, token: str) -> SearchTrail | None:
    """The new trail of this search. A machine that begins too many still finds, without one."""
    try:
        return trails.begin_anew(
            request.office,
            language=_language(),
            at=now(),
            token=token,
            address=request.META["REMOTE_ADDR"],
        )
    except Refused:
        return None


def _thing(request: OfficeRequest, code: str) -> Entry | Absence:
    """The entry ("e12") or absence ("a3") of this office or of one above it."""
    kind, number = code[:1], code[1:]
    if kind not in {"e", "a"} or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404("nothing of this kind")
    with scope(office=request.office.lineage()):
        shown = Entry.objects.filter(published_at__isnull=False, withdrawn_at=None)
        rows = shown if kind == "e" else Absence.objects.all()
        thing: Entry | Absence | None = rows.filter(pk=int(number)).first()
    if thing is None:
        raise Http404("not in this catalogue")
    return thing


def _option(here: Office, text: str, given: Suggestion) -> dict[str, str]:
    """One line of the list: what is searched when it is chosen, or where it leads."""
    option = {"text": given.text, "note": given.note}
    if given.entry_id is not None:
        before, _number, after = address("catalogue_entry", here.code, 0).rpartition("0")
        option["href"] = f"{before}{given.entry_id}{after}?{urlencode({'q': text})}"
    return option


def _language() -> str:
    return (translation.get_language() or "id")[:2]


def _fresh(response: HttpResponse) -> HttpResponse:
    """The same address answers with the page and with a part of it: neither may be shown for the other."""
    patch_vary_headers(response, ["HX-Request"])
    patch_cache_control(response, no_store=True, private=True)
    return response
