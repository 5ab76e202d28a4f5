"""The client's room: one consultation, its conversation, its clocks, and what may be done with it."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_scopes import scopes_disabled

from sapa.activity.push import last_event_id
from sapa.consultations import lifecycle, requirements, turns
from sapa.consultations.models import Consultation, Deadline, MissingItem, Reason, State
from sapa.core.errors import Refused
from sapa.core.limits import spend
from sapa.core.time import now
from sapa.inbox import asking, clockwork, drafting, presence, reading, uploading, writing
from sapa.inbox.bubbles import bubbles
from sapa.inbox.forms import CompletionForm, MessageForm
from sapa.inbox.models import Side
from sapa.inbox.transcript import transcript_pdf
from sapa.inbox.views.reach import Room, number, own, room_of, typed_in, with_people_and_words
from sapa.people.access import ClientRequest, client_view
from sapa.ui.remembered import address


@client_view
@require_GET
def show(request: ClientRequest, token: str) -> HttpResponse:
    """The conversation, the promise, what is missing, what can be done."""
    with scopes_disabled():
        room = room_of(request, token)
        return _page(request, room)


@client_view
@require_http_methods(["GET", "POST"])
def messages_(request: ClientRequest, token: str) -> HttpResponse:
    """GET: what the page lacks since a message. POST: say something."""
    with scopes_disabled():
        room = room_of(request, token)
        return _say(request, room) if request.method == "POST" else _news(request, room)


@client_view
@require_GET
def earlier(request: ClientRequest, token: str) -> HttpResponse:
    """The messages before the first one of the page."""
    with scopes_disabled():
        room = room_of(request, token)
        part = reading.before(room.conversation, number(request, "sebelum"), with_notes=False)
        return render(
            request,
            "inbox/_earlier.html",
            {
                "bubbles": bubbles(part.lines, room.conversation, room.reader),
                "part": part,
                "earlier_url": _address(room, "room_earlier"),
            },
        )


@client_view
@require_GET
def find(request: ClientRequest, token: str) -> HttpResponse:
    """Messages of this conversation that hold the words; notes of the officers are never looked at."""
    with scopes_disabled():
        room = room_of(request, token)
        wanted = request.GET.get("kata", "")
        found = reading.find(room.conversation, wanted, with_notes=False)
        context = {
            **_base(request, room),
            "wanted": wanted,
            "number": len(found),
            "bubbles": bubbles(found, room.conversation, room.reader),
        }
        return render(request, "inbox/room/find.html", context)


@client_view
@require_GET
def state(request: ClientRequest, token: str) -> HttpResponse:
    """Promise, checklist and state alone, fetched again when a signal tells of a change."""
    with scopes_disabled():
        room = room_of(request, token)
        return render(request, "inbox/room/_state.html", _standing(request, room))


@client_view
@require_POST
def typing(request: ClientRequest, token: str) -> HttpResponse:
    """The officer's page shows that the client is writing."""
    presence.writes(own(request, token).pk, Side.CLIENT)
    return HttpResponse(status=204)


@client_view
@require_POST
def keep(request: ClientRequest, token: str) -> HttpResponse:
    """What is being written is kept; asked by the page itself while the client types."""
    with scopes_disabled():
        room = room_of(request, token)
        drafting.keep(room.conversation, request.user, text=request.POST.get("text", ""), kind="", at=now())
    return render(request, "inbox/_kept.html", {"at": now(), "office": request.office})


@client_view
@require_POST
def completion(request: ClientRequest, token: str) -> HttpResponse:
    """What was asked back for and is a field of the request."""
    with scopes_disabled():
        room = room_of(request, token)
        form = CompletionForm(_open_keys(requirements.items_of(room.consultation)), request.POST)
        if not form.is_valid():
            return _page(request, room, completion_form=form, status=422)
        try:
            asking.complete(room.consultation, form.given(), at=now())
        except Refused as refusal:
            messages.error(request, str(refusal))
    return _back(request, token)


@client_view
@require_POST
def closure(request: ClientRequest, token: str) -> HttpResponse:
    """The client is done: answered, or not needed any more."""
    with scopes_disabled():
        room = room_of(request, token)
        answered = room.consultation.answered_at is not None
        try:
            lifecycle.close(
                room.consultation,
                reason=Reason.DONE if answered else Reason.WITHDRAWN,
                by=None,
                at=now(),
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Closed. Thank you for asking."))
    return _back(request, token)


@client_view
@require_http_methods(["GET", "POST"])
def still_needed(request: ClientRequest, token: str) -> HttpResponse:
    """One tap, from a mail or the page: the silent days begin anew. The link shows a button: mail programs that
    open links must not keep a consultation alive."""
    with scopes_disabled():
        room = room_of(request, token)
        if request.method == "GET":
            return render(
                request,
                "inbox/room/still_needed.html",
                {"office": request.office, "consultation": room.consultation},
            )
        with transaction.atomic():
            kept = turns.still_needed(room.consultation, at=now())
    if kept:
        messages.success(request, _("Noted: we keep this open for you."))
    else:
        messages.info(request, _("This conversation is not about to be closed."))
    return _back(request, token)


@client_view
@require_GET
def pdf(request: ClientRequest, token: str) -> HttpResponse:
    """The whole conversation on paper."""
    with scopes_disabled():
        room = room_of(request, token)
        try:
            spend("pdf", str(request.user.pk), times=10, seconds=600)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return _back(request, token)
        made = transcript_pdf(room.consultation, for_client=True, language=get_language() or "id", at=now())
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{room.consultation.code}.pdf"'
    return response


def _back(request: ClientRequest, token: str) -> HttpResponse:
    return redirect("consultation_room", office=request.office.code, token=token)


def _say(request: ClientRequest, room: Room) -> HttpResponse:
    kept, refused = uploading.taken_in(request, office=room.consultation.office, user=request.user, at=now())
    form = MessageForm(request.POST)
    form.is_valid()
    said = form.cleaned_data
    files = [*said.get("file", []), *(each.pk for each in kept)]
    errors, status = list(refused), 422
    if not errors:
        words = writing.Words(key=said["key"], text=said.get("text", ""), files=files)
        try:
            said_now = writing.client_says(room.consultation, words, user=request.user, at=now())
        except Refused as refusal:
            errors.append(str(refusal))
            if refusal.code == "too_often":
                drafting.keep(room.conversation, request.user, text=words.text, kind="", at=now())
                status = 429
    if errors:
        text = said.get("text", "")
        return _unsaid(request, room, text=text, files=files, key=said["key"], errors=errors, status=status)
    if not request.headers.get("HX-Request"):
        return _back(request, room.consultation.token)
    room.conversation.last_sequence = max(room.conversation.last_sequence, said_now.sequence)
    response = _news(request, room)
    response["HX-Trigger"] = "sapa:said"
    return response


def _unsaid(
    request: ClientRequest,
    room: Room,
    *,
    text: str,
    files: list[int],
    key: Any,
    errors: list[str],
    status: int,
) -> HttpResponse:
    composer = {
        "text": text,
        "key": key,
        "errors": errors,
        "held": uploading.held(files, user=request.user, office=room.consultation.office),
    }
    if not request.headers.get("HX-Request"):
        return _page(request, room, composer=composer, status=status)
    context = {**_base(request, room), "composer": composer}
    response = render(request, "inbox/room/_composer.html", context, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#composer", "outerHTML"
    return response


def _news(request: ClientRequest, room: Room) -> HttpResponse:
    since = number(request, "sejak")
    part = reading.since(room.conversation, since, with_notes=False)
    is_seen = request.GET.get("tampak") == "1" or request.method == "POST"
    reading.mark(room.conversation, Side.CLIENT, part.last, is_seen=is_seen)
    return render(
        request,
        "inbox/_news.html",
        {
            "bubbles": bubbles(part.lines, room.conversation, room.reader, after=part.after),
            "part": part,
            "own_delivered": room.conversation.office_delivered,
            "own_read": room.conversation.office_read,
            "messages_url": _address(room, "room_messages"),
        },
    )


def _address(room: Room, name: str) -> str:
    return address(name, room.consultation.office.code, room.consultation.token)


def _base(request: ClientRequest, room: Room) -> dict[str, Any]:
    return {
        "messages_url": _address(room, "room_messages"),
        "earlier_url": _address(room, "room_earlier"),
        "typing_url": _address(room, "room_typing"),
        "draft_url": _address(room, "room_draft"),
        "office": request.office,
        "consultation": room.consultation,
        "conversation": room.conversation,
        "at": now(),
    }


def _open_keys(items: Iterable[MissingItem]) -> set[str]:
    return {
        each.key
        for each in items
        if each.provided_at is None and each.waived_at is None and each.key != MissingItem.Key.OTHER
    }


def _standing(request: ClientRequest, room: Room) -> dict[str, Any]:
    """How it stands: state, promise with its explanation, checklist, what the client may do."""
    consultation = room.consultation
    with_people_and_words(consultation)
    items, clocks = requirements.items_of(consultation), clockwork.clocks_of(consultation)
    keys = _open_keys(items)
    return {
        **_base(request, room),
        "clock": clockwork.promise_of(clocks, language="en" if get_language() == "en" else "id"),
        "silence": clockwork.running(clocks, Deadline.Kind.SILENCE),
        "checklist": (checklist := requirements.checklist(consultation, items)),
        "asks_something": any(each.item and not each.is_there for each in checklist),
        "asks_in_words": any(
            each.item and not each.is_there and each.item.key == MissingItem.Key.OTHER for each in checklist
        ),
        "completion_form": CompletionForm(keys, initial=vars(consultation.request)) if keys else None,
        "is_closed": consultation.state == State.CLOSED,
        "may_reopen": turns.may_reopen(consultation, at=now()),
        "rating_url": _rating_url(consultation) if consultation.state == State.CLOSED else "",
    }


def _rating_url(consultation: Consultation) -> str:
    """Where the client rates it, once they are invited (feedback/ratings.py, above this package)."""
    rating = getattr(consultation, "rating", None)
    return reverse("rating", args=[rating.office.code, rating.token]) if rating is not None else ""


def _page(
    request: ClientRequest,
    room: Room,
    *,
    composer: dict[str, Any] | None = None,
    completion_form: CompletionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    seen = last_event_id(request.office.pk)
    part = reading.latest(room.conversation, with_notes=False)
    reading.mark(room.conversation, Side.CLIENT, part.last, is_seen=True)
    context = {
        **_standing(request, room),
        "seen": seen,
        "part": part,
        "bubbles": bubbles(part.lines, room.conversation, room.reader),
        "own_delivered": room.conversation.office_delivered,
        "own_read": room.conversation.office_read,
        "composer": composer or {"text": typed_in(room), "key": uuid4(), "errors": [], "held": []},
    }
    if completion_form is not None:
        context["completion_form"] = completion_form
    return render(request, "inbox/room/show.html", context, status=status)
