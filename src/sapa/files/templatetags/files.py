"""`{% stored_file file reader %}` shows a file in a conversation; `{% file_picker %}` lets somebody choose some."""

from typing import Any, Final

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from sapa.files import addresses, claiming
from sapa.files.claiming import MOST_PER_MESSAGE
from sapa.files.kinds import ACCEPT, kind_named
from sapa.files.models import StoredFile
from sapa.people.models import Officer, User

register = template.Library()

SHOWN: Final = 240


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
    # Half of its points: sharp on a telephone's fine screen.
    shrink = min(1.0, SHOWN / max(file.thumbnail_width, file.thumbnail_height, 1))
    return {
        "file": file,
        "kind": kind_named(file.media_type).key.upper(),
        "href": href,
        "picture": picture,
        "width": round(file.thumbnail_width * shrink),
        "height": round(file.thumbnail_height * shrink),
    }


@register.inclusion_tag("files/_picker.html")
def file_picker(name: str = "files", id: str = "id_files") -> dict[str, Any]:
    """The field of a form by which files are chosen (`enctype="multipart/form-data"`); what is too much it says
    before anything is sent."""
    megabytes = settings.FILE_LIMIT // (1024 * 1024)
    return {
        "name": name,
        "id": id,
        "accept": ACCEPT,
        "limit": settings.FILE_LIMIT,
        # The rest is for the words of the message.
        "total": settings.BODY_LIMIT - 1_000_000,
        "most": MOST_PER_MESSAGE,
        "megabytes": megabytes,
        "many": claiming.too_many().sentence,
        "large": _("%(name)s is larger than %(limit)s MB. Please choose a smaller file.")
        % {"name": "{name}", "limit": megabytes},
        "heavy": _("Together these files are too large. Please send some of them with another message."),
    }
