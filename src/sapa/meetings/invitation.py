"""The appointment as a calendar invitation (RFC 5545, RFC 5546): to be attached to a mail or taken from the page."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from sapa.core.time import now
from sapa.meetings.models import FollowUp, Kind, State

if TYPE_CHECKING:
    from icalendar import Event as Entry

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
ALARM_BEFORE: Final = timedelta(hours=1)


def ics(meeting: FollowUp, *, method: Method, recipient: str, at: datetime | None = None) -> bytes:
    """The invitation (REQUEST), its withdrawal (CANCEL), or the entry to take along (PUBLISH) for one mail address.

    The same UID and a higher SEQUENCE make calendars move the entry instead of adding another. Instants are in UTC,
    which every calendar shows in its reader's zone; `at` is when this text was made. Where to meet is in it: send it
    to participants only.
    """
    from icalendar import Calendar, Event  # 60 ms: not at the start of the web process

    calendar = Calendar()
    calendar.add("prodid", "-//Sapa//sapa//ID")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    entry = Event()
    entry.add("uid", f"{meeting.token}@{urlsplit(settings.PUBLIC_URL).hostname or 'sapa'}")
    entry.add("sequence", meeting.sequence)
    entry.add("dtstamp", (at or now()).astimezone(UTC))
    entry.add("dtstart", meeting.starts_at.astimezone(UTC))
    entry.add("dtend", meeting.ends_at.astimezone(UTC))
    entry.add("summary", _title(meeting))
    entry.add("description", _description(meeting))
    entry.add("location", place(meeting))
    if meeting.link and meeting.is_booked:
        entry.add("url", meeting.link)
    is_off = method == "CANCEL" or meeting.state == State.CANCELLED
    entry.add("status", "CANCELLED" if is_off else "CONFIRMED")
    entry.add("transp", "TRANSPARENT" if is_off else "OPAQUE")
    _people(entry, meeting, recipient, asks=method != "PUBLISH")
    if not is_off:
        entry.add_component(_alarm(meeting))
    calendar.add_component(entry)
    words: bytes = calendar.to_ical()
    return words


def place(meeting: FollowUp) -> str:
    """Where to be: the office's address, or the link once it is there."""
    if meeting.kind == Kind.VISIT:
        desk = f", {meeting.desk.name}" if meeting.desk else ""
        return f"{meeting.office.name}{desk}" + (
            f", {meeting.office.address}" if meeting.office.address else ""
        )
    if not meeting.is_booked:
        return _("By video")
    return meeting.link or _("By video; the link follows")


def _title(meeting: FollowUp) -> str:
    kind = _("Visit") if meeting.kind == Kind.VISIT else _("Video meeting")
    return _("%(kind)s: consultation %(code)s") % {"kind": kind, "code": meeting.consultation.code}


def _description(meeting: FollowUp) -> str:
    lines = [meeting.office.name, _("Officer: %(name)s") % {"name": meeting.officer.user.name}]
    if meeting.kind == Kind.VIDEO and meeting.link:
        lines.append(_("Join: %(link)s") % {"link": meeting.link})
    if meeting.passcode:
        lines.append(_("Passcode: %(passcode)s") % {"passcode": meeting.passcode})
    if meeting.kind == Kind.VISIT:
        lines.append(
            _("Please bring an identity card. On the day, check in on the page of your consultation.")
        )
    lines.append(_("This service is free of charge."))
    return "\n".join(lines)


def _people(entry: "Entry", meeting: FollowUp, recipient: str, *, asks: bool) -> None:
    from email.utils import parseaddr

    from icalendar import vCalAddress, vText

    sender = meeting.office.email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    organiser = vCalAddress(f"mailto:{sender}")
    organiser.params["CN"] = vText(meeting.office.name)
    entry.add("organizer", organiser)
    if recipient and asks:
        guest = vCalAddress(f"mailto:{recipient}")
        guest.params["ROLE"] = vText("REQ-PARTICIPANT")
        guest.params["PARTSTAT"] = vText("ACCEPTED")
        guest.params["RSVP"] = vText("FALSE")
        entry.add("attendee", guest, encode=False)


def _alarm(meeting: FollowUp):  # type: ignore[no-untyped-def]  # icalendar.Alarm, imported late
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _title(meeting))
    alarm.add("trigger", -ALARM_BEFORE)
    return alarm
