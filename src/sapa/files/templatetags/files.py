"""`{% stored_file file reader %}`: a file as it stands in a conversation, with what the reader may do with it."""

from typing import Any

from django import template

from sapa.files import addresses
from sapa.files.kinds import ACCEPT, kind_named
from sapa.files.models import StoredFile
from sapa.people.models import Officer, User

register = template.Library()


@register.inclusion_tag("files/_file.html")
def stored_file(file: StoredFile, reader: User, officer: Officer | None = None) -> dict[str, Any]:
    """Name, kind, size and state; a download and a small picture once the file is checked.

    The page has made sure that `reader` may see the file; give `officer` on officers' pages.
    """
    href = picture = ""
    if file.is_ready:
        href = addresses.address(file, user=reader, officer=officer)
    if file.is_ready and file.has_thumbnail:
        picture = addresses.address(file, user=reader, officer=officer, thumbnail=True)
    return {"file": file, "kind": kind_named(file.media_type).key.upper(), "href": href, "picture": picture}


@register.simple_tag
def accepted_files() -> str:
    """What the chooser of a browser offers: `<input type="file" accept="{% accepted_files %}">`."""
    return ACCEPT
