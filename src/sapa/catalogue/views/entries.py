"""One entry of the catalogue with everything that is known of it, and how to cite it."""

from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_scopes import scope

from sapa.catalogue import figures, trails
from sapa.catalogue.citations import citation_of, worded
from sapa.catalogue.models import Entry
from sapa.catalogue.views import brief, codes
from sapa.catalogue.views.asked import LONGEST_QUERY
from sapa.catalogue.views.shown import ask_address
from sapa.core.ids import token as new_token
from sapa.core.time import now
from sapa.offices.scope import OfficeRequest
from sapa.people.access import office_public
from sapa.ui.dates import long_date

# What may have figures.
TABLES: Final = frozenset({Entry.Kind.DYNAMIC_TABLE, Entry.Kind.STATIC_TABLE})


@office_public
@require_safe
def show(request: OfficeRequest, entry: int) -> HttpResponse:
    """The entry, for whoever comes from a search or by its address."""
    here = request.office
    with scope(office=here.lineage()):
        found = Entry.objects.select_related("office").filter(pk=entry, published_at__isnull=False).first()
        code = codes.part_of(found, here) if found is not None else None
        cube = figures.of(found) if found is not None and found.kind in TABLES else None
    if found is None:
        raise Http404("not in this catalogue")
    text, token = request.GET.get("q", "")[:LONGEST_QUERY], request.GET.get("jejak", "")[:40]
    trail = trails.find(here, token, at=now())
    keep = {"q": text} | ({"jejak": trail.token} if trail else {})
    context: dict[str, Any] = {"office": here, "entry": found, "q": text}
    context["back_url"] = f"{reverse('search', args=[here.code])}?{urlencode(keep)}"
    if found.withdrawn_at is not None:
        return render(request, "catalogue/withdrawn.html", context, status=410)
    if trail is not None and request.method == "GET":
        trails.note_opened(trail, found, at=now())
    jejak = trail.token if trail else token or new_token()
    context |= {
        "jejak": jejak,
        "facts": _facts(found),
        "citation": worded(citation_of(found)),
        "citations": [worded(each) for each in found.citations],
        "ask_url": ask_address(here, jejak),
        "code": code,
        "figures": brief.of(cube, found) if cube else None,
    }
    response = render(request, "catalogue/entry.html", context)
    patch_cache_control(response, no_store=True, private=True)
    return response


def _codes(entry: Entry) -> str:
    """Both codes, each by its name: the same number may be another place in the other list (domain.md 10.3)."""
    named = (("BPS", entry.area_bps), ("Kemendagri", entry.area_kemendagri))
    return ", ".join(f"{name} {code}" for name, code in named if code)


def _facts(entry: Entry) -> list[tuple[str, str]]:
    """What is known of the entry; what is not known is not shown."""
    facts = [
        (_("Kind"), entry.get_kind_display()),
        (_("Topic"), entry.subject),
        (_("Area"), entry.area),
        (_("Code of the area"), _codes(entry)),
        (_("Figures per"), entry.get_level_display()),
        (_("Years"), entry.years),
        (_("Published how often"), entry.get_frequency_display()),
        (_("Unit"), entry.unit),
        (_("Status of the figures"), entry.get_figure_status_display()),
        (_("Base year"), str(entry.base_year or "")),
        (_("Classification"), entry.version),
        (_("Number"), entry.external_id),
        (_("Source"), entry.producer),
        (_("Released on"), long_date(entry.released_on) if entry.released_on else ""),
        (_("Fetched on"), long_date(entry.fetched_on) if entry.fetched_on else ""),
    ]
    return [(term, value) for term, value in facts if value]
