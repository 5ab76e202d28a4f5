"""The board's part: which calls it shows, which it must still say aloud, and that it has said them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from sapa.activity.recording import record
from sapa.frontdesk import lines
from sapa.frontdesk.models import Call
from sapa.offices.models import Device, Office
from sapa.ui.speech import spoken_call

LAST_SHOWN = 5
# Older calls are not said any more: after a power cut the board must not shout the whole morning.
STILL_NEWS = timedelta(minutes=3)


@dataclass(frozen=True)
class Shown:
    """One line of the board."""

    call: Call
    is_current: bool

    @property
    def label(self) -> str:
        return self.call.ticket.label

    @property
    def say(self) -> str:
        ticket = self.call.ticket
        return " ".join(spoken_call(ticket.prefix, ticket.number, self.call.desk.name))


@dataclass(frozen=True)
class Board:
    """The newest call that still stands, the last ones before it, and those not yet said aloud, oldest first."""

    current: Shown | None
    last: list[Shown]
    to_announce: list[Shown]


def board(office: Office, *, at: datetime) -> Board:
    """Today's calls, one line a ticket, newest first. One query."""
    rows = (
        Call.objects.filter(office=office, ticket__service_day=lines.service_day(office, at))
        .select_related("ticket", "desk")
        .order_by("-called_at", "-id")[: LAST_SHOWN * 6]
    )
    newest: dict[int, Shown] = {}
    to_announce = []
    for call in rows:
        stands = call.ticket.state in lines.AT_A_DESK and call.ticket.desk_id == call.desk_id
        shown = Shown(call, is_current=stands)
        is_newest = newest.setdefault(call.ticket_id, shown) is shown
        # Called three times while the board was silent is said once.
        if is_newest and call.announced_at is None and stands and at - call.called_at <= STILL_NEWS:
            to_announce.append(shown)
    ordered = list(newest.values())
    current = next((each for each in ordered if each.is_current), None)
    last = [each for each in ordered if each is not current][:LAST_SHOWN]
    return Board(current=current, last=last, to_announce=list(reversed(to_announce)))


def announce(call: Call, *, by: Device, at: datetime) -> None:
    """The board has said this call. Saying it twice, or on two boards, changes nothing."""
    with transaction.atomic():
        if Call.objects.filter(pk=call.pk, announced_at=None).update(announced_at=at, announced_by=by):
            record(
                "call.announced",
                call,
                office_id=call.office_id,
                by=None,
                at=at,
                topics=(f"queue:{call.office_id}",),
            )
