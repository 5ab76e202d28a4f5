"""What there is to tell, to whom, and by which ways unless somebody chose otherwise."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from sapa.notifications.models import Way

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ALL_WAYS: Final = frozenset({Way.PAGE, Way.MAIL, Way.PUSH})
PAGE_ONLY: Final = frozenset({Way.PAGE})
# So long a chat may go on before a mail tells of it: several messages become one, and who reads along gets none.
MESSAGES_WAIT: Final = timedelta(minutes=2)
CROWD_WAITS: Final = timedelta(minutes=1)
# Who rates at once, on the tablet or in the page, is not asked again.
RATING_WAITS: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Topic:
    """One line of the page of choices. `by_default` are the ways used until somebody says otherwise."""

    name: str
    label: "StrOrPromise"
    hint: "StrOrPromise"
    for_officers: bool
    by_default: frozenset[Way] = ALL_WAYS


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that can be told. `wait`: mail and push go out so much later, together with what follows.
    `even_if_seen`: also to somebody who has seen it in the page. `at_once`: quiet hours do not hold it."""

    name: str
    topic: str
    icon: str
    wait: timedelta = timedelta()
    even_if_seen: bool = False
    at_once: bool = False
    urgency: str = "normal"  # RFC 8030 section 5.3


TOPICS: Final = {
    each.name: each
    for each in (
        Topic(
            "request",
            _("My requests"),
            _("Received, something missing, accepted, closed, opened again."),
            for_officers=False,
        ),
        Topic(
            "conversation", _("Messages and answers"), _("The office has written to you."), for_officers=False
        ),
        Topic(
            "meeting",
            _("Meetings"),
            _("Booked, ready, moved, cancelled, and a reminder."),
            for_officers=False,
        ),
        Topic(
            "rating",
            _("Invitation to rate"),
            _("Once, after a consultation has been closed."),
            for_officers=False,
        ),
        Topic("new_request", _("New requests"), _("While you are on duty."), for_officers=True),
        Topic(
            "assigned",
            _("Assigned to me"),
            _("A consultation was assigned or handed over to you."),
            for_officers=True,
        ),
        Topic(
            "client_wrote",
            _("Messages from clients"),
            _("In your own consultations; while you are on duty also where nobody has taken over yet."),
            for_officers=True,
        ),
        Topic(
            "clock",
            _("Time limits"),
            _("Half of the time is gone, one day is left, the promise was not kept."),
            for_officers=True,
        ),
        Topic(
            "approval",
            _("Approvals"),
            _("An answer waits for you, or yours was approved or returned."),
            for_officers=True,
        ),
        Topic(
            "office_meeting",
            _("Meetings with clients"),
            _("Booked, moved, cancelled, failed, and a reminder."),
            for_officers=True,
        ),
        Topic(
            "roster",
            _("Duty roster"),
            _("A colleague asks you to swap, or has answered you."),
            for_officers=True,
        ),
    )
}

KINDS: Final = {
    each.name: each
    for each in (
        # to clients
        Kind("request_received", "request", "check-circle", even_if_seen=True, at_once=True),
        Kind("asked_back", "request", "help-circle", urgency="high"),
        Kind("accepted", "request", "calendar"),
        Kind("closed", "request", "check"),
        Kind("reopened", "request", "rotate-ccw"),
        Kind("silence_warned", "request", "clock"),
        Kind("office_wrote", "conversation", "message-square", wait=MESSAGES_WAIT, urgency="high"),
        Kind("meeting_booked", "meeting", "calendar", even_if_seen=True, at_once=True),
        Kind("meeting_moved", "meeting", "calendar", even_if_seen=True, at_once=True, urgency="high"),
        Kind("meeting_cancelled", "meeting", "x", even_if_seen=True, at_once=True, urgency="high"),
        Kind("meeting_reminder", "meeting", "bell", even_if_seen=True, at_once=True, urgency="high"),
        Kind("meeting_ready", "meeting", "link"),
        Kind("meeting_affected", "meeting", "alert-triangle", urgency="high"),
        Kind("rating_invited", "rating", "star", wait=RATING_WAITS, urgency="low"),
        # to officers
        Kind("new_request", "new_request", "user-plus", wait=CROWD_WAITS),
        Kind("request_forwarded", "new_request", "arrow-right", wait=CROWD_WAITS),
        Kind("assigned", "assigned", "user"),
        Kind("handed_over", "assigned", "user"),
        Kind("client_wrote", "client_wrote", "message-square", wait=MESSAGES_WAIT, urgency="high"),
        Kind("clock_half_gone", "clock", "clock"),
        Kind("clock_one_day_left", "clock", "clock", urgency="high"),
        # Raised within opening hours only (consultations/clocks.py); then nothing holds it back.
        Kind("clock_breached", "clock", "alert-triangle", at_once=True, urgency="high"),
        Kind("answer_submitted", "approval", "eye"),
        Kind("answer_approved", "approval", "check-circle"),
        Kind("answer_returned", "approval", "rotate-ccw"),
        Kind("public_answer_submitted", "approval", "eye"),
        Kind("office_meeting_booked", "office_meeting", "calendar", even_if_seen=True),
        Kind("office_meeting_moved", "office_meeting", "calendar", even_if_seen=True),
        Kind("office_meeting_cancelled", "office_meeting", "x", even_if_seen=True),
        Kind("office_meeting_reminder", "office_meeting", "bell", even_if_seen=True, at_once=True),
        Kind("office_meeting_ready", "office_meeting", "link"),
        Kind("office_meeting_affected", "office_meeting", "alert-triangle", urgency="high"),
        Kind("office_meeting_failed", "office_meeting", "alert-triangle", urgency="high"),
        Kind("swap_asked", "roster", "refresh", urgency="high"),
        Kind("swap_accepted", "roster", "check"),
        Kind("swap_declined", "roster", "x"),
    )
}
# Not an event: made once a day (digests.py), and only by e-mail.
DIGEST: Final = "digest"
