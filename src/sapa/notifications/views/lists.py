"""What I was told: the list, the bell, opening one, marking all as seen."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_scopes import scopes_disabled

from sapa.activity.push import last_event_id
from sapa.core.time import now
from sapa.notifications import details, reading
from sapa.notifications.kinds import KINDS
from sapa.notifications.models import Notification
from sapa.notifications.words import Words, words_of
from sapa.people.access import AccountRequest, account_view, public
from sapa.people.models import Officer


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    id: int
    words: Words
    icon: str
    office: str
    zone: ZoneInfo
    at: datetime
    is_new: bool


@account_view
@require_safe
def index(request: AccountRequest) -> HttpResponse:
    """The list, the latest first, a page at a time."""
    before = request.GET.get("sebelum", "")
    found, rest = reading.page_of(
        request.user, before=int(before) if before.isdecimal() and len(before) < 19 else None
    )
    with scopes_disabled():
        officer = Officer.objects.select_related("office").filter(user=request.user, is_active=True).first()
    office = officer.office if officer is not None else (found[0].office if found else None)
    context = {
        "rows": [_row(each) for each in found],
        "next": rest,
        "is_first_page": not before,
        "unseen": reading.unseen(request.user).count(),
        "officer": officer,
        "stream_office": office,
        "last_event_id": last_event_id(office.pk) if office is not None else 0,
    }
    template = "notifications/_list.html" if "HX-Request" in request.headers else "notifications/list.html"
    return _private(render(request, template, context))


@account_view
@require_safe
def bell(request: AccountRequest) -> HttpResponse:
    """How much is unseen, for a page that has just heard that there is something."""
    return _private(render(request, "notifications/_bell.html"))


@account_view
@require_safe
def show(request: AccountRequest, notification: int) -> HttpResponse:
    """Seen now, and on to where it leads. Somebody else's is not found."""
    found = get_object_or_404(reading.of(request.user), pk=notification)
    reading.see(found, at=now())
    return _private(redirect(details.path_of(found)))


@account_view
@require_POST
def see_all(request: AccountRequest) -> HttpResponse:
    """Everything is seen."""
    reading.see_all(request.user, at=now())
    return redirect("notifications")


@public
@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """What a woken browser shows: the latest unseen in its reader's words; signed out or nothing new: a neutral
    sentence. Public, because the browser asks by itself and a sign-in page would help nobody."""
    unseen = list(reading.unseen(request.user)[:2]) if request.user.is_authenticated else []
    if unseen:
        said = words_of(unseen[0])
        told = {
            "title": said.title,
            "body": said.text,
            "url": reverse("notification", args=[unseen[0].pk]),
            "tag": unseen[0].thread or f"sapa-{unseen[0].pk}",
        }
    else:
        told = {
            "title": "Sapa",
            "body": _("There is something new. Open Sapa to read it."),
            "url": reverse("notifications"),
            "tag": "sapa",
        }
    answer = JsonResponse(told)
    patch_cache_control(answer, no_store=True, private=True)
    return answer


def _row(notification: Notification) -> Row:
    kind = KINDS.get(notification.what)
    return Row(
        id=notification.pk,
        words=words_of(notification),
        icon=kind.icon if kind else "bell",
        office=notification.office.name,
        zone=notification.office.zone,
        at=notification.created_at,
        is_new=notification.seen_at is None,
    )


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_store=True, private=True)
    return response
