"""The page of one consultation as every officer's view of it answers."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django_scopes import scopes_disabled

from sapa.activity.push import last_event_id
from sapa.catalogue.citations import worded
from sapa.catalogue.models import TrailStep
from sapa.consultations import holding, ledger, requirements, turns
from sapa.consultations.models import Consultation, Deadline, State
from sapa.core import sql
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.inbox import clockwork, drafting, presence, reading, reviewing, uploading
from sapa.inbox.bubbles import bubbles
from sapa.inbox.forms import AskBackForm, ClosureForm, SourceForm
from sapa.inbox.models import Kind, PendingAnswer, Side
from sapa.inbox.views.inbox import shelf
from sapa.inbox.views.reach import Room, with_people_and_words
from sapa.offices.models import Office
from sapa.people import rules
from sapa.people.access import OfficerRequest
from sapa.people.models import Officer
from sapa.ui import remembered

NOTE = "note"
MOST_STEPS = 20


def address(room: Room, name: str) -> str:
    return remembered.address(name, room.consultation.office.code, room.consultation.code)


def back(request: OfficerRequest, code: str) -> HttpResponse:
    return redirect("inbox_case", office=request.office.code, code=code)


def then(request: OfficerRequest, code: str, act: Callable[[], object], done: str) -> HttpResponse:
    """The page again after a verb was called, with what it did or why it was refused."""
    try:
        with transaction.atomic():
            act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return back(request, code)


def base(request: OfficerRequest, room: Room) -> dict[str, Any]:
    consultation = room.consultation
    return {
        "office": request.office,
        "officer": request.officer,
        "consultation": consultation,
        "conversation": room.conversation,
        "at": now(),
        "messages_url": address(room, "case_messages"),
        "earlier_url": address(room, "case_earlier"),
        "typing_url": address(room, "case_typing"),
        "may_serve": rules.can_serve(request.officer),
        "is_mine": consultation.officer_id == request.officer.pk,
        "is_closed": consultation.state == State.CLOSED,
    }


def standing(request: OfficerRequest, room: Room) -> dict[str, Any]:
    """How it stands: clocks with their explanation, checklist, who looks at it, what waits for approval."""
    consultation = room.consultation
    with_people_and_words(consultation)
    sql.attach(consultation, "client", "service")
    sql.attach(consultation.client, "user", "institution")
    officers = {each.pk: each for each in _colleagues(request)}
    pending = (
        room.conversation.pending_answers.filter(state=PendingAnswer.State.SUBMITTED)
        .select_related("officer__user")
        .first()
    )
    clocks = clockwork.clocks_of(consultation)
    deadline = next((each for each in clocks if each.kind == Deadline.Kind.ONLINE_RESPONSE), None)
    checklist = requirements.checklist(consultation)
    earlier = _others_of_client(consultation)
    return {
        **base(request, room),
        "clock": clockwork.promise_of(clocks, language="en" if get_language() == "en" else "id"),
        "silence": clockwork.running(clocks, Deadline.Kind.SILENCE),
        "shares": _shares(deadline) if deadline is not None else [],
        "checklist": checklist,
        "missing": [each for each in checklist if not each.is_there],
        "ask_form": AskBackForm(initial={"key": uuid4()}),
        "colleagues": [each for each in officers.values() if each.pk != consultation.officer_id],
        "offices": holding.offices_for(consultation),
        "lookers": [
            (officers[who], writes)
            for who, writes in presence.lookers(consultation.pk, at=now(), but=request.officer.pk).items()
            if who in officers
        ],
        "pending": pending,
        "pending_citations": [worded(each) for each in pending.citations] if pending else [],
        "earlier_matters": earlier[:5],
        "closure_form": None if consultation.answered_at else ClosureForm(repeatable=earlier),
        "may_reopen": turns.may_reopen(consultation, at=now()),
        "trail_steps": _steps(consultation),
    }


def composer(
    request: OfficerRequest,
    room: Room,
    *,
    text: str | None = None,
    kind: str = "",
    key: Any = None,
    files: list[int] | None = None,
    errors: list[str] | None = None,
) -> dict[str, Any]:
    """What is being written: the draft, or what was refused a moment ago."""
    draft = drafting.draft_of(room.conversation, request.user, at=now())
    return {
        "composer": {
            "text": draft.text if text is None else text,
            "kind": kind or draft.kind or (Kind.MESSAGE if room.consultation.answered_at else Kind.ANSWER),
            "key": key or uuid4(),
            "errors": errors or [],
            "held": uploading.held(files or [], user=request.user, office=request.office),
            "kept_at": draft.updated_at if draft.pk else None,
        },
        "kinds": [
            (Kind.ANSWER, Kind.ANSWER.label),
            (Kind.QUESTION, Kind.QUESTION.label),
            (Kind.MESSAGE, Kind.MESSAGE.label),
        ],
        "note_kind": NOTE,
        "citations": [worded(each) for each in draft.citations],
        "source_form": SourceForm(),
        "canned": request.office.canned_answers.filter(is_active=True),
        "needs_approval": reviewing.is_wanted(request.office),
    }


def page(request: OfficerRequest, room: Room, *, status: int = 200, **composed: Any) -> HttpResponse:
    """List, conversation, context."""
    seen = last_event_id(request.office.pk)
    presence.look(room.consultation.pk, request.officer.pk, at=now())
    part = reading.latest(room.conversation, with_notes=True)
    if room.consultation.officer_id == request.officer.pk:
        reading.mark(room.conversation, Side.OFFICE, part.last, is_seen=True)
    context = {
        **shelf(request, open_code=room.consultation.code),
        **standing(request, room),
        **composer(request, room, **composed),
        "seen": seen,
        "part": part,
        "bubbles": bubbles(part.lines, room.conversation, room.reader),
        "own_delivered": room.conversation.client_delivered,
        "own_read": room.conversation.client_read,
    }
    return render(request, "inbox/case/show.html", context, status=status)


def _others_of_client(consultation: Consultation) -> list[Consultation]:
    rows = Consultation.objects.filter(client_id=consultation.client_id).exclude(pk=consultation.pk)
    return list(rows.order_by("-requested_at")[:20])


def _colleagues(request: OfficerRequest) -> list[Officer]:
    serving = [Officer.Role.CONSULTANT, Officer.Role.SUPERVISOR, Officer.Role.HEAD]
    found = Officer.objects.filter(office=request.office, is_active=True, role__in=serving)
    return list(found.select_related("user").order_by("user__name", "id"))


def _shares(deadline: Deadline) -> list[tuple[Office, Any]]:
    """Each office's part of the clock, told only when there is more than one."""
    found = ledger.shares(deadline, at=now())
    if len(found) < 2:
        return []
    offices = Office.objects.in_bulk({each.office_id for each in found})
    return [(offices[each.office_id], each.counted) for each in found]


def _steps(consultation: Consultation) -> list[TrailStep]:
    """What the client searched before asking, wherever that was: it goes along to another office."""
    if not consultation.request.trail:
        return []
    with scopes_disabled():
        steps = TrailStep.objects.filter(trail__token=consultation.request.trail)
        return list(
            steps.exclude(kind=TrailStep.Kind.ANSWERED).select_related("entry", "absence")[:MOST_STEPS]
        )
