"""One consultation at the officer's desk: its conversation, and everything that may be done with it."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_scopes import scopes_disabled

from sapa.catalogue.quoting import quoted
from sapa.consultations import holding, lifecycle, requirements
from sapa.consultations.models import MissingItem
from sapa.core import sql
from sapa.core.errors import Refused
from sapa.core.limits import spend
from sapa.core.time import now
from sapa.inbox import drafting, presence, publishing, reading, reviewing, uploading, writing
from sapa.inbox.bubbles import bubbles
from sapa.inbox.forms import AskBackForm, KeyField, MessageForm, PublicationForm, SourceForm
from sapa.inbox.models import CannedAnswer, Kind, PendingAnswer, Side
from sapa.inbox.transcript import transcript_pdf
from sapa.inbox.views import case_page
from sapa.inbox.views.reach import Room, case_of, conversation_of, number
from sapa.offices.models import Office
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view
from sapa.people.models import Officer


@officer_view(rules.can_read_inbox)
@require_GET
def show(request: OfficerRequest, code: str) -> HttpResponse:
    """The conversation with its context; where it went, when another office has it by now."""
    try:
        room = case_of(request, code)
    except Http404:
        gone = holding.had(request.office, code)
        if gone is None:
            raise
        return render(request, "inbox/case/gone.html", {"office": request.office, "consultation": gone})
    return case_page.page(request, room)


@officer_view(rules.can_read_inbox)
@require_GET
def state(request: OfficerRequest, code: str) -> HttpResponse:
    """The context alone, fetched again when a signal tells of a change."""
    context = {**case_page.standing(request, case_of(request, code)), "is_part": True}
    return render(request, "inbox/case/_context.html", context)


@officer_view(rules.can_read_inbox)
@require_GET
def earlier(request: OfficerRequest, code: str) -> HttpResponse:
    """The messages before the first one of the page."""
    room = case_of(request, code)
    part = reading.before(room.conversation, number(request, "sebelum"), with_notes=True)
    context = {
        "bubbles": bubbles(part.lines, room.conversation, room.reader),
        "part": part,
        "earlier_url": case_page.address(room, "case_earlier"),
    }
    return render(request, "inbox/_earlier.html", context)


@officer_view(rules.can_read_inbox)
@require_GET
def find(request: OfficerRequest, code: str) -> HttpResponse:
    """Messages and notes of this conversation that hold the words."""
    room = case_of(request, code)
    wanted = request.GET.get("kata", "")
    found = reading.find(room.conversation, wanted, with_notes=True)
    context = {
        **case_page.base(request, room),
        "wanted": wanted,
        "number": len(found),
        "bubbles": bubbles(found, room.conversation, room.reader),
    }
    return render(request, "inbox/case/find.html", context)


def _speak(request: OfficerRequest, room: Room) -> HttpResponse:
    """An answer, a question back, a message, or an internal note: what the officer chose."""
    code = room.consultation.code
    kept, refused = uploading.taken_in(request, office=request.office, user=request.user, at=now())
    form = MessageForm(request.POST)
    form.is_valid()
    said = form.cleaned_data
    kind = request.POST.get("kind", "")
    files = [*said.get("file", []), *(each.pk for each in kept)]
    errors = list(refused)
    if not errors:
        sql.attach(room.consultation, "standard", "officer")
        draft = drafting.draft_of(room.conversation, request.user, at=now())
        words = writing.Words(
            key=said["key"], text=said.get("text", ""), files=files, citations=draft.citations
        )
        try:
            _say(room, words, kind=kind, by=request.officer)
        except Refused as refusal:
            errors.append(str(refusal))
    if errors:
        composed = {"text": said.get("text", ""), "kind": kind, "key": said["key"], "files": files}
        if not request.headers.get("HX-Request"):
            return case_page.page(request, room, status=422, errors=errors, **composed)
        context = {
            **case_page.base(request, room),
            **case_page.composer(request, room, errors=errors, **composed),
        }
        response = render(request, "inbox/case/_composer.html", context, status=422)
        response["HX-Retarget"], response["HX-Reswap"] = "#composer", "outerHTML"
        return response
    if not request.headers.get("HX-Request"):
        return case_page.back(request, code)
    room = replace(room, conversation=conversation_of(room.consultation))
    response = _news(request, room, with_seen=True)
    response["HX-Trigger"] = "sapa:said"
    return response


def _say(room: Room, words: writing.Words, *, kind: str, by: Officer) -> None:
    consultation = room.consultation
    if kind == case_page.NOTE:
        writing.note(consultation, text=words.text, key=words.key, by=by, at=now())
    elif kind == Kind.ANSWER and reviewing.is_wanted(consultation.office):
        reviewing.submit(consultation, words, by=by, at=now())
    elif kind in (Kind.ANSWER, Kind.QUESTION, Kind.MESSAGE):
        writing.office_says(consultation, words, kind=Kind(kind), by=by, at=now())
    else:
        raise Refused(_("Please choose what this is: an answer, a question back, a message or a note."))


@officer_view(rules.can_serve)
@require_POST
def keep(request: OfficerRequest, code: str) -> HttpResponse:
    """What is being written is kept; a source is added or taken off when one was chosen."""
    room = case_of(request, code)
    at, user = now(), request.user
    text, kind = request.POST.get("text", ""), request.POST.get("kind", "")[:8]
    drafting.keep(room.conversation, user, text=text, kind=kind, at=at)
    try:
        if source := quoted(request.office, request.POST.get("cite", "")):
            drafting.add_source(room.conversation, user, source, at=at)
        elif "uncite" in request.POST:
            drafting.drop_source(room.conversation, user, number(request, "uncite"), at=at)
        elif "cite_own" in request.POST:
            form = SourceForm(request.POST)
            if not form.is_valid():
                raise Refused(_("A source needs a title; its address begins with https://."))
            source = {name: str(value) for name, value in form.cleaned_data.items() if value}
            drafting.add_source(room.conversation, user, source, at=at)
        elif "fill" in request.POST:
            canned = get_object_or_404(CannedAnswer, pk=number(request, "canned"))
            filled = drafting.filled_in(canned, room.consultation, by=request.officer)
            text = f"{text.rstrip()}\n\n{filled}".strip()
            drafting.keep(room.conversation, user, text=text, kind=kind, at=at)
        else:
            return _kept(request, room)
    except Refused as refusal:
        if not request.headers.get("HX-Request"):
            messages.error(request, str(refusal))
            return case_page.back(request, code)
        return _composer(request, room, errors=[str(refusal)], status=422)
    if not request.headers.get("HX-Request"):
        return case_page.back(request, code)
    return _composer(request, room)


def _kept(request: OfficerRequest, room: Room) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return case_page.back(request, room.consultation.code)
    return render(request, "inbox/_kept.html", {"at": now(), "office": request.office})


def _composer(
    request: OfficerRequest, room: Room, *, errors: list[str] | None = None, status: int = 200
) -> HttpResponse:
    context = {**case_page.base(request, room), **case_page.composer(request, room, errors=errors)}
    response = render(request, "inbox/case/_composer.html", context, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#composer", "outerHTML"
    return response


def _news(request: OfficerRequest, room: Room, *, with_seen: bool) -> HttpResponse:
    since = number(request, "sejak")
    part = reading.since(room.conversation, since, note=number(request, "catatan"), with_notes=True)
    # The client is told "read" by whoever has it in hand, not by a colleague who passes by.
    is_seen = with_seen and room.consultation.officer_id == request.officer.pk
    reading.mark(room.conversation, Side.OFFICE, part.last, is_seen=is_seen)
    context = {
        "bubbles": bubbles(part.lines, room.conversation, room.reader, after=part.after),
        "part": part,
        "own_delivered": room.conversation.client_delivered,
        "own_read": room.conversation.client_read,
        "messages_url": case_page.address(room, "case_messages"),
    }
    return render(request, "inbox/_news.html", context)


@officer_view(rules.can_read_inbox)
@require_http_methods(["GET", "POST"])
def messages_(request: OfficerRequest, code: str) -> HttpResponse:
    """GET: what the page lacks. POST: say something, for those who serve."""
    room = case_of(request, code)
    if request.method == "GET":
        return _news(request, room, with_seen=request.GET.get("tampak") == "1")
    if not rules.can_serve(request.officer):
        raise PermissionDenied
    return _speak(request, room)


@officer_view(rules.can_serve)
@require_POST
def typing(request: OfficerRequest, code: str) -> HttpResponse:
    """The client's page shows that the office is writing, colleagues see who."""
    room = case_of(request, code)
    presence.look(room.consultation.pk, request.officer.pk, at=now(), is_writing=True)
    presence.writes(room.consultation.pk, Side.OFFICE)
    return HttpResponse(status=204)


@officer_view(rules.can_serve)
@require_POST
def claim(request: OfficerRequest, code: str) -> HttpResponse:
    """Take it in hand."""
    consultation = case_of(request, code).consultation
    return case_page.then(
        request,
        code,
        lambda: holding.claim(consultation, by=request.officer, at=now()),
        _("You have it in hand now."),
    )


@officer_view(rules.can_serve)
@require_POST
def release(request: OfficerRequest, code: str) -> HttpResponse:
    """Give it back to the office."""
    consultation = case_of(request, code).consultation
    return case_page.then(
        request,
        code,
        lambda: holding.assign(consultation, to=None, by=request.officer, at=now()),
        _("Given back: a colleague can take it."),
    )


@officer_view(rules.can_serve)
@require_POST
def hand_over(request: OfficerRequest, code: str) -> HttpResponse:
    """To a colleague, with an internal note of why."""
    room = case_of(request, code)
    to = (
        Officer.objects.filter(pk=number(request, "to"), office=request.office, is_active=True)
        .select_related("user")
        .first()
    )
    why = request.POST.get("why", "")

    def act() -> None:
        if to is None:
            raise Refused(_("Please choose a colleague."))
        writing.locked(room.consultation)  # first, as the client's message does (docs/architecture.md, Locks)
        holding.hand_over(room.consultation, to=to, by=request.officer, at=now())
        if why.strip():
            writing.note(
                room.consultation,
                text=_("For %(name)s: %(why)s") % {"name": to, "why": why},
                key=KeyField().clean(request.POST.get("key", "")),
                by=request.officer,
                at=now(),
            )

    return case_page.then(request, code, act, _("Handed over."))


@officer_view(rules.can_serve)
@require_POST
def forward(request: OfficerRequest, code: str) -> HttpResponse:
    """To another office, along the line."""
    room = case_of(request, code)
    to = Office.objects.filter(code=request.POST.get("office", "")).first()

    def act() -> None:
        if to is None:
            raise Refused(_("Please choose an office."))
        writing.locked(room.consultation)
        before = room.consultation.office
        with scopes_disabled():
            holding.forward(
                room.consultation, to=to, note=request.POST.get("why", ""), by=request.officer, at=now()
            )
            writing.announce(
                room.consultation,
                what="forwarded",
                data={"from": before.name, "to": to.name},
                by=request.officer,
                at=now(),
            )

    return case_page.then(request, code, act, _("Passed on to the other office."))


@officer_view(rules.can_serve)
@require_POST
def accept(request: OfficerRequest, code: str) -> HttpResponse:
    """Clear and complete: the promise begins."""
    consultation = case_of(request, code).consultation
    return case_page.then(
        request,
        code,
        lambda: lifecycle.accept(consultation, by=request.officer, at=now()),
        _("Complete: the promised working days run from now."),
    )


@officer_view(rules.can_serve)
@require_POST
def ask_back(request: OfficerRequest, code: str) -> HttpResponse:
    """What is missing, in one message; each thing once."""
    room = case_of(request, code)
    form = AskBackForm(request.POST)

    def act() -> None:
        if not form.is_valid():
            raise Refused(_("Please say what is missing."))
        said = form.cleaned_data
        wanted = [requirements.Wanted(key) for key in said["items"]]
        if said["other"].strip():
            wanted.append(requirements.Wanted(MissingItem.Key.OTHER, said["other"]))
        writing.locked(room.consultation)
        holding.claim(room.consultation, by=request.officer, at=now())
        asked = requirements.ask(room.consultation, wanted, by=request.officer, at=now())
        lines = [str(each.text or MissingItem.Key(each.key).label) for each in asked]
        opening = said["text"].strip() or _("To answer your question we still need:")
        words = writing.Words(
            key=said["key"], text="\n\n".join([opening, "\n".join(f"- {x}" for x in lines)])
        )
        writing.office_says(room.consultation, words, kind=Kind.QUESTION, by=request.officer, at=now())

    return case_page.then(request, code, act, _("Asked back. The clock waits for the client."))


@officer_view(rules.can_serve)
@require_POST
def settle_item(request: OfficerRequest, code: str, item: int) -> HttpResponse:
    """What was asked back for has come, or is not needed."""
    consultation = case_of(request, code).consultation
    found = get_object_or_404(MissingItem, pk=item, consultation=consultation)
    waive = "waive" in request.POST
    return case_page.then(
        request,
        code,
        lambda: requirements.settle(found, waive=waive, by=request.officer, at=now()),
        _("Not needed any more.") if waive else _("Noted as provided."),
    )


@officer_view(rules.can_serve)
@require_POST
def review(request: OfficerRequest, code: str, answer: int) -> HttpResponse:
    """The second pair of eyes: release the answer, or give it back."""
    room = case_of(request, code)
    pending = get_object_or_404(
        PendingAnswer.objects.select_related("officer__user", "conversation__consultation__office"),
        pk=answer,
        conversation=room.conversation,
    )
    remark = request.POST.get("remark", "")
    if "release" in request.POST:
        return case_page.then(
            request,
            code,
            lambda: reviewing.approve(pending, by=request.officer, at=now()),
            _("Released: the client has the answer."),
        )
    return case_page.then(
        request,
        code,
        lambda: reviewing.send_back(pending, remark=remark, by=request.officer, at=now()),
        _("Given back to its author."),
    )


@officer_view(rules.can_serve)
@require_http_methods(["GET", "POST"])
def publication(request: OfficerRequest, code: str) -> HttpResponse:
    """Question and answer without the person, proposed for everybody to find."""
    room = case_of(request, code)
    last = room.conversation.messages.filter(kind=Kind.ANSWER).order_by("-sequence").first()
    said = {
        "subject": room.consultation.subject,
        "question": room.consultation.request.question,
        "answer": last.text if last else "",
    }
    form = PublicationForm(request.POST if request.method == "POST" else None, initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            publishing.propose(room.consultation, **form.cleaned_data, by=request.officer, at=now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("A supervisor looks at it before it is published."))
            return case_page.back(request, code)
    context = {**case_page.base(request, room), "form": form}
    return render(request, "inbox/case/publication.html", context, status=422 if form.errors else 200)


@officer_view(rules.can_read_inbox)
@require_GET
def pdf(request: OfficerRequest, code: str) -> HttpResponse:
    """The whole conversation on paper, with the notes."""
    room = case_of(request, code)
    try:
        spend("pdf", str(request.user.pk), times=30, seconds=600)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return case_page.back(request, code)
    made = transcript_pdf(room.consultation, for_client=False, language=get_language() or "id", at=now())
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{room.consultation.code}.pdf"'
    return response
