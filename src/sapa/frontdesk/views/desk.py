"""The officer's desk: one screen. Every button posts to a resource; the page that follows shows what is true then."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from sapa.activity.push import last_event_id
from sapa.consultations import answering
from sapa.consultations.models import DataNeed
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.frontdesk import lines, queue, workspace
from sapa.frontdesk.desk_forms import (
    AnswerForm,
    NeedForm,
    ReferralForm,
    SeatForm,
    TransferForm,
    sources_text,
)
from sapa.frontdesk.models import Call, QueueTicket, TicketState
from sapa.offices.models import Desk
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view


def own_desk(request: OfficerRequest) -> Desk | None:
    """The desk at which the officer sits, if any."""
    return Desk.objects.filter(officer=request.officer, is_active=True).first()


@officer_view(rules.can_receive)
@require_GET
def show(request: OfficerRequest) -> HttpResponse:
    """Who waits, who is next and why, whose promise runs, and the work at the own desk."""
    return render(request, "frontdesk/desk/show.html", _everything(request))


@officer_view(rules.can_receive)
@require_GET
def waiting(request: OfficerRequest) -> HttpResponse:
    """The list alone, fetched again when a signal tells of a change."""
    desk, at = own_desk(request), now()
    return render(
        request,
        "frontdesk/desk/_waiting.html",
        {
            "office": request.office,
            "desk": desk,
            "room": workspace.room(request.office, desk, at=at),
            "at": at,
        },
    )


@officer_view(rules.can_serve)
@require_GET
def announced(request: OfficerRequest, call: int) -> HttpResponse:
    """Whether a board has said the call; when the ticket has left the desk meanwhile, the page is read again."""
    found = get_object_or_404(Call.objects.select_related("ticket"), pk=call)
    response = render(
        request, "frontdesk/desk/_announced.html", {"office": request.office, "call": found, "at": now()}
    )
    if found.ticket.state != TicketState.CALLED:
        response["HX-Refresh"] = "true"
    return response


def _everything(request: OfficerRequest, **forms: BaseForm) -> dict[str, Any]:
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
        "answer_form": AnswerForm(
            initial={
                "subject": consultation.subject,
                "answer": consultation.answer,
                "sources": sources_text(consultation.citations.all()),
            }
        ),
    }


def _then_workspace(request: OfficerRequest, act: Callable[[], object], done: str = "") -> HttpResponse:
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


def _ticket(number: int) -> QueueTicket:
    return get_object_or_404(
        QueueTicket.objects.select_related("office", "service", "consultation", "visit", "desk"), pk=number
    )


@officer_view(rules.can_serve)
@require_POST
def sit(request: OfficerRequest) -> HttpResponse:
    """Open a desk: the officer sits there from now on."""
    form = SeatForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This desk does not exist any more. Please choose another one."))
        return redirect("workspace", office=request.office.code)
    return _then_workspace(
        request, lambda: queue.sit(form.cleaned_data["desk"], by=request.officer, at=now())
    )


@officer_view(rules.can_serve)
@require_POST
def leave(request: OfficerRequest) -> HttpResponse:
    """Close the own desk."""
    desk = own_desk(request)
    if desk is None:
        return redirect("workspace", office=request.office.code)
    return _then_workspace(request, lambda: queue.leave_desk(desk, by=request.officer, at=now()))


@officer_view(rules.can_serve)
@require_POST
def call(request: OfficerRequest) -> HttpResponse:
    """Call the next number, or the given one with a reason."""
    desk = own_desk(request)
    if desk is None:
        messages.error(request, _("Please sit down at a desk first."))
        return redirect("workspace", office=request.office.code)
    chosen = request.POST.get("ticket", "")
    if not chosen:
        return _then_workspace(request, lambda: queue.call_next(desk, by=request.officer, at=now()))
    ticket = _ticket(int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 18 else 0)
    reason = request.POST.get("reason", "")[:200]
    return _then_workspace(
        request, lambda: queue.call(ticket, desk=desk, by=request.officer, at=now(), reason=reason)
    )


def _verb(
    act: Callable[..., object], done: str | Promise = ""
) -> Callable[[OfficerRequest, int], HttpResponse]:
    """A view that does one thing to a ticket and says so with `done`, a sentence about %(number)s."""

    def view(request: OfficerRequest, ticket: int) -> HttpResponse:
        found = _ticket(ticket)
        said = str(done) % {"number": found.label} if done else ""
        return _then_workspace(request, lambda: act(found, by=request.officer, at=now()), said)

    return view


recall = officer_view(rules.can_serve)(require_POST(_verb(queue.recall)))
start = officer_view(rules.can_serve)(require_POST(_verb(queue.start)))
# The front office holds a number that waits; one at a desk only the officer who sits there (queue.hold).
hold = officer_view(rules.can_receive)(
    require_POST(_verb(queue.hold, gettext_lazy("Number %(number)s is on hold.")))
)
no_show = officer_view(rules.can_serve)(require_POST(_verb(queue.no_show)))
return_to_line = officer_view(rules.can_receive)(
    require_POST(_verb(queue.return_to_line, gettext_lazy("Number %(number)s is back in the line.")))
)
withdraw = officer_view(rules.can_receive)(
    require_POST(_verb(queue.withdraw, gettext_lazy("Number %(number)s is cancelled.")))
)


@officer_view(rules.can_serve)
@require_POST
def transfer(request: OfficerRequest, ticket: int) -> HttpResponse:
    """Hand the visitor over to another service or desk."""
    found = _ticket(ticket)
    form = TransferForm(request.POST)
    if not form.is_valid():
        return _again(request, transfer_form=form)
    return _then_workspace(
        request,
        lambda: queue.transfer(
            found,
            by=request.officer,
            at=now(),
            to_service=form.cleaned_data["service"],
            to_desk=form.cleaned_data["desk"],
        ),
    )


@officer_view(rules.can_serve)
@require_POST
def refer(request: OfficerRequest, ticket: int) -> HttpResponse:
    """The visitor goes on to another service with a number of its own."""
    found = _ticket(ticket)
    form = ReferralForm(request.POST)
    if not form.is_valid():
        return _again(request, referral_form=form)

    def act() -> None:
        onward = queue.refer(
            found,
            to=form.cleaned_data["service"],
            note=form.cleaned_data["note"],
            by=request.officer,
            at=now(),
        )
        messages.success(
            request,
            _("Number %(number)s is issued for %(service)s.")
            % {"number": onward.label, "service": onward.service.name},
        )

    return _then_workspace(request, act)


@officer_view(rules.can_serve)
@require_POST
def answer(request: OfficerRequest, ticket: int) -> HttpResponse:
    """Keep what is written so far; asked by the page itself while the officer types, too."""
    found = _ticket(ticket)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        if request.headers.get("HX-Request"):
            return render(request, "frontdesk/desk/_kept.html", {"form": form}, status=422)
        return _again(request, answer_form=form)
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
    found = _ticket(ticket)
    if found.consultation is None:
        return _then_workspace(request, lambda: queue.finish(found, by=request.officer, at=now()))
    form = AnswerForm(request.POST)
    if form.is_valid() and not form.cleaned_data["answer"].strip():
        form.add_error("answer", _("Please write in a few words what was answered, then finish."))
    if not form.is_valid():
        return _again(request, answer_form=form)

    def act() -> None:
        with transaction.atomic():
            _write(found, form, request)
            queue.finish(found, by=request.officer, at=now())

    return _then_workspace(request, act, _("Finished. Thank you."))


@officer_view(rules.can_serve)
@require_POST
def note_need(request: OfficerRequest, ticket: int) -> HttpResponse:
    """One more data item that was asked for."""
    found = _ticket(ticket)
    consultation = found.consultation
    if consultation is None:
        messages.error(request, _("This errand is no consultation; there is no data need to note."))
        return redirect("workspace", office=request.office.code)
    form = NeedForm(request.POST)
    if not form.is_valid():
        return _again(request, need_form=form)

    def act() -> None:
        _check_at_own_desk(found, request)
        answering.note_need(consultation, need=form.cleaned_data, by=request.officer, at=now())

    return _then_workspace(request, act)


@officer_view(rules.can_serve)
@require_POST
def drop_need(request: OfficerRequest, ticket: int, need: int) -> HttpResponse:
    """Take a data item off again."""
    found = _ticket(ticket)
    noted = get_object_or_404(
        DataNeed.objects.select_related("consultation"), pk=need, consultation_id=found.consultation_id
    )

    def act() -> None:
        _check_at_own_desk(found, request)
        answering.drop_need(noted, by=request.officer, at=now())

    return _then_workspace(request, act)


def _again(request: OfficerRequest, **forms: BaseForm) -> HttpResponse:
    """The workspace with what was typed and what is wrong with it."""
    return render(request, "frontdesk/desk/show.html", _everything(request, **forms), status=422)


def _check_at_own_desk(ticket: QueueTicket, request: OfficerRequest) -> None:
    """What is written of a visitor is written by the officer who serves them, while they are there."""
    desk = ticket.desk if ticket.state in lines.AT_A_DESK else None
    if desk is None or desk.officer_id != request.officer.pk:
        raise Refused(queue.CHANGED, code="ticket_changed")


def _write(ticket: QueueTicket, form: AnswerForm, request: OfficerRequest) -> None:
    _check_at_own_desk(ticket, request)
    if ticket.consultation is None:
        raise Refused(queue.CHANGED, code="ticket_changed")
    answering.write(
        ticket.consultation,
        subject=form.cleaned_data["subject"],
        answer=form.cleaned_data["answer"],
        citations=form.cleaned_data["sources"],
        by=request.officer,
        at=now(),
    )
