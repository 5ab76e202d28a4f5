"""What the office keeps for all its conversations: canned answers, public answers, how answers are released."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.inbox import canning, publishing, reviewing
from sapa.inbox.forms import CannedForm, ReleaseForm
from sapa.inbox.models import CannedAnswer, PublicAnswer
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view


@officer_view(rules.can_serve)
@require_http_methods(["GET", "POST"])
def canned_answers(request: OfficerRequest) -> HttpResponse:
    """The texts that the office uses again; a new one."""
    form = CannedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            canning.write(
                request.office, title=said["title"], text=said["text"], by=request.officer, at=now()
            )
        except Refused as refusal:
            form.add_error("title", str(refusal))
        else:
            messages.success(request, _("Kept: it can be inserted into answers now."))
            return redirect("canned_answers", office=request.office.code)
    context = {
        "office": request.office,
        "form": form,
        "canned": request.office.canned_answers.filter(is_active=True),
    }
    return render(request, "inbox/canned.html", context, status=422 if form.errors else 200)


@officer_view(rules.can_serve)
@require_POST
def canned_removal(request: OfficerRequest, canned: int) -> HttpResponse:
    """Not offered any more."""
    canning.drop(get_object_or_404(CannedAnswer, pk=canned), by=request.officer, at=now())
    return redirect("canned_answers", office=request.office.code)


@officer_view(rules.can_supervise)
@require_http_methods(["GET", "POST"])
def policy(request: OfficerRequest) -> HttpResponse:
    """Whether answers are released by a second pair of eyes: seen and changed by the same people."""
    form = ReleaseForm(
        request.POST if request.method == "POST" else None,
        initial={"approval": reviewing.is_wanted(request.office)},
    )
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["approval"]
        canning.set_approval(request.office, wanted=wanted, by=request.officer, at=now())
        messages.success(request, _("Kept."))
        return redirect("inbox_policy", office=request.office.code)
    return render(request, "inbox/policy.html", {"office": request.office, "form": form})


@officer_view(rules.can_read_inbox)
@require_GET
def public_answers(request: OfficerRequest) -> HttpResponse:
    """What was proposed for everybody to find, and what became of it."""
    found = PublicAnswer.objects.select_related("by__user", "reviewer__user").order_by("-id")[:100]
    context = {
        "office": request.office,
        "officer": request.officer,
        "answers": found,
        "may_supervise": rules.can_supervise(request.officer),
    }
    return render(request, "inbox/public_answers.html", context)


@officer_view(rules.can_supervise)
@require_POST
def publication(request: OfficerRequest, public: int) -> HttpResponse:
    """The supervisor's decision: published, given back, or withdrawn."""
    found = get_object_or_404(PublicAnswer.objects.select_related("office"), pk=public)
    try:
        if "publish" in request.POST:
            publishing.publish(found, by=request.officer, at=now())
            done = _("Published: the search finds it.")
        elif "withdraw" in request.POST:
            publishing.withdraw(found, by=request.officer, at=now())
            done = _("Withdrawn: the search finds it no more.")
        else:
            publishing.send_back(found, remark=request.POST.get("remark", ""), by=request.officer, at=now())
            done = _("Given back to its author.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("public_answers", office=request.office.code)
