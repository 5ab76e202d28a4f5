"""What appointments hold of a client, for the person concerned (people/own_data.py)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sapa.meetings.models import FollowUp, State
from sapa.people.models import Client
from sapa.people.own_data import Keeper
from sapa.ui.dates import moment


def told(client: Client) -> dict[str, list[dict[str, Any]]]:
    """Every appointment: when, how, with whom, what became of it."""
    rows = FollowUp.objects.select_related("office", "officer__user", "consultation")
    return {
        "appointments": [
            {
                "office": each.office.name,
                "consultation": each.consultation.code,
                "kind": each.kind,
                "provider": each.provider,
                "officer": each.officer.user.name,
                "starts_at": each.starts_at,
                "ends_at": each.ends_at,
                "state": each.state,
                "reason": each.reason,
                "booked_at": each.booked_at,
            }
            for each in rows.filter(consultation__client=client).order_by("starts_at", "id")
        ]
    }


def objection(client: Client) -> str | Promise:
    """Somebody still waits for the client at that time."""
    booked = FollowUp.objects.select_related("office").filter(consultation__client=client, state=State.BOOKED)
    meeting = booked.first()
    if meeting is None:
        return ""
    when = moment(meeting.starts_at, meeting.office.zone)
    return _("The appointment on %(when)s still stands. Cancel it first, then erase the data.") % {
        "when": when
    }


def forget(clients: Collection[int], *, at: datetime) -> None:
    """When somebody met the office stays for the record; what was written about it goes."""
    rows = FollowUp.objects.filter(consultation__client__in=clients)
    rows.update(reason="", link="", passcode="")


KEEPER: Final = Keeper(told=told, objection=objection, forget=forget)
