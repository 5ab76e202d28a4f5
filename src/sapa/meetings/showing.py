"""An appointment as a page shows it: what stands, what is still being made, what the reader may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext

from sapa.consultations.models import Consultation
from sapa.frontdesk.lines import service_day
from sapa.frontdesk.models import QueueTicket
from sapa.meetings import arriving, booking, rooms
from sapa.meetings.models import FollowUp, Kind, Room
from sapa.ui.dates import clock_time

# Codes of a provider that only an administrator can mend.
REFUSED: Final = frozenset(
    {"not_configured", "credentials_refused", "secret_unreadable", "not_allowed", "not_found", "http_400"}
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The latest appointment of a consultation. `is_making`: the link is not there yet; `has_trouble`: somebody
    should choose another way; `may_check_in`: the visitor may take the number now."""

    meeting: FollowUp
    room: Room | None
    number: QueueTicket | None
    can_change: bool
    may_check_in: bool
    is_over: bool
    is_today: bool

    @property
    def is_making(self) -> bool:
        return self.meeting.is_booked and self.meeting.kind == Kind.VIDEO and not self.meeting.link

    @property
    def trouble(self) -> str:
        """Why the link is not there, in words for the officer, and what to do."""
        if self.room is None:
            return ""
        name = self.meeting.get_provider_display()
        if self.room.reason in REFUSED:
            return gettext(
                "%(provider)s refuses the access of this office. Meet in another way, and tell your administrator."
            ) % {"provider": name}
        if self.room.reason == "link_missing":
            return gettext("Please paste the link to the meeting, or meet in another way.")
        if self.room.dead_at is not None:
            return gettext("%(provider)s did not make the meeting. Meet in another way, or try again.") % {
                "provider": name
            }
        return gettext(
            "%(provider)s does not answer as it should and is asked again at %(when)s. You may meet in another way."
        ) % {"provider": name, "when": clock_time(self.room.due_at, self.meeting.office.zone)}

    @property
    def has_trouble(self) -> bool:
        return self.is_making and self.room is not None and self.room.alarmed_at is not None


def latest(consultation: Consultation, *, at: datetime) -> Shown | None:
    """The appointment that stands, else the last one there was."""
    rows = FollowUp.objects.select_related(
        "officer__user", "desk", "consultation__client", "consultation__service"
    )
    meeting = (
        booking.booked_of(consultation) or rows.filter(consultation=consultation).order_by("-id").first()
    )
    if meeting is None:
        return None
    meeting.office = consultation.office
    is_visit = meeting.kind == Kind.VISIT and meeting.is_booked
    is_today = service_day(meeting.office, at) == service_day(meeting.office, meeting.starts_at)
    number = arriving.number_of(meeting) if is_visit else None
    return Shown(
        meeting=meeting,
        room=rooms.room_of(meeting) if meeting.kind == Kind.VIDEO else None,
        number=number,
        can_change=booking.can_change(meeting, at=at),
        may_check_in=is_visit
        and is_today
        and number is None
        and meeting.starts_at - arriving.EARLIEST <= at < meeting.due_at,
        is_over=at >= meeting.ends_at,
        is_today=is_today,
    )
