"""Settings of time: days off, hours, closures."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sapa.core.time import now
from sapa.offices import holidays
from sapa.offices.holidays import weekday_name
from sapa.offices.models import Closure, Holiday, HolidayDecree, Hours, Office, OpeningInterval
from sapa.pages.forms.settings import ClosureForm, DecreeForm, HolidayForm, WeekForm
from sapa.pages.views.settings import done, tried
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view


@officer_view(rules.can_administer)
@require_http_methods(["GET", "POST"])
def days_off(request: OfficerRequest) -> HttpResponse:
    """The days off of one year with their source, inherited ones too; a new one for the own office."""
    at, here = now(), request.office
    this_year = at.astimezone(here.zone).year
    form = HolidayForm(request.POST or None)
    if request.method == "POST" and done(
        form, lambda: holidays.declare(here, **form.cleaned_data, by=request.user, at=at)
    ):
        messages.success(request, _("The day off is declared. Open deadlines are being counted again."))
        return redirect(f"{request.path}?tahun={form.cleaned_data['on'].year}")
    year = _year(request.GET.get("tahun", ""), this_year)
    rows = Holiday.objects.filter(office__in=here.lineage(), on__year=year).select_related("office")
    decrees = {decree.year: decree for decree in HolidayDecree.objects.filter(confirmed=True)}
    context = {
        "office": here,
        "form": form,
        "year": year,
        "years": [
            {"label": str(each), "href": f"?tahun={each}", "current": each == year}
            for each in range(this_year - 2, this_year + 3)
        ],
        "rows": rows,
        "decree": decrees.get(year),
        "unconfirmed": [each for each in (this_year, this_year + 1) if each not in decrees],
        "decree_form": DecreeForm(initial={"year": this_year + 1})
        if here.kind == Office.Kind.NATIONAL
        else None,
    }
    return render(request, "pages/settings/days_off.html", context, status=422 if form.errors else 200)


@officer_view(rules.can_administer)
@require_POST
def withdraw_day_off(request: OfficerRequest, holiday: int) -> HttpResponse:
    """A day off of the own office is a working day again."""
    found = Holiday.objects.filter(office=request.office, pk=holiday).first()
    if found is None:
        # Somebody else's day off, or one just withdrawn: the list tells what is true now.
        if Holiday.objects.filter(pk=holiday).exists():
            raise Http404("a day off of another office")
        messages.warning(request, _("This day off has already been withdrawn."))
        return redirect("settings_holidays", office=request.office.code)
    tried(
        request,
        lambda: holidays.withdraw(found, by=request.user, at=now()),
        _("The day off is withdrawn. Open deadlines are being counted again."),
    )
    return redirect("settings_holidays", office=request.office.code)


@officer_view(rules.can_administer)
@require_POST
def confirm_year(request: OfficerRequest) -> HttpResponse:
    """The decree of a year is known; only the national office has this form."""
    if request.office.kind != Office.Kind.NATIONAL:
        raise Http404("only the national office confirms a year")
    form = DecreeForm(request.POST)
    if done(
        form,
        lambda: holidays.confirm_year(request.office, **form.cleaned_data, by=request.user, at=now()),
    ):
        messages.success(request, _("The decree is noted."))
    else:
        messages.error(request, _("Please give the year and the number of its decree."))
    return redirect("settings_holidays", office=request.office.code)


@officer_view(rules.can_administer)
def hours(request: OfficerRequest) -> HttpResponse:
    """The regular week and the dated ones."""
    rows = Hours.objects.filter(office=request.office).prefetch_related("intervals")
    weeks = sorted(rows, key=lambda row: row.starts_on or date.min)
    context = {"office": request.office, "weeks": [(row, _by_day(row)) for row in weeks]}
    return render(request, "pages/settings/hours.html", context)


@officer_view(rules.can_administer)
@require_http_methods(["GET", "POST"])
def week(request: OfficerRequest, hours: str) -> HttpResponse:
    """Change the regular week (`biasa`), a dated one (its number), or add a dated one (`baru`)."""
    here, at = request.office, now()
    stored = _stored_week(here, hours)
    form = WeekForm(request.POST or None, hours=stored, is_dated=hours != "biasa")

    def act() -> Hours:
        return holidays.set_hours(
            here,
            name=form.cleaned_data["name"],
            week=form.week(),
            starts_on=form.cleaned_data.get("starts_on"),
            ends_on=form.cleaned_data.get("ends_on"),
            by=request.user,
            at=at,
        )

    if request.method == "POST" and done(form, act):
        messages.success(request, _("The hours are saved. Open deadlines are being counted again."))
        return redirect("settings_hours", office=here.code)
    context = {"office": here, "form": form, "hours": stored, "is_dated": hours != "biasa"}
    return render(request, "pages/settings/week.html", context, status=422 if form.errors else 200)


@officer_view(rules.can_administer)
@require_POST
def drop_week(request: OfficerRequest, hours: int) -> HttpResponse:
    """A dated week is gone."""
    found = get_object_or_404(Hours, office=request.office, pk=hours)
    tried(
        request,
        lambda: holidays.drop_hours(found, by=request.user, at=now()),
        _("The dated hours are removed."),
    )
    return redirect("settings_hours", office=request.office.code)


@officer_view(rules.can_administer)
@require_http_methods(["GET", "POST"])
def closures(request: OfficerRequest) -> HttpResponse:
    """Unplanned closings: those to come, those of the last weeks, a new one."""
    here, at = request.office, now()
    form = ClosureForm(request.POST or None)
    if request.method == "POST" and done(
        form, lambda: holidays.close(here, **form.cleaned_data, by=request.user, at=at)
    ):
        messages.success(request, _("The closure is announced. Open deadlines are being counted again."))
        return redirect("settings_closures", office=here.code)
    rows = Closure.objects.filter(office=here).order_by("-starts_at")[:50]
    context: dict[str, Any] = {"office": here, "form": form, "rows": rows}
    return render(request, "pages/settings/closures.html", context, status=422 if form.errors else 200)


@officer_view(rules.can_administer)
@require_POST
def withdraw_closure(request: OfficerRequest, closure: int) -> HttpResponse:
    """The time of the closure counts again."""
    found = get_object_or_404(Closure, office=request.office, pk=closure)
    tried(
        request,
        lambda: holidays.reopen(found, by=request.user, at=now()),
        _("The closure is withdrawn."),
    )
    return redirect("settings_closures", office=request.office.code)


def _by_day(hours: Hours) -> list[tuple[str, list[OpeningInterval]]]:
    """The intervals of a week under the names of their days; closed days are left out."""
    rows = list(hours.intervals.all())
    days = sorted({row.weekday for row in rows})
    return [(weekday_name(day), [row for row in rows if row.weekday == day]) for day in days]


def _stored_week(office: Office, hours: str) -> Hours | None:
    if hours == "baru":
        return None
    if hours == "biasa":
        return Hours.objects.filter(office=office, starts_on=None).first()
    if not hours.isascii() or not hours.isdigit() or len(hours) > 18:
        raise Http404("no such hours")
    return get_object_or_404(Hours, office=office, pk=int(hours), starts_on__isnull=False)


def _year(given: str, otherwise: int) -> int:
    is_year = given.isascii() and given.isdigit() and len(given) == 4
    return int(given) if is_year and 2000 <= int(given) <= 2100 else otherwise
