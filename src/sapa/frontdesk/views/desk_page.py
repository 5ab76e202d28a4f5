"""The page of the desk as every view of it answers: what stands on it, and the way back to it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from sapa.activity.push import last_event_id
from sapa.consultations.models import Consultation, DataNeed
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.frontdesk import workspace
from sapa.frontdesk.forms.desk import AnswerForm, NeedForm, ReferralForm, TransferForm, sources_text
from sapa.frontdesk.models import QueueTicket
from sapa.frontdesk.queue import matters
from sapa.offices.models import Desk
from sapa.people import rules
from sapa.people.access import OfficerRequest


def own_desk(request: OfficerRequest) -> Desk | None:
    """The desk at which the officer sits, if any."""
    desk: Desk | None = getattr(request.officer, "desk", None)
    return desk if desk is not None and desk.is_active else None


def everything(request: OfficerRequest, **forms: BaseForm) -> dict[str, Any]:
    at = now()
    seen = last_event_id(request.office.pk)
    desk = own_desk(request) if rules.can_serve(request.officer) else None
    work = workspace.work_at(desk, at=at) if desk else None
    return {
        "office": request.office,
        "officer": request.officer,
        "desk": desk,
        "work": work,
        "room": workspace.room(request.office, desk, at=at),
        "at": at,
        "seen": seen,
        "may_serve": rules.can_serve(request.officer),
        # On a narrow screen one pane at a time is shown.
        "show_list": "daftar" in request.GET,
        "seats": [] if desk else workspace.free_seats(request.office, request.officer),
        **(_work_forms(work) if work else {}),
        **forms,
    }


def _work_forms(work: workspace.Work) -> dict[str, Any]:
    consultation = work.consultation
    if consultation is None:
        return {"transfer_form": TransferForm()}
    # The first data item is most often the question itself: confirmed instead of typed again.
    matching = DataNeed.Outcome.MATCHING
    first = {} if consultation.data_needs.all() else {"detail": consultation.subject, "outcome": matching}
    return {
        "transfer_form": TransferForm(),
        "referral_form": ReferralForm(),
        "need_form": NeedForm(initial=first),
        "answer_form": AnswerForm(initial=_written(work.ticket, consultation)),
    }


def _written(ticket: QueueTicket, consultation: Consultation) -> dict[str, str]:
    if matters.goes_on_online(consultation):
        return {"answer": ticket.outcome, "sources": ticket.outcome_sources}
    sources = sources_text(consultation.citations.all())
    return {"subject": consultation.subject, "answer": consultation.answer, "sources": sources}


def then_workspace(request: OfficerRequest, act: Callable[[], object], done: str = "") -> HttpResponse:
    """Do it, or say why not; then the workspace, or the front office where the button stood, read again."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, done)
    # The name of a page, never an address: nobody can be sent elsewhere by it.
    back = "reception" if request.POST.get("next") == "reception" else "workspace"
    return redirect(back, office=request.office.code)


def again(request: OfficerRequest, **forms: BaseForm) -> HttpResponse:
    """The workspace with what was typed and what is wrong with it."""
    return render(request, "frontdesk/desk/show.html", everything(request, **forms), status=422)


def ticket(number: int) -> QueueTicket:
    return get_object_or_404(
        QueueTicket.objects.select_related("office", "service", "consultation", "visit", "desk"), pk=number
    )
