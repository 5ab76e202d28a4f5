"""What pages say about a complaint: how its due instants were counted, and the card to hand it over."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sapa.feedback import complaint_clocks as clocks
from sapa.feedback.models import Complaint
from sapa.offices.calendar import Language
from sapa.ui.dates import long_date

State = Complaint.State


def why_lines(complaint: Complaint) -> list[str]:
    """How the next due instant was counted, day by day, in the reader's language; nothing when none is running."""
    language: Language = "en" if get_language() == "en" else "id"
    if complaint.state == State.NEW:
        return clocks.explained(complaint.verify_count, language)
    if complaint.state in clocks.OPEN:
        return clocks.explained(complaint.answer_count, language)
    return []


def card(complaint: Complaint) -> str:
    """The text to put into the form of LAPOR! or the whistle-blowing channel: what, where, since when. Without
    name, contact or code: who hands it over there says there who they are."""
    return "\n".join(
        [
            _("Office: %(office)s") % {"office": complaint.office.name},
            _("Received by the office: %(day)s")
            % {"day": long_date(complaint.received_at, complaint.office.zone)},
            "",
            complaint.text,
        ]
    )
