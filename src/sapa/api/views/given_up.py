"""Webhook deliveries that were given up, for an administrator: one or all of them, try again or drop."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sapa.api import reviving
from sapa.api.models import WebhookDelivery
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.offices.models import Office
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view

MOST_SHOWN: Final = 50


def shelf(office: Office) -> dict[str, Any]:
    """What the list of given-up deliveries needs: the latest of them, and how many there are."""
    dead = reviving.dead_of(office)
    shown = list(dead.select_related("endpoint", "event")[: MOST_SHOWN + 1])
    total = len(shown) if len(shown) <= MOST_SHOWN else dead.count()
    return {"webhooks_dead": shown[:MOST_SHOWN], "webhooks_dead_total": total}


@officer_view(rules.can_administer)
@require_POST
def retry(request: OfficerRequest, delivery: int | None = None) -> HttpResponse:
    """Due again now."""
    told = _("It is being sent again. If it fails for a day, it comes back here.")
    return _settled(request, delivery, reviving.revive, told)


@officer_view(rules.can_administer)
@require_POST
def drop(request: OfficerRequest, delivery: int | None = None) -> HttpResponse:
    """Not sent any more."""
    told = _("It is not sent any more. The program can still read what it missed.")
    return _settled(request, delivery, reviving.drop, told)


def _settled(
    request: OfficerRequest, delivery: int | None, settle: Callable[..., None], told: str
) -> HttpResponse:
    """Back to the list, with what was done or why it was not."""
    try:
        for each in _asked_for(request, delivery):
            settle(each, by=request.user, at=now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, told)
    return redirect("settings_work", office=request.office.code)


def _asked_for(request: OfficerRequest, delivery: int | None) -> models.QuerySet[WebhookDelivery]:
    """One of the office, dead or not any more; without a number all that are dead now."""
    if delivery is None:
        return reviving.dead_of(request.office).select_related("endpoint")
    found = WebhookDelivery.objects.filter(pk=delivery, endpoint__office=request.office)
    if not found.exists():
        raise Http404("no such delivery in this office")
    return found.select_related("endpoint")
