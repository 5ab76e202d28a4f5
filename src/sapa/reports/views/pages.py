"""The reports of an office for those who lead it, and for the offices above."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view
from sapa.reports import complaints as recaps
from sapa.reports import online as answers
from sapa.reports import promise as promises
from sapa.reports import satisfaction
from sapa.reports import visits as comings
from sapa.reports.period import Kind, Period, of_kind, read
from sapa.reports.table import Table, as_csv

# A page of more rows is no reading; the file has them all.
MOST_SHOWN: Final = 200
NAMES: Final = (
    "reports",
    "promise_report",
    "online_report",
    "skm_report",
    "visits_report",
    "complaints_report",
)


@officer_view(rules.can_supervise, from_above=True)
@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    """The five answers of the period, each with the way to its report."""
    return _page(
        request,
        "reports",
        lambda period: {
            "promise": promises.report(request.office, period),
            "online": answers.report(request.office, period, at=now()),
            "skm": satisfaction.report(request.office, period),
            "visits": comings.report(request.office, period),
            "complaints": recaps.report(request.office, period, at=now()),
        },
        tables=lambda made: (),
    )


@officer_view(rules.can_supervise, from_above=True)
@require_safe
def promise(request: OfficerRequest) -> HttpResponse:
    """How the promised minutes were kept."""

    def tables(made: Mapping[str, Any]) -> Iterable[Table]:
        report = made["report"]
        return (
            report.weeks,
            report.desks,
            report.left_out,
            report.breaches,
            report.pauses_by,
            report.pauses_listed,
        )

    def make(period: Period) -> dict[str, Any]:
        report = promises.report(request.office, period)
        return {
            "report": report,
            "breaches": _beginning(report.breaches),
            "breaches_left": max(0, len(report.breaches.rows) - MOST_SHOWN),
            "pauses": _beginning(report.pauses_listed),
            "pauses_left": max(0, len(report.pauses_listed.rows) - MOST_SHOWN),
        }

    return _page(request, "promise_report", make, tables=tables)


@officer_view(rules.can_supervise, from_above=True)
@require_safe
def online(request: OfficerRequest) -> HttpResponse:
    """How the promised working days of online consultations were kept, and how they ended."""

    def tables(made: Mapping[str, Any]) -> Iterable[Table]:
        report = made["report"]
        return (report.months, report.left_out, report.breaches, report.endings, report.shares)

    def make(period: Period) -> dict[str, Any]:
        report = answers.report(request.office, period, at=now())
        return {
            "report": report,
            "breaches": _beginning(report.breaches),
            "breaches_left": max(0, len(report.breaches.rows) - MOST_SHOWN),
            "shares": _beginning(report.shares),
            "shares_left": max(0, len(report.shares.rows) - MOST_SHOWN),
        }

    return _page(request, "online_report", make, tables=tables)


@officer_view(rules.can_supervise, from_above=True)
@require_safe
def skm(request: OfficerRequest) -> HttpResponse:
    """The satisfaction index."""

    def tables(made: Mapping[str, Any]) -> Iterable[Table]:
        report = made["report"]
        return (report.elements, report.doors, report.comments, *(each.table for each in report.respondents))

    return _page(
        request,
        "skm_report",
        lambda period: {"report": satisfaction.report(request.office, period)},
        tables=tables,
    )


@officer_view(rules.can_supervise, from_above=True)
@require_safe
def visits(request: OfficerRequest) -> HttpResponse:
    """Who came and when."""

    def tables(made: Mapping[str, Any]) -> Iterable[Table]:
        report = made["report"]
        return (report.days, report.services, report.doors, *(each.table for each in report.demographics))

    return _page(
        request,
        "visits_report",
        lambda period: {"report": comings.report(request.office, period)},
        tables=tables,
    )


@officer_view(rules.can_supervise, from_above=True)
@require_safe
def complaints(request: OfficerRequest) -> HttpResponse:
    """How many complaints came through which door, and how the days were kept."""

    def tables(made: Mapping[str, Any]) -> Iterable[Table]:
        report = made["report"]
        return (report.days, report.doors, report.kinds, report.states)

    return _page(
        request,
        "complaints_report",
        lambda period: {"report": recaps.report(request.office, period, at=now())},
        tables=tables,
    )


def _page(
    request: OfficerRequest,
    name: str,
    make: Callable[[Period], dict[str, Any]],
    *,
    tables: Callable[[Mapping[str, Any]], Iterable[Table]],
) -> HttpResponse:
    """The report as a page or, with `unduh`, one of its tables as a file."""
    today = timezone.localdate(now(), request.office.zone)
    refusal = None
    try:
        period = read(request.GET.dict(), today)
    except Refused as wrong:
        refusal, period = wrong, of_kind(Kind.MONTH, today)
    made = make(period)
    if "unduh" in request.GET and refusal is None:
        return _file(request, period, tables(made), request.GET["unduh"])
    context = made | {
        "period": period,
        "refusal": refusal,
        "today": today,
        "printed_at": now(),
        "tabs": _tabs(request, name, period),
        "kinds": _kinds(period, today),
        "is_from_above": request.officer.office_id != request.office.pk,
        "dari": request.GET.get("dari", "") if refusal else period.first.isoformat(),
        "sampai": request.GET.get("sampai", "") if refusal else period.last.isoformat(),
    }
    return render(request, f"reports/{name}.html", context, status=400 if refusal else 200)


def _beginning(table: Table) -> Table:
    return replace(table, rows=table.rows[:MOST_SHOWN])


def _file(request: OfficerRequest, period: Period, tables: Iterable[Table], key: str) -> HttpResponse:
    table = next((each for each in tables if each.key == key), None)
    if table is None:
        raise Http404("no such table")
    response = HttpResponse(as_csv(table), content_type="text/csv; charset=utf-8")
    name = slugify(f"{request.office.code} {key} {period.first.isoformat()} {period.last.isoformat()}")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _tabs(request: OfficerRequest, current: str, period: Period) -> list[dict[str, Any]]:
    labels = (
        _("Summary"),
        _("The 10-minute promise"),
        _("The online promise"),
        _("Satisfaction (SKM)"),
        _("Visits"),
        _("Complaints"),
    )
    icons = ("home", "clock", "mail", "star", "users", "message-square")
    return [
        {
            "label": label,
            "icon": icon,
            "href": f"{reverse(name, args=[request.office.code])}?{period.query}",
            "current": name == current,
        }
        for name, label, icon in zip(NAMES, labels, icons, strict=True)
    ]


def _kinds(period: Period, today: Any) -> list[dict[str, Any]]:
    """Month, quarter, year: the one that holds the end of what is shown, but no later than today."""
    day = min(period.last, max(today, period.first))
    labels = {Kind.MONTH: _("Month"), Kind.QUARTER: _("Quarter"), Kind.YEAR: _("Year")}
    return [
        {"label": label, "href": f"?{of_kind(kind, day).query}", "current": kind is period.kind}
        for kind, label in labels.items()
    ]
