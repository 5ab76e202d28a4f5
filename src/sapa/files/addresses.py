"""Signed addresses of files: for one reader, for a few hours, for nobody else (GHSA-wg74-ww4w-2qpc's class)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core import signing
from django.urls import reverse

from sapa.core.time import now
from sapa.files.models import StoredFile
from sapa.people.models import Officer, User

VALID_HOURS: Final = 4
_signer: Final = signing.Signer(salt="sapa.files.addresses")


class ExpiredError(Exception):
    """The address was true once."""


class ForgedError(Exception):
    """We never made this address, or made it for somebody else."""


@dataclass(frozen=True)
class Ticket:
    """What an address says: which file, its small picture or all of it, and as which officer it was shown."""

    token: str
    user_id: int
    officer_id: int
    is_thumbnail: bool


def address(file: StoredFile, *, user: User, thumbnail: bool = False, officer: Officer | None = None) -> str:
    """The address by which `user` alone may fetch the file within three to four hours. The caller has made sure
    that the user may see it. With `officer` it ends at once when that officer is dismissed.

    Within an hour it stays the same, so that a refreshed page does not fetch its pictures again.
    """
    hours = int(now().timestamp()) // 3600 + VALID_HOURS
    said = [file.token, user.pk, officer.pk if officer else 0, int(thumbnail), hours]
    return reverse("file", kwargs={"signed": _signer.sign_object(said)})


def read(signed: str, *, user: User, at: datetime) -> Ticket:
    """What the address says to `user`; raises ForgedError or ExpiredError."""
    try:
        token, user_id, officer_id, is_thumbnail, hours = _signer.unsign_object(signed)
    except (signing.BadSignature, ValueError, UnicodeError) as problem:
        raise ForgedError from problem
    if user_id != user.pk:
        raise ForgedError
    if at.timestamp() >= hours * 3600:
        raise ExpiredError
    return Ticket(token, user_id, officer_id, bool(is_thumbnail))
