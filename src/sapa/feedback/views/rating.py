"""The rating on the visitor's own phone, by the link of the visit or of the online consultation."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.feedback import ratings
from sapa.feedback.forms import RatingForm
from sapa.feedback.models import Rating
from sapa.frontdesk.models import QueueTicket
from sapa.offices.scope import OfficeRequest
from sapa.people.access import office_public


@office_public
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: OfficeRequest, token: str) -> HttpResponse:
    """The questionnaire; after the answer, and ever after, the thank-you."""
    found = (
        Rating.objects.select_related("visit", "consultation", "service").filter(token=_token(token)).first()
    )
    if found is None:
        return _closed(request, "unknown", status=404)
    if found.rated_at is not None:
        return _private(render(request, "feedback/rating_thanks.html", {"rating": found}))
    if ratings.is_expired(found, now()):
        return _closed(request, "expired", status=410)
    form = RatingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _receive(request, found, form, at=now())
    status = 422 if request.method == "POST" else 200
    return _private(render(request, "feedback/rating.html", {"rating": found, "form": form}, status=status))


@office_public
@require_safe
def of_ticket(request: OfficeRequest, token: str) -> HttpResponse:
    """From a queue number to the rating of its visit; before the invitation, a page that says when."""
    ticket = QueueTicket.objects.select_related("visit").filter(token=_token(token)).first()
    if ticket is None:
        return _closed(request, "unknown", status=404)
    link = ratings.link_for(ticket.visit)
    return redirect(link) if link else _closed(request, "not_yet", status=200, ticket=ticket)


def _receive(request: OfficeRequest, found: Rating, form: RatingForm, *, at: datetime) -> HttpResponse:
    try:
        ratings.rate(found, answers=form.answers, comment=form.cleaned_data["comment"], at=at, door="link")
    except Refused as refusal:
        if refusal.code != ratings.ALREADY_RATED:  # a second press of the button is the same answer
            form.add_error(None, str(refusal))
            return _private(
                render(request, "feedback/rating.html", {"rating": found, "form": form}, status=422)
            )
    return redirect("rating", request.office.code, found.token)


def _closed(
    request: OfficeRequest, why: str, *, status: int, ticket: QueueTicket | None = None
) -> HttpResponse:
    context = {"why": why, "ticket": ticket, "days": ratings.LINK_DAYS}
    return _private(render(request, "feedback/rating_closed.html", context, status=status))


def _token(text: str) -> str:
    """What may be looked up: PostgreSQL refuses to compare a text with NUL in it."""
    return text.replace("\0", "")


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_store=True, private=True)
    return response
