"""`sapa work`: the work loop alone, beside web processes that do not run it."""

import signal
import threading
from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from sapa.core import work
from sapa.core.readiness import require_current_database
from sapa.core.time import now


class Command(BaseCommand):
    def add_arguments(self, parser: CommandParser) -> None:
        parser.description = _(
            "Do the work that falls due (clocks, reactions, closing of the day) until stopped."
        )
        parser.add_argument("--once", action="store_true", help=_("do what is due now, then end"))

    def handle(self, *, once: bool, **options: Any) -> None:
        """Settle due rows until a signal comes; the row that is being settled is finished first."""
        require_current_database()
        if once:
            count = work.work(now())
            self.stdout.write(_("%(count)d due rows were run.") % {"count": count})
            return
        stop = threading.Event()

        def finish(number: int, frame: object) -> None:
            stop.set()
            work.wake.set()

        for stopping in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stopping, finish)
        work.loop(stop)
