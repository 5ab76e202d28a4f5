"""Lines that nobody said, in the reader's own language: what happened is kept, not the words."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from sapa.consultations.models import MissingItem
from sapa.ui import dates

SENTENCES: Final[dict[str, Promise]] = {
    "items_provided": gettext_lazy("Completed: %(items)s."),
    "meeting_offered": gettext_lazy("The office invites you to choose a time for a follow-up."),
    "meeting_booked": gettext_lazy("Follow-up agreed: %(when)s."),
    "meeting_moved": gettext_lazy("Follow-up moved to %(when)s."),
    "meeting_cancelled": gettext_lazy("Follow-up cancelled: %(when)s."),
    "meeting_held": gettext_lazy("The follow-up of %(when)s took place."),
    "meeting_missed": gettext_lazy("The follow-up of %(when)s did not take place."),
    "set_aside_junk": gettext_lazy(
        "Closed by the office: we found no question about statistics here. If there is one, simply write again."
    ),
    "set_aside_duplicate": gettext_lazy(
        "Closed by the office: you ask the same in %(double_of)s. We answer there."
    ),
    "set_aside_withdrawn": gettext_lazy(
        "Closed by the office: you told us that you do not need it any more."
    ),
    "set_aside_elsewhere": gettext_lazy(
        "Closed by the office: answered outside of this conversation, such as by telephone or at the desk."
    ),
    "forwarded": gettext_lazy("Passed on from %(from)s to %(to)s."),
}


def sentence(notice: dict[str, str], zone: ZoneInfo) -> str:
    """The line in the active language; what a newer version wrote and this one does not know stays out."""
    what = notice.get("what", "")
    if what not in SENTENCES:
        return ""
    said = dict(notice)
    if what == "items_provided":
        keys = [key for key in notice.get("items", "").split(",") if key in MissingItem.Key.values]
        said["items"] = ", ".join(str(MissingItem.Key(key).label) for key in keys)
    if "starts_at" in notice:
        said["when"] = dates.moment(datetime.fromisoformat(notice["starts_at"]), zone)
    return str(SENTENCES[what]) % said
