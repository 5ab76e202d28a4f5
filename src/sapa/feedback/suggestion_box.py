"""Paper slips of the suggestion box (kotak saran), with the day of opening and two witnesses (domain.md 6.2 b)."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from sapa.core.errors import Refused
from sapa.feedback import complaints
from sapa.feedback.models import Complaint, ComplaintEntry
from sapa.offices.models import Office
from sapa.people.models import Officer

What = ComplaintEntry.What
# An older date is a year mistyped, not a box that nobody opened.
OLDEST_DAYS: Final = 366


def enter(
    office: Office,
    *,
    text: str,
    name: str,
    contact: str,
    opened_on: date,
    first_witness: str,
    second_witness: str,
    submission_key: UUID,
    by: Officer,
    at: datetime,
) -> Complaint:
    """The slip is in the same register as every complaint; its clocks count from the day the box was opened.

    Without name and contact it is anonymous. Sent twice is one slip.
    """
    text, name, contact = text.strip(), name.strip(), contact.strip()
    first, second = (" ".join(each.split()) for each in (first_witness, second_witness))
    complaints.check_text(text)
    complaints.check_names(name, contact)
    check_day(opened_on, today=at.astimezone(office.zone).date())
    check_witnesses(first, second)
    fields = {
        "door": Complaint.Door.BOX,
        "is_anonymous": not (name or contact),
        "name": name,
        "contact": contact,
        "text": text,
        "opened_on": opened_on,
        "first_witness": first,
        "second_witness": second,
    }
    # The whole day of opening is the day of receipt: day 0 of the count, whatever the hour.
    received_at = datetime.combine(opened_on, time(), office.zone)
    with transaction.atomic():
        return complaints.register(
            office, fields, submission_key=submission_key, received_at=received_at, by=by, at=at
        )


def last_opening(*, by: Officer, on: date) -> dict[str, Any]:
    """Day and witnesses of the slip this officer entered last today: a box holds more than one slip."""
    rows = Complaint.objects.filter(door=Complaint.Door.BOX, entries__what=What.LODGED, entries__by=by)
    last = rows.filter(entries__at__gte=datetime.combine(on, time(), by.office.zone)).order_by("-id").first()
    if last is None:
        return {}
    return {
        "opened_on": last.opened_on,
        "first_witness": last.first_witness,
        "second_witness": last.second_witness,
    }


def check_day(opened_on: date, *, today: date) -> None:
    """Not in the future, and not so long ago that the year must be wrong."""
    if opened_on > today:
        raise Refused(_("This day has not come yet. Please check the date."), code="opened_in_future")
    if opened_on < today - timedelta(days=OLDEST_DAYS):
        raise Refused(_("This is more than a year ago. Please check the year."), code="opened_long_ago")


def check_witnesses(first: str, second: str) -> None:
    """Two names, of two people."""
    if not first or not second:
        raise Refused(_("Please write the names of both witnesses."), code="witness_missing")
    if max(len(first), len(second)) > complaints.NAME_LETTERS:
        raise Refused(
            _("A name may have at most %(most)s letters.") % {"most": complaints.NAME_LETTERS},
            code="witness_too_long",
        )
    if first.casefold() == second.casefold():
        raise Refused(_("The two witnesses must be two different people."), code="witness_twice")
