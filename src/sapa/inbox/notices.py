"""Lines that nobody said, in the reader's own language: what happened is kept, not the words."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sapa.consultations.models import MissingItem

SENTENCES: Final[dict[str, Promise]] = {
    "items_provided": gettext_lazy("Completed: %(items)s."),
    "meeting_offered": gettext_lazy("The office invites you to choose a time for a follow-up."),
    "meeting_booked": gettext_lazy("Follow-up agreed: %(when)s."),
    "meeting_moved": gettext_lazy("Follow-up moved to %(when)s."),
    "meeting_cancelled": gettext_lazy("Follow-up cancelled: %(when)s."),
    "meeting_held": gettext_lazy("The follow-up took place."),
    "meeting_missed": gettext_lazy("The follow-up did not take place."),
    "meeting_link": gettext_lazy("The video meeting's address is ready."),
    "forwarded": gettext_lazy("Passed on from %(from)s to %(to)s."),
    "continued": gettext_lazy("Continues %(code)s."),
}


def sentence(notice: dict[str, str]) -> str:
    """The line in the active language; what a newer version wrote and this one does not know stays out."""
    what = notice.get("what", "")
    if what not in SENTENCES:
        return ""
    said = dict(notice)
    if what == "items_provided":
        keys = [key for key in notice.get("items", "").split(",") if key in MissingItem.Key.values]
        said["items"] = ", ".join(str(MissingItem.Key(key).label) for key in keys)
    try:
        return str(SENTENCES[what]) % said
    except KeyError:
        return _("Something was noted.")
