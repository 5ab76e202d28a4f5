"""Where contents lie: outside the static root, under names that nobody can guess, never half-written."""

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sapa.core.errors import Refused
from sapa.core.ids import token
from sapa.files.models import StoredFile

# Less than this is left for the database, without which nothing works.
FREE_BYTES: Final = 300_000_000


def arrive(blocks: Iterable[bytes], *, limit: int) -> tuple[Path, int, str]:
    """The content in a temporary file of its own, its size and its fingerprint. Refuses more than `limit` bytes."""
    _require_room()
    path = _arrivals() / token()
    size, digest = 0, hashlib.sha256()
    try:
        with path.open("xb") as file:
            for block in blocks:
                size += len(block)
                if size > limit:
                    raise too_large(limit)
                digest.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, size, digest.hexdigest()


def keep(arrived: Path, path: Path) -> None:
    """What has arrived is at `path`, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    arrived.chmod(0o600)
    arrived.replace(path)


def keep_bytes(content: bytes, path: Path) -> None:
    """`content` is at `path`, whole or not at all."""
    arrived = _arrivals() / token()
    arrived.write_bytes(content)
    keep(arrived, path)


def remove(file: StoredFile) -> None:
    """Neither content nor small picture of `file` is there any more."""
    file.path.unlink(missing_ok=True)
    file.thumbnail_path.unlink(missing_ok=True)


def too_large(limit: int) -> Refused:
    return Refused(
        _("This file is larger than %(limit)s MB. Please send a smaller one, or several parts.")
        % {"limit": limit // (1024 * 1024)},
        code="too_large",
    )


def _arrivals() -> Path:
    # On the same file system as the rest, so that renaming is one step.
    folder: Path = settings.FILES / "arriving"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _require_room() -> None:
    if shutil.disk_usage(_arrivals()).free < FREE_BYTES:
        raise Refused(
            _("We cannot take files just now. Please send your message without it, or try again later."),
            code="full",
        )
