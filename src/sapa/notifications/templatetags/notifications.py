"""The bell in the header of every page of somebody who is signed in."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context

from sapa.core.time import now
from sapa.notifications import readers, reading

register = template.Library()


@register.inclusion_tag("notifications/_bell_link.html", takes_context=True)
def bell(context: Context) -> dict[str, Any]:
    """How much is unseen. Whoever opens the page that a notification leads to has seen it; and mails follow the
    language in which pages are read. One query, and a second only when there is something to note."""
    request: HttpRequest | None = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return {"is_shown": False}
    unseen, language = reading.bell_of(user)
    if "HX-Request" not in request.headers:
        if unseen and request.method == "GET":
            unseen = max(0, unseen - reading.see_path(user, request.path, at=now()))
        read_in = getattr(request, "LANGUAGE_CODE", "")
        if read_in and read_in != language:
            readers.speaks(user, read_in, at=now())
    return {
        "is_shown": True,
        "unseen": unseen,
        "most": reading.MOST_COUNTED - 1,
        "is_many": unseen >= reading.MOST_COUNTED,
    }
