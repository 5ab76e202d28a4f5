"""Asking the office: search first, then one form with a draft on the server (steps 8 to 10 of the standard)."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_scopes import scopes_disabled

from sapa.catalogue import trails
from sapa.consultations.models import Consultation, OnlineRequest, RequestDraft
from sapa.core import sql
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.files.models import StoredFile
from sapa.inbox import asking, rendering, uploading
from sapa.inbox.forms import KeyField, RequestForm
from sapa.inbox.views.reach import own
from sapa.people import profile
from sapa.people.access import ClientRequest, client_view


@client_view
@require_http_methods(["GET", "POST"])
def ask(request: ClientRequest) -> HttpResponse:
    """The form, filled with the draft; sent, it is a request and leads to its conversation."""
    if profile.missing_fields(request.client):
        # Asked once, reused at every door (domain.md 12.1).
        return redirect(f"{reverse('profile')}?next={quote(request.get_full_path())}")
    if request.method == "POST" and (sent := _sent_before(request)):
        return _to_room(sent)
    draft = asking.draft_of(request.client, request.office, at=now())
    if request.method == "POST":
        return _send(request, draft)
    if trail := trails.find(request.office, request.GET.get("jejak", ""), at=now()):
        asking.keep_draft(draft, draft.fields, trail=trail.token, at=now())
    elif not draft.trail and not draft.fields:
        # Step 9 of the standard: the client searches first. What was searched goes with the request.
        return redirect("search", office=request.office.code)
    return _page(request, draft, RequestForm(initial=draft.fields))


@client_view
@require_POST
def keep(request: ClientRequest) -> HttpResponse:
    """What is typed is kept; asked by the page itself while the client types."""
    draft = asking.draft_of(request.client, request.office, at=now())
    asking.keep_draft(draft, _typed(request, draft), at=now())
    return render(request, "inbox/_kept.html", {"at": now(), "office": request.office})


@client_view
@require_GET
def again(request: ClientRequest, token: str) -> HttpResponse:
    """A new request that names an earlier one, closed too long ago to be opened again."""
    earlier = own(request, token)
    draft = asking.draft_of(request.client, request.office, at=now())
    asking.keep_draft(
        draft, {**draft.fields, "subject": earlier.subject, "continues": earlier.code}, at=now()
    )
    return redirect("ask", office=request.office.code)


def _send(request: ClientRequest, draft: RequestDraft) -> HttpResponse:
    kept, refused = uploading.taken_in(request, office=request.office, user=request.user, at=now())
    files = [*_held(request), *(each.pk for each in kept)]
    form = RequestForm(request.POST)
    asking.keep_draft(draft, _typed(request, draft), at=now())
    if refused or not form.is_valid():
        return _page(request, draft, form, files=files, refused=refused, status=422)
    named = draft.fields.get("continues")
    earlier = Consultation.objects.filter(client=request.client, code=named).first() if named else None
    try:
        consultation = asking.ask(
            draft,
            subject=form.cleaned_data["subject"],
            asked=form.asked(),
            files=files,
            continues=earlier,
            at=now(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, draft, form, files=files, status=429 if refusal.code == "too_often" else 422)
    messages.success(request, _("Your question has been sent. Its number is %s.") % consultation.code)
    return _to_room(consultation)


def _sent_before(request: ClientRequest) -> Consultation | None:
    """What this form has become already: a second press, or a repeat after an answer that never arrived."""
    key = KeyField().clean(request.POST.get("key", ""))
    sent = sql.first(OnlineRequest, "submission_key = %s", [key])
    if sent is None:
        return None
    with scopes_disabled():  # it may have gone to another office
        own_one = Consultation.objects.filter(client=request.client, pk=sent.consultation_id)
        found = own_one.select_related("request", "office").first()
    # A tab of the same draft that says something else is another question: nothing typed is dropped.
    is_same = found is not None and found.request.question == _cleaned(request.POST.get("question", ""))
    return found if is_same else None


def _cleaned(text: str) -> str:
    try:
        return rendering.cleaned(text.strip())
    except Refused:
        return ""


def _to_room(consultation: Consultation) -> HttpResponse:
    return redirect("consultation_room", office=consultation.office.code, token=consultation.token)


def _typed(request: ClientRequest, draft: RequestDraft) -> dict[str, Any]:
    """The fields of the form; what it continues is no field, and stays."""
    typed = {name: request.POST.get(name, "")[:12_000] for name in RequestForm.base_fields}
    continues = draft.fields.get("continues", "")
    return {**typed, "continues": continues} if continues else typed


def _held(request: ClientRequest) -> list[int]:
    return [int(each) for each in request.POST.getlist("file") if each.isdecimal() and len(each) < 19]


def _page(
    request: ClientRequest,
    draft: RequestDraft,
    form: RequestForm,
    *,
    files: list[int] | None = None,
    refused: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    waiting: list[StoredFile] = uploading.held(files or [], user=request.user, office=request.office)
    context = {
        "office": request.office,
        "form": form,
        "draft": draft,
        "held": waiting,
        "refused": refused or [],
        "has_details": any(form[name].value() for name in ("area", "year_from", "year_until", "level")),
    }
    return render(request, "inbox/ask.html", context, status=status)
