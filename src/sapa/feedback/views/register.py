"""The register of complaints for those who answer them. Lines are known by their number here: the code is the
reporter's, and whoever has it may speak as the reporter."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Case, Count, F, Q, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from sapa.core.errors import Refused, Stale
from sapa.core.time import now
from sapa.feedback import complaints, subjects
from sapa.feedback.complaint_words import card, why_lines
from sapa.feedback.forms import ClassificationForm, ReplyForm, SubjectForm, VerificationForm
from sapa.feedback.models import Complaint
from sapa.feedback.terms import terms_of
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view

State = Complaint.State
PAGE = 50
FILTERS = {
    "terbuka": Q(state__in=complaints.OPEN),
    "menunggu": Q(state=State.WAITING),
    "selesai": Q(state__in=complaints.ENDED),
    "semua": Q(),
}
REPLIES = {
    "answer": complaints.answer,
    "reject": complaints.reject,
    "disclaim": complaints.disclaim,
}


@officer_view(rules.can_supervise)
@require_safe
def index(request: OfficerRequest) -> HttpResponse:
    """The open ones first, the most urgent on top; then the others, the newest on top."""
    chosen = request.GET.get("daftar", "terbuka")
    if chosen not in FILTERS:
        chosen = "terbuka"
    at = now()
    visible = subjects.visible_to(request.officer)
    counts = visible.aggregate(
        **{name: Count("id", filter=condition) for name, condition in FILTERS.items() if name != "semua"},
        semua=Count("id"),
        late=Count("id", filter=_late(at)),
    )
    next_due = Case(
        When(state=State.NEW, then=F("verify_due_at")),
        When(state__in=complaints.TAKEN_UP, then=F("answer_due_at")),
        When(state=State.WAITING, then=F("reply_until")),
    )
    rows = visible.filter(FILTERS[chosen]).annotate(due_at=next_due)
    rows = rows.order_by(F("due_at").asc(nulls_last=True), "-received_at", "-id")
    page = Paginator(rows.defer("text", "reply", "verify_count", "answer_count"), PAGE).get_page(
        request.GET.get("page")
    )
    labels = {
        "terbuka": _("Unfinished"),
        "menunggu": _("Waiting for the reporter"),
        "selesai": _("Done"),
        "semua": _("All"),
    }
    tabs = [
        {"label": labels[name], "href": f"?daftar={name}", "current": name == chosen, "count": counts[name]}
        for name in FILTERS
    ]
    context = {
        "page": page,
        "tabs": tabs,
        "late": counts["late"],
        "without_reader": subjects.without_reader(request.officer),
        "rows": [(each, complaints.is_late(each, at)) for each in page],
        "query": f"daftar={chosen}",
        "terms": terms_of(request.office, timezone.localdate(at, request.office.zone)),
    }
    return render(request, "feedback/register.html", context)


@officer_view(rules.can_supervise)
@require_safe
def show(request: OfficerRequest, complaint: int) -> HttpResponse:
    """One complaint with what can be done next."""
    found = _found(request, complaint)
    complaints.note_reading(found, by=request.officer, at=now())
    return _page(request, found)


@officer_view(rules.can_supervise)
@require_POST
def verify(request: OfficerRequest, complaint: int) -> HttpResponse:
    """A verification of the complaint: its class, and whom it is about."""
    found = _found(request, complaint)
    form = VerificationForm(request.POST, prefix="verify", office=request.office)
    if not form.is_valid():
        return _page(request, found, status=422, verify_form=form)
    given = form.cleaned_data

    def run() -> None:
        with transaction.atomic():
            complaints.verify(
                found, kind=given["kind"], handling=given["handling"], by=request.officer, at=now()
            )
            if given["officer"] or given["desk"]:
                complaints.name_subject(
                    found, officer=given["officer"], desk=given["desk"], by=request.officer, at=now()
                )

    return _do(request, found, run, verify_form=form)


@officer_view(rules.can_supervise)
@require_POST
def classify(request: OfficerRequest, complaint: int) -> HttpResponse:
    """Another class for the complaint."""
    found = _found(request, complaint)
    form = ClassificationForm(request.POST, prefix="class")
    if not form.is_valid():
        return _page(request, found, status=422, class_form=form)
    given = form.cleaned_data
    return _do(
        request,
        found,
        lambda: complaints.classify(
            found,
            kind=given["kind"],
            handling=given["handling"],
            reason=given["reason"],
            by=request.officer,
            at=now(),
        ),
        class_form=form,
    )


@officer_view(rules.can_supervise)
@require_POST
def name_subject(request: OfficerRequest, complaint: int) -> HttpResponse:
    """The subject of the complaint."""
    found = _found(request, complaint)
    form = SubjectForm(request.POST, prefix="subject", office=request.office)
    if not form.is_valid():
        return _page(request, found, status=422, subject_form=form)
    given = form.cleaned_data
    return _do(
        request,
        found,
        lambda: complaints.name_subject(
            found, officer=given["officer"], desk=given["desk"], by=request.officer, at=now()
        ),
        subject_form=form,
    )


@officer_view(rules.can_supervise)
@require_POST
def begin(request: OfficerRequest, complaint: int) -> HttpResponse:
    """The beginning of the follow-up."""
    found = _found(request, complaint)
    return _do(request, found, lambda: complaints.begin(found, by=request.officer, at=now()))


@officer_view(rules.can_supervise)
@require_POST
def forward(request: OfficerRequest, complaint: int) -> HttpResponse:
    """The complaint is passed on to who can decide."""
    found = _found(request, complaint)
    form = ReplyForm(request.POST, prefix="forward")
    if not form.is_valid():
        return _page(request, found, status=422, forward_form=form)
    note = form.cleaned_data["reply"]
    return _do(request, found, lambda: complaints.forward(found, note=note, by=request.officer, at=now()))


@officer_view(rules.can_supervise)
@require_POST
def answer(request: OfficerRequest, complaint: int) -> HttpResponse:
    """An answer to the complaint."""
    return _reply(request, complaint, "answer")


@officer_view(rules.can_supervise)
@require_POST
def reject(request: OfficerRequest, complaint: int) -> HttpResponse:
    """The complaint is not taken up, for a reason."""
    return _reply(request, complaint, "reject")


@officer_view(rules.can_supervise)
@require_POST
def disclaim(request: OfficerRequest, complaint: int) -> HttpResponse:
    """The complaint is for somebody else to decide."""
    return _reply(request, complaint, "disclaim")


def _found(request: OfficerRequest, number: int) -> Complaint:
    rows = subjects.visible_to(request.officer)
    return get_object_or_404(
        rows.select_related("office", "visit", "consultation", "subject_officer__user", "subject_desk"),
        pk=number,
    )


def _late(at: datetime) -> Q:
    return Q(state=State.NEW, verify_due_at__lt=at) | Q(state__in=complaints.TAKEN_UP, answer_due_at__lt=at)


def _reply(request: OfficerRequest, number: int, verb: str) -> HttpResponse:
    found = _found(request, number)
    form = ReplyForm(request.POST, prefix=verb)
    if not form.is_valid():
        return _page(request, found, status=422, **{f"{verb}_form": form})
    given = form.cleaned_data["reply"]
    return _do(request, found, lambda: REPLIES[verb](found, reply=given, by=request.officer, at=now()))


def _do(request: OfficerRequest, found: Complaint, verb: Callable[[], None], **forms: Any) -> HttpResponse:
    try:
        verb()
    except Refused as refusal:
        status = 409 if isinstance(refusal, Stale) else 422
        return _page(request, _found(request, found.pk), status=status, refusal=refusal, **forms)
    if not subjects.visible_to(request.officer).filter(pk=found.pk).exists():
        messages.success(request, _("Noted. Because it is about you, only others see it from now on."))
        return redirect("complaints", request.office.code)
    return redirect("complaint_record", request.office.code, found.pk)


def _page(request: OfficerRequest, found: Complaint, *, status: int = 200, **more: Any) -> HttpResponse:
    terms = terms_of(request.office, timezone.localdate(now(), request.office.zone))
    held = {"kind": found.kind, "handling": found.handling or Complaint.Handling.ORDINARY}
    subject = {"officer": found.subject_officer_id, "desk": found.subject_desk_id}
    context = {
        "complaint": found,
        "is_open": found.state in complaints.OPEN,
        # One thing to do stands out on a page: as long as it is new, that is to verify it.
        "answer_kind": "plain" if found.state == State.NEW else "primary",
        "is_taken_up": found.state in complaints.TAKEN_UP,
        "is_late": complaints.is_late(found, now()),
        "why": why_lines(found),
        "entries": found.entries.select_related("by__user"),
        "kept_from": found.kept_from.select_related("user"),
        "terms": terms,
        "days_hints": {
            handling.value: ngettext("%(days)s working day", "%(days)s working days", days) % {"days": days}
            for handling in Complaint.Handling
            if (days := terms.days(Complaint.Kind.COMPLAINT, handling)) is not None
        },
        "card": card(found),
        "verify_form": VerificationForm(prefix="verify", office=request.office, initial=held),
        "class_form": ClassificationForm(prefix="class", initial=held),
        "subject_form": SubjectForm(prefix="subject", office=request.office, initial=subject),
        **{f"{verb}_form": ReplyForm(prefix=verb) for verb in (*REPLIES, "forward")},
    }
    return render(request, "feedback/register_complaint.html", context | more, status=status)
