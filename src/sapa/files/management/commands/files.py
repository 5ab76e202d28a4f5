"""`sapa files`: have files scanned again; delete what belongs to no file."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from sapa.core.time import now
from sapa.files import scanning, tidying


class Command(BaseCommand):
    """Exit codes: 0 done, 1 refused or something is missing, 2 wrong usage."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _("Have files scanned again; look after what lies in their folder.")
        actions = parser.add_subparsers(dest="action", required=True, metavar="{rescan,tidy}")
        again = actions.add_parser("rescan", help=_("have the scanner look at kept files once more"))
        again.add_argument(
            "--days", type=_days, default=30, help=_("files that came in during these last days (30)")
        )
        actions.add_parser(
            "tidy", help=_("delete contents that belong to no file; name files without content")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "rescan":
            self._rescan(options["days"])
        else:
            self._tidy()

    def _rescan(self, days: int) -> None:
        if not settings.CLAMD:
            raise CommandError(_("There is no scanner. Set SAPA_CLAMD first (docs/operator.md)."))
        at = now()
        count = scanning.rescan(since=at - timedelta(days=days), at=at)
        self.stdout.write(_("%(count)s files will be scanned by `sapa work`.") % {"count": count})

    def _tidy(self) -> None:
        done = tidying.tidy(now())
        self.stdout.write(_("Contents deleted: %(count)s.") % {"count": done.deleted})
        if done.missing:
            ids = ", ".join(map(str, done.missing))
            raise CommandError(
                _("The content of these files is missing; bring it back from the backup: %(ids)s")
                % {"ids": ids}
            )


def _days(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) <= 3650:
        raise ArgumentTypeError(_("days must be a number from 1 to 3650"))
    return int(text)
