"""Files in quarantine are scanned and let out, or removed; clean ones are looked at again while they are new.

Due rows with a lease: the scanner is asked outside any transaction, and settling is what ends it. While the
scanner is away, files stay where they are, and the health page shows for how long (ASVS 5.4.3).
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django_scopes import scopes_disabled

from sapa.activity.recording import record
from sapa.core.work import Source
from sapa.files import clamd, storage
from sapa.files.models import StoredFile

log = logging.getLogger("sapa.files")

State = StoredFile.State
LEASE: Final = timedelta(minutes=5)
PATIENCE: Final = timedelta(seconds=30)
LONGEST_PATIENCE: Final = timedelta(minutes=15)
# Signatures of new malware come a few days after it.
AGAIN_AFTER: Final = timedelta(days=1)
AGAIN_FOR: Final = timedelta(days=14)
# Clocks and deliveries wait in the same loop: never more than a few scans before it is their turn.
AT_ONCE: Final = 5


def scan(row: int, at: datetime) -> None:
    """The file is out of quarantine, or removed, or tried again later when the scanner gave no verdict."""
    with scopes_disabled():
        file = _claimed(row, at)
        if file is not None and settings.CLAMD:
            _ask(file, at)
        elif file is not None:
            # There was a scanner once; the content check has been passed.
            _clear(file, at, scanned_at=file.scanned_at, again_at=None)


def _ask(file: StoredFile, at: datetime) -> None:
    try:
        with file.path.open("rb") as opened:
            signature = clamd.scan(opened, clamd.target(settings.CLAMD))
    except FileNotFoundError:
        _remove(file, at, state=State.REFUSED, signature="missing")
    except clamd.TooLargeForScannerError:
        _remove(file, at, state=State.REFUSED, signature="too large for the scanner")
    except clamd.ScannerError as problem:
        _put_off(file, at, str(problem))
    else:
        is_new = at - file.uploaded_at < AGAIN_FOR
        if signature:
            _remove(file, at, state=State.INFECTED, signature=signature)
        else:
            _clear(file, at, scanned_at=at, again_at=at + AGAIN_AFTER if is_new else None)


def rescan(*, since: datetime, at: datetime) -> int:
    """Every clean file that came in since then is due for another scan; how many."""
    with scopes_disabled():
        rows = StoredFile.objects.filter(state=State.CLEAN, uploaded_at__gte=since)
        return rows.update(scan_due_at=at, scan_attempts=0)


def _claimed(row: int, at: datetime) -> StoredFile | None:
    file = StoredFile.objects.filter(pk=row, scan_due_at__lte=at).first()
    if file is None:
        return None
    tries = min(file.scan_attempts + 1, 100)
    still = StoredFile.objects.filter(pk=row, scan_due_at=file.scan_due_at)
    if not still.update(scan_due_at=at + LEASE, scan_attempts=tries):
        return None
    file.scan_attempts = tries
    return file


def _clear(file: StoredFile, at: datetime, *, scanned_at: datetime | None, again_at: datetime | None) -> None:
    settled = {"scanned_at": scanned_at, "scan_due_at": again_at, "scan_attempts": 0}
    with transaction.atomic():
        if StoredFile.objects.filter(pk=file.pk, state=State.QUARANTINED).update(
            state=State.CLEAN, **settled
        ):
            _tell("file.cleared", file, at)
        else:
            StoredFile.objects.filter(pk=file.pk, state=State.CLEAN).update(**settled)


def _remove(file: StoredFile, at: datetime, *, state: StoredFile.State, signature: str) -> None:
    """The content is gone; name, fingerprint and the reason stay, so that both sides can be told."""
    with transaction.atomic():
        kept = StoredFile.objects.filter(pk=file.pk, state__in=[State.QUARANTINED, State.CLEAN])
        if not kept.update(
            state=state, signature=signature, scanned_at=at, scan_due_at=None, thumbnail_size=0
        ):
            return
        _tell(f"file.{state}", file, at, signature=signature)
        transaction.on_commit(lambda: storage.remove(file))


def _tell(name: str, file: StoredFile, at: datetime, **more: str) -> None:
    topics = (file.topic,) if file.topic else ()
    data = {"sha256": file.sha256, **more}
    record(name, file, office_id=file.office_id, by=None, at=at, data=data, topics=topics)


def _put_off(file: StoredFile, at: datetime, reason: str) -> None:
    """This file waits twice as long each time; the others at least a moment, so that a scanner that hangs
    costs the loop one time-out and not one for each file."""
    log.warning("no verdict of the scanner", extra={"file": file.pk, "reason": reason})
    wait = min(PATIENCE * 2 ** min(file.scan_attempts - 1, 10), LONGEST_PATIENCE)
    StoredFile.objects.filter(pk=file.pk).update(scan_due_at=at + wait)
    StoredFile.objects.filter(scan_due_at__lte=at).update(scan_due_at=at + PATIENCE)


def _due(at: datetime, limit: int) -> list[int]:
    with scopes_disabled():
        # "quarantined" comes after "clean": somebody waits for those, nobody for the second look.
        rows = StoredFile.objects.filter(scan_due_at__lte=at).order_by("-state", "scan_due_at", "pk")
        return list(rows.values_list("pk", flat=True)[: min(limit, AT_ONCE)])


def _fail(row: int, at: datetime, reason: str) -> None:
    """The lease ends by itself; then it is tried again."""


def _oldest() -> datetime | None:
    with scopes_disabled():
        rows = StoredFile.objects.filter(state=State.QUARANTINED)
        oldest: datetime | None = rows.aggregate(oldest=Min("uploaded_at"))["oldest"]
    return oldest


SOURCE = Source(name="file scans", due=_due, run=scan, fail=_fail, oldest=_oldest)
