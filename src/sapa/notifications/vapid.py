"""Our signature towards push services (RFC 8292): one key pair per installation, made once and kept beside the data."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.conf import settings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

# RFC 8292 section 2: at most a day. Shorter, because clocks differ.
VALID_FOR: Final = timedelta(hours=12)


def public_key() -> str:
    """What a browser is given when it subscribes: the uncompressed point in base64url, without padding."""
    return _public(_key(settings.VAPID_KEY, str(settings.DATA)))


def authorization(endpoint: str, *, at: datetime) -> str:
    """The Authorization header for one push to `endpoint`."""
    # Imported when needed: it costs the web process 5 MB.
    import jwt

    key = _key(settings.VAPID_KEY, str(settings.DATA))
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((at + VALID_FOR).timestamp()),
        "sub": settings.VAPID_SUBJECT,
    }
    return f"vapid t={jwt.encode(claims, key, algorithm='ES256')}, k={_public(key)}"


@cache
def _key(given: str, folder: str) -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec

    text = given or _kept(Path(folder) / "vapid_key")
    secret = int.from_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")
    return ec.derive_private_key(secret, ec.SECP256R1())


def _kept(file: Path) -> str:
    """The key in the file, made when there is none. Two processes that start at once agree: one of them makes it."""
    from cryptography.hazmat.primitives.asymmetric import ec

    if not file.exists():
        number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        fresh = file.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(_unpadded(number.to_bytes(32, "big")))
        with suppress(FileExistsError):
            os.link(fresh, file)
        fresh.unlink()
    return file.read_text().strip()


def _public(key: "EllipticCurvePrivateKey") -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return _unpadded(point)


def _unpadded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
