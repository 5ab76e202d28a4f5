"""The register of complaints for those who answer them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, F, Q, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sapa.core.errors import Refused, Stale
from sapa.core.time import now
from sapa.feedback import complaints
from sapa.feedback.forms import ReplyForm
from sapa.feedback.models import Complaint
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view

PAGE = 50
FILTERS = {
    "terbuka": Q(state__in=complaints.OPEN),
    "selesai": ~Q(state__in=complaints.OPEN),
    "semua": Q(),
}


@officer_view(rules.can_supervise)
@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    """The open ones first, the most urgent on top; then those done, the newest on top."""
    chosen = request.GET.get("daftar", "terbuka")
    if chosen not in FILTERS:
        chosen = "terbuka"
    at = now()
    counts = Complaint.objects.aggregate(
        **{name: Count("id", filter=condition) for name, condition in FILTERS.items() if name != "semua"},
        semua=Count("id"),
        late=Count("id", filter=_late(at)),
    )
    next_due = Case(
        When(state="new", then=F("verify_due_at")), When(state="verified", then=F("answer_due_at"))
    )
    rows = Complaint.objects.filter(FILTERS[chosen]).annotate(due_at=next_due)
    rows = rows.order_by(F("due_at").asc(nulls_last=True), "-received_at", "-id").defer("text", "reply")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    labels = {"terbuka": _("Unfinished"), "selesai": _("Done"), "semua": _("All")}
    tabs = [
        {"label": labels[name], "href": f"?daftar={name}", "current": name == chosen, "count": counts[name]}
        for name in FILTERS
    ]
    context = {
        "page": page,
        "tabs": tabs,
        "late": counts["late"],
        "rows": [(each, complaints.is_late(each, at)) for each in page],
        "query": f"daftar={chosen}",
        "verify_days": complaints.VERIFY_WORKING_DAYS,
        "answer_days": complaints.ANSWER_WORKING_DAYS,
    }
    return render(request, "feedback/register.html", context)


@officer_view(rules.can_supervise)
@require_safe
def show(request: OfficerRequest, code: str) -> HttpResponse:
    """One complaint with what can be done next."""
    found = _found(code)
    complaints.note_reading(found, by=request.officer, at=now())
    return _page(request, found)


@officer_view(rules.can_supervise)
@require_POST
def verify(request: OfficerRequest, code: str) -> HttpResponse:
    """A verification of the complaint."""
    found = _found(code)
    return _do(request, found, lambda: complaints.verify(found, by=request.officer, at=now()))


@officer_view(rules.can_supervise)
@require_POST
def answer(request: OfficerRequest, code: str) -> HttpResponse:
    """An answer to the complaint."""
    return _reply(request, _found(code), "answer")


@officer_view(rules.can_supervise)
@require_POST
def reject(request: OfficerRequest, code: str) -> HttpResponse:
    """The complaint is not taken up, for a reason."""
    return _reply(request, _found(code), "reject")


def _found(code: str) -> Complaint:
    return get_object_or_404(Complaint.objects.select_related("visit"), code=complaints.normal_code(code))


def _late(at: datetime) -> Q:
    return Q(state="new", verify_due_at__lt=at) | Q(state="verified", answer_due_at__lt=at)


def _reply(request: OfficerRequest, found: Complaint, verb: str) -> HttpResponse:
    form = ReplyForm(request.POST, prefix=verb)
    if not form.is_valid():
        return _page(request, found, status=422, **{f"{verb}_form": form})
    run = {"answer": complaints.answer, "reject": complaints.reject}[verb]
    given = form.cleaned_data["reply"]
    return _do(request, found, lambda: run(found, reply=given, by=request.officer, at=now()))


def _do(request: OfficerRequest, found: Complaint, verb: Callable[[], None]) -> HttpResponse:
    try:
        verb()
    except Refused as refusal:
        found = _found(found.code)
        return _page(request, found, status=409 if isinstance(refusal, Stale) else 422, refusal=refusal)
    return redirect("complaint_record", request.office.code, found.code)


def _page(request: OfficerRequest, found: Complaint, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "complaint": found,
        "is_open": found.state in complaints.OPEN,
        "is_late": complaints.is_late(found, now()),
        "answer_form": ReplyForm(prefix="answer"),
        "reject_form": ReplyForm(prefix="reject"),
    }
    return render(request, "feedback/register_complaint.html", context | more, status=status)
