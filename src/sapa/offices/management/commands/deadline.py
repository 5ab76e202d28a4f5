"""`sapa deadline`: when a promise falls due, and why."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.offices import standards
from sapa.offices.calendar import (
    DayZero,
    Due,
    NeverOpen,
    add_working_days,
    add_working_time,
    explain,
    to_json,
)
from sapa.offices.calendars import calendar_of
from sapa.offices.management.commands.office import office_called
from sapa.offices.models import Office
from sapa.ui.dates import moment


class Command(BaseCommand):
    """Exit codes: 0 counted, 1 refused, 2 wrong usage."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _("Count a deadline in the calendar of an office and explain every step.")
        parser.add_argument("--office", required=True, help=_("the code of the office, for example 1808"))
        parser.add_argument(
            "--from",
            dest="start",
            type=_instant,
            help=_("when the promise began, in the time of the office: 2026-03-13T10:00 (default: now)"),
        )
        amount = parser.add_mutually_exclusive_group(required=True)
        amount.add_argument("--working-days", type=_whole, help=_("for example 3"))
        amount.add_argument("--minutes", type=_whole, help=_("minutes of service time, for example 10"))
        parser.add_argument("--language", choices=["id", "en"], default=settings.LANGUAGE_CODE)
        parser.add_argument("--json", action="store_true", help=_("for programs"))

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]), scopes_disabled():
            office = office_called(options["office"])
            start = options["start"] or now()
            if start.tzinfo is None:
                start = start.replace(tzinfo=office.zone)
            due = _count(office, start, options["working_days"], options["minutes"])
            lines = explain(due, language=options["language"])
            if options["json"]:
                told = {"office": office.code, "due": due.at.isoformat(), "explanation": lines}
                self.stdout.write(json.dumps(told | {"ledger": to_json(due)}, ensure_ascii=False, indent=2))
                return
            self.stdout.write(moment(due.at, office.zone))
            self.stdout.write("")
            for line in lines:
                self.stdout.write(line)


def _count(office: Office, start: datetime, days: int | None, minutes: int | None) -> Due:
    calendar = calendar_of(office)
    try:
        if days is None:
            return add_working_time(calendar, start, timedelta(minutes=minutes or 0))
        on = start.astimezone(office.zone).date()
        return add_working_days(calendar, start, days, day_zero=_day_zero(office, on))
    except NeverOpen as error:
        raise CommandError(
            _("The office never opens within the next year. Check its hours and holidays first.")
        ) from error
    except (ValueError, OverflowError) as error:
        raise CommandError(
            _(
                "This is too far away: at most 1000 working days or a year of service time, years 1900 to 2500."
            )
        ) from error


def _day_zero(office: Office, on: date) -> DayZero:
    try:
        return DayZero(standards.standard_in_force(office, on).day_zero)
    except Refused:
        return DayZero.NEXT_WORKING_DAY


def _instant(given: str) -> datetime:
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        found = None
    if found is None or len(given) < len("2026-03-13T10:00"):
        raise ArgumentTypeError(
            _("“%(value)s” is not a date with a time. Write it like 2026-03-13T10:00.")
            % {"value": given[:60]}
        )
    return found


def _whole(given: str) -> int:
    if not given.isascii() or not given.isdigit() or len(given) > 7:
        raise ArgumentTypeError(_("“%(value)s” is not a whole number such as 3.") % {"value": given[:60]})
    return int(given)
