"""The overview of the settings, and the service standard."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sapa.activity import reactions
from sapa.api import reviving
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.offices import standards
from sapa.offices.marked_yaml import FileRefused, Problem
from sapa.offices.models import HolidayDecree
from sapa.pages.forms.settings import StandardForm
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view


@officer_view(rules.can_administer)
def index(request: OfficerRequest) -> HttpResponse:
    """Everything that can be set, and what is missing."""
    here, today = request.office, now().astimezone(request.office.zone).date()
    try:
        standard = standards.standard_in_force(here, today)
    except Refused:
        standard = None
    confirmed = set(HolidayDecree.objects.filter(confirmed=True).values_list("year", flat=True))
    context = {
        "office": here,
        "standard": standard,
        "unconfirmed": [year for year in (today.year, today.year + 1) if year not in confirmed],
        "has_hours": here.hours.exists(),
        "given_up": reactions.dead_of(here).count() + reviving.dead_of(here).count(),
        "has_desks": here.desks.filter(is_active=True).exists(),
    }
    return render(request, "pages/settings/index.html", context)


@officer_view(rules.can_administer)
@require_http_methods(["GET", "POST"])
def standard(request: OfficerRequest) -> HttpResponse:
    """Check or load the file of the standard; errors are shown by line and nothing is changed."""
    here, at = request.office, now()
    form = StandardForm(request.POST or None, request.FILES or None)
    problems: tuple[Problem, ...] = ()
    is_good = False
    if request.method == "POST" and form.is_valid():
        given, name = form.contents(), form.cleaned_data["file"].name
        try:
            if request.POST.get("action") == "load":
                standards.load(given, by=request.user, at=at, source_name=name, only=here)
                messages.success(request, _("The standard is loaded and in force by its dates."))
                return redirect("settings_standard", office=here.code)
            standards.check(given, only=here)
            is_good = True
        except FileRefused as refusal:
            problems = refusal.problems
        except Refused as refusal:
            form.add_error(None, str(refusal.sentence))
    context = {
        "office": here,
        "form": form,
        "problems": problems,
        "is_good": is_good,
        "versions": standards.history(here),
        "today": at.astimezone(here.zone).date(),
    }
    return render(
        request, "pages/settings/standard.html", context, status=422 if problems or form.errors else 200
    )
