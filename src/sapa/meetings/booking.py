"""The verbs of an appointment: offer, book, move, cancel, and what became of it.

Each is one transaction: it changes the row by compare-and-set, takes or gives back the officer's quarters of an
hour, holds or releases the silence clock, says so in the conversation, and records the event. What a video provider
must hear follows as a due row (rooms.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from sapa.activity.recording import record
from sapa.consultations import clocks, news
from sapa.consultations.lifecycle import OPEN
from sapa.consultations.models import Consultation
from sapa.core.errors import Refused, Stale
from sapa.inbox import writing
from sapa.inbox.models import Conversation
from sapa.meetings import reminders, rooms
from sapa.meetings.links import checked
from sapa.meetings.models import FollowUp, Kind, Offer, Provider, SlotHold, State
from sapa.meetings.policy import policy_of, reach_for_client, reach_for_officer
from sapa.meetings.slots import LENGTHS, Problem, Reach, problem, quarters
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Desk, Office
from sapa.people.models import Officer
from sapa.people.rules import can_serve
from sapa.roster.availability import is_available

HOLD: Final = "follow_up"
OFFER_DAYS: Final = 14


def offer(
    consultation: Consultation, *, officer: Officer, kind: str, minutes: int, by: Officer, at: datetime
) -> Offer:
    """The client may choose a time with this officer for fourteen days; an earlier offer ends. `kind` blank: the
    client also chooses between visit and video."""
    _check_officer(consultation, officer)
    _check_length(minutes)
    if kind and kind not in policy_of(consultation.office).kinds:
        raise Refused(_("The office does not offer this kind of appointment."), code="kind_not_offered")
    with transaction.atomic():
        _lock(consultation)
        if booked_of(consultation) is not None:
            raise Refused(
                _("There is an appointment already. Move it or cancel it first."), code="already_booked"
            )
        _end_offers(consultation, at)
        made = Offer.objects.create(
            office_id=consultation.office_id,
            consultation=consultation,
            officer=officer,
            kind=kind,
            minutes=minutes,
            offered_at=at,
            expires_at=at + timedelta(days=OFFER_DAYS),
        )
        record(
            "meeting.offered",
            made,
            office_id=made.office_id,
            by=by.user,
            at=at,
            data={"officer": officer.pk, "kind": kind},
            topics=(news.topic(consultation.pk),),
        )
        writing.announce(consultation, what="meeting_offered", data={"kind": kind}, at=at, by=by)
    return made


def open_offer(consultation: Consultation, *, at: datetime) -> Offer | None:
    """The offer that the client may still use."""
    offers = Offer.objects.select_related("officer__user", "office")
    return offers.filter(consultation=consultation, ended_at=None, expires_at__gt=at).first()


def book(
    consultation: Consultation,
    *,
    kind: str,
    provider: str,
    officer: Officer,
    starts_at: datetime,
    minutes: int,
    by: Officer | None,
    at: datetime,
    key: UUID,
    link: str = "",
    desk: Desk | None = None,
) -> FollowUp:
    """The appointment stands, its time belongs to nobody else, and the silence clock waits for it.

    `by` None: the client, who is bound to the office's notice and reach. The same key again returns the same
    appointment. Refused, and nothing written, when the time is gone, closed, taken or the officer is away.
    """
    earlier = FollowUp.objects.filter(submission_key=key).first()
    if earlier is not None:
        return _same(earlier, consultation)
    link = _check_way(consultation.office, kind=kind, provider=provider, link=link, by=by)
    _check_officer(consultation, officer)
    _check_desk(consultation, desk)
    _check_time(consultation.office, officer, starts_at=starts_at, minutes=minutes, by=by, at=at)
    with _one_of_each():
        _lock(consultation)
        twin = FollowUp.objects.filter(submission_key=key).first()
        if twin is not None:
            return _same(twin, consultation)
        if booked_of(consultation) is not None:
            raise Refused(
                _("There is an appointment already. Move it or cancel it first."), code="already_booked"
            )
        meeting = FollowUp.objects.create(
            office_id=consultation.office_id,
            consultation=consultation,
            officer=officer,
            desk=desk,
            kind=kind,
            provider=provider,
            link=link,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=minutes),
            submission_key=key,
            booked_by=by,
            booked_at=at,
            due_at=_midnight_after(consultation.office, starts_at),
        )
        _take(meeting)
        _end_offers(consultation, at)
        clocks.hold_silence(consultation, reason=HOLD, at=at)
        reminders.plan(meeting, at=at)
        rooms.request(meeting, at=at)
        _tell("meeting.booked", meeting, by=by, at=at)
    return meeting


def move(
    meeting: FollowUp,
    *,
    starts_at: datetime,
    minutes: int,
    by: Officer | None,
    at: datetime,
    officer: Officer | None = None,
    expected: int | None = None,
) -> None:
    """The same appointment at another time, perhaps with another officer; calendars and provider follow.

    `expected`: the sequence that the page showed; refused when somebody moved it in the meantime.
    """
    officer = officer or meeting.officer
    if (starts_at, minutes, officer.pk) == (meeting.starts_at, meeting.minutes, meeting.officer_id):
        return  # pressed twice: it stands there already
    _check_officer(meeting.consultation, officer)
    _check_notice(meeting, by=by, at=at)
    _check_time(
        meeting.office,
        officer,
        starts_at=starts_at,
        minutes=minutes,
        by=by,
        at=at,
        length_known=meeting.minutes,
    )
    before = meeting.starts_at
    with _one_of_each():
        _lock(meeting.consultation)
        _change(
            meeting,
            expected=expected,
            officer=officer,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=minutes),
            due_at=_midnight_after(meeting.office, starts_at),
            affected_at=None,
            arrived_at=None,
        )
        meeting.holds.all().delete()
        _take(meeting)
        reminders.plan(meeting, at=at)
        rooms.request(meeting, at=at)
        _tell("meeting.moved", meeting, by=by, at=at, before=before.isoformat())


def choose_way(
    meeting: FollowUp, *, kind: str, provider: str, link: str = "", by: Officer, at: datetime
) -> None:
    """The same time in another way: another provider, a pasted link, a visit instead of a meeting by video."""
    link = _check_way(meeting.office, kind=kind, provider=provider, link=link, by=by)
    with transaction.atomic():
        _lock(meeting.consultation)
        _change(meeting, kind=kind, provider=provider, link=link, passcode="")
        rooms.request(meeting, at=at)
        _tell("meeting.moved", meeting, by=by, at=at, before=meeting.starts_at.isoformat())


def cancel(meeting: FollowUp, *, reason: str, by: Officer | None, at: datetime) -> None:
    """There is no such appointment any more: its time is free, its room is taken away, the silence clock goes on.
    `by` is None for the client (see `give_up`) and for the system."""
    with transaction.atomic():
        _lock(meeting.consultation, open_only=False)
        _end(meeting, State.CANCELLED, at=at, cancelled_at=at, reason=reason.strip()[:200])
        rooms.request(meeting, at=at)
        _tell("meeting.cancelled", meeting, by=by, at=at)


def give_up(meeting: FollowUp, *, reason: str, at: datetime) -> None:
    """The client cancels, until the office's notice before the beginning."""
    _check_notice(meeting, by=None, at=at)
    cancel(meeting, reason=reason, by=None, at=at)


def hold_took_place(meeting: FollowUp, *, by: Officer | None, at: datetime) -> None:
    """It took place; `by` None: nobody said otherwise until midnight."""
    _finish(meeting, State.HELD, by=by, at=at)


def missed(meeting: FollowUp, *, by: Officer | None, at: datetime) -> None:
    """Somebody did not come; the consultation goes on online."""
    _finish(meeting, State.MISSED, by=by, at=at)


def arrived(meeting: FollowUp, *, at: datetime) -> None:
    """The client stands in the office: the number they have now is for this appointment."""
    FollowUp.objects.filter(pk=meeting.pk, state=State.BOOKED, arrived_at=None).update(arrived_at=at)


def booked_of(consultation: Consultation) -> FollowUp | None:
    """The appointment that the consultation has now."""
    rows = FollowUp.objects.select_related("officer__user", "office", "consultation", "desk")
    return rows.filter(consultation=consultation, state=State.BOOKED).first()


def taken_by(officer: Officer, *, since: datetime, until: datetime) -> set[datetime]:
    """The quarters of an hour that this officer has given away."""
    holds = SlotHold.objects.filter(officer=officer, quarter_at__gte=since, quarter_at__lt=until)
    return set(holds.values_list("quarter_at", flat=True))


def can_change(meeting: FollowUp, *, at: datetime) -> bool:
    """Whether the client may still move or cancel it."""
    notice = timedelta(hours=policy_of(meeting.office).notice_hours)
    return meeting.is_booked and at <= meeting.starts_at - notice and meeting.arrived_at is None


def _finish(meeting: FollowUp, outcome: State, *, by: Officer | None, at: datetime) -> None:
    if by is not None and at < meeting.starts_at:
        raise Refused(
            _("The appointment has not begun yet. Cancel it if it will not take place."), code="too_early"
        )
    with transaction.atomic():
        _lock(meeting.consultation, open_only=False)
        _end(meeting, outcome, at=at)
        _tell(f"meeting.{outcome}", meeting, by=by, at=at)


def _end(meeting: FollowUp, state: State, *, at: datetime, **changes: Any) -> None:
    # Over: who took part needs the way in no longer, and nobody else may have it.
    _change(meeting, state=state, link="", passcode="", **changes)
    meeting.holds.all().delete()
    meeting.reminders.filter(settled_at=None).delete()
    clocks.release_silence(meeting.consultation, reason=HOLD, at=at)


def _change(meeting: FollowUp, *, expected: int | None = None, **changes: Any) -> None:
    """Compare-and-set: only a booked appointment changes, and only the one that the page showed."""
    rows = FollowUp.objects.filter(pk=meeting.pk, state=State.BOOKED)
    if expected is not None:
        rows = rows.filter(sequence=expected)
    if not rows.update(sequence=F("sequence") + 1, **changes):
        raise Stale(
            _("This appointment has changed in the meantime. The page now shows how it stands."),
            code="meeting_changed",
        )
    meeting.refresh_from_db(fields=["sequence", *changes])


@contextmanager
def _one_of_each() -> Iterator[None]:
    """A transaction in which a time is taken; whoever was quicker keeps it, by constraint."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as problem:
        raise Stale(
            _("This time has just been taken. Please choose another one."), code="slot_taken"
        ) from problem


def _take(meeting: FollowUp) -> None:
    times = quarters(meeting.starts_at, meeting.minutes)
    holds = [SlotHold(follow_up=meeting, officer=meeting.officer, quarter_at=each) for each in times]
    if meeting.desk_id is not None:
        holds += [SlotHold(follow_up=meeting, desk_id=meeting.desk_id, quarter_at=each) for each in times]
    SlotHold.objects.bulk_create(holds)


def _lock(consultation: Consultation, *, open_only: bool = True) -> None:
    """Held until the end, the conversation first, as everybody does (docs/architecture.md, Locks)."""
    if not Conversation.objects.select_for_update(no_key=True).filter(consultation=consultation.pk).exists():
        raise Refused(_("Appointments belong to consultations that were begun online."), code="not_online")
    rows = Consultation.objects.select_for_update(no_key=True).filter(pk=consultation.pk)
    if open_only:
        rows = rows.filter(state__in=OPEN)
    if not rows.exists():
        raise Refused(
            _("This consultation is closed. Write a message to open it again."), code="closed_consultation"
        )


def _same(meeting: FollowUp, consultation: Consultation) -> FollowUp:
    if meeting.consultation_id != consultation.pk:
        raise Stale(_("This form is no longer valid. Please begin again."), code="stale_form")
    return meeting


def _check_officer(consultation: Consultation, officer: Officer) -> None:
    if officer.office_id != consultation.office_id or not officer.is_active or not can_serve(officer):
        raise Refused(_("This officer does not hold consultations here."), code="not_an_officer")


def _check_desk(consultation: Consultation, desk: Desk | None) -> None:
    if desk is not None and (desk.office_id != consultation.office_id or not desk.is_active):
        raise Refused(_("This desk is not in use. Please choose another one."), code="no_such_desk")


def _check_length(minutes: int) -> None:
    if minutes not in LENGTHS:
        raise Refused(_("Choose a length of 15, 30, 45 or 60 minutes."), code="bad_length")


def _check_way(office: Office, *, kind: str, provider: str, link: str, by: Officer | None) -> str:
    """The link to keep, checked; refused when the office cannot do it this way."""
    policy = policy_of(office)
    if kind not in Kind.values or (by is None and kind not in policy.kinds):
        raise Refused(_("The office does not offer this kind of appointment."), code="kind_not_offered")
    if kind == Kind.VISIT:
        return ""
    known = {Provider.ZOOM: policy.has_zoom, Provider.JITSI: bool(policy.jitsi_url), Provider.LINK: True}
    if provider not in Provider.values or not known[Provider(provider)]:
        raise Refused(
            _("This way of meeting is not set up. Choose another one or paste a link."),
            code="provider_not_set_up",
        )
    return checked(link) if provider == Provider.LINK and link else ""


def _check_notice(meeting: FollowUp, *, by: Officer | None, at: datetime) -> None:
    if by is None and not can_change(meeting, at=at):
        raise Refused(
            _("It is too late to change this appointment here. Please write to the office."),
            code="too_late",
        )


def _check_time(
    office: Office,
    officer: Officer,
    *,
    starts_at: datetime,
    minutes: int,
    by: Officer | None,
    at: datetime,
    length_known: int | None = None,
) -> None:
    if minutes != length_known:
        _check_length(minutes)
    reach = reach_for_client(policy_of(office), minutes) if by is None else reach_for_officer(minutes)
    found = problem(
        calendar_of(office), starts_at, reach=reach, at=at, is_away=lambda on: not is_available(officer, on)
    )
    if found is not None:
        raise Refused(_sentence(found, reach), code=str(found))


def _sentence(found: Problem, reach: Reach) -> str:
    match found:
        case Problem.PAST:
            return _("This time has passed. Please choose a later one.")
        case Problem.TOO_SOON:
            hours = int(reach.notice / timedelta(hours=1))
            return _("Appointments need %(hours)s hours of notice. Please choose a later time.") % {
                "hours": hours
            }
        case Problem.TOO_FAR:
            return _("Appointments are given up to %(days)s days ahead. Please choose an earlier time.") % {
                "days": reach.ahead_days
            }
        case Problem.NOT_ON_GRID:
            return _("Choose a time that begins on a quarter of an hour, such as 09.15.")
        case Problem.CLOSED:
            return _("The office is closed at that time. Please choose a time within the opening hours.")
        case Problem.AWAY:
            return _("The officer is not on duty that day. Please choose another day or another officer.")


def _end_offers(consultation: Consultation, at: datetime) -> None:
    Offer.objects.filter(consultation=consultation, ended_at=None).update(ended_at=at)


def _midnight_after(office: Office, at: datetime) -> datetime:
    day: date = at.astimezone(office.zone).date() + timedelta(days=1)
    return datetime.combine(day, time(), tzinfo=office.zone)


def _tell(name: str, meeting: FollowUp, *, by: Officer | None, at: datetime, **data: str) -> None:
    """In the log and in the conversation; the link stays out of both."""
    record(
        name,
        meeting,
        office_id=meeting.office_id,
        by=by.user if by else None,
        at=at,
        data={"kind": meeting.kind, "starts_at": meeting.starts_at.isoformat(), **data},
        topics=(news.topic(meeting.consultation_id),),
    )
    words = {
        "kind": meeting.kind,
        "starts_at": meeting.starts_at.isoformat(),
        "minutes": str(meeting.minutes),
    }
    writing.announce(meeting.consultation, what=name.replace(".", "_"), data=words | data, at=at, by=by)
