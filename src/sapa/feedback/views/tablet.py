"""The tablet at a desk: waits, asks the visitor who has just been served, thanks, and forgets."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from sapa.activity import push
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.feedback import ratings
from sapa.feedback.forms import RatingForm
from sapa.feedback.models import Rating
from sapa.offices.models import Device
from sapa.offices.scope import DeviceRequest
from sapa.people.access import device_view


@device_view(Device.Kind.TABLET)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: DeviceRequest) -> HttpResponse:
    """Idle, the offer, the questions or the thank-you. Which visit was skipped stands in the address alone."""
    if request.method == "POST":
        return _receive(request)
    seen = push.last_event_id(request.office.pk)
    skipped = _whole(request.GET.get("sesudah", ""))
    desk = request.device.desk
    offered = ratings.offered_at(desk, now(), after=skipped) if desk else None
    address = _address(request)
    context = {
        "offered": offered,
        "skipped": skipped,
        "seen": seen,
        "address": address,
        "skip_address": f"{address}?sesudah={offered.pk if offered else skipped}",
    }
    if "terima-kasih" in request.GET and offered is None:
        return render(request, "feedback/tablet_thanks.html", context)
    if "nilai" in request.GET and offered is not None:
        return render(request, "feedback/tablet_questions.html", context | {"form": RatingForm()})
    fragment = bool(request.headers.get("HX-Request"))
    return render(request, "feedback/_tablet_stage.html" if fragment else "feedback/tablet.html", context)


def _receive(request: DeviceRequest) -> HttpResponse:
    """The answer of the visit that the questions were shown for, if it was served at this desk."""
    found = Rating.objects.filter(
        token=request.POST.get("rating", "").replace("\0", ""), desk__isnull=False, desk=request.device.desk
    ).first()
    if found is None:
        return redirect(_address(request))
    form = RatingForm(request.POST)
    if form.is_valid():
        try:
            ratings.rate(
                found, answers=form.answers, comment=form.cleaned_data["comment"], at=now(), door="tablet"
            )
        except Refused as refusal:
            if refusal.code != ratings.ALREADY_RATED:
                form.add_error(None, str(refusal))
    if form.is_valid():
        return redirect(f"{_address(request)}?terima-kasih&sesudah={found.pk}")
    address = _address(request)
    context = {
        "offered": found,
        "skip_address": f"{address}?sesudah={found.pk}",
        "address": address,
        "form": form,
    }
    return render(request, "feedback/tablet_questions.html", context, status=422)


def _address(request: DeviceRequest) -> str:
    return reverse("rating_tablet", args=[request.office.code, request.device.token])


def _whole(text: str) -> int:
    """A row number from the address; anything else counts as none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0
