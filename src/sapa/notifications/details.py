"""What a notification needs from the record at the moment it is read or sent: excerpt, invitation, second link."""

from datetime import datetime

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.consultations.models import Consultation
from sapa.feedback.models import Rating
from sapa.inbox.models import Conversation, Message, Side
from sapa.meetings.models import FollowUp
from sapa.notifications.kinds import KINDS, TOPICS
from sapa.notifications.models import Notification

# Private by default: the client is told what the office wrote in so many letters, an officer never what a client did.
EXCERPT_LETTERS = 200
INVITED = frozenset({"booked", "moved", "cancelled"})
# File name, content, and the method that calendars look for.
Attachment = tuple[str, bytes, str]


def consultation_id_of(notification: Notification) -> int | None:
    """The consultation that the notification belongs to."""
    kind, _dash, number = notification.thread.partition("-")
    return int(number) if kind == "consultation" and number.isdecimal() else None


def path_of(notification: Notification) -> str:
    """Where it leads now: for the client of a consultation that another office has taken over, to that office."""
    number = consultation_id_of(notification)
    kind = KINDS.get(notification.what)
    if number is None or kind is None or TOPICS[kind.topic].for_officers or kind.topic == "rating":
        return notification.path
    with scopes_disabled():
        code = Consultation.objects.filter(pk=number).values_list("office__code", flat=True).first()
    _start, _office, rest = notification.path.split("/", 2)
    return f"/{code}/{rest}" if code and _office == notification.office.code else notification.path


def is_read(notification: Notification) -> bool:
    """Whether its reader has seen it: opened it, read the message in an open conversation, or rated already."""
    if notification.seen_at is not None:
        return True
    if notification.what == "rating_invited":
        with scopes_disabled():
            return not Rating.objects.filter(pk=notification.subject_id or 0, rated_at=None).exists()
    side = {"office_wrote": "client_read", "client_wrote": "office_read"}.get(notification.what)
    if side is None or notification.subject_type != "message":
        return False
    with scopes_disabled():
        message = (
            Message.objects.filter(pk=notification.subject_id or 0).values("sequence", "conversation").first()
        )
        if message is None:
            return True
        reached = {f"{side}__gte": message["sequence"]}
        return Conversation.objects.filter(pk=message["conversation"], **reached).exists()


def excerpt_of(notification: Notification) -> str:
    """The beginning of what the office wrote, for the client it wrote to; nothing for anybody else."""
    if notification.what != "office_wrote" or notification.subject_type != "message":
        return ""
    with scopes_disabled():
        message = (
            Message.objects.select_related("conversation__consultation__client")
            .filter(pk=notification.subject_id or 0, side=Side.OFFICE)
            .first()
        )
    if message is None or message.conversation.consultation.client.user_id != notification.user_id:
        return ""
    return Truncator(" ".join(message.text.split())).chars(EXCERPT_LETTERS, truncate="…")


def second_link_of(notification: Notification) -> tuple[str, str]:
    """Another way on, beside the page itself: words and path, both empty when there is none."""
    if notification.what != "silence_warned":
        return "", ""
    number = consultation_id_of(notification)
    with scopes_disabled():
        found = Consultation.objects.select_related("office").filter(pk=number or 0).first()
    if found is None:
        return "", ""
    return _("I still need it"), reverse("still_needed", args=[found.office.code, found.token])


def attachments_of(notification: Notification, *, recipient: str, at: datetime) -> list[Attachment]:
    """The invitation for a calendar, when the appointment was booked, moved or cancelled."""
    _start, _dash, verb = notification.what.rpartition("_")
    if notification.subject_type != "followup" or verb not in INVITED:
        return []
    # Imported when needed: the calendar library loads slowly and most mails carry none.
    from sapa.meetings import invitation

    with scopes_disabled():
        meeting = FollowUp.objects.filter(pk=notification.subject_id or 0).first()
        if meeting is None:
            return []
        method: invitation.Method = "CANCEL" if verb == "cancelled" else "REQUEST"
        content = invitation.ics(meeting, method=method, recipient=recipient, at=at)
        return [("undangan.ics", content, method)]
