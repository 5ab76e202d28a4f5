"""`sapa serve`: the web server, with the work loop in the same process."""

import errno
import os
import signal
import socket
import threading
import webbrowser
from argparse import ArgumentTypeError
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.utils.translation import gettext as _
from uvicorn.supervisors import Multiprocess

from sapa.core.readiness import require_current_database, require_static_files

GRACE_SECONDS = 10  # a request that has begun may end


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _(
            "Serve the pages and live streams, and do the work that falls due, until stopped."
        )
        parser.add_argument(
            "--host", default="127.0.0.1", help=_("address to listen on; 0.0.0.0 for every network")
        )
        parser.add_argument("--port", type=_port, default=8000, help=_("port to listen on (8000)"))
        parser.add_argument(
            "--workers",
            type=int,
            default=1,
            help=_("processes; more than one needs PostgreSQL (DATABASE_URL) and Redis (REDIS_URL)"),
        )
        parser.add_argument("--open", action="store_true", help=_("open the first page in a browser"))

    def handle(self, *, host: str, port: int, workers: int, open: bool, **options: Any) -> None:
        """Listen until a signal; a wrong set-up is refused in one sentence before anything is started."""
        _require_room_for(workers)
        require_current_database()
        require_static_files()
        listening = _listen(host, port)
        connections.close_all()
        shown = f"[{host}]" if ":" in host else {"0.0.0.0": "127.0.0.1"}.get(host, host)  # noqa: S104  not bound to: only what is printed
        url = f"http://{shown}:{listening.getsockname()[1]}/"
        self.stdout.write(_("Sapa is at %(url)s (stop it with Ctrl+C).") % {"url": url})
        if open:
            threading.Thread(target=webbrowser.open, args=[url], daemon=True).start()
        config = uvicorn.Config(
            "sapa.asgi:application",
            workers=workers,
            interface="asgi3",
            lifespan="on",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            # Whom to believe about addresses and https is decided in one place: core.addresses and settings.
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        # uvicorn raises the signal again when it has stopped; stopping when asked to is no failure.
        for stopping in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stopping, lambda number, frame: None)
        if workers > 1:
            Multiprocess(config, sockets=[listening]).run()
        else:
            uvicorn.Server(config).run(sockets=[listening])


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ArgumentTypeError(_("a port is a number from 1 to 65535"))
    return int(text)


def _require_room_for(workers: int) -> None:
    if workers < 1:
        raise CommandError(_("At least one process is needed: --workers 1."))
    if workers > 1 and connection.vendor == "sqlite":
        raise CommandError(
            _("SQLite takes one process only. Use --workers 1, or set DATABASE_URL to a PostgreSQL database.")
        )
    if workers > 1 and not settings.REDIS_URL:
        raise CommandError(
            _(
                "Several processes tell each other by Redis what has changed. Set REDIS_URL, or use --workers 1."
            )
        )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    if os.name == "posix":  # elsewhere this option lets two servers share a port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as problem:
        listening.close()
        if problem.errno == errno.EADDRINUSE:
            sentence = _(
                "Port %(port)d is taken. Stop the program that uses it, or choose another with --port."
            )
        elif problem.errno == errno.EACCES:
            sentence = _("Port %(port)d needs administrator rights. Choose one above 1023 with --port.")
        else:
            sentence = _("This computer has no address %(host)s to listen on. Choose another with --host.")
        raise CommandError(sentence % {"host": host, "port": port}) from problem
    # Who comes before the server is ready waits instead of being refused.
    listening.listen(2048)
    listening.set_inheritable(True)
    return listening
