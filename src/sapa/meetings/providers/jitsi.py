"""Jitsi on the office's own server: a room is a name that nobody can guess; nothing needs to be told."""

from datetime import datetime

from sapa.meetings.models import FollowUp, MeetingPolicy
from sapa.meetings.providers.base import Joined, ProviderError


def create(meeting: FollowUp, policy: MeetingPolicy, *, at: datetime, again: bool) -> Joined:
    """The room's address; the same for the same meeting however often it is asked for."""
    if not policy.jitsi_url:
        raise ProviderError("not_configured", permanent=True)
    name = f"sapa-{meeting.token}"
    return Joined(outside_id=name, link=f"{policy.jitsi_url}/{name}")


def update(meeting: FollowUp, policy: MeetingPolicy, outside_id: str, *, at: datetime) -> Joined | None:
    """A room has no time: nothing changes."""
    return None


def cancel(meeting: FollowUp, policy: MeetingPolicy, outside_id: str, *, at: datetime) -> None:
    """A room that nobody enters is no room."""
