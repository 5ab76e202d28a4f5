"""A link that an officer pastes: to a meeting on the web and nothing else."""

from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from sapa.core.errors import Refused

LONGEST: Final = 500
NOT_HTTPS: Final = _("The link must begin with https://. Copy it once more from your meeting service.")
NOT_A_LINK: Final = _("This is not a complete link. Copy it once more from your meeting service.")


def checked(text: str) -> str:
    """The link, trimmed; refused unless it is an https address of a named host without a password in it."""
    link = text.strip()
    try:
        parts = urlsplit(link)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise Refused(NOT_A_LINK, code="bad_link") from None
    if parts.scheme != "https" or not link.startswith("https://"):
        raise Refused(NOT_HTTPS, code="bad_link")
    is_plain = link.isascii() and link.isprintable() and not set(link) & set(' "<>\\^`{|}')
    if "." not in host or not is_plain or "@" in parts.netloc or len(link) > LONGEST:
        raise Refused(NOT_A_LINK, code="bad_link")
    return link
