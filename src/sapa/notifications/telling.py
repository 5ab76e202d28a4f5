"""Who is told of what: one reaction for each event that somebody should hear of (wiring.REACTIONS).

Never the person who did it; a reaction that runs twice tells once (notifying.notify).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.consultations.models import Consultation, Deadline, Door
from sapa.feedback.models import Rating
from sapa.inbox.models import Kind, Message, PendingAnswer, PublicAnswer, Side
from sapa.meetings.models import FollowUp
from sapa.notifications import readers
from sapa.notifications.notifying import notify
from sapa.offices.models import Office
from sapa.people.models import Officer, User
from sapa.roster.availability import on_duty

# What all reactions of this module do, in words for the administrator (pages/views/settings/work.py).
TASK: Final = gettext_lazy("Tell those whom it concerns")
ONLINE = Deadline.Kind.ONLINE_RESPONSE


def requested(event: Event, at: datetime) -> None:
    """The client has the code in hand; those on duty see that there is something new, unless somebody has it already:
    then only that officer hears of it (assigned)."""
    with scopes_disabled():
        consultation = _consultation(event.subject_id)
        user = consultation.client.user
        asked = getattr(consultation, "request", None)
        if user is not None and asked is not None:
            readers.speaks(user, asked.language, at=at)
        if user is not None:
            # The client did it, and is told all the same: the mail with the code is the receipt.
            _to_client(event, consultation, "request_received", at, is_receipt=True)
        if consultation.officer_id is None:
            _to_office(event, consultation, "new_request", _on_duty(consultation.office, at), at)


def asked_back(event: Event, at: datetime) -> None:
    """The client hears that something is missing."""
    with scopes_disabled():
        _to_client(event, _consultation(event.subject_id), "asked_back", at)


def accepted(event: Event, at: datetime) -> None:
    """The client hears by when the answer comes."""
    with scopes_disabled():
        consultation = _consultation(event.subject_id)
        deadline = consultation.deadlines.filter(kind=ONLINE).order_by("-id").first()
        due = deadline.due_at.isoformat() if deadline is not None else ""
        _to_client(event, consultation, "accepted", at, due=due)


def office_wrote(event: Event, at: datetime) -> None:
    """The client hears that the office has written, or has asked something, unless asking back has told that."""
    with scopes_disabled():
        message = Message.objects.select_related("conversation").get(pk=event.subject_id)
        consultation = _consultation(message.conversation.consultation_id)
        is_question = message.kind == Kind.QUESTION and consultation.accepted_at is None
        if message.side == Side.OFFICE and not (
            is_question and _is_also(event, "consultation.asked_back", "consultation", consultation.pk)
        ):
            _to_client(event, consultation, "asked_back" if is_question else "office_wrote", at)


def client_wrote(event: Event, at: datetime) -> None:
    """Whoever has the consultation hears it; nobody has it: those on duty."""
    with scopes_disabled():
        message = Message.objects.select_related("conversation").get(pk=event.subject_id)
        consultation = _consultation(message.conversation.consultation_id)
        if message.side == Side.CLIENT:
            _to_office(event, consultation, "client_wrote", _holder_or_duty(consultation, at), at)


def assigned(event: Event, at: datetime) -> None:
    """The officer hears of a new consultation of theirs. A hand-over tells it with more."""
    with scopes_disabled():
        officer = _officer(event.data.get("officer"))
        is_handed_over = _is_also(event, "consultation.handed_over", event.subject_type, event.subject_id)
        if officer is not None and not is_handed_over:
            _to_office(event, _consultation(event.subject_id), "assigned", [officer], at)


def handed_over(event: Event, at: datetime) -> None:
    """The colleague hears of it."""
    with scopes_disabled():
        officer = _officer(event.data.get("to"))
        if officer is not None:
            _to_office(event, _consultation(event.subject_id), "handed_over", [officer], at)


def forwarded(event: Event, at: datetime) -> None:
    """Those on duty in the office that has it now, unless somebody there has it already. The event is written for
    both offices; one tells."""
    with scopes_disabled():
        consultation = _consultation(event.subject_id)
        is_here = event.office_id == event.data.get("to") == consultation.office_id
        if is_here and consultation.officer_id is None:
            _to_office(event, consultation, "request_forwarded", _on_duty(consultation.office, at), at)


def closed(event: Event, at: datetime) -> None:
    """The client hears that it has ended, and how to open it again. A visit ends at the desk, where both are."""
    with scopes_disabled():
        consultation = _consultation(event.subject_id)
        reason = str(event.data.get("reason", ""))
        by_client = reason == "withdrawn" and event.by_id is None
        if consultation.door == Door.WEB and not by_client:
            _to_client(event, consultation, "closed", at, variant=reason)


def reopened(event: Event, at: datetime) -> None:
    """The client hears that an officer opened it again. A client who did it by writing knows; the office hears of
    the message."""
    if event.by_id is not None:
        with scopes_disabled():
            _to_client(event, _consultation(event.subject_id), "reopened", at)


def silence_warned(event: Event, at: datetime) -> None:
    """The client hears that it is closed soon, with the one-tap "I still need it"."""
    with scopes_disabled():
        deadline = Deadline.objects.get(pk=event.subject_id)
        due = deadline.due_at.isoformat()
        _to_client(event, _consultation(deadline.consultation_id), "silence_warned", at, due=due)


def clock_half_gone(event: Event, at: datetime) -> None:
    """Whoever answers hears it in time."""
    _clock(event, "clock_half_gone", at)


def clock_one_day_left(event: Event, at: datetime) -> None:
    """Whoever answers, and the supervisors."""
    _clock(event, "clock_one_day_left", at)


def clock_overdue(event: Event, at: datetime) -> None:
    """Whoever answers, and the supervisors; written within opening hours only (consultations/alarms.py)."""
    _clock(event, "clock_breached", at)


def rating_invited(event: Event, at: datetime) -> None:
    """The client is asked how it was, where there is an account to ask."""
    with scopes_disabled():
        rating = Rating.objects.select_related("office").get(pk=event.subject_id)
        owner = getattr(rating, "consultation", None) or rating.visit
        user = owner.client.user if owner is not None and owner.client is not None else None
        if user is not None:
            path = reverse("rating", args=[rating.office.code, rating.token])
            thread = f"consultation-{owner.pk}" if isinstance(owner, Consultation) else ""
            notify(event, [user], "rating_invited", path=path, at=at, thread=thread)


def answer_submitted(event: Event, at: datetime) -> None:
    """The supervisors hear that an answer waits."""
    with scopes_disabled():
        consultation = _of_pending(event)
        _to_office(event, consultation, "answer_submitted", _supervisors(consultation.office), at)


def answer_approved(event: Event, at: datetime) -> None:
    """Its author hears it."""
    _to_author(event, "answer_approved", at)


def answer_returned(event: Event, at: datetime) -> None:
    """Its author hears it."""
    _to_author(event, "answer_returned", at)


def public_answer_submitted(event: Event, at: datetime) -> None:
    """The supervisors hear that a public answer waits for review."""
    with scopes_disabled():
        found = PublicAnswer.objects.get(pk=event.subject_id)
        consultation = _consultation(found.consultation_id)
        _to_office(event, consultation, "public_answer_submitted", _supervisors(consultation.office), at)


def meeting_booked(event: Event, at: datetime) -> None:
    """Both who take part, with the invitation; the one who booked needs it for the calendar as well."""
    _meeting(event, "meeting_booked", at, also_doer=True)


def meeting_moved(event: Event, at: datetime) -> None:
    """Both who take part, with the new invitation."""
    _meeting(event, "meeting_moved", at, also_doer=True)


def meeting_cancelled(event: Event, at: datetime) -> None:
    """Both who would have taken part, with what takes it out of the calendar."""
    _meeting(event, "meeting_cancelled", at, also_doer=True)


def meeting_reminder(event: Event, at: datetime) -> None:
    """Both who take part."""
    _meeting(event, "meeting_reminder", at)


def meeting_ready(event: Event, at: datetime) -> None:
    """Both who take part: the link that was not there at booking is there now."""
    _meeting(event, "meeting_ready", at)


def meeting_affected(event: Event, at: datetime) -> None:
    """Both who take part: the time that was agreed on is no time of opening any more."""
    _meeting(event, "meeting_affected", at)


def swap_asked(event: Event, at: datetime) -> None:
    """The colleague who may take the duty over."""
    _swap(event, "swap_asked", to="asked", by="asker", at=at)


def swap_accepted(event: Event, at: datetime) -> None:
    """The one who asked."""
    _swap(event, "swap_accepted", to="asker", by="asked", at=at)


def swap_declined(event: Event, at: datetime) -> None:
    """The one who asked, and may now ask another."""
    _swap(event, "swap_declined", to="asker", by="asked", at=at)


def meeting_failed(event: Event, at: datetime) -> None:
    """The officer, who can arrange it in another way."""
    with scopes_disabled():
        meeting = FollowUp.objects.select_related("officer__user").get(pk=event.subject_id)
        consultation = _consultation(meeting.consultation_id)
        _to_office(event, consultation, "office_meeting_failed", [meeting.officer], at)


def _meeting(event: Event, what: str, at: datetime, *, also_doer: bool = False) -> None:
    with scopes_disabled():
        meeting = FollowUp.objects.select_related("officer__user").get(pk=event.subject_id)
        consultation = _consultation(meeting.consultation_id)
        # A late reaction tells of the time that the event was about, not of one chosen since.
        starts = str(event.data.get("starts_at") or meeting.starts_at.isoformat())
        _to_client(event, consultation, what, at, is_receipt=also_doer, begins=starts)
        _to_office(
            event, consultation, f"office_{what}", [meeting.officer], at, is_receipt=also_doer, begins=starts
        )


def _swap(event: Event, what: str, *, to: str, by: str, at: datetime) -> None:
    with scopes_disabled():
        told, other = _officer(event.data.get(to)), _officer(event.data.get(by))
        if told is None or other is None or not told.is_active or told.office_id != event.office_id:
            return
        params = {"name": str(other), "on": event.data.get("on")}
        if event.data.get("return_on"):
            params |= {"variant": "return", "return_on": event.data["return_on"]}
        path = f"{reverse('roster', args=[event.office.code])}?minggu={event.data.get('on')}"
        notify(event, [told.user], what, path=path, at=at, thread=f"swap-{event.subject_id}", params=params)


def _clock(event: Event, what: str, at: datetime) -> None:
    with scopes_disabled():
        deadline = Deadline.objects.get(pk=event.subject_id)
        consultation = _consultation(deadline.consultation_id)
        told = [*_holder_or_duty(consultation, at)]
        if what != "clock_half_gone":
            told += _supervisors(consultation.office)
        _to_office(event, consultation, what, told, at, due=deadline.due_at.isoformat())


def _to_author(event: Event, what: str, at: datetime) -> None:
    with scopes_disabled():
        pending = PendingAnswer.objects.select_related("officer__user").get(pk=event.subject_id)
        _to_office(event, _of_pending(event), what, [pending.officer], at)


def _to_client(
    event: Event,
    consultation: Consultation,
    what: str,
    at: datetime,
    *,
    is_receipt: bool = False,
    **params: str,
) -> None:
    """The client, where there is an account: nobody else is written to (lessons.md F.4)."""
    user = consultation.client.user
    if user is None:
        return
    path = reverse("consultation_room", args=[consultation.office.code, consultation.token])
    _tell(event, [user], what, consultation, path, at, is_receipt=is_receipt, params=params)


def _to_office(
    event: Event,
    consultation: Consultation,
    what: str,
    officers: Iterable[Officer],
    at: datetime,
    *,
    is_receipt: bool = False,
    **params: Any,
) -> None:
    """The officers, who still work there."""
    users = [each.user for each in officers if each.is_active and each.office_id == consultation.office_id]
    path = reverse("inbox_case", args=[consultation.office.code, consultation.code])
    _tell(event, users, what, consultation, path, at, is_receipt=is_receipt, params=params)


def _tell(
    event: Event,
    users: list[User],
    what: str,
    consultation: Consultation,
    path: str,
    at: datetime,
    *,
    is_receipt: bool,
    params: dict[str, Any],
) -> None:
    notify(
        event,
        users,
        what,
        path=path,
        at=at,
        thread=f"consultation-{consultation.pk}",
        params={"code": consultation.code, **params},
        also_doer=is_receipt,
    )


def _is_also(event: Event, name: str, subject_type: str, subject_id: int) -> bool:
    """Whether the same act wrote another event, which tells the same with more."""
    same = Event.objects.filter(name=name, subject_type=subject_type, subject_id=subject_id, at=event.at)
    return same.exists()


def _consultation(number: int) -> Consultation:
    rows = Consultation.objects.select_related("office", "client__user", "officer__user", "request")
    return rows.get(pk=number)


def _of_pending(event: Event) -> Consultation:
    pending = PendingAnswer.objects.select_related("conversation").get(pk=event.subject_id)
    return _consultation(pending.conversation.consultation_id)


def _officer(number: int | None) -> Officer | None:
    return Officer.objects.select_related("user").filter(pk=number or 0).first()


def _on_duty(office: Office, at: datetime) -> list[Officer]:
    found = on_duty(office, at.astimezone(office.zone).date())
    return list(Officer.objects.select_related("user").filter(pk__in=[each.pk for each in found]))


def _holder_or_duty(consultation: Consultation, at: datetime) -> list[Officer]:
    holder = consultation.officer
    return [holder] if holder is not None and holder.is_active else _on_duty(consultation.office, at)


def _supervisors(office: Office) -> list[Officer]:
    rows = Officer.objects.select_related("user").filter(office=office, is_active=True)
    return list(rows.filter(role__in=(Officer.Role.SUPERVISOR, Officer.Role.HEAD)).order_by("id"))
