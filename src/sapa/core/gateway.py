"""Between ASGI and WSGI: what a request's headers become, and an answer before any view is reached."""

import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from django.utils import translation
from django.utils.functional import Promise

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]

_SPECIAL = {b"content-length": "CONTENT_LENGTH", b"content-type": "CONTENT_TYPE"}
_names: dict[bytes, str] = dict(_SPECIAL)


def _environ_name(name: bytes) -> str:
    known = _names.get(name)
    if known is None:
        known = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
        if len(_names) < 500:  # names come from strangers
            _names[name] = known
    return known


def environ_of(scope: Scope) -> Environ:
    """The WSGI environment of an ASGI request. Header names with `_` are dropped: they would pass for others'"""
    server = scope.get("server") or ("localhost", 80)
    client = scope.get("client")
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": "HTTP/" + scope["http_version"],
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "REMOTE_ADDR": client[0] if client else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name:
            continue
        key, text = _environ_name(name), value.decode("latin-1")
        if key in environ:
            text = environ[key] + ("; " if key == "HTTP_COOKIE" else ",") + text
        environ[key] = text
    return environ


async def refuse(
    send: Send,
    status: int,
    sentence: str | Promise = "",
    *,
    retry_after: int = 0,
    headers: Iterable[tuple[bytes, bytes]] = (),
) -> None:
    """Answer before any view is reached: in both languages, since nobody has read the language cookie yet."""
    words = []
    for language in ("id", "en") if sentence else ():
        with translation.override(language):
            words.append(str(sentence))
    body = "\n".join(words).encode()
    sent = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *headers,
    ]
    if retry_after:
        sent.append((b"retry-after", str(retry_after).encode()))
    await send({"type": "http.response.start", "status": status, "headers": sent})
    await send({"type": "http.response.body", "body": body})
