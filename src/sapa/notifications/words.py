"""What a notification says, in the language that is active. Nothing here was written by a person who asks."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from sapa.notifications.models import Notification
from sapa.offices.models import Office
from sapa.ui import dates

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OPEN_CONVERSATION: Final = _("Open the conversation")
OPEN_REQUEST: Final = _("Open the request")
OPEN_MEETING: Final = _("See the meeting")
OPEN_ROSTER: Final = _("Open the roster")
# what, or what:variant -> title, sentence, the word on the button
SAID: Final[dict[str, tuple["StrOrPromise", "StrOrPromise", "StrOrPromise"]]] = {
    "request_received": (
        _("Your request %(code)s has been received"),
        _(
            "Please keep this code. An officer of %(office)s now looks whether everything is there. "
            "Then you are told by when you are answered, or what is still missing."
        ),
        OPEN_REQUEST,
    ),
    "asked_back": (
        _("Something is missing in your request %(code)s"),
        _("The officer has asked you something. Time is counted only from when everything is there."),
        _("See what is missing"),
    ),
    "accepted": (
        _("Your request %(code)s is complete"),
        _("You are answered at the latest on %(due)s."),
        OPEN_CONVERSATION,
    ),
    "office_wrote": (
        _("New message about %(code)s"),
        _("%(office)s has written to you. The message is waiting in the conversation."),
        _("Read the message"),
    ),
    "closed": (
        _("Consultation %(code)s has been closed"),
        _("If something is still open, simply write in the conversation: it is opened again."),
        OPEN_CONVERSATION,
    ),
    "closed:silence": (
        _("Consultation %(code)s has been closed"),
        _(
            "We have not heard from you for a while. If you still need it, simply write in the conversation: "
            "it is opened again."
        ),
        OPEN_CONVERSATION,
    ),
    "closed:junk": (
        _("Consultation %(code)s has been closed"),
        _(
            "We found no question about statistics in it. If there is one, simply write in the conversation: "
            "it is opened again."
        ),
        OPEN_CONVERSATION,
    ),
    "closed:duplicate": (
        _("Consultation %(code)s has been closed"),
        _(
            "You ask the same in another consultation, and we answer there. The way to it is in the conversation."
        ),
        OPEN_CONVERSATION,
    ),
    "closed:withdrawn": (
        _("Consultation %(code)s has been closed"),
        _(
            "You told us that you do not need it any more. If that changes, simply write in the conversation: "
            "it is opened again."
        ),
        OPEN_CONVERSATION,
    ),
    "closed:elsewhere": (
        _("Consultation %(code)s has been closed"),
        _(
            "It was answered outside of the conversation, such as by telephone or at the desk. If something is "
            "still open, simply write there: it is opened again."
        ),
        OPEN_CONVERSATION,
    ),
    "reopened": (
        _("Consultation %(code)s is open again"),
        _("Everything that was said before is still there."),
        OPEN_CONVERSATION,
    ),
    "silence_warned": (
        _("Do you still need consultation %(code)s?"),
        _("The office has written and waits for you. Without a word from you it is closed on %(due)s."),
        OPEN_CONVERSATION,
    ),
    "meeting_booked": (
        _("Meeting on %(begins)s"),
        _("It belongs to consultation %(code)s at %(office)s. The invitation for your calendar is attached."),
        OPEN_MEETING,
    ),
    "meeting_moved": (
        _("The meeting has been moved to %(begins)s"),
        _(
            "It belongs to consultation %(code)s at %(office)s. The new invitation for your calendar is attached."
        ),
        OPEN_MEETING,
    ),
    "meeting_cancelled": (
        _("The meeting on %(begins)s does not take place"),
        _("It belonged to consultation %(code)s at %(office)s. You may ask for another time there."),
        OPEN_CONVERSATION,
    ),
    "meeting_reminder": (
        _("Reminder: meeting on %(begins)s"),
        _("It belongs to consultation %(code)s at %(office)s. How to take part stands on the page."),
        OPEN_MEETING,
    ),
    "meeting_ready": (
        _("The way into the meeting on %(begins)s is ready"),
        _("It belongs to consultation %(code)s at %(office)s. The link stands on the page."),
        OPEN_MEETING,
    ),
    "meeting_affected": (
        _("The meeting on %(begins)s cannot take place then"),
        _(
            "%(office)s is closed at that time, or the officer is away. Please choose another time, or write to us "
            "about %(code)s."
        ),
        OPEN_MEETING,
    ),
    "rating_invited": (
        _("How were you served by %(office)s?"),
        _("Nine short statements, about one minute. Your answer makes the service better."),
        _("Rate the service"),
    ),
    "new_request": (
        _("New request %(code)s"),
        _("Nobody has taken it yet. Look whether it is clear and complete, then accept it or ask back."),
        OPEN_REQUEST,
    ),
    "request_forwarded": (
        _("Request %(code)s was forwarded to your office"),
        _("The time that is left stands at the request."),
        OPEN_REQUEST,
    ),
    "assigned": (
        _("Consultation %(code)s is assigned to you"),
        _("You now answer this client."),
        OPEN_CONVERSATION,
    ),
    "handed_over": (
        _("Consultation %(code)s was handed over to you"),
        _("What was said so far and the notes of your colleague are there."),
        OPEN_CONVERSATION,
    ),
    "client_wrote": (
        _("The client of %(code)s has written"),
        _("The message is waiting in the inbox."),
        _("Read the message"),
    ),
    "clock_half_gone": (
        _("Half of the time for %(code)s is gone"),
        _("It must be answered by %(due)s."),
        OPEN_CONVERSATION,
    ),
    "clock_one_day_left": (
        _("One working day is left for %(code)s"),
        _("It must be answered by %(due)s."),
        OPEN_CONVERSATION,
    ),
    "clock_breached": (
        _("The promise for %(code)s was not kept"),
        _(
            "It should have been answered by %(due)s. Please answer it first, and tell the client why it took longer."
        ),
        OPEN_CONVERSATION,
    ),
    "answer_submitted": (
        _("An answer to %(code)s waits for your approval"),
        _("It reaches the client when you approve it."),
        _("Read the answer"),
    ),
    "answer_approved": (
        _("Your answer to %(code)s was approved"),
        _("The client has it now."),
        OPEN_CONVERSATION,
    ),
    "answer_returned": (
        _("Your answer to %(code)s was returned"),
        _("What should change stands beside it."),
        _("Mend the answer"),
    ),
    "public_answer_submitted": (
        _("A public answer waits for your review"),
        _("It joins the search when you approve it. Look that it names nobody."),
        _("Read the answer"),
    ),
    "office_meeting_booked": (
        _("Meeting with the client of %(code)s on %(begins)s"),
        _("The invitation for your calendar is attached."),
        OPEN_MEETING,
    ),
    "office_meeting_moved": (
        _("The meeting about %(code)s has been moved to %(begins)s"),
        _("The new invitation for your calendar is attached."),
        OPEN_MEETING,
    ),
    "office_meeting_cancelled": (
        _("The meeting about %(code)s on %(begins)s does not take place"),
        _("It was cancelled. The consultation goes on in writing."),
        OPEN_CONVERSATION,
    ),
    "office_meeting_reminder": (
        _("Reminder: meeting about %(code)s on %(begins)s"),
        _("Please be ready a few minutes before."),
        OPEN_MEETING,
    ),
    "office_meeting_failed": (
        _("The meeting about %(code)s could not be arranged"),
        _(
            "The video service refused. Choose another way to meet, or try again, on the page of the consultation."
        ),
        OPEN_CONVERSATION,
    ),
    "office_meeting_ready": (
        _("The room for the meeting about %(code)s on %(begins)s is ready"),
        _("Your way in stands on the page of the consultation."),
        OPEN_MEETING,
    ),
    "office_meeting_affected": (
        _("The meeting about %(code)s on %(begins)s cannot take place then"),
        _("A day off, a closure or a leave was announced after it was booked. Move it, or cancel it."),
        OPEN_MEETING,
    ),
    "swap_asked": (
        _("%(name)s asks you to take over the duty of %(on)s"),
        _("Nothing changes until you say yes. Please answer soon, so that somebody else can be asked."),
        OPEN_ROSTER,
    ),
    "swap_asked:return": (
        _("%(name)s asks you to swap the duty of %(on)s"),
        _("For it, your duty of %(return_on)s is taken over. Nothing changes until you say yes."),
        OPEN_ROSTER,
    ),
    "swap_accepted": (
        _("%(name)s takes over your duty of %(on)s"),
        _("The roster has been changed."),
        OPEN_ROSTER,
    ),
    "swap_accepted:return": (
        _("%(name)s takes over your duty of %(on)s"),
        _("In return you stand duty on %(return_on)s. The roster has been changed."),
        OPEN_ROSTER,
    ),
    "swap_declined": (
        _("%(name)s cannot take over your duty of %(on)s"),
        _("The duty stays yours. You may ask somebody else."),
        OPEN_ROSTER,
    ),
    "digest": (
        _("What waits for you at %(office)s"),
        _("Your daily overview."),
        _("To my work"),
    ),
    "digest:client": (
        _("What is new in your consultations"),
        _("Your daily overview."),
        _("See all notifications"),
    ),
}
# Named placeholders that are instants in `params`, shown on the wall clock of the office.
INSTANTS: Final = ("due", "begins")
# Named placeholders that are days.
DAYS: Final = ("on", "return_on")


@dataclass(frozen=True, slots=True)
class Words:
    """A notification as somebody reads it."""

    title: str
    text: str
    action: str


class _Values(dict[str, str]):
    """What is not known is a dash: an old row must not break the list of its reader."""

    def __missing__(self, key: str) -> str:
        return dates.NOTHING


def words_of(notification: Notification) -> Words:
    """The words of one notification in the active language."""
    return say(notification.what, notification.params, notification.office)


def say(what: str, params: dict[str, Any], office: Office) -> Words:
    """The words for `what` with these values; dates on the wall clock of the office."""
    variant = f"{what}:{params.get('variant', '')}"
    values = _Values({key: str(value) for key, value in params.items() if value} | {"office": office.name})
    for name in INSTANTS:
        if params.get(name):
            values[name] = dates.moment(datetime.fromisoformat(str(params[name])), office.zone)
    for name in DAYS:
        if params.get(name):
            values[name] = dates.long_date(date.fromisoformat(str(params[name])))
    title, text, action = SAID.get(variant) or SAID[what]
    return Words(str(title) % values, str(text) % values, str(action))
