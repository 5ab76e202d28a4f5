"""Deliveries that were given up, for an administrator: try again or drop."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.notifications import deliveries
from sapa.notifications.models import Delivery
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view


@officer_view(rules.can_administer)
@require_POST
def retry(request: OfficerRequest, delivery: int) -> HttpResponse:
    """Due again now."""
    found = _of(request, delivery)
    try:
        deliveries.revive(found, by=request.user, at=now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is being sent again. If it fails, it comes back here."))
    return redirect("settings_work", office=request.office.code)


@officer_view(rules.can_administer)
@require_POST
def drop(request: OfficerRequest, delivery: int) -> HttpResponse:
    """Not sent any more."""
    found = _of(request, delivery)
    try:
        deliveries.drop(found, by=request.user, at=now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is not sent any more. Its reader still finds it in the page."))
    return redirect("settings_work", office=request.office.code)


def _of(request: OfficerRequest, number: int) -> Delivery:
    rows = Delivery.objects.select_related("notification").filter(notification__office=request.office)
    return get_object_or_404(rows, pk=number)
