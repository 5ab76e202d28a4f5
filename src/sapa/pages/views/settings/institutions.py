"""The institutions that visitors of an office wrote down: confirm, rename, bring spellings together.

For supervisors and heads: they know the institutions of the area, and an administrator does not read the guest book.
"""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.frontdesk.models import Visit
from sapa.offices.models import Office
from sapa.pages.views.settings import tried
from sapa.people import codelists, institutions, rules
from sapa.people.access import OfficerRequest, officer_view
from sapa.people.contact import institution_key
from sapa.people.models import Institution
from sapa.ui.dates import language

PER_PAGE = 25


@officer_view(rules.can_supervise)
@require_GET
def index(request: OfficerRequest) -> HttpResponse:
    """Every institution that a visitor of this office wrote; those nobody has looked at yet come first."""
    here, asked = request.office, request.GET.get("q", "").strip()[:100]
    rows = _written_here(here).prefetch_related(
        Prefetch("variants", Institution.objects.order_by("name"), to_attr="spellings")
    )
    if key := institution_key(asked):
        rows = rows.filter(key__contains=key)
    page = Paginator(rows.order_by("is_confirmed", "-uses", "name", "id"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    categories = codelists.lists_in_force(now().astimezone(here.zone).date())["institution_category"]
    context = {
        "office": here,
        "page": page,
        "q": asked,
        "query": urlencode({"q": asked}) if asked else "",
        "categories": dict(codelists.choices(categories, language())),
    }
    return render(request, "pages/settings/institutions.html", context)


@officer_view(rules.can_supervise)
@require_POST
def confirm(request: OfficerRequest, institution: int) -> HttpResponse:
    """This name is right: visitors are offered it."""
    found = _one(request, institution)
    tried(
        request,
        lambda: institutions.confirm(found, **_who(request)),
        _("The name is confirmed. Visitors are offered it when they type."),
    )
    return _back(request)


@officer_view(rules.can_supervise)
@require_POST
def rename(request: OfficerRequest, institution: int) -> HttpResponse:
    """Another spelling of the name."""
    found, name = _one(request, institution), request.POST.get("name", "")[: institutions.LONGEST_NAME + 1]
    tried(
        request,
        lambda: institutions.rename(found, name=name, **_who(request)),
        _("The name is changed. The earlier spelling still leads to it."),
    )
    return _back(request)


@officer_view(rules.can_supervise)
@require_POST
def merge(request: OfficerRequest, institution: int) -> HttpResponse:
    """This is a spelling of another institution."""
    found, name = _one(request, institution), request.POST.get("into", "")[:200]

    def act() -> None:
        into = institutions.named(name)
        if into is None:
            raise Refused(_("There is no institution of this name. Choose one from the list while you type."))
        institutions.merge(found, into=into, **_who(request))

    tried(request, act, _("The two are one now. Earlier visits are counted there."))
    return _back(request)


def _written_here(office: Office) -> QuerySet[Institution]:
    written = Visit.objects.filter(office=office, institution__isnull=False).values("institution")
    return Institution.objects.filter(pk__in=written, merged_into=None)


def _one(request: OfficerRequest, pk: int) -> Institution:
    return get_object_or_404(_written_here(request.office), pk=pk)


def _who(request: OfficerRequest) -> dict[str, Any]:
    return {"office": request.office, "by": request.officer, "at": now()}


def _back(request: OfficerRequest) -> HttpResponse:
    kept = {name: request.POST[name][:100] for name in ("q", "page") if request.POST.get(name)}
    address = reverse("settings_institutions", args=[request.office.code])
    return redirect(f"{address}?{urlencode(kept)}" if kept else address)
