"""A file between being chosen and being confirmed: kept for a day under an unguessable name.

What nobody confirms is deleted with everything else in the folder of files that has no row (`files.tidying`).
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from django.conf import settings

from sapa.core.ids import token as new_token
from sapa.offices.models import Office

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")


def keep(pieces: Iterable[bytes], *, office: Office) -> str:
    """The contents are kept for the office; returns the token by which `kept` finds them."""
    name = new_token()
    path = _path(office, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            for piece in pieces:
                file.write(piece)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return name


def kept(name: str, *, office: Office) -> Path | None:
    """The file that was kept for this office; None when there is none, or not any more."""
    if not _TOKEN.fullmatch(name):
        return None
    path = _path(office, name)
    return path if path.is_file() else None


def forget(name: str, *, office: Office) -> None:
    """The file is gone."""
    if _TOKEN.fullmatch(name):
        _path(office, name).unlink(missing_ok=True)


def _path(office: Office, name: str) -> Path:
    folder: Path = settings.FILES / "lists"
    return folder / f"{name}.{office.code}"
