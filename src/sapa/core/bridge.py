"""A WSGI application behind an ASGI server: one hop to a thread and one hop back for an ordinary page.

docs/decisions/0003-front.md says why this is not a library.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sapa.core.gateway import Environ, Message, Receive, Scope, Send, environ_of, refuse
from sapa.core.threads import Threads

log = logging.getLogger("sapa.web")

BLOCK = 256 * 1024
IDLE_SECONDS = 30.0  # how long a client may stay silent while it sends, or not read while it receives
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

WsgiApp = Callable[[Environ, Any], Any]  # PEP 3333; Django answers with its own response object


class FileBlocks:
    """WSGI's file wrapper: Django hands a file over, so that no thread is held while it is sent."""

    def __init__(self, file: IO[bytes], block_size: int = BLOCK) -> None:
        self.file = file

    def __iter__(self) -> Iterable[bytes]:
        while block := self.file.read(BLOCK):
            yield block

    def close(self) -> None:
        self.file.close()


class ClientLeftError(Exception):
    """The client has closed the connection or stopped reading."""


class Bridge:
    """An ASGI application that answers HTTP requests with a WSGI application.

    A request's body is read before a thread is taken, so a slow line holds no thread. An ordinary answer
    goes back in one piece. A streamed one keeps its thread (its database cursor lives there) and waits for
    the client at most IDLE_SECONDS a piece. WSGI's `write()` callable is not offered.
    """

    def __init__(self, app: WsgiApp, threads: Threads, *, body_limit: int, backlog: int) -> None:
        self._app, self._threads = app, threads
        self._body_limit, self._backlog = body_limit, backlog

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._threads.waiting >= self._backlog:
            sentence = _("Too many people ask at this moment. Please try again shortly.")
            return await refuse(send, 503, sentence, retry_after=2)
        environ = environ_of(scope)
        environ["wsgi.file_wrapper"] = FileBlocks
        if scope["method"] not in _BODILESS or "CONTENT_LENGTH" in environ:
            try:
                environ["wsgi.input"] = body = await self._body_of(environ, receive)
            except ValueError:
                sentence = _("This is too large to send. Please choose a smaller file and send it again.")
                return await refuse(send, 413, sentence)
            except TimeoutError:
                return await refuse(send, 408, _("The line was silent for too long. Please send it again."))
            except ClientLeftError:
                return None
        else:
            body = environ["wsgi.input"] = BytesIO()
        exchange = _Exchange(asyncio.get_running_loop(), receive, send)
        try:
            answer = await self._threads.call(self._answer, environ, exchange)
        finally:
            body.close()
            if exchange.watcher is not None:
                exchange.watcher.cancel()
        if answer is not None:
            await send(exchange.start)
            await send({"type": "http.response.body", "body": answer})
        elif exchange.file is not None:
            await self._send_file(exchange)
        return None

    async def _body_of(self, environ: Environ, receive: Receive) -> IO[bytes]:
        """The whole body, in memory while it is small; CONTENT_LENGTH then says its true length."""
        announced = environ.get("CONTENT_LENGTH", "0")
        if announced.isdigit() and int(announced) > self._body_limit:
            raise ValueError("announced too large")
        spool: IO[bytes] = SpooledTemporaryFile(max_size=BLOCK)  # noqa: SIM115  closed by the caller
        size, more = 0, True
        try:
            while more:
                async with asyncio.timeout(IDLE_SECONDS):
                    message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientLeftError
                size += len(message.get("body", b""))
                if size > self._body_limit:
                    raise ValueError("too large")
                spool.write(message.get("body", b""))
                more = message.get("more_body", False)
        except BaseException:
            spool.close()
            raise
        spool.seek(0)
        environ["CONTENT_LENGTH"] = str(size)
        return spool

    def _answer(self, environ: Environ, exchange: "_Exchange") -> bytes | None:
        """In a thread: the whole answer, or None when it was streamed or is left in `exchange.file`."""
        timezone.deactivate()  # the thread still has the zone of the office it served last
        result = self._app(environ, exchange.start_response)
        try:
            if isinstance(result, FileBlocks):
                block = result.file.read(BLOCK)
                if len(block) < BLOCK:
                    return block
                exchange.file, exchange.first = result, block
                return None
            if isinstance(result, list) or not getattr(result, "streaming", True):
                return b"".join(result)
            for piece in result:
                exchange.push(piece, more=True)
            exchange.push(b"", more=False)
        except ClientLeftError:
            log.info("client left a streamed answer")
        finally:
            if exchange.file is None and hasattr(result, "close"):
                result.close()
        return None

    async def _send_file(self, exchange: "_Exchange") -> None:
        assert exchange.file is not None
        block = exchange.first
        try:
            await send_within(exchange.send(exchange.start))
            while block:
                await send_within(
                    exchange.send({"type": "http.response.body", "body": block, "more_body": True})
                )
                block = await self._threads.call(exchange.file.file.read, BLOCK)
            await exchange.send({"type": "http.response.body", "body": b""})
        finally:
            await self._threads.call(exchange.file.close)


async def send_within(sending: Awaitable[None]) -> None:
    async with asyncio.timeout(IDLE_SECONDS):
        await sending


class _Exchange:
    """One request on its way: what the application said, and for a streamed answer the way to the client."""

    __slots__ = ("file", "first", "gone", "loop", "receive", "send", "start", "started", "watcher")

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Receive, send: Send) -> None:
        self.loop, self.receive, self.send = loop, receive, send
        self.start: Message = {}
        self.file: FileBlocks | None = None
        self.first = b""
        self.started = self.gone = False
        self.watcher: asyncio.Task[None] | None = None

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        self.start = {
            "type": "http.response.start",
            "status": int(status[:3]),
            "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        }

    def push(self, piece: bytes, *, more: bool) -> None:
        """From the thread: give the client a piece of a streamed answer and wait until it was taken."""
        if self.gone:
            raise ClientLeftError
        handed = asyncio.run_coroutine_threadsafe(self._push(piece, more), self.loop)
        try:
            handed.result(IDLE_SECONDS)
        except TimeoutError:
            handed.cancel()
            raise ClientLeftError from None

    async def _push(self, piece: bytes, more: bool) -> None:
        if not self.started:
            self.started = True
            self.watcher = self.loop.create_task(self._watch())
            await self.send(self.start)
        await self.send({"type": "http.response.body", "body": piece, "more_body": more})

    async def _watch(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self.gone = True
