"""The complaint as the public sees it: the form, the code, how it stands. Nothing is kept in the session."""

from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.feedback import anonymity, complaints
from sapa.feedback.forms import CodeForm, ComplaintForm
from sapa.feedback.models import Complaint, Rating
from sapa.frontdesk.models import Visit
from sapa.offices.scope import OfficeRequest
from sapa.people.access import office_public

# An office shares one address: generous for a room of visitors, tight for a machine.
LODGED_IN_TEN_MINUTES = 10
LOOKED_UP_IN_TEN_MINUTES = 30


@office_public
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: OfficeRequest) -> HttpResponse:
    """The form; once lodged, the page of the complaint with its code."""
    if request.method != "POST":
        started = {"submission_key": uuid4(), "rating": request.GET.get("penilaian", "")[:32]}
        return _form(request, ComplaintForm(initial=started), status=200)
    form = ComplaintForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    given = form.cleaned_data
    try:
        anonymity.spend("complaint", request.META["REMOTE_ADDR"], times=LODGED_IN_TEN_MINUTES)
        lodged = complaints.lodge(
            request.office,
            text=given["text"],
            name=given["name"],
            contact=given["contact"],
            is_anonymous=given["is_anonymous"],
            visit=_visit(given["rating"]) if given["about_visit"] else None,
            submission_key=given["submission_key"],
            at=now(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form(request, form, status=429 if refusal.code == "too_often" else 422)
    return redirect(f"{reverse('complaint_follow', args=[request.office.code, lodged.code])}?baru")


@office_public
@require_safe
def follow(request: OfficeRequest, code: str) -> HttpResponse:
    """How the complaint stands, for whoever has its code."""
    found = Complaint.objects.filter(code=complaints.normal_code(code)).first()
    if found is None:
        form = CodeForm({"code": code[:60]})
        form.is_valid()
        form.add_error(
            "code", _("No complaint has this code. Please compare it letter by letter with your slip.")
        )
        return _private(render(request, "feedback/complaint_find.html", {"form": form}, status=404))
    context = {
        "complaint": found,
        "is_new": "baru" in request.GET and found.state == Complaint.State.NEW,
        "is_late": complaints.is_late(found, now()),
        "steps": _steps(found),
        "step": {"new": 2, "verified": 3}.get(found.state, 4),
    }
    return _private(render(request, "feedback/complaint_follow.html", context))


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
    visit = _visit(str(form["rating"].value() or ""))
    context = {
        "form": form,
        "visit": visit,
        "code_form": CodeForm(),
        "verify_days": complaints.VERIFY_WORKING_DAYS,
        "answer_days": complaints.ANSWER_WORKING_DAYS,
    }
    return _private(render(request, "feedback/complaint.html", context, status=status))


def _visit(rating_token: str) -> Visit | None:
    """The visit that a rating link belongs to: who comes from there may connect the complaint with it."""
    if not rating_token or "\0" in rating_token:
        return None
    rating = Rating.objects.select_related("visit").filter(token=rating_token).first()
    return rating.visit if rating else None


def _steps(complaint: Complaint) -> list[str]:
    last = _("Not taken up") if complaint.state == Complaint.State.REJECTED else _("Answered")
    return [_("Received"), _("Verified"), last]


def _private(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_store=True, private=True)
    return response
