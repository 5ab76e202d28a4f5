"""Leave: one's own, or anybody's for those who plan."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sapa.core.time import now
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view
from sapa.people.models import Officer
from sapa.roster import leaves
from sapa.roster.forms import LeaveForm
from sapa.roster.models import Leave
from sapa.roster.rules import can_plan
from sapa.roster.views import done, tried

# Leave that is over is shown for a while, so that a late note or a mistake can be seen.
SHOWN_AFTER = timedelta(days=31)


@officer_view(rules.works_here)
@require_http_methods(["GET", "POST"])
def index(request: OfficerRequest) -> HttpResponse:
    """Leave that runs or is to come, and of the last month; a form to note more."""
    at, here, me = now(), request.office, request.officer
    today = at.astimezone(here.zone).date()
    is_planner = can_plan(me)
    officers = Officer.objects.filter(office=here, is_active=True).select_related("user")
    choice = list(officers.order_by("user__name", "pk")) if is_planner else [me]
    for each in choice:
        each.office = here
    initial = {"officer": me.pk, "from_on": today, "until_on": today}
    form = LeaveForm(request.POST if request.method == "POST" else None, officers=choice, initial=initial)

    def act() -> None:
        values = form.values()
        leaves.note(values.pop("officer"), **values, by=me, at=at)

    if request.method == "POST" and done(form, act):
        messages.success(request, _("The leave is noted."))
        return redirect("roster_leaves", office=here.code)
    rows = Leave.objects.filter(office=here, withdrawn_at=None, until_on__gte=today - SHOWN_AFTER)
    if not is_planner:
        rows = rows.filter(officer=me)
    context = {
        "office": here,
        "form": form,
        "rows": rows.select_related("officer__user").order_by("from_on", "pk"),
        "today": today,
        "is_planner": is_planner,
    }
    return render(request, "roster/leaves.html", context, status=422 if form.errors else 200)


@officer_view(rules.works_here)
@require_POST
def withdraw(request: OfficerRequest, leave: int) -> HttpResponse:
    """The officer is not away, or back already."""
    reachable = Leave.objects.filter(office=request.office).select_related("officer")
    if not can_plan(request.officer):
        reachable = reachable.filter(officer=request.officer)
    found = get_object_or_404(reachable, pk=leave)
    found.officer.office = request.office
    tried(
        request,
        lambda: leaves.withdraw(found, by=request.officer, at=now()),
        _("The leave is withdrawn."),
    )
    return redirect("roster_leaves", office=request.office.code)
