"""The days a report is about: a month, a quarter, a year, or two dates of one's own."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from sapa.core.errors import Refused
from sapa.ui.dates import long_date, short_date

EARLIEST: Final = date(2000, 1, 1)
LATEST: Final = date(2099, 12, 31)
# Five years: more would be a long wait for a page; nobody's report is longer.
MOST_DAYS: Final = 5 * 366
_ROMAN: Final = ("I", "II", "III", "IV")


class Kind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included, as the office's local dates."""

    kind: Kind
    first: date
    last: date

    @property
    def label(self) -> str:
        """How the heading names it: `November 2026`, `Quarter IV 2026`, `2026`, `1 Nov 2026 – 22 Nov 2026`."""
        if self.kind is Kind.MONTH:
            return " ".join(long_date(self.first).split()[2:])
        if self.kind is Kind.QUARTER:
            return _("Quarter %(number)s %(year)s") % {
                "number": _ROMAN[(self.first.month - 1) // 3],
                "year": self.first.year,
            }
        if self.kind is Kind.YEAR:
            return str(self.first.year)
        if self.first == self.last:
            return short_date(self.first)
        return f"{short_date(self.first)} – {short_date(self.last)}"

    @property
    def query(self) -> str:
        """The period as it stands in an address."""
        if self.kind is Kind.MONTH:
            return f"periode={self.first:%Y-%m}"
        if self.kind is Kind.QUARTER:
            return f"periode={self.first.year}-T{(self.first.month - 1) // 3 + 1}"
        if self.kind is Kind.YEAR:
            return f"periode={self.first.year}"
        return urlencode({"dari": self.first.isoformat(), "sampai": self.last.isoformat()})

    @property
    def before(self) -> "Period":
        """The one of the same kind just before."""
        return _containing(self.kind, self.first - timedelta(days=1), length=(self.last - self.first).days)

    @property
    def after(self) -> "Period":
        """The one of the same kind just after."""
        length = (self.last - self.first).days if self.kind is Kind.CUSTOM else 0
        return _containing(self.kind, self.last + timedelta(days=1 + length), length=length)

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From the first instant of the first day up to, not including, the first after the last day."""
        return (
            datetime.combine(self.first, time(), tzinfo=zone),
            datetime.combine(self.last + timedelta(days=1), time(), tzinfo=zone),
        )


def of_kind(kind: Kind, day: date) -> Period:
    """The month, quarter or year that `day` lies in."""
    return _containing(kind, day, length=0)


def read(params: Mapping[str, str], today: date) -> Period:
    """The period an address asks for, this month when it asks for none; Refused, with a sentence, when it is wrong."""
    dari, sampai = params.get("dari", "").strip(), params.get("sampai", "").strip()
    if dari or sampai:
        return _custom(dari, sampai, today)
    asked = params.get("periode", "").strip()
    if not asked:
        return of_kind(Kind.MONTH, today)
    found = re.fullmatch(r"(\d{4})(?:-(?:T([1-4])|(0[1-9]|1[0-2])))?", asked, re.ASCII)
    if found is None:
        raise Refused(
            _("This is not a period. Write a month as 2026-11, a quarter as 2026-T4 or a year as 2026."),
            code="bad_period",
        )
    year, quarter, month = found.groups()
    kind = Kind.QUARTER if quarter else Kind.MONTH if month else Kind.YEAR
    _check_year(int(year))
    first_month = (int(quarter) - 1) * 3 + 1 if quarter else int(month or 1)
    return of_kind(kind, date(int(year), first_month, 1))


def _custom(dari: str, sampai: str, today: date) -> Period:
    first, last = _day(dari, _("from")), _day(sampai, _("until")) if sampai else today
    if last < first:
        raise Refused(
            _("The last day lies before the first. Please exchange the two dates."), code="bad_period"
        )
    if (last - first).days >= MOST_DAYS:
        raise Refused(_("A report covers at most five years. Please choose nearer dates."), code="bad_period")
    return Period(Kind.CUSTOM, first, last)


def _day(text: str, which: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused(
            _("The date “%(which)s” is missing or does not exist. Please write it like 2026-11-25.")
            % {"which": which},
            code="bad_period",
        ) from None
    _check_year(day.year)
    return day


def _check_year(year: int) -> None:
    if not EARLIEST.year <= year <= LATEST.year:
        raise Refused(
            _("Please choose a year between %(first)s and %(last)s.")
            % {"first": EARLIEST.year, "last": LATEST.year},
            code="bad_period",
        )


def _containing(kind: Kind, day: date, *, length: int) -> Period:
    day = min(max(day, EARLIEST), LATEST)
    if kind is Kind.MONTH:
        return Period(kind, day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))
    if kind is Kind.QUARTER:
        first = (day.month - 1) // 3 * 3 + 1
        last = date(day.year, first + 2, monthrange(day.year, first + 2)[1])
        return Period(kind, date(day.year, first, 1), last)
    if kind is Kind.YEAR:
        return Period(kind, date(day.year, 1, 1), date(day.year, 12, 31))
    return Period(kind, max(EARLIEST, day - timedelta(days=length)), day)
