"""The complaint as the public sees it: the form, the code, how it stands. Nothing is kept in the session."""

from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sapa.consultations.models import Consultation, Door
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.feedback import anonymity, complaints
from sapa.feedback.complaint_words import card, why_lines
from sapa.feedback.forms import CodeForm, ComplaintForm, ResponseForm
from sapa.feedback.models import Complaint, ComplaintEntry, Rating
from sapa.feedback.terms import Terms, terms_of
from sapa.frontdesk.models import Visit
from sapa.offices.scope import OfficeRequest
from sapa.people.access import office_public

State = Complaint.State
What = ComplaintEntry.What
# What the office and the reporter said to each other; the rest of the ledger is the office's own.
SAID = (What.FORWARDED, What.ANSWERED, What.RESPONDED, What.REJECTED, What.NOT_OURS)
# An office shares one address: generous for a room of visitors, tight for a machine.
LODGED_IN_TEN_MINUTES = 10
LOOKED_UP_IN_TEN_MINUTES = 30


@office_public
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: OfficeRequest) -> HttpResponse:
    """The form; once lodged, the page of the complaint with its code."""
    if request.method != "POST":
        started = {
            "submission_key": uuid4(),
            "rating": request.GET.get("penilaian", "")[:32],
            "consultation": request.GET.get("konsultasi", "")[:32],
        }
        return _form(request, ComplaintForm(initial=started), status=200)
    form = ComplaintForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    given = form.cleaned_data
    visit, consultation = _about(given["rating"], given["consultation"])
    try:
        anonymity.spend("complaint", request.META["REMOTE_ADDR"], times=LODGED_IN_TEN_MINUTES)
        lodged = complaints.lodge(
            request.office,
            text=given["text"],
            name=given["name"],
            contact=given["contact"],
            is_anonymous=given["is_anonymous"],
            visit=visit if given["about_visit"] else None,
            consultation=consultation if given["about_consultation"] else None,
            submission_key=given["submission_key"],
            at=now(),
            kind=given["kind"],
            is_confidential=given["is_confidential"],
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form(request, form, status=429 if refusal.code == "too_often" else 422)
    return redirect(f"{reverse('complaint_follow', args=[request.office.code, lodged.code])}?baru")


@office_public
@require_safe
def follow(request: OfficeRequest, code: str) -> HttpResponse:
    """How the complaint stands, for whoever has its code."""
    found = _found(code)
    if found is None:
        return _unknown(request, code)
    return _standing(request, found)


@office_public
@require_POST
def respond(request: OfficeRequest, code: str) -> HttpResponse:
    """An answer of the reporter to the answer of the office."""
    found = _found(code)
    if found is None:
        return _unknown(request, code)
    form = ResponseForm(request.POST)
    if not form.is_valid():
        return _standing(request, found, form=form, status=422)
    given = form.cleaned_data
    try:
        anonymity.spend("complaint", request.META["REMOTE_ADDR"], times=LODGED_IN_TEN_MINUTES)
        complaints.respond(found, text=given["text"], submission_key=given["submission_key"], at=now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _standing(request, found, form=form, status=429 if refusal.code == "too_often" else 409)
    return redirect(f"{reverse('complaint_follow', args=[request.office.code, found.code])}?terkirim")


@office_public
@require_POST
def find(request: OfficeRequest) -> HttpResponse:
    """From a code that was typed to its page."""
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            anonymity.spend("complaint-code", request.META["REMOTE_ADDR"], times=LOOKED_UP_IN_TEN_MINUTES)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return _private(render(request, "feedback/complaint_find.html", {"form": form}, status=429))
        code = complaints.normal_code(form.cleaned_data["code"])
        known = Complaint.objects.filter(code=code).exists()
        if known:
            return redirect("complaint_follow", request.office.code, code)
        form.add_error(
            "code", _("No complaint has this code. Please compare it letter by letter with your slip.")
        )
    return _private(render(request, "feedback/complaint_find.html", {"form": form}, status=422))


def _form(request: OfficeRequest, form: ComplaintForm, *, status: int) -> HttpResponse:
    visit, consultation = _about(str(form["rating"].value() or ""), str(form["consultation"].value() or ""))
    context = {
        "form": form,
        "visit": visit,
        "consultation": consultation,
        "code_form": CodeForm(),
        "terms": _terms(request),
        "has_more": form["kind"].value() not in (None, "", Complaint.Kind.COMPLAINT)
        or bool(form["is_confidential"].value())
        or bool(form["kind"].errors),
    }
    return _private(render(request, "feedback/complaint.html", context, status=status))


def _found(code: str) -> Complaint | None:
    rows = Complaint.objects.select_related("office").filter(code=complaints.normal_code(code))
    return rows.first()


def _unknown(request: OfficeRequest, code: str) -> HttpResponse:
    form = CodeForm({"code": code[:60]})
    form.is_valid()
    form.add_error(
        "code", _("No complaint has this code. Please compare it letter by letter with your slip.")
    )
    return _private(render(request, "feedback/complaint_find.html", {"form": form}, status=404))


def _standing(
    request: OfficeRequest, found: Complaint, *, form: ResponseForm | None = None, status: int = 200
) -> HttpResponse:
    at = now()
    steps, step = _steps(found)
    context = {
        "complaint": found,
        "is_new": "baru" in request.GET and found.state == State.NEW,
        "is_sent": "terkirim" in request.GET,
        "is_late": complaints.is_late(found, at),
        "steps": steps,
        "step": step,
        "said": [each for each in found.entries.all() if each.what in SAID],
        "is_open": found.state in complaints.OPEN,
        "may_respond": complaints.may_respond(found, at),
        "response_form": form or ResponseForm(initial={"submission_key": uuid4()}),
        "why": why_lines(found),
        "terms": _terms(request),
        "card": card(found),
    }
    return _private(render(request, "feedback/complaint_follow.html", context, status=status))


def _terms(request: OfficeRequest) -> Terms:
    return terms_of(request.office, timezone.localdate(now(), request.office.zone))


def _about(rating_token: str, consultation_token: str) -> tuple[Visit | None, Consultation | None]:
    """The visit or the online consultation that a link belongs to: who comes from there may connect the complaint
    with it."""
    if rating_token and "\0" not in rating_token:
        rating = Rating.objects.select_related("visit", "consultation").filter(token=rating_token).first()
        if rating is not None:
            return rating.visit, rating.consultation
    if consultation_token and "\0" not in consultation_token:
        return None, Consultation.objects.filter(token=consultation_token, door=Door.WEB).first()
    return None, None


def _steps(complaint: Complaint) -> tuple[list[str], int]:
    """The way it goes, and the step that is next; past the last one when nothing is left."""
    state = State(complaint.state)
    if state in (State.REJECTED, State.NOT_OURS):
        return [_("Received"), _("Verified"), str(state.label)], 4
    middle = _("Forwarded") if state == State.FORWARDED else _("Followed up")
    place = {State.NEW: 2, State.WAITING: 5, State.DONE: 6}.get(state, 3 if state == State.VERIFIED else 4)
    return [_("Received"), _("Verified"), middle, _("Answered"), _("Done")], place


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_store=True, private=True)
    return response
