"""Asking another computer for JSON without being a burden: slowly, again after a while, never for ever."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from sapa.catalogue.sources.base import SourceError
from sapa.core.outside import NotPublic, require_public

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
TRIES: Final = 4
LARGEST: Final = 50_000_000
# A source that wants us to come back later than this is left alone until the worker's next turn.
LONGEST_WAIT: Final = 60.0
# Somebody who sits there and waits is told after so many seconds what came until then.
HURRY_SECONDS: Final = 20.0
AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class Missing(SourceError):
    """There is nothing at this address (404, 410): the rest of the source may be well."""


class Refusing(SourceError):
    """The source does not let us in (401, 403): a wrong key, or a firewall."""


class Polite:
    """Fetches one thing after the other: with a pause between calls, four tries, a limit of size and of patience.

    `name` is what the source is called in sentences; addresses never stand in them, since they may hold a key.
    `hurries`: somebody waits, so there is one try for each call and an end of it all after twenty seconds.
    `anywhere` False: only computers of the open internet are called, however the address leads there.
    """

    def __init__(
        self,
        name: str,
        *,
        headers: Mapping[str, str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        largest: int = LARGEST,
        hurries: bool = False,
        anywhere: bool = True,
    ) -> None:
        self.name, self._sleep, self._largest = name, sleep, largest
        self._headers = dict(headers or {})
        self._http: httpx.Client | None = None
        self._is_first = True
        self._tries = 1 if hurries else TRIES
        self._until = time.monotonic() + HURRY_SECONDS if hurries else None
        self._hooks: dict[str, list[Callable[..., Any]]] = {"request": [] if anywhere else [self._look_where]}

    def close(self) -> None:
        """The connection is given back."""
        if self._http is not None:
            self._http.close()
            self._http = None

    def json(
        self,
        url: str,
        *,
        what: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The answer as data, fractions as Decimal. `what` names in sentences what was asked for."""
        return self._asked(url, what, params, headers, lambda body: _data(self.name, what, body))

    def body(self, url: str, *, what: str, headers: Mapping[str, str] | None = None) -> bytes:
        """The answer as it came."""
        return self._asked(url, what, None, headers, lambda body: body)

    def _asked(
        self,
        url: str,
        what: str,
        params: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
        read: Callable[[bytes], T],
    ) -> T:
        problem: SourceError | None = None
        for turn in range(self._tries):
            try:
                return read(self._body(url, params, headers, what))
            except _Later as later:
                problem = SourceError(str(later), permanent=False)
                wait = settings.SOURCES_PACE * 2 ** (turn + 1) if later.wait is None else later.wait
                if wait > LONGEST_WAIT:
                    break
                if turn + 1 < self._tries:
                    self._sleep(wait)
        assert problem is not None
        raise problem

    def _body(
        self, url: str, params: Mapping[str, str] | None, headers: Mapping[str, str] | None, what: str
    ) -> bytes:
        # Imported when needed: the web process asks nobody while it answers.
        import httpx

        self._require_time()
        if not self._is_first:
            self._sleep(settings.SOURCES_PACE)
        self._is_first = False
        if self._http is None:
            self._http = httpx.Client(
                timeout=settings.SOURCES_TIMEOUT if self._until is None else HURRY_SECONDS / 2,
                event_hooks=self._hooks,
                headers=self._headers,
                follow_redirects=True,
                max_redirects=3,
            )
        said = {"name": self.name, "what": what}
        try:
            with self._http.stream("GET", url, params=params, headers=headers) as answer:
                self._look_at(answer, said)
                return self._read(answer, said)
        except NotPublic:
            raise SourceError(
                _(
                    "%(name)s does not lie in the open internet. Whoever runs this server can allow it"
                    " (SAPA_SOURCES_PRIVATE)."
                )
                % said,
                permanent=True,
            ) from None
        except httpx.TimeoutException:
            sentence = _("%(name)s did not answer in time (%(what)s).") % said
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            sentence = _("%(name)s cannot be reached (%(what)s).") % said
        raise _Later(sentence)

    def _require_time(self) -> None:
        if self._until is not None and time.monotonic() > self._until:
            raise SourceError(
                _("%(name)s needs longer than one can wait for. In the background it is read patiently.")
                % {"name": self.name},
                permanent=False,
            )

    def _look_where(self, request: "httpx.Request") -> None:
        """Before each call, those to which an answer leads too."""
        require_public(request.url.host)

    def _look_at(self, answer: "httpx.Response", said: dict[str, str]) -> None:
        status = answer.status_code
        said = said | {"status": str(status)}
        if 200 <= status < 300:
            return
        if status == 429:
            raise _Later(
                _("%(name)s wants fewer requests (%(what)s, status 429).") % said, wait=_retry_after(answer)
            )
        if status in AGAIN or status >= 500:
            raise _Later(
                _("%(name)s has a fault (%(what)s, status %(status)s).") % said, wait=_retry_after(answer)
            )
        if status in {404, 410}:
            raise Missing(_("%(name)s knows nothing of this: %(what)s.") % said, permanent=True)
        sentence = _("%(name)s refuses (%(what)s, status %(status)s). Check the key and the address.") % said
        raise (Refusing if status in {401, 403} else SourceError)(sentence, permanent=True)

    def _read(self, answer: "httpx.Response", said: dict[str, str]) -> bytes:
        body = bytearray()
        for piece in answer.iter_bytes():
            body += piece
            self._require_time()
            if len(body) > self._largest:
                size = str(self._largest // 1_000_000)
                sentence = _("%(name)s sent more than %(size)s MB (%(what)s).") % (said | {"size": size})
                raise Missing(sentence, permanent=True)
        return bytes(body)


class _Later(Exception):
    def __init__(self, sentence: str, *, wait: float | None = None) -> None:
        super().__init__(sentence)
        self.wait = wait


def _data(name: str, what: str, body: bytes) -> Any:
    said = {"name": name, "what": what}
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        if body.lstrip()[:1] == b"<":
            raise _Later(_("%(name)s answered with a web page instead of data (%(what)s).") % said) from None
        raise _Later(_("%(name)s sent an answer that breaks off or is no data (%(what)s).") % said) from None


def _retry_after(answer: "httpx.Response") -> float | None:
    """How long the source asks us to wait; None when it does not say."""
    told = answer.headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return float(told[:6])
    try:
        until = parsedate_to_datetime(told)
        return max(0.0, (until - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):  # a date without its zone, or no date
        return None
