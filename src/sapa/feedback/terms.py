"""How many days an office gives itself for a complaint: its service standard's `complaints`, else what is sourced.

Text of lapor.go.id and the spokesman of KemenPANRB, Republika 2018 (domain.md 6.1): first response within 3
working days; information and ordinary complaints 5, disputes and violations 14, with a field check 60. The
articles of PermenPANRB 62/2018 could not be read, so these are not called law. For a proposal no term was found.
"""

from dataclasses import dataclass, fields
from datetime import date
from typing import Final, Self

from sapa.core.errors import Refused
from sapa.feedback.models import Complaint
from sapa.offices.models import Office, ServiceStandard
from sapa.offices.standards import standard_in_force

Kind = Complaint.Kind
Handling = Complaint.Handling

LAPOR: Final = "https://www.lapor.go.id"
# Where BPS sends the public with complaints about its officers (SKD item 11, domain.md 6.2).
WHISTLEBLOWING: Final = "https://webapps.bps.go.id/pengaduan"


@dataclass(frozen=True, slots=True)
class Terms:
    """Working days from receipt; the window of the reporter is in calendar days unless the office says otherwise:
    the source (10 days, lapor.go.id) does not say which are meant."""

    verification: int = 3
    information: int = 5
    ordinary: int = 5
    desk_check: int = 14
    field_check: int = 60
    reporter_days: int = 10
    reporter_counts_working_days: bool = False
    lapor: str = LAPOR
    whistleblowing: str = WHISTLEBLOWING
    day_zero: str = ServiceStandard.DayZero.NEXT_WORKING_DAY.value

    @classmethod
    def of(cls, standard: ServiceStandard) -> Self:
        """What the standard says; what it leaves out is as sourced."""
        said = standard.content.get("complaints", {})
        hand_over = said.get("hand_over", {})
        days = said.get("days", {})
        return cls(
            **{each.name: days[each.name] for each in fields(cls) if each.name in days},
            **{key: hand_over[key] for key in ("lapor", "whistleblowing") if hand_over.get(key)},
            day_zero=standard.day_zero,
        )

    @property
    def lapor_shown(self) -> str:
        """The address as people read it."""
        return _bare(self.lapor)

    @property
    def whistleblowing_shown(self) -> str:
        """The address as people read it."""
        return _bare(self.whistleblowing)

    def days(self, kind: str, handling: str) -> int | None:
        """The working days for the follow-up; None where there is no term. A complaint not yet classed is
        taken as an ordinary one."""
        if kind == Kind.PROPOSAL:
            return None
        if kind == Kind.INFORMATION:
            return self.information
        days: dict[str, int] = {
            Handling.DESK_CHECK: self.desk_check,
            Handling.FIELD_CHECK: self.field_check,
        }
        return days.get(handling, self.ordinary)


def terms_of(office: Office, on: date) -> Terms:
    """The terms of the standard in force on that day; the sourced ones for an office without a standard."""
    try:
        return Terms.of(standard_in_force(office, on))
    except Refused:
        return Terms()


def _bare(address: str) -> str:
    return address.partition("://")[2].rstrip("/") or address
