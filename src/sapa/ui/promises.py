"""What the promise clock says: how much of the time is used, and the words beside the bar."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext

from sapa.core import time as present
from sapa.ui import dates

_ICONS: Final = {"running": "clock", "paused": "pause", "met": "check-circle", "breached": "alert-triangle"}
_TONES: Final = {"running": "info", "paused": "neutral", "met": "good", "breached": "bad"}


def share_used(start: datetime, due: datetime, at: datetime) -> int:
    """Per cent of the way from start to due, never below 0 and never above 100."""
    whole = (due - start).total_seconds()
    if whole <= 0:
        return 100
    return max(0, min(100, round(100 * (at - start).total_seconds() / whole)))


def words(state: str, *, start: datetime, due: datetime, at: datetime, given: dict[str, Any]) -> str:
    """One sentence about the promise; calm when it is broken, and exact about by how much."""
    zone = given.get("zone")
    if state == "met":
        took = dates.duration(at - start)
        return gettext("Kept after %(took)s") % {"took": took}
    if state == "paused":
        waits = given.get("waits_for")
        return gettext("Paused: waiting for %(what)s") % {"what": waits} if waits else gettext("Paused")
    # A short promise is read on a clock, a long one in a calendar.
    due_words = (
        dates.clock_time(due, zone)
        if abs(due - start) < timedelta(hours=12)
        else dates.near_moment(due, zone)
    )
    if state == "breached" or at > due:
        late = given.get("left") or dates.duration(at - due)
        return gettext("%(late)s late, was due %(due)s") % {"late": late, "due": due_words}
    left = given.get("left") or dates.duration(due - at)
    return gettext("%(left)s left, due %(due)s") % {"left": left, "due": due_words}


def describe(given: dict[str, Any]) -> dict[str, Any]:
    """The arguments of the element with state, icon, share and words worked out."""
    start, due = given["start"], given["due"]
    now = given.get("now") or present.now()
    at = given.get("at") or now
    state = given.get("state") or "running"
    if state == "running" and at > due:
        state = "breached"
    alive = given.get("at") is None and not given.get("left") and state in ("running", "breached")
    return given | {
        "state": state,
        "icon": _ICONS[state],
        "tone": _TONES[state],
        "now": now,
        "used": share_used(start, due, at),
        "words": words(state, start=start, due=due, at=at, given=given),
        "alive": alive,
        "due_words": dates.clock_time(due, given.get("zone"))
        if abs(due - start) < timedelta(hours=12)
        else dates.near_moment(due, given.get("zone")),
    }
