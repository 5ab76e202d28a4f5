"""What those who plan do: the weekly pattern, the weeks from it, a day by hand, how work is handed out."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from sapa.core.time import now
from sapa.offices.calendars import calendar_of
from sapa.offices.holidays import weekday_name
from sapa.offices.models import Office
from sapa.people.access import OfficerRequest, officer_view
from sapa.people.models import Officer
from sapa.roster import patterns, policies, shifts
from sapa.roster.availability import away_on
from sapa.roster.forms import DayForm, PatternForm, PlanForm, PolicyForm
from sapa.roster.models import Shift, WeeklyPattern
from sapa.roster.rules import can_plan, can_stand_duty
from sapa.roster.shifts import monday_of
from sapa.roster.views import done, tried
from sapa.roster.views.week import is_shown, render_week


@officer_view(can_plan)
@require_POST
def plan(request: OfficerRequest) -> HttpResponse:
    """The weeks from the shown one on are as the pattern says."""
    form = PlanForm(request.POST)
    made = 0

    def act() -> None:
        nonlocal made
        made = shifts.plan_weeks(request.office, **form.cleaned_data, by=request.officer, at=now())

    if not done(form, act):
        return render_week(request, form.cleaned_data.get("first"), form)
    if made:
        words = ngettext("%(number)s shift is planned.", "%(number)s shifts are planned.", made)
        messages.success(request, words % {"number": made})
    else:
        messages.info(request, _("These weeks are planned already; nothing has changed."))
    return redirect(f"{_week_url(request.office)}?minggu={form.cleaned_data['first'].isoformat()}")


@officer_view(can_plan)
@require_http_methods(["GET", "POST"])
def day(request: OfficerRequest) -> HttpResponse:
    """Who is on duty on the day `?tanggal=`, today without one, changed by hand."""
    at, here = now(), request.office
    today = at.astimezone(here.zone).date()
    on = _date_or_404(request.GET["tanggal"]) if "tanggal" in request.GET else today
    officers = _officers(here)
    parts = dict(Shift.objects.filter(office=here, on=on).values_list("officer_id", "part"))
    form = DayForm(request.POST if request.method == "POST" else None, officers=officers, parts=parts)
    if request.method == "POST" and done(
        form, lambda: shifts.set_day(here, on, parts=form.parts(), by=request.officer, at=at)
    ):
        messages.success(request, _("The day is saved."))
        return redirect(f"{_week_url(here)}?minggu={on.isoformat()}")
    away = away_on(here, on)
    context = {
        "office": here,
        "form": form,
        "on": on,
        "rows": [(each, form[f"officer_{each.pk}"], each.pk in away) for each in officers],
        "back": f"{_week_url(here)}?minggu={on.isoformat()}",
        "is_past": on < today,
    }
    return render(request, "roster/day.html", context, status=422 if form.errors else 200)


@officer_view(can_plan)
@require_http_methods(["GET", "POST"])
def pattern(request: OfficerRequest) -> HttpResponse:
    """The patterns, and the form of a new one filled with the one that rules now."""
    at, here = now(), request.office
    today = at.astimezone(here.zone).date()
    stored = patterns.patterns_of(here)
    ruling = patterns.pattern_on(stored, today)
    begins = today if ruling is None else monday_of(today) + timedelta(days=7)
    shown = patterns.pattern_on(stored, begins) or ruling
    weekdays = _weekdays(here)
    form = PatternForm(
        request.POST if request.method == "POST" else None,
        officers=_officers(here),
        weekdays=weekdays,
        duties={(row.officer_id, row.weekday): row.part for row in shown.duties.all()} if shown else {},
        initial={"valid_from": begins},
    )

    def act() -> None:
        dates = {key: form.cleaned_data[key] for key in ("valid_from", "valid_until")}
        patterns.set_pattern(here, duties=form.duties(), **dates, by=request.officer, at=at)

    if request.method == "POST" and done(form, act):
        messages.success(request, _("The pattern is saved. Plan the weeks to put it into the roster."))
        return redirect("roster", office=here.code)
    context = {
        "office": here,
        "form": form,
        "days": [weekday_name(each) for each in weekdays],
        "patterns": [each for each in stored if each.valid_until is None or each.valid_until >= today],
        "ruling": ruling,
        "policy_form": PolicyForm(initial={"assignment": policies.assignment_of(here)}),
    }
    return render(request, "roster/pattern.html", context, status=422 if form.errors else 200)


@officer_view(can_plan)
@require_POST
def drop_pattern(request: OfficerRequest, pattern: int) -> HttpResponse:
    """The pattern plans nothing any more."""
    found = WeeklyPattern.objects.filter(office=request.office, pk=pattern).first()
    if found is None:
        # Another office's pattern, or one just ended: the list tells what is true now.
        if WeeklyPattern._base_manager.filter(pk=pattern).exists():
            raise Http404("a pattern of another office")
        messages.warning(request, _("This pattern has already been ended."))
    else:
        tried(
            request,
            lambda: patterns.drop(found, by=request.officer, at=now()),
            _("The pattern is ended. Plan the weeks again to take it out of the roster."),
        )
    return redirect("roster_pattern", office=request.office.code)


@officer_view(can_plan)
@require_POST
def set_policy(request: OfficerRequest) -> HttpResponse:
    """How new online consultations are handed out from now on."""
    chosen = request.POST.get("assignment", "")
    tried(
        request,
        lambda: policies.set_assignment(request.office, assignment=chosen, by=request.officer, at=now()),
        _("It is saved how new consultations are handed out."),
    )
    return redirect("roster_pattern", office=request.office.code)


def _officers(office: Office) -> list[Officer]:
    """Who may be on duty here, by name."""
    rows = Officer.objects.filter(office=office, is_active=True).select_related("user")
    return [each for each in rows.order_by("user__name", "pk") if can_stand_duty(each)]


def _weekdays(office: Office) -> list[int]:
    """The weekdays on which the office ever opens; Monday to Friday when it has no hours yet."""
    timetables = calendar_of(office).timetables
    return [day for day in range(7) if any(each.week[day] for each in timetables)] or list(range(5))


def _date_or_404(given: str) -> date:
    try:
        on = date.fromisoformat(given)
    except ValueError as error:
        raise Http404("not a date") from error
    if not is_shown(on):
        raise Http404("not a date of this roster")
    return on


def _week_url(office: Office) -> str:
    return reverse("roster", args=[office.code])
