"""The office's own register of complaints, proposals and requests for information, from receipt to the end.

An anonymous one keeps nothing that leads to the person: no name, contact, visit, consultation or address
(domain.md 6.2 d).
The states are our own names: none was found in a primary text (domain.md 6.1).

    new -> verified -> followed up, forwarded -> waiting for the reporter -> done
                                                    |  <- the reporter answers within the window
    new, verified, followed up, forwarded -> not taken up, not our responsibility
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sapa.activity.recording import record
from sapa.consultations.models import Consultation
from sapa.core.errors import Refused, Stale
from sapa.core.ids import readable_code
from sapa.feedback import complaint_clocks as clocks
from sapa.feedback import subjects
from sapa.feedback.models import Complaint, ComplaintEntry
from sapa.feedback.terms import Terms, terms_of
from sapa.frontdesk.models import Visit
from sapa.offices.models import Desk, Office
from sapa.people.models import Officer

Kind = Complaint.Kind
Handling = Complaint.Handling
Door = Complaint.Door
State = Complaint.State
What = ComplaintEntry.What
OPEN: Final = clocks.OPEN
TAKEN_UP: Final = (State.VERIFIED, State.FORWARDED, State.FOLLOWED_UP)
ENDED: Final = (State.DONE, State.REJECTED, State.NOT_OURS)

TEXT_LETTERS: Final = 5_000
REPLY_LETTERS: Final = 4_000
REASON_LETTERS: Final = 500
NAME_LETTERS: Final = 120
# Within one window; who wants to say more than this is better served by a talk.
MOST_RESPONSES: Final = 10
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
    consultation: Consultation | None = None,
    kind: Kind = Kind.COMPLAINT,
    is_confidential: bool = False,
) -> Complaint:
    """It is in the register with a code to follow it and what is due when.

    Anonymous: name, contact, visit and consultation are dropped here, whatever was typed. Sent twice is lodged once.
    Whoever served the visit or had the consultation it is about never sees it.
    """
    text, name, contact = text.strip(), name.strip(), contact.strip()
    if is_anonymous:
        name, contact, visit, consultation = "", "", None, None
    check_text(text)
    check_names(name, contact)
    if not is_anonymous and not name:
        raise Refused(_("Please write your name, or choose to stay anonymous."), code="name_missing")
    fields = {
        "visit": visit,
        "consultation": consultation,
        "is_anonymous": is_anonymous,
        "is_confidential": is_confidential,
        "name": name,
        "contact": contact,
        "text": text,
        "kind": kind,
    }
    return register(office, fields, submission_key=submission_key, received_at=at, by=None, at=at)


def register(
    office: Office,
    fields: dict[str, Any],
    *,
    submission_key: UUID,
    received_at: datetime,
    by: Officer | None,
    at: datetime,
) -> Complaint:
    """A line of the register with its clocks, counted from `received_at`; the one there is for a key known already."""
    known = Complaint.objects.filter(submission_key=submission_key).first()
    if known is not None:
        return known
    terms = terms_of(office, received_at.astimezone(office.zone).date())
    verify_due_at, verify_count = clocks.count(
        office, received_at, terms.verification, day_zero=terms.day_zero
    )
    with transaction.atomic():
        complaint, made = Complaint.objects.get_or_create(
            submission_key=submission_key,
            defaults={
                "office": office,
                "code": readable_code("ADU"),
                "received_at": received_at,
                "verify_due_at": verify_due_at,
                "verify_count": verify_count,
                "day_zero": terms.day_zero,
                **fields,
            },
        )
        if made:
            days = terms.days(complaint.kind, "")
            _write(complaint, What.LODGED, by=by, at=at, kind=complaint.kind, days=days)
            clocks.set_follow_up(complaint)
            subjects.keep_from_servers(complaint)
            _tell("complaint.lodged", complaint, by=by, at=at)
    return complaint


def verify(
    complaint: Complaint,
    *,
    by: Officer,
    at: datetime,
    kind: Kind | None = None,
    handling: Handling = Handling.ORDINARY,
) -> None:
    """The office has read it and takes it up, in a class that says how long the follow-up may take.

    The class is the verifying officer's: the reporter is not asked for it. `kind` None leaves it as it came.
    """
    chosen, held = _class_of(kind or Kind(complaint.kind), handling)
    with transaction.atomic():
        _move(complaint, to=State.VERIFIED, since=(State.NEW,), verified_at=at, kind=chosen, handling=held)
        _write_class(complaint, What.VERIFIED, "", by=by, at=at)
        _tell("complaint.verified", complaint, by=by, at=at)


def classify(
    complaint: Complaint, *, kind: Kind, handling: Handling, reason: str, by: Officer, at: datetime
) -> None:
    """Another class, with the reason, who and when in the ledger; the follow-up is due by the new days from receipt."""
    chosen, held = _class_of(kind, handling)
    reason = _checked(reason, missing=_("Please write why the class changes."), most=REASON_LETTERS)
    if (chosen, held) == (complaint.kind, complaint.handling):
        raise Refused(_("This is its class already. Please choose another one."), code="class_unchanged")
    with transaction.atomic():
        _move(complaint, to=None, since=TAKEN_UP, kind=chosen, handling=held)
        _write_class(complaint, What.CLASSIFIED, reason, by=by, at=at)
        _tell("complaint.classified", complaint, by=by, at=at)


def name_subject(
    complaint: Complaint, *, officer: Officer | None, desk: Desk | None, by: Officer, at: datetime
) -> None:
    """Noted whom it is about: that officer, or whoever served at that desk, does not see it from now on.

    Refused when nobody who may answer complaints would be left to see it.
    """
    with transaction.atomic():
        subjects.set_subject(complaint, officer=officer, desk=desk)
        _write(complaint, What.SUBJECT_NAMED, by=by, at=at)
        _tell("complaint.subject_named", complaint, by=by, at=at)


def begin(complaint: Complaint, *, by: Officer, at: datetime) -> None:
    """The follow-up has begun, and the reporter can see it."""
    with transaction.atomic():
        _move(complaint, to=State.FOLLOWED_UP, since=(State.VERIFIED, State.FORWARDED))
        _write(complaint, What.FOLLOWED_UP, by=by, at=at)
        _tell("complaint.followed_up", complaint, by=by, at=at)


def forward(complaint: Complaint, *, note: str, by: Officer, at: datetime) -> None:
    """Passed on to who can decide; the note tells the reporter to whom. The office still owes the answer: its
    clock runs on."""
    note = _checked(note, missing=_("Please write to whom it is passed on."), most=REPLY_LETTERS)
    with transaction.atomic():
        _move(complaint, to=State.FORWARDED, since=(State.VERIFIED, State.FOLLOWED_UP))
        _write(complaint, What.FORWARDED, note, by=by, at=at)
        _tell("complaint.forwarded", complaint, by=by, at=at)


def answer(complaint: Complaint, *, reply: str, by: Officer, at: datetime) -> None:
    """Answered: whoever has the code reads it and may answer within the window. One that was never verified is
    so with the answer, as an ordinary one. A slip of the suggestion box is done: nobody holds its code."""
    reply = _checked_reply(reply)
    terms = _terms(complaint, at)
    is_new = complaint.state == State.NEW
    with transaction.atomic():
        if is_new:
            handling = _class_of(Kind(complaint.kind), Handling.ORDINARY)[1]
            _move(complaint, to=State.VERIFIED, since=(State.NEW,), verified_at=at, handling=handling)
            _write_class(complaint, What.VERIFIED, "", by=by, at=at)
        if complaint.door == Door.BOX:
            _move(complaint, to=State.DONE, since=TAKEN_UP, reply=reply, answered_at=at, closed_at=at)
        else:
            until = clocks.window_end(complaint.office, at, terms)
            _move(complaint, to=State.WAITING, since=TAKEN_UP, reply=reply, answered_at=at, reply_until=until)
        _write(complaint, What.ANSWERED, reply, by=by, at=at)
        _tell("complaint.answered", complaint, by=by, at=at)


def may_respond(complaint: Complaint, at: datetime) -> bool:
    """Whether the reporter may say something to the answer: it was given, and the window is still open."""
    return (
        complaint.state in (State.WAITING, *TAKEN_UP)
        and complaint.reply_until is not None
        and at < complaint.reply_until
    )


def respond(complaint: Complaint, *, text: str, submission_key: UUID, at: datetime) -> None:
    """The reporter is not done with the answer: it is back with the officers. Once or more within the window;
    sent twice is said once. Nothing is kept of who sent it, for the code is all that was shown."""
    text = text.strip()
    check_text(text)
    if complaint.entries.filter(submission_key=submission_key).exists():
        return
    if not may_respond(complaint, at):
        raise Refused(_("The time to answer is over. You may file a new complaint."), code="window_over")
    if complaint.entries.filter(what=What.RESPONDED).count() >= MOST_RESPONSES:
        raise Refused(
            _("You have answered many times. Please come to the office or call us instead."),
            code="too_many_responses",
        )
    with transaction.atomic():
        if complaint.state == State.WAITING:
            _move(complaint, to=State.FOLLOWED_UP, since=(State.WAITING,))
        _write(complaint, What.RESPONDED, text, by=None, at=at, submission_key=submission_key)
        clocks.set_follow_up(complaint)
        _tell("complaint.responded", complaint, by=None, at=at)


def reject(complaint: Complaint, *, reply: str, by: Officer, at: datetime) -> None:
    """Not taken up; the reply says why and where to turn instead."""
    with transaction.atomic():
        _end(complaint, State.REJECTED, What.REJECTED, _checked_reply(reply), by=by, at=at)
        _tell("complaint.rejected", complaint, by=by, at=at)


def disclaim(complaint: Complaint, *, reply: str, by: Officer, at: datetime) -> None:
    """Not this office's to decide: the reporter gets the card to hand it over to LAPOR! or the whistle-blowing
    channel, for neither takes reports from programs (domain.md 6.2 a)."""
    with transaction.atomic():
        _end(complaint, State.NOT_OURS, What.NOT_OURS, _checked_reply(reply), by=by, at=at)
        _tell("complaint.disclaimed", complaint, by=by, at=at)


def close_silent(complaint: Complaint, *, at: datetime) -> bool:
    """Done, because the window passed without a word of the reporter; False when something else came first."""
    with transaction.atomic():
        moved = Complaint.objects.filter(
            pk=complaint.pk, state=State.WAITING, reply_until=complaint.reply_until, reply_until__lte=at
        ).update(state=State.DONE, closed_at=at)
        if moved:
            _write(complaint, What.CLOSED, by=None, at=at)
            _tell("complaint.closed", complaint, by=None, at=at)
    return bool(moved)


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
    due = complaint.answer_due_at
    return complaint.state in TAKEN_UP and due is not None and at > due


def normal_code(typed: str) -> str:
    """A code as it may be typed from paper: small letters, spaces and missing dashes are forgiven."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    if len(letters) == 15 and letters.startswith("ADU"):
        return "-".join(("ADU", letters[3:7], letters[7:11], letters[11:]))
    return typed.replace("\0", "").strip().upper()


def check_text(text: str) -> None:
    """Something was written, and not a book."""
    if not text:
        raise Refused(_("Please write what happened."), code="text_missing")
    if len(text) > TEXT_LETTERS:
        raise Refused(
            _("The text is longer than %(most)s letters. Please shorten it.") % {"most": TEXT_LETTERS},
            code="text_too_long",
        )


def check_names(name: str, contact: str) -> None:
    """Both fit."""
    if max(len(name), len(contact)) > NAME_LETTERS:
        raise Refused(
            _("Name and contact may have at most %(most)s letters each.") % {"most": NAME_LETTERS},
            code="name_too_long",
        )


def _checked_reply(reply: str) -> str:
    missing = _("Please write the reply that the complainant will read.")
    return _checked(reply, missing=missing, most=REPLY_LETTERS)


def _checked(text: str, *, missing: str, most: int) -> str:
    text = text.strip()
    if not text:
        raise Refused(missing, code="reply_missing")
    if len(text) > most:
        raise Refused(
            _("The text is longer than %(most)s letters. Please shorten it.") % {"most": most},
            code="reply_too_long",
        )
    return text


def _terms(complaint: Complaint, at: datetime) -> Terms:
    return terms_of(complaint.office, at.astimezone(complaint.office.zone).date())


def _class_of(kind: Kind, handling: Handling) -> tuple[str, str]:
    """Only a complaint has a class of handling."""
    return str(kind), str(handling) if kind == Kind.COMPLAINT else ""


def _write_class(complaint: Complaint, what: What, text: str, *, by: Officer, at: datetime) -> None:
    days = _terms(complaint, complaint.received_at).days(complaint.kind, complaint.handling)
    _write(complaint, what, text, by=by, at=at, kind=complaint.kind, handling=complaint.handling, days=days)
    clocks.set_follow_up(complaint)


def _end(complaint: Complaint, to: State, what: What, reply: str, *, by: Officer, at: datetime) -> None:
    verified_at = complaint.verified_at or at
    _move(
        complaint,
        to=to,
        since=OPEN,
        reply=reply,
        answered_at=at,
        closed_at=at,
        verified_at=Coalesce("verified_at", Value(at, output_field=DateTimeField())),
    )
    complaint.verified_at = verified_at
    _write(complaint, what, reply, by=by, at=at)


def _move(complaint: Complaint, *, to: State | None, since: Collection[State], **changes: Any) -> None:
    """Compare-and-set on the state: changes everything or, when somebody was quicker, nothing and says so.
    `to` None changes what belongs to the state, not the state."""
    if to is not None:
        changes["state"] = to
    moved = Complaint.objects.filter(pk=complaint.pk, state__in=since).update(**changes)
    if not moved:
        raise Stale(CHANGED, code="complaint_changed")
    for name, value in changes.items():
        setattr(complaint, name, value)


def _write(
    complaint: Complaint, what: What, text: str = "", *, by: Officer | None, at: datetime, **more: Any
) -> None:
    ComplaintEntry.objects.create(complaint=complaint, what=what, text=text, by=by, at=at, **more)


def _tell(name: str, complaint: Complaint, *, by: Officer | None, at: datetime) -> None:
    record(
        name,
        complaint,
        office_id=complaint.office_id,
        by=by.user if by else None,
        at=at,
        topics=(f"queue:{complaint.office_id}",),
    )
