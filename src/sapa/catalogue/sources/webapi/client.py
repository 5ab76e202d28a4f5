"""Asking the WebAPI: paths of words and values, the key at their end, the pause of a polite guest."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol
from urllib.parse import quote

from django.conf import settings

from sapa.catalogue.sources.polite import Polite

NAME: Final = "WebAPI BPS"
# The firewall before the WebAPI lets no program in that does not look like a browser (domain.md 10.1).
BROWSER: Final = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
    "Accept": "application/json, text/plain, */*",
    "Accept-Language": "id,en;q=0.8",
}


class Signer(Protocol):
    """Whoever puts the permission to a request: a key today, a gateway's token when BPS has moved to one."""

    def sign(self, path: str) -> tuple[str, Mapping[str, str]]:
        """The path as it is asked for, and the headers that go with it."""


class KeyAtTheEnd:
    """The personal key of the developer portal, as the last part of the path."""

    def __init__(self, key: str) -> None:
        self._key = key

    def sign(self, path: str) -> tuple[str, Mapping[str, str]]:
        return f"{path}/key/{quote(self._key, safe='')}", {}


class Client:
    """One conversation with the WebAPI."""

    def __init__(
        self, signer: Signer, *, sleep: Callable[[float], None] = time.sleep, hurries: bool = False
    ) -> None:
        self._signer = signer
        self._polite = Polite(NAME, headers=BROWSER, sleep=sleep, hurries=hurries)

    def close(self) -> None:
        self._polite.close()

    def ask(self, path: str, *, what: str, **parts: str | int) -> Any:
        """What stands at path/name/value/…, as data. `what` names it in sentences."""
        words = [path, *(f"{name}/{quote(str(value), safe=';:')}" for name, value in parts.items())]
        signed, headers = self._signer.sign("/".join(words))
        return self._polite.json(f"{settings.WEBAPI}/{signed}", what=what, headers=headers)
