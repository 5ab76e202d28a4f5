"""The week of duty as every officer reads it, and the swaps of its shifts."""

from datetime import date, datetime, timedelta

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sapa.core.time import now
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view
from sapa.people.models import Officer
from sapa.roster import swaps
from sapa.roster.availability import away_on
from sapa.roster.forms import PlanForm, SwapForm
from sapa.roster.models import Shift, Swap
from sapa.roster.rules import can_plan, can_stand_duty
from sapa.roster.shifts import monday_of
from sapa.roster.views import done, tried
from sapa.roster.week import AHEAD, roster_of


@officer_view(rules.works_here)
@require_safe
def show(request: OfficerRequest) -> HttpResponse:
    """Who is on duty today and in the week that `?minggu=` lies in."""
    return render_week(request, _day_from(request.GET.get("minggu", "")), None)


def is_shown(on: date) -> bool:
    """Whether the roster has a page for the date; there is always a week before and after it."""
    return 2000 <= on.year <= 2100


def render_week(request: OfficerRequest, on: date | None, refused: PlanForm | None) -> HttpResponse:
    """The page of the week; with `refused` the form of planning says what to mend."""
    at, here = now(), request.office
    today = at.astimezone(here.zone).date()
    monday = monday_of(on if on and is_shown(on) else today)
    is_planner = can_plan(request.officer)
    context = {
        "office": here,
        "roster": roster_of(here, monday, today=today, reader=request.officer),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "is_this_week": monday == monday_of(today),
        "today": today,
        "printed_at": at,
        "is_planner": is_planner,
        "form": refused or PlanForm(initial={"first": max(monday, monday_of(today))}) if is_planner else None,
    }
    return render(request, "roster/week.html", context, status=422 if refused else 200)


@officer_view(rules.works_here)
@require_http_methods(["GET", "POST"])
def swap(request: OfficerRequest) -> HttpResponse:
    """Ask a colleague to take over the own shift `?jaga=`; without one, choose it first."""
    at, me = now(), request.officer
    if "jaga" not in request.GET:
        return render(request, "roster/swaps.html", {"office": request.office, "rows": _own_shifts(me, at)})
    found = get_object_or_404(
        Shift, office=request.office, officer=me, pk=_number_or_404(request.GET["jaga"])
    )
    partners = _partners(request, found, at)
    form = SwapForm(request.POST or None, partners=partners)

    def act() -> None:
        asked, in_return = form.offer()
        swaps.ask(found, asked=asked, in_return=in_return, by=me, at=at)

    if request.method == "POST" and done(form, act):
        messages.success(request, _("%(name)s is being asked.") % {"name": form.offer()[0]})
        return redirect("roster", office=request.office.code)
    context = {"office": request.office, "form": form, "shift": found, "partners": partners}
    return render(request, "roster/swap.html", context, status=422 if form.errors else 200)


@officer_view(rules.works_here)
@require_POST
def accept(request: OfficerRequest, swap: int) -> HttpResponse:
    """The reader takes the shift over."""
    found = _swap_of(request, swap)
    tried(
        request,
        lambda: swaps.accept(found, by=request.officer, at=now()),
        _("The roster is changed. %(name)s is told.") % {"name": found.asker},
    )
    return redirect("roster", office=request.office.code)


@officer_view(rules.works_here)
@require_POST
def decline(request: OfficerRequest, swap: int) -> HttpResponse:
    """The reader does not take the shift over."""
    found = _swap_of(request, swap)
    tried(
        request,
        lambda: swaps.decline(found, by=request.officer, at=now()),
        _("You have declined. %(name)s is told.") % {"name": found.asker},
    )
    return redirect("roster", office=request.office.code)


@officer_view(rules.works_here)
@require_POST
def withdraw(request: OfficerRequest, swap: int) -> HttpResponse:
    """The reader does not ask any more."""
    found = _swap_of(request, swap)
    tried(
        request,
        lambda: swaps.withdraw(found, by=request.officer, at=now()),
        _("You do not ask any more. The shift stays yours."),
    )
    return redirect("roster", office=request.office.code)


def _swap_of(request: OfficerRequest, swap: int) -> Swap:
    """A swap that the reader asked for or is asked about; others are not found."""
    me = request.officer
    reachable = Swap.objects.filter(Q(asker=me) | Q(asked=me), office=request.office)
    return get_object_or_404(reachable.select_related("asker__user"), pk=swap)


def _own_shifts(officer: Officer, at: datetime) -> list[Shift]:
    """The officer's next shifts about which nobody is asked yet."""
    today = at.astimezone(officer.office.zone).date()
    rows = Shift.objects.filter(officer=officer, on__range=(today, today + AHEAD))
    return list(rows.exclude(swaps__state=Swap.State.ASKED))


def _number_or_404(given: str) -> int:
    if not given.isascii() or not given.isdigit() or len(given) > 18:
        raise Http404("not a number")
    return int(given)


def _partners(request: OfficerRequest, shift: Shift, at: datetime) -> dict[Officer, list[Shift]]:
    """Who is free on the day of the shift, each with own shifts on days on which the reader is free."""
    here, me = request.office, request.officer
    today = at.astimezone(here.zone).date()
    rows = list(Shift.objects.filter(office=here, on__range=(today, today + AHEAD)).order_by("on"))
    busy = {row.officer_id for row in rows if row.on == shift.on} | away_on(here, shift.on) | {me.pk}
    mine = {row.on for row in rows if row.officer_id == me.pk}
    colleagues = Officer.objects.filter(office=here, is_active=True).select_related("user")
    return {
        each: [row for row in rows if row.officer_id == each.pk and row.on not in mine]
        for each in colleagues.order_by("user__name", "pk")
        if each.pk not in busy and can_stand_duty(each)
    }


def _day_from(given: str) -> date | None:
    """A date as an address has it; anything else is no date."""
    try:
        on = date.fromisoformat(given)
    except ValueError:
        return None
    return on if is_shown(on) else None
