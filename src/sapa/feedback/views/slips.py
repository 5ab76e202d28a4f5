"""Entering the paper slips of the suggestion box."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.feedback import suggestion_box
from sapa.feedback.forms import SlipForm
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view


@officer_view(rules.can_receive)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: OfficerRequest) -> HttpResponse:
    """One slip after the other: day and witnesses of the last one stand there for the next."""
    today = timezone.localdate(now(), request.office.zone)
    if request.method != "POST":
        last = suggestion_box.last_opening(by=request.officer, on=today)
        form = SlipForm(initial={"submission_key": uuid4(), **last}, today=today)
        return render(request, "feedback/slip.html", {"form": form, "is_next": bool(last)})
    form = SlipForm(request.POST, today=today)
    if not form.is_valid():
        return render(request, "feedback/slip.html", {"form": form}, status=422)
    try:
        suggestion_box.enter(request.office, by=request.officer, at=now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return render(request, "feedback/slip.html", {"form": form}, status=422)
    messages.success(request, _("The slip is in the register. The next one can follow."))
    return redirect("slip_entry", request.office.code)
