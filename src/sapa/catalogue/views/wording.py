"""The table of words: how the search of the office reads what people type."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sapa.catalogue import words
from sapa.catalogue.forms import WordForm
from sapa.catalogue.models import WordRule
from sapa.catalogue.search import search
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view

ON_A_PAGE = 40
LONGEST_TRIED = 300


@officer_view(rules.can_read_inbox)
@require_http_methods(["GET", "POST"])
def show(request: OfficerRequest) -> HttpResponse:
    """Every line, a box to try how a query is read, and a new line of the office's own."""
    office = request.office
    form = WordForm(request.POST or None, initial={"kind": WordRule.Kind.SAME})
    if request.method == "POST" and form.is_valid():
        try:
            words.add(office, **form.cleaned_data, by=request.officer, at=now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept: the search uses it from now on."))
            return redirect("words", office=office.code)
    holding = request.GET.get("cari", "")[: words.LONGEST_MEANING].strip()
    tried = request.GET.get("coba", "")[:LONGEST_TRIED].strip()
    lines = words.table(office, holding=holding)
    context = {
        "office": office,
        "form": form,
        "page": Paginator(lines, ON_A_PAGE).get_page(request.GET.get("page")),
        "query": urlencode({"cari": holding}) if holding else "",
        "holding": holding,
        "tried": tried,
        "results": search(office, tried, limit=3) if tried else None,
        "may_supervise": rules.can_supervise(request.officer),
    }
    return render(request, "catalogue/words.html", context, status=422 if form.errors else 200)


@officer_view(rules.can_supervise)
@require_POST
def switching(request: OfficerRequest) -> HttpResponse:
    """A shipped line says nothing in this office any more."""
    given = {name: request.POST.get(name, "") for name in ("kind", "phrase", "means")}
    try:
        words.switch_off(request.office, **given, by=request.officer, at=now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Switched off: the search does not use this line any more."))
    return redirect("words", office=request.office.code)


@officer_view(rules.can_supervise)
@require_POST
def removal(request: OfficerRequest, rule: int) -> HttpResponse:
    """The office's own line is gone, or the shipped line that it had switched off is read again."""
    words.remove(get_object_or_404(WordRule, pk=rule), by=request.officer, at=now())
    messages.success(request, _("Kept."))
    return redirect("words", office=request.office.code)
