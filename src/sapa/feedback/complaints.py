"""The office's own register of complaints: lodged with or without a name, verified, answered or not taken up.

An anonymous complaint keeps nothing that leads to the person: no name, contact, visit or address (domain.md 6.2 d).
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sapa.activity.recording import record
from sapa.core.errors import Refused, Stale
from sapa.core.ids import readable_code
from sapa.feedback.models import Complaint
from sapa.frontdesk.models import Visit
from sapa.offices.calendar import NeverOpen, add_working_days
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Office
from sapa.people.models import Officer

State = Complaint.State
OPEN: Final = (State.NEW, State.VERIFIED)

# Working days after receipt. First response within 3, an ordinary complaint answered within 5: text of
# lapor.go.id and the spokesman of KemenPANRB, Republika 2018 (domain.md 6.1). Both count from receipt, the
# stricter reading. The articles of PermenPANRB 62/2018 could not be read, so these are not called law.
VERIFY_WORKING_DAYS: Final = 3
ANSWER_WORKING_DAYS: Final = 5

TEXT_LETTERS: Final = 5_000
REPLY_LETTERS: Final = 4_000
NAME_LETTERS: Final = 120
CHANGED = gettext_lazy(
    "A colleague has dealt with this complaint in the meantime. The page now shows how it stands."
)


def lodge(
    office: Office,
    *,
    text: str,
    name: str,
    contact: str,
    is_anonymous: bool,
    visit: Visit | None,
    submission_key: UUID,
    at: datetime,
) -> Complaint:
    """The complaint is in the register with a code to follow it and its two due instants.

    Anonymous: name, contact and visit are dropped here, whatever was typed. Sent twice is lodged once.
    """
    text, name, contact = text.strip(), name.strip(), contact.strip()
    if is_anonymous:
        name, contact, visit = "", "", None
    _check(text, name, contact, is_anonymous=is_anonymous)
    known = Complaint.objects.filter(submission_key=submission_key).first()
    if known is not None:
        return known
    with transaction.atomic():
        complaint, made = Complaint.objects.get_or_create(
            submission_key=submission_key,
            defaults={
                "office": office,
                "code": readable_code("ADU"),
                "visit": visit,
                "is_anonymous": is_anonymous,
                "name": name,
                "contact": contact,
                "text": text,
                "received_at": at,
                "verify_due_at": _due(office, at, VERIFY_WORKING_DAYS),
                "answer_due_at": _due(office, at, ANSWER_WORKING_DAYS),
            },
        )
        if made:
            _tell("complaint.lodged", complaint, by=None, at=at)
    return complaint


def verify(complaint: Complaint, *, by: Officer, at: datetime) -> None:
    """The office has read it and takes it up: the first response that the complainant sees."""
    with transaction.atomic():
        _move(complaint, to=State.VERIFIED, since=(State.NEW,), verified_at=at)
        _tell("complaint.verified", complaint, by=by, at=at)


def answer(complaint: Complaint, *, reply: str, by: Officer, at: datetime) -> None:
    """Answered: whoever has the code reads the reply. One that was never verified is so with the answer."""
    with transaction.atomic():
        _end(complaint, State.ANSWERED, _checked_reply(reply), at)
        _tell("complaint.answered", complaint, by=by, at=at)


def reject(complaint: Complaint, *, reply: str, by: Officer, at: datetime) -> None:
    """Not taken up; the reply says why and where to turn instead."""
    with transaction.atomic():
        _end(complaint, State.REJECTED, _checked_reply(reply), at)
        _tell("complaint.rejected", complaint, by=by, at=at)


def note_reading(complaint: Complaint, *, by: Officer, at: datetime) -> None:
    """Who has seen the name and contact of a complainant is kept (domain.md 8.3: log reads of personal data)."""
    if complaint.is_anonymous:
        return
    with transaction.atomic():
        _tell("complaint.read", complaint, by=by, at=at)


def is_late(complaint: Complaint, at: datetime) -> bool:
    """Whether the step that is next should have been done by now."""
    if complaint.state == State.NEW:
        return at > complaint.verify_due_at
    return complaint.state == State.VERIFIED and at > complaint.answer_due_at


def normal_code(typed: str) -> str:
    """A code as it may be typed from paper: small letters, spaces and missing dashes are forgiven."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    if len(letters) == 15 and letters.startswith("ADU"):
        return "-".join(("ADU", letters[3:7], letters[7:11], letters[11:]))
    return typed.replace("\0", "").strip().upper()


def _check(text: str, name: str, contact: str, *, is_anonymous: bool) -> None:
    if not text:
        raise Refused(_("Please write what happened."), code="text_missing")
    if len(text) > TEXT_LETTERS:
        raise Refused(
            _("The text is longer than %(most)s letters. Please shorten it.") % {"most": TEXT_LETTERS},
            code="text_too_long",
        )
    if not is_anonymous and not name:
        raise Refused(_("Please write your name, or choose to stay anonymous."), code="name_missing")
    if max(len(name), len(contact)) > NAME_LETTERS:
        raise Refused(
            _("Name and contact may have at most %(most)s letters each.") % {"most": NAME_LETTERS},
            code="name_too_long",
        )


def _checked_reply(reply: str) -> str:
    reply = reply.strip()
    if not reply:
        raise Refused(_("Please write the reply that the complainant will read."), code="reply_missing")
    if len(reply) > REPLY_LETTERS:
        raise Refused(
            _("The reply is longer than %(most)s letters. Please shorten it.") % {"most": REPLY_LETTERS},
            code="reply_too_long",
        )
    return reply


def _due(office: Office, at: datetime, days: int) -> datetime:
    try:
        return add_working_days(calendar_of(office), at, days).at
    except NeverOpen:
        # An office whose hours are not entered yet must take complaints too; calendar days are the tighter count.
        return at + timedelta(days=days)


def _end(complaint: Complaint, to: State, reply: str, at: datetime) -> None:
    verified_at = complaint.verified_at or at
    _move(
        complaint,
        to=to,
        since=OPEN,
        reply=reply,
        answered_at=at,
        verified_at=Coalesce("verified_at", Value(at, output_field=DateTimeField())),
    )
    complaint.verified_at = verified_at


def _move(complaint: Complaint, *, to: State, since: Collection[State], **changes: Any) -> None:
    """Compare-and-set on the state: changes everything or, when somebody was quicker, nothing and says so."""
    moved = Complaint.objects.filter(pk=complaint.pk, state__in=since).update(state=to, **changes)
    if not moved:
        raise Stale(CHANGED, code="complaint_changed")
    complaint.state = to
    for name, value in changes.items():
        setattr(complaint, name, value)


def _tell(name: str, complaint: Complaint, *, by: Officer | None, at: datetime) -> None:
    record(
        name,
        complaint,
        office_id=complaint.office_id,
        by=by.user if by else None,
        at=at,
        topics=(f"queue:{complaint.office_id}",),
    )
