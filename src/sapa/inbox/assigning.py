"""Who gets a consultation without anybody choosing: in turn by the duty roster; and no case waits for who is away.

Reactions (wiring.py). The verbs that people use are in consultations/holding.py.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet

from sapa.activity.models import Event
from sapa.consultations import holding
from sapa.consultations.models import Consultation, Door, State, WaitingFor
from sapa.core.errors import Stale
from sapa.offices.calendar import next_opening
from sapa.offices.calendars import calendar_of
from sapa.offices.models import Office
from sapa.people.models import Officer
from sapa.people.rules import can_serve
from sapa.roster import policies
from sapa.roster.availability import back_on, is_available, next_in_turn, note_turn, part_at


def assign_after(event: Event, at: datetime) -> None:
    """A consultation that came to the office and has nobody is given in turn, where the office wants that (wired
    to consultation.requested, .forwarded and .reopened)."""
    consultation = _open_ones().filter(pk=event.subject_id, officer=None).first()
    if consultation is not None:
        _hand_out(consultation, at=at)


def return_after_leave(event: Event, at: datetime) -> None:
    """What waits for the office goes back when its officer is away beyond the due instant, or has no due instant to
    keep: to whose turn it is, or to nobody (wired to leave.begun)."""
    officer = Officer.objects.select_related("office").filter(pk=event.data.get("officer")).first()
    if officer is not None:
        for consultation in _open_ones().filter(officer=officer, waiting_for=WaitingFor.OFFICE):
            _give_back_if_away(consultation, officer, at=at)


def return_after_message(event: Event, at: datetime) -> None:
    """A client who writes to an officer who is away does not wait for the return either (wired to
    message.received)."""
    waiting = _open_ones().filter(waiting_for=WaitingFor.OFFICE, officer__isnull=False)
    consultation = waiting.filter(conversation__messages=event.subject_id).first()
    if consultation is not None and consultation.officer is not None:
        _give_back_if_away(consultation, consultation.officer, at=at)


def return_after_departure(event: Event, at: datetime) -> None:
    """Who was dismissed, or answers no more in a new role, has no open case in hand (wired to officer.dismissed and
    officer.role_changed)."""
    officer = Officer.objects.get(pk=event.subject_id)
    if not (officer.is_active and can_serve(officer)):
        for consultation in _open_ones().filter(officer=officer):
            _give_back(consultation, at=at)


def _give_back_if_away(consultation: Consultation, officer: Officer, *, at: datetime) -> None:
    office = consultation.office
    today = at.astimezone(office.zone).date()
    if is_available(officer, today):
        return
    back = back_on(officer, today)
    if consultation.due_at is None or consultation.due_at.astimezone(office.zone).date() < back:
        _give_back(consultation, at=at)


def _give_back(consultation: Consultation, *, at: datetime) -> None:
    """Nobody has it, or whose turn it is. Whoever was quicker keeps it."""
    try:
        holding.assign(consultation, to=None, by=None, at=at)
    except Stale:
        return
    if consultation.waiting_for == WaitingFor.OFFICE:
        _hand_out(consultation, at=at)


def _hand_out(consultation: Consultation, *, at: datetime) -> None:
    """To the next in turn of those who are on duty now, or when the office opens next."""
    office = consultation.office
    with transaction.atomic():
        if not policies.hands_out(office):
            return
        when = next_opening(calendar_of(office), at) or at
        day = when.astimezone(office.zone).date()
        chosen = next_in_turn(office, day, _loads(office), part=part_at(office, when))
        if chosen is None:
            return
        try:
            holding.assign(consultation, to=chosen, by=None, at=at)
        except Stale:
            return  # an officer has claimed it meanwhile
        note_turn(chosen, at=at)


def _loads(office: Office) -> dict[int, int]:
    """How many open online consultations each officer of the office has in hand."""
    rows = Consultation.objects.filter(office=office, officer__isnull=False).exclude(waiting_for="")
    return dict(rows.values_list("officer").annotate(number=Count("pk")).order_by())


def _open_ones() -> QuerySet[Consultation]:
    open_ones = Consultation.objects.filter(door=Door.WEB).exclude(state=State.CLOSED)
    return open_ones.select_related("office__parent__parent", "officer").order_by("requested_at", "pk")
