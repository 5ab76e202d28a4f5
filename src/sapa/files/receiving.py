"""A file comes in: checked by its content, kept under an unguessable name, not yet part of any message."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from sapa.activity.recording import record
from sapa.core import work
from sapa.core.errors import Refused
from sapa.core.ids import token
from sapa.core.limits import spend
from sapa.files import content, names, storage
from sapa.files.models import StoredFile
from sapa.files.pictures import Picture
from sapa.offices.models import Office
from sapa.people.models import User

UNCLAIMED_FOR: Final = timedelta(days=1)
MOST_UNCLAIMED: Final = 20
State = StoredFile.State


def receive(upload: "File[bytes]", *, office: Office, user: User, at: datetime) -> StoredFile:
    """The file is kept: in quarantine when there is a scanner, else clean. Refused with a sentence otherwise, and
    then nothing of it is left (ASVS 5.2.1 to 5.2.5). Call it outside a transaction: it reads and computes for long.
    """
    _refuse_flood(user, at)
    if upload.size == 0:
        raise Refused(_("This file is empty. Please choose another one."), code="empty")
    if upload.size > settings.FILE_LIMIT:
        raise storage.too_large(settings.FILE_LIMIT)
    arrived, size, sha256 = storage.arrive(upload.chunks(), limit=settings.FILE_LIMIT)
    file = StoredFile(
        office=office, token=token(), size=size, sha256=sha256, uploaded_by=user, uploaded_at=at
    )
    file.discard_at = at + UNCLAIMED_FOR
    try:
        with arrived.open("rb") as opened:
            checked = content.check(opened, name=upload.name or "")
        file.name = names.cleaned(upload.name or "", checked.kind)
        file.media_type = checked.kind.media_type
        if checked.picture is not None:
            _keep_picture(file, checked.picture)
        storage.keep(arrived, file.path)
        _keep_row(file, user=user, at=at)
    except BaseException:
        arrived.unlink(missing_ok=True)
        storage.remove(file)
        raise
    return file


def _refuse_flood(user: User, at: datetime) -> None:
    spend("file", str(user.pk), times=120, seconds=3600)
    with scopes_disabled():
        # Those that wait for an approval (claiming.postpone) are kept for longer, and are nobody's flood.
        waiting = StoredFile.objects.filter(uploaded_by=user, discard_at__lte=at + UNCLAIMED_FOR).count()
    if waiting >= MOST_UNCLAIMED:
        raise Refused(
            _("You have chosen many files without sending them. Please send your message first."),
            code="too_many",
        )


def _keep_picture(file: StoredFile, picture: Picture) -> None:
    file.width, file.height = picture.width, picture.height
    small = picture.thumbnail
    if small is not None:
        file.thumbnail_size = len(small.content)
        file.thumbnail_width, file.thumbnail_height = small.width, small.height
        storage.keep_bytes(small.content, file.thumbnail_path)


def _keep_row(file: StoredFile, *, user: User, at: datetime) -> None:
    file.state = State.QUARANTINED if settings.CLAMD else State.CLEAN
    file.scan_due_at = at if settings.CLAMD else None
    with transaction.atomic():
        file.save(force_insert=True)
        data = {"media_type": file.media_type, "size": file.size, "sha256": file.sha256}
        record("file.received", file, office_id=file.office_id, by=user, at=at, data=data)
        if settings.CLAMD:
            transaction.on_commit(work.wake.set)
