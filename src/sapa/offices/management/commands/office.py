"""`sapa office`: load an office and its standard from a file, list the offices, show one."""

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.offices import holidays, standards
from sapa.offices.calendar import open_intervals
from sapa.offices.calendars import calendar_of
from sapa.offices.marked_yaml import LARGEST, FileRefused
from sapa.offices.models import Office
from sapa.ui.dates import day_month, long_date

SHIPPED: Final = Path(standards.__file__).parent / "data" / "standards"


class Command(BaseCommand):
    """Exit codes: 0 done, 1 refused (nothing was changed), 2 wrong usage."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _("Load an office and its service standard from a file; list offices; show one.")
        parser.add_argument("--language", choices=["id", "en"], default=settings.LANGUAGE_CODE)
        actions = parser.add_subparsers(dest="action", required=True, metavar="{load,list,show}")
        load = actions.add_parser("load", help=_("bring an office in line with a YAML file"))
        load.add_argument("file", help=_("the file, or the code of a standard shipped with Sapa (1808)"))
        load.add_argument("--check", action="store_true", help=_("only say whether the file is good"))
        actions.add_parser("list", help=_("every office with the decree in force"))
        show = actions.add_parser("show", help=_("one office: contact, standard, hours, services, desks"))
        show.add_argument("code", help=_("the four-digit code, for example 1808"))

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]), scopes_disabled():
            if options["action"] == "load":
                self._load(options["file"], only_check=options["check"])
            elif options["action"] == "list":
                self._list()
            else:
                self._show(options["code"])

    def _load(self, name: str, *, only_check: bool) -> None:
        given = _contents(name)
        try:
            if only_check:
                code = standards.check(given).office.code
                self.stdout.write(
                    _("The file is good. Nothing was changed. Office: %(code)s") % {"code": code}
                )
                return
            office = standards.load(given, by=None, at=now(), source_name=Path(name).name)
        except FileRefused as error:
            raise CommandError("\n".join(f"{name}: {problem}" for problem in error.problems)) from error
        except Refused as error:
            raise CommandError(str(error.sentence)) from error
        added = holidays.seed_national(now())
        self.stdout.write(
            _("%(office)s (%(code)s) is loaded. National days off added: %(added)s.")
            % {"office": office.name, "code": office.code, "added": str(added)}
        )

    def _list(self) -> None:
        at = now()
        for office in Office.objects.select_related("parent__parent").order_by("code"):
            today = at.astimezone(office.zone).date()
            try:
                decree = standards.standard_in_force(office, today).decree
            except Refused:
                decree = "–"
            self.stdout.write(f"{office.code}  {office.get_kind_display():<18}  {office.name}  [{decree}]")

    def _show(self, code: str) -> None:
        office = office_called(code)
        today = now().astimezone(office.zone).date()
        self.stdout.write(f"{office.code}  {office.name}")
        self.stdout.write(" > ".join(each.name for each in reversed(office.lineage())))
        for value in (office.address, office.phone, office.email, office.website):
            if value:
                self.stdout.write(value)
        try:
            standard = standards.standard_in_force(office, today)
            self.stdout.write(
                _("Standard: %(decree)s, in force since %(date)s")
                % {"decree": standard.decree, "date": long_date(standard.valid_from)}
            )
        except Refused as error:
            self.stdout.write(str(error.sentence))
        calendar = calendar_of(office)
        hours = ", ".join(
            f"{start:%H.%M}–{end:%H.%M}" for start, end in open_intervals(calendar, today)
        ) or _("closed")
        self.stdout.write(
            _("Today, %(day)s: %(hours)s (%(zone)s)")
            % {"day": day_month(today), "hours": hours, "zone": office.get_zone_name_display()}
        )
        self.stdout.write(_("Services:"))
        for service in office.services.all():
            state = "" if service.is_active else f" ({_('not offered')})"
            self.stdout.write(f"  {service.prefix:<2}  {service.name}{state}")
        self.stdout.write(_("Desks:"))
        for desk in office.desks.prefetch_related("services"):
            names = ", ".join(service.name for service in desk.services.all())
            self.stdout.write(f"  {desk.name}: {names}")


def office_called(code: str) -> Office:
    """The office with this code; a CommandError with the way on when there is none."""
    office = Office.objects.select_related("parent__parent").filter(code=code).first()
    if office is None:
        raise CommandError(
            _("There is no office %(code)s. `sapa office list` shows all offices.") % {"code": code}
        )
    return office


def _contents(name: str) -> bytes:
    shipped = SHIPPED / f"{name}.yaml"
    path = shipped if re.fullmatch("[0-9]{4}", name) and shipped.exists() else Path(name)
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise CommandError(
            _("The file %(name)s cannot be read: %(reason)s") % {"name": name, "reason": error.strerror or ""}
        ) from error
    except ValueError as error:
        raise CommandError(_("“%(name)s” is not the name of a file.") % {"name": name[:60]}) from error
