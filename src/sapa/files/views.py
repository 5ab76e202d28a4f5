"""Handing a file out: to the reader its address was made for, never so that a browser would run it."""

from typing import Final, cast

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from django_scopes import scopes_disabled

from sapa.core.time import now
from sapa.files import addresses
from sapa.files.models import StoredFile
from sapa.people.access import AccountRequest, account_view
from sapa.people.models import Officer

GUARDS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
    # Files are packed already; packing them again would hold a thread for as long as the reader's line is slow.
    "Content-Encoding": "identity",
}


FORGED: Final = _(
    "This link to a file was made for somebody else, or is not complete."
    " Please open the file from your conversation."
)
EXPIRED: Final = _(
    "This link to a file has expired. Please open your conversation again and choose the file there."
)
DISMISSED: Final = _("You no longer work in the office this file belongs to.")
REMOVED: Final = _("This file has been removed. Please ask for it in your conversation.")
QUARANTINED: Final = _("This file is still being checked. Please try again in a few minutes.")


@account_view
@require_GET
def show(request: AccountRequest, signed: str) -> HttpResponse:
    """The file as a download, or its small picture. Anything else is a page that says how to go on."""
    try:
        ticket = addresses.read(signed, user=request.user, at=now())
    except addresses.ForgedError:
        return _sentence(request, 403, FORGED)
    except addresses.ExpiredError:
        return _sentence(request, 410, EXPIRED)
    with scopes_disabled():
        file = StoredFile.objects.filter(token=ticket.token).first()
        officers = Officer.objects.filter(pk=ticket.officer_id, is_active=True)
        if ticket.officer_id and not officers.exists():
            return _sentence(request, 403, DISMISSED)
    if file is None or file.is_gone:
        return _sentence(request, 410, REMOVED)
    if not file.is_ready:
        return _sentence(request, 409, QUARANTINED)
    return _give(file, thumbnail=ticket.is_thumbnail) or _sentence(request, 410, REMOVED)


def _give(file: StoredFile, *, thumbnail: bool) -> HttpResponse | None:
    """The content, or None when it is not there: the data were put back from a backup without the files."""
    try:
        opened = (file.thumbnail_path if thumbnail else file.path).open("rb")
    except FileNotFoundError:
        return None
    answer = FileResponse(
        opened,
        as_attachment=not thumbnail,
        filename=f"{file.name}.webp" if thumbnail else file.name,
        content_type="image/webp" if thumbnail else file.media_type,
        headers=GUARDS,
    )
    answer.headers["Content-Length"] = str(file.thumbnail_size if thumbnail else file.size)
    # A streamed answer is of another class, and everything between here and the reader knows both.
    return cast("HttpResponse", answer)


def _sentence(request: HttpRequest, status: int, sentence: str | Promise) -> HttpResponse:
    answer = render(request, "files/not_now.html", {"sentence": sentence}, status=status)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
