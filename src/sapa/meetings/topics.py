"""Who is signalled when an appointment changes: the pages of its consultation."""

from sapa.meetings.models import FollowUp


def topic(consultation_id: int) -> str:
    """What both sides of one consultation hear about its appointments."""
    return f"meetings:{consultation_id}"


def topics_of(meeting: FollowUp) -> tuple[str, ...]:
    return (topic(meeting.consultation_id),)
