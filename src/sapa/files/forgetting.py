"""Files of somebody who asked to be forgotten (UU 27/2022 art. 8, 43): only that there was one, and its size, stays."""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from django.db import transaction
from django_scopes import scopes_disabled

from sapa.files import storage
from sapa.files.models import StoredFile


def forget(file_ids: Collection[int], *, at: datetime) -> None:
    """Name, fingerprint and, after the commit, content of these files are gone. In the caller's transaction, whose
    event says who asked for it. Twice is once."""
    with transaction.atomic(), scopes_disabled():
        for file in StoredFile.objects.filter(pk__in=file_ids):
            StoredFile.objects.filter(pk=file.pk).update(
                state=StoredFile.State.ERASED,
                name="",
                sha256="",
                signature="",
                scan_due_at=None,
                thumbnail_size=0,
            )
            transaction.on_commit(partial(storage.remove, file))
