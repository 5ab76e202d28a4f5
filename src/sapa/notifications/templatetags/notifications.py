"""The bell in the header of every page of somebody who is signed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from sapa.core.time import now
from sapa.notifications import deliveries, readers, reading
from sapa.offices.models import Office
from sapa.ui.remembered import address
from sapa.ui.templatetags.ui import kept

register = template.Library()
MOST_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A delivery that was given up, without whom it was for: the administrator needs the case and the reason."""

    id: int
    way: str
    about: str
    dead_at: datetime | None
    attempts: int
    reason: str


@register.simple_tag(takes_context=True)
def bell(context: Context) -> SafeString:
    """How much is unseen. Whoever opens the page that a notification leads to has seen it; and mails follow the
    language in which pages are read. One query, and a second only when there is something to note."""
    request: HttpRequest | None = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return SafeString("")
    unseen, language = reading.bell_of(user)
    if "HX-Request" not in request.headers:
        if unseen and request.method == "GET":
            unseen = max(0, unseen - reading.see_path(user, request.path, at=now()))
        read_in = getattr(request, "LANGUAGE_CODE", "")
        if read_in and read_in != language:
            readers.speaks(user, read_in, at=now())
    here = request.path == address("notifications")
    return kept(
        ("bell", here, unseen),
        lambda: render_to_string(
            "notifications/_bell_link.html",
            {
                "is_here": here,
                "unseen": unseen,
                "most": reading.MOST_COUNTED - 1,
                "is_many": unseen >= reading.MOST_COUNTED,
            },
        ),
    )


@register.simple_tag
def given_up(office: Office) -> list[GivenUp]:
    """What could not be delivered for this office, the latest first."""
    return [
        GivenUp(
            id=each.pk,
            way=each.get_way_display(),
            about=str(each.notification.params.get("code", "")) or each.notification.what,
            dead_at=each.dead_at,
            attempts=each.attempts,
            reason=each.reason,
        )
        for each in deliveries.dead_of(office)[:MOST_SHOWN]
    ]
