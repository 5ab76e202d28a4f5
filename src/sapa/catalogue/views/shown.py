"""What the views of this package share."""

from urllib.parse import quote

from django.http import HttpRequest

from sapa.offices.models import Office


def ask_address(office: Office, trail: str) -> str:
    """Where an officer is asked; the search trail goes along."""
    return f"/{office.code}/tanya/?jejak={quote(trail, safe='')}"


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page; going back through the history it asks for the whole."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
