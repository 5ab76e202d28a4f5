"""A secret of a provider, kept unreadable: sealed with a key of its own, made from the installation's key."""

import base64
from typing import TYPE_CHECKING

from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


class Unreadable(Exception):
    """Sealed under another SAPA_SECRET_KEY, or damaged: it must be typed in again."""


def seal(secret: str) -> str:
    """The secret as it may stand in the database; blank stays blank."""
    return _box().encrypt(secret.encode()).decode() if secret else ""


def unseal(sealed: str) -> str:
    """The secret again; raises Unreadable."""
    from cryptography.fernet import InvalidToken  # loads OpenSSL: only where a secret is used

    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except (InvalidToken, ValueError) as problem:
        raise Unreadable from problem


def _box() -> "Fernet":
    from cryptography.fernet import Fernet

    key = salted_hmac("sapa.meetings.sealing", "providers", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
