"""The touch screen at the door: one question per screen, and nothing remembered.

Every answer is posted, kept on the server and answered with a redirect, so that no page of the history holds what
somebody typed; once the draft is gone, every address but the start leads back to the start.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.frontdesk import arrivals, doors, drafts, lines, recognition
from sapa.frontdesk.entries import Incomplete
from sapa.frontdesk.models import Visit, VisitDraft
from sapa.frontdesk.qr import qr_svg
from sapa.frontdesk.views.notices import notice_in_force
from sapa.offices.models import Device
from sapa.offices.scope import DeviceRequest
from sapa.people import institutions
from sapa.people.access import device_view
from sapa.ui.language import SPOKEN

P = ParamSpec("P")
kiosk_view = device_view(Device.Kind.KIOSK)
SHOWN_SECONDS = 20


def _with_draft(
    view: Callable[Concatenate[DeviceRequest, VisitDraft, P], HttpResponse],
) -> Callable[Concatenate[DeviceRequest, P], HttpResponse]:
    """Only while somebody is in the middle of it; a page of an earlier visitor leads to the start."""

    def reached(request: DeviceRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        draft = drafts.current(request.device, at=now())
        if draft is None or (
            request.method == "POST" and request.POST.get("draft") != str(draft.submission_key)
        ):
            return redirect(_start_url(request))
        with translation.override(draft.language):
            response = view(request, draft, *args, **kwargs)
        response.headers["Content-Language"] = draft.language
        return response

    return update_wrapper(reached, view)


@kiosk_view
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: DeviceRequest) -> HttpResponse:
    """GET forgets whoever was here and asks for the service; POST begins a new visit."""
    tongue = request.POST.get("language", request.GET.get("bahasa", ""))
    with translation.override(tongue if tongue in SPOKEN else settings.LANGUAGE_CODE):
        if request.method == "POST":
            return _begin(request)
        drafts.forget(request.device)
        try:
            doors.check(request.office, at=now())
        except Refused as refused:
            return _closed(request, refused)
        services = request.office.services.filter(is_active=True)
        response = _page(request, "start", services=services, cancel_url=None, refresh_seconds=300)
        response.headers["Content-Language"] = translation.get_language()
        return response


def _begin(request: DeviceRequest) -> HttpResponse:
    service = request.office.services.filter(key=request.POST.get("service", ""), is_active=True).first()
    if service is None:
        return redirect(_start_url(request))
    try:
        doors.check_room(service, at=now())
    except Refused as refused:
        return _closed(request, refused)
    draft = drafts.begin(request.device, service, language=translation.get_language() or "id", at=now())
    return _to_step(request, drafts.steps(draft)[0])


@kiosk_view
@require_http_methods(["GET", "HEAD", "POST"])
@_with_draft
def step(request: DeviceRequest, draft: VisitDraft, step: str) -> HttpResponse:
    """One question: shown by GET, answered by POST."""
    asked = drafts.steps(draft)
    if draft.ticket is not None:
        return redirect("kiosk_number", office=request.office.code, device=request.device.token)
    if step not in asked:
        return _to_step(request, drafts.first_open(draft))
    if request.method == "POST":
        return _answer(request, draft, step)
    if asked.index(step) > asked.index(drafts.first_open(draft)):
        return _to_step(request, drafts.first_open(draft))
    form = drafts.form(draft, step, office=request.office, at=now(), check=draft.answers.get("wrong") == step)
    return _question(request, draft, step, form=form)


def _answer(request: DeviceRequest, draft: VisitDraft, step: str) -> HttpResponse:
    if step == drafts.CONFIRM:
        return _confirm(request, draft)
    if not drafts.answer(draft, step, request.POST, office=request.office, at=now()):
        return _to_step(request, step)
    if step == "kontak":
        return _look_up(request, draft)
    if step == drafts.steps(draft)[-1]:
        return _take_number(request, draft)
    return _to_step(request, drafts.next_step(draft, step))


def _look_up(request: DeviceRequest, draft: VisitDraft) -> HttpResponse:
    form = drafts.form(draft, "kontak", office=request.office, at=now(), check=True)
    form.is_valid()
    phone, email = form.cleaned_data["contact"]
    found: list[recognition.Masked] = []
    if phone or email:
        try:
            found = recognition.recognise(
                request.office,
                phone=phone,
                email=email,
                who=f"device:{request.device.pk}",
                times=recognition.TIMES_PER_DEVICE,
            )
        except Refused:
            found = []  # too often at this kiosk: the visitor simply fills everything in
    drafts.recognised(draft, [each.token for each in found], at=now())
    return _to_step(request, drafts.next_step(draft, "kontak"))


def _confirm(request: DeviceRequest, draft: VisitDraft) -> HttpResponse:
    token, how = request.POST.get("me", ""), request.POST.get("is", "me")
    if token not in draft.answers.get("found", []):
        drafts.confirm(draft, None, how="nobody", at=now())
        return _to_step(request, drafts.next_step(draft, drafts.CONFIRM))
    try:
        client = recognition.confirmed(request.office, token)
    except Refused:
        return _to_step(request, "kontak")
    drafts.confirm(draft, client, how="changed" if how == "changed" else "me", at=now())
    return _to_step(request, drafts.next_step(draft, drafts.CONFIRM))


def _take_number(request: DeviceRequest, draft: VisitDraft) -> HttpResponse:
    at = now()
    try:
        ticket = arrivals.arrive(
            request.office,
            entry=drafts.entry(draft, office=request.office, at=at),
            door=Visit.Door.KIOSK,
            by=None,
            at=at,
            submission_key=draft.submission_key,
            client=draft.client,
        )
    except Incomplete as incomplete:
        return _to_step(request, drafts.reopen(draft, incomplete.problems))
    except Refused as refused:
        return _closed(request, refused)
    drafts.finish(draft, ticket, at=at)
    return redirect("kiosk_number", office=request.office.code, device=request.device.token)


@kiosk_view
@require_GET
@_with_draft
def number(request: DeviceRequest, draft: VisitDraft) -> HttpResponse:
    """The number, huge, until the screen goes back to its start."""
    ticket = draft.ticket
    if ticket is None:
        return _to_step(request, drafts.first_open(draft))
    address = settings.PUBLIC_URL + reverse("ticket", args=[request.office.code, ticket.token])
    return _page(
        request,
        "number",
        ticket=ticket,
        ahead=lines.ahead_of(ticket, request.office),
        qr=qr_svg(address),
        address=address,
        idle_seconds=SHOWN_SECONDS,
    )


@kiosk_view
@require_POST
@_with_draft
def language(request: DeviceRequest, draft: VisitDraft) -> HttpResponse:
    """This visitor goes on in the other language; the next one begins in Indonesian again."""
    chosen = request.POST.get("language", "")
    if chosen in SPOKEN:
        draft.language = chosen
        draft.save(update_fields=["language"])
    return _to_step(request, request.POST.get("step", "") or drafts.first_open(draft))


@kiosk_view
@require_GET
def suggestions(request: DeviceRequest) -> HttpResponse:
    """Names of institutions that begin like `q`, as far as a stranger may see them."""
    return JsonResponse({"results": institutions.suggest(request.GET.get("q", "")[:100])})


def _question(request: DeviceRequest, draft: VisitDraft, step: str, **context: Any) -> HttpResponse:
    asked = drafts.steps(draft)
    place = asked.index(step)
    back = asked[place - 1] if place else ""
    extra: dict[str, Any] = {}
    if step == drafts.CONFIRM:
        extra["candidates"] = drafts.candidates(draft, request.office)
    if step == "selesai":
        extra["notice"] = notice_in_force(request.office)
        extra["is_minor"] = drafts.entry(draft, office=request.office, at=now()).is_child(now().year)
    return _page(
        request,
        step.replace("-", "_"),
        draft=draft,
        step_name=step,
        back_url=_step_url(request, back) if back else "",
        # The choice of the service was the first question.
        place=place + 2,
        total=len(asked) + 1,
        is_last=step == asked[-1],
        **extra,
        **context,
    )


def _closed(request: DeviceRequest, refused: Refused) -> HttpResponse:
    drafts.forget(request.device)
    return _page(
        request, "closed", sentence=refused.sentence, code=refused.code, cancel_url=None, refresh_seconds=60
    )


def _page(request: DeviceRequest, name: str, **context: Any) -> HttpResponse:
    defaults = {"cancel_url": _start_url(request), "idle_seconds": settings.KIOSK_IDLE_SECONDS}
    return render(request, f"frontdesk/kiosk/{name}.html", {"office": request.office} | defaults | context)


def _start_url(request: DeviceRequest) -> str:
    return reverse("kiosk", args=[request.office.code, request.device.token])


def _step_url(request: DeviceRequest, step: str) -> str:
    return reverse("kiosk_step", args=[request.office.code, request.device.token, step])


def _to_step(request: DeviceRequest, step: str) -> HttpResponse:
    return redirect(_step_url(request, step))
