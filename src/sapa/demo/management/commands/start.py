"""`sapa start`, what bin/run calls: database, static files, an office, the addresses, then `sapa serve`."""

import errno
import hashlib
import logging
import socket
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.db import close_old_connections, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.core.time import now
from sapa.demo import loading
from sapa.demo.addresses import addresses, sign_ins, table
from sapa.offices.models import Office
from sapa.people.models import Officer

log = logging.getLogger("sapa.demo")
LOOK_AFTER_HOURS_EVERY = 60.0  # seconds


class Command(BaseCommand):
    """Everything from an empty folder to the first page; what was done before is not done again."""

    # Checks read every template and cost a second; bin/ci and the tests run them.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _(
            "Set up what is missing, load the demonstration into an empty database, and serve."
        )
        parser.add_argument(
            "--empty", action="store_true", help=_("an office for real use, without the demonstration")
        )
        parser.add_argument(
            "--office", default=loading.CODE, help=_("with --empty: the code or file of the office")
        )
        parser.add_argument(
            "--host", default="127.0.0.1", help=_("address to listen on; 0.0.0.0 for every network")
        )
        parser.add_argument("--port", type=int, default=8000, help=_("port to listen on (8000)"))
        parser.add_argument("--no-serve", action="store_true", help=_("stop when everything is in place"))

    def handle(
        self, *, empty: bool, office: str, host: str, port: int, no_serve: bool, **options: Any
    ) -> None:
        if not no_serve:
            _require_free(host, port)
        if empty:
            self._put_demonstration_aside()
        _migrate()
        _collect_static()
        with scopes_disabled():
            found = Office.objects.filter(children=None).order_by("id").first()
        if found is None and empty:
            call_command("office", "load", office, stdout=self.stdout)
        elif found is None:
            self.stdout.write(_("Loading the demonstration, once ..."))
            loading.load(at=now(), days=30, seed=1)
        self._show()
        if not no_serve:
            _keep_demonstration_open()
            call_command("serve", host=host, port=port, stdout=self.stdout)

    def _put_demonstration_aside(self) -> None:
        """A real office never shares a database with invented visits; the demonstration is kept, not deleted."""
        if not _tables() or not Office.objects.filter(is_demo=True).exists():
            return
        if connection.vendor != "sqlite":
            raise CommandError(
                _("This database holds the demonstration. Name an empty one in DATABASE_URL for real use.")
            )
        file = Path(str(settings.DATABASES["default"]["NAME"]))
        connections.close_all()
        aside = file.parent / f"demo-{now():%Y%m%d-%H%M%S}"
        aside.mkdir()
        for each in file.parent.glob(file.name + "*"):
            each.rename(aside / each.name)
        self.stdout.write(_("The demonstration was moved to %(folder)s.") % {"folder": aside})

    def _show(self) -> None:
        with scopes_disabled():
            offices = list(Office.objects.filter(children=None).order_by("code")[:5])
            officers = Officer.objects.filter(office__in=offices).exists()
        for office in offices:
            self.stdout.write(f"{office.name} ({office.code})")
            for line in table(list(addresses(office, settings.PUBLIC_URL))):
                self.stdout.write(line)
            if office.is_demo:
                self.stdout.write(_("Sign-ins of the demonstration:"))
                for line in table(list(sign_ins(office))):
                    self.stdout.write(line)
        if not officers:
            self.stdout.write(
                _("Nobody can sign in yet. Make the first administrator: bin/sapa admin NAME@EXAMPLE")
            )


def _require_free(host: str, port: int) -> None:
    """Said before minutes are spent on setting up; `sapa serve` asks again when it listens."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except (OSError, OverflowError) as problem:
            if isinstance(problem, OSError) and problem.errno == errno.EADDRINUSE:
                sentence = _(
                    "Port %(port)d is taken. Stop the program that uses it, or choose another with --port."
                )
            else:
                sentence = _(
                    "This computer cannot listen on %(host)s, port %(port)d. Choose others with --host and --port."
                )
            raise CommandError(sentence % {"host": host, "port": port}) from problem


def _tables() -> bool:
    return Office._meta.db_table in connection.introspection.table_names()


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


def _collect_static() -> None:
    """Style sheets and scripts are where the server looks for them; done again only when one of them changed."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda pair: str(pair[0])):
            file = Path(storage.path(name)).stat()
            seen.update(f"{name} {file.st_size} {file.st_mtime_ns}\n".encode())
    root = Path(settings.STATIC_ROOT)
    stamp = root / "collected"
    if (root / "staticfiles.json").exists() and stamp.exists() and stamp.read_text() == seen.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(seen.hexdigest())


def _keep_demonstration_open() -> None:
    """While the demonstration is served its office never closes: somebody is trying it."""
    with scopes_disabled():
        office = Office.objects.filter(is_demo=True, code=loading.CODE).first()
    if office is None:
        return

    def look() -> None:
        while True:
            close_old_connections()
            try:
                office.refresh_from_db()
                loading.keep_open(office, now())
            except Exception:
                log.exception("the demonstration's hours could not be looked after")
            pause.wait(LOOK_AFTER_HOURS_EVERY)

    pause = threading.Event()
    loading.keep_open(office, now())
    threading.Thread(target=look, name="demo-hours", daemon=True).start()
