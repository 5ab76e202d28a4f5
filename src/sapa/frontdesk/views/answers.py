"""What is written down while a visitor is served: the answer, its sources, the data that were asked for."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sapa.consultations import answering
from sapa.consultations.models import DataNeed
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.frontdesk import lines, outcomes, queue
from sapa.frontdesk.forms.desk import AnswerForm, NeedForm, sources_text
from sapa.frontdesk.models import QueueTicket
from sapa.frontdesk.queue import matters, tickets
from sapa.frontdesk.views import desk_page
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view


@officer_view(rules.can_serve)
@require_POST
def answer(request: OfficerRequest, ticket: int) -> HttpResponse:
    """Keep what is written so far; asked by the page itself while the officer types, too."""
    found = desk_page.ticket(ticket)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        if request.headers.get("HX-Request"):
            return render(request, "frontdesk/desk/_kept.html", {"form": form}, status=422)
        return desk_page.again(request, answer_form=form)
    try:
        _write(found, form, request)
    except Refused as refusal:
        if request.headers.get("HX-Request"):
            return render(request, "frontdesk/desk/_kept.html", {"refusal": str(refusal)}, status=409)
        messages.error(request, str(refusal))
        return redirect("workspace", office=request.office.code)
    if request.headers.get("HX-Request"):
        return render(request, "frontdesk/desk/_kept.html", {"at": now(), "office": request.office})
    return redirect("workspace", office=request.office.code)


@officer_view(rules.can_serve)
@require_POST
def finish(request: OfficerRequest, ticket: int) -> HttpResponse:
    """Keep the answer and finish, both or neither. A consultation is not finished without a word on the answer."""
    found = desk_page.ticket(ticket)
    if found.consultation is None:
        return desk_page.then_workspace(request, lambda: queue.finish(found, by=request.officer, at=now()))
    form = AnswerForm(request.POST)
    if form.is_valid() and not form.cleaned_data["answer"].strip():
        form.add_error("answer", _("Please write in a few words what was answered, then finish."))
    if not form.is_valid():
        return desk_page.again(request, answer_form=form)

    def act() -> None:
        with transaction.atomic():
            _write(found, form, request)
            queue.finish(found, by=request.officer, at=now())

    return desk_page.then_workspace(request, act, _("Finished. Thank you."))


@officer_view(rules.can_serve)
@require_POST
def note_need(request: OfficerRequest, ticket: int) -> HttpResponse:
    """One more data item that was asked for."""
    found = desk_page.ticket(ticket)
    consultation = found.consultation
    if consultation is None:
        messages.error(request, _("This errand is no consultation; there is no data need to note."))
        return redirect("workspace", office=request.office.code)
    form = NeedForm(request.POST)
    if not form.is_valid():
        return desk_page.again(request, need_form=form)

    def act() -> None:
        _check_at_own_desk(found, request)
        answering.note_need(consultation, need=form.cleaned_data, by=request.officer, at=now())

    return desk_page.then_workspace(request, act)


@officer_view(rules.can_serve)
@require_POST
def drop_need(request: OfficerRequest, ticket: int, need: int) -> HttpResponse:
    """Take a data item off again."""
    found = desk_page.ticket(ticket)
    noted = get_object_or_404(
        DataNeed.objects.select_related("consultation"), pk=need, consultation_id=found.consultation_id
    )

    def act() -> None:
        _check_at_own_desk(found, request)
        answering.drop_need(noted, by=request.officer, at=now())

    return desk_page.then_workspace(request, act)


def _check_at_own_desk(ticket: QueueTicket, request: OfficerRequest) -> None:
    """What is written of a visitor is written by the officer who serves them, while they are there."""
    desk = ticket.desk if ticket.state in lines.AT_A_DESK else None
    if desk is None or desk.officer_id != request.officer.pk:
        raise Refused(tickets.CHANGED, code="ticket_changed")


def _write(ticket: QueueTicket, form: AnswerForm, request: OfficerRequest) -> None:
    _check_at_own_desk(ticket, request)
    if ticket.consultation is None:
        raise Refused(tickets.CHANGED, code="ticket_changed")
    if matters.goes_on_online(ticket.consultation):
        sources = sources_text(form.cleaned_data["sources"])
        outcomes.write(ticket, text=form.cleaned_data["answer"], sources=sources, by=request.officer)
        return
    answering.write(
        ticket.consultation,
        subject=form.cleaned_data["subject"],
        answer=form.cleaned_data["answer"],
        citations=form.cleaned_data["sources"],
        by=request.officer,
        at=now(),
    )
