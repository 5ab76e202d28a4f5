"""A link that the officer has made elsewhere and pasted."""

from datetime import datetime

from sapa.meetings.models import FollowUp, MeetingPolicy
from sapa.meetings.providers.base import Joined, ProviderError


def create(meeting: FollowUp, policy: MeetingPolicy, *, at: datetime, again: bool) -> Joined:
    """The pasted link; without one somebody must paste it."""
    if not meeting.link:
        raise ProviderError("link_missing", permanent=True)
    return Joined(outside_id="", link=meeting.link)


def update(meeting: FollowUp, policy: MeetingPolicy, outside_id: str, *, at: datetime) -> Joined | None:
    """The officer's own business: the pasted link stays."""
    return None


def cancel(meeting: FollowUp, policy: MeetingPolicy, outside_id: str, *, at: datetime) -> None:
    """The officer's own business."""
