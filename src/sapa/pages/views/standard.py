"""The service standard as the public reads it, from the same row that the clocks keep."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from sapa.core.time import now
from sapa.offices.calendars import calendar_of
from sapa.offices.models import ServiceStandard
from sapa.offices.opening import days_from, days_off_after
from sapa.offices.scope import OfficeRequest
from sapa.offices.standards import history
from sapa.people.access import office_public
from sapa.reports import online
from sapa.reports.promise import public_figures


@office_public
def standard(request: OfficeRequest) -> HttpResponse:
    """Requirements, steps, times, cost, product, complaints, hours, maklumat, and every version there was.
    `?versi=<first day>` shows an earlier one."""
    here = request.office
    today = now().astimezone(here.zone).date()
    versions = history(here)
    current = next((each for each in versions if each.is_in_force(today)), None)
    asked = request.GET.get("versi")
    shown = current
    if asked:
        shown = next((each for each in versions if each.valid_from.isoformat() == asked), None)
        if shown is None:
            raise Http404("no such version")
    calendar = calendar_of(here)
    context = {
        "office": here,
        "standard": shown,
        "is_current": shown == current,
        "versions": versions,
        "text": spoken(shown) if shown else {},
        "days": days_from(calendar, today),
        "days_off": days_off_after(calendar, today),
        "today": today,
        "figures": public_figures(here, today),
        "online_figures": online.public_figures(here, today),
    }
    return render(request, "pages/standard.html", context)


def spoken(standard: ServiceStandard) -> dict[str, Any]:
    """The texts of the standard in the reader's language, requirements, steps and times by channel."""
    said: dict[str, Any] = _said(standard.content, "en" if translation.get_language() == "en" else "id")
    channels = {"visit": _("Visit in person"), "online": _("Online service")}
    said["channels"] = [
        {
            "key": channel,
            "name": name,
            "requirements": [each for each in said.get("requirements", ()) if each["channel"] == channel],
            "steps": [each for each in said.get("steps", ()) if each["channel"] == channel],
            "times": [each for each in said.get("times", ()) if each["channel"] == channel],
        }
        for channel, name in channels.items()
    ]
    return said


def _said(value: Any, language: str) -> Any:
    """Every {"id": ..., "en": ...} replaced by the text in one language."""
    if isinstance(value, dict):
        if value.keys() == {"id", "en"}:
            return value[language]
        return {key: _said(each, language) for key, each in value.items()}
    if isinstance(value, list):
        return [_said(each, language) for each in value]
    return value
