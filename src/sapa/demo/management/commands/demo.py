"""`sapa demo`: load the demonstration, show its addresses and sign-ins."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.demo import loading
from sapa.demo.addresses import addresses, sign_ins, table
from sapa.offices.models import Office


class Command(BaseCommand):
    """Exit codes: 0 done, 1 refused (nothing was changed), 2 wrong usage."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _("An office with invented visits, to try Sapa on.")
        actions = parser.add_subparsers(dest="action", required=True, metavar="{load,show}")
        load = actions.add_parser("load", help=_("fill an empty database with the demonstration"))
        load.add_argument("--days", type=_days, default=30, help=_("past working days with visits (30)"))
        load.add_argument("--seed", type=int, default=1, help=_("another number tells another story (1)"))
        actions.add_parser("show", help=_("print the addresses and sign-ins"))

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "load":
            self._load(options["days"], options["seed"], now())
        self._show()

    def _load(self, days: int, seed: int, at: datetime) -> None:
        try:
            loading.load(at=at, days=days, seed=seed)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    def _show(self) -> None:
        with scopes_disabled():
            office = Office.objects.filter(is_demo=True, code=loading.CODE).first()
        if office is None:
            raise CommandError(_("This database holds no demonstration. `sapa demo load` makes one."))
        for line in table(list(addresses(office, settings.PUBLIC_URL))):
            self.stdout.write(line)
        self.stdout.write(_("Sign-ins of the demonstration:"))
        for line in table(list(sign_ins(office))):
            self.stdout.write(line)


def _days(text: str) -> int:
    days = int(text)
    if not 0 <= days <= 250:
        raise ValueError(text)
    return days
