"""The end of a consultation at the officer's desk, and its beginning again."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sapa.consultations import lifecycle
from sapa.consultations.models import Consultation, Reason
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.inbox.forms import ClosureForm
from sapa.inbox.setting_aside import set_aside
from sapa.inbox.views import case_page
from sapa.inbox.views.reach import case_of
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view


@officer_view(rules.can_serve)
@require_POST
def closure(request: OfficerRequest, code: str) -> HttpResponse:
    """Done, when it was answered; otherwise set aside for the reason that was chosen."""
    consultation = case_of(request, code).consultation
    if "reason" in request.POST:
        return _set_aside(request, consultation)

    def act() -> None:
        if consultation.answered_at is None:
            raise Refused(_("Please answer first, or choose why it is closed without an answer."))
        lifecycle.close(consultation, reason=Reason.DONE, by=request.officer, at=now())

    return case_page.then(request, code, act, _("Closed. The client is asked to rate."))


def _set_aside(request: OfficerRequest, consultation: Consultation) -> HttpResponse:
    form = ClosureForm(request.POST)

    def act() -> None:
        if not form.is_valid():
            raise Refused(_("Please choose why it is closed without an answer."))
        said = form.cleaned_data
        other = Consultation.objects.filter(code=said["double_of"]).first() if said["double_of"] else None
        reason = Reason(said["reason"])
        set_aside(consultation, reason=reason, double_of=other, by=request.officer, at=now())

    return case_page.then(request, consultation.code, act, _("Closed. The client is told why."))


@officer_view(rules.can_serve)
@require_POST
def reopening(request: OfficerRequest, code: str) -> HttpResponse:
    """Open it again, within thirty days."""
    consultation = case_of(request, code).consultation
    return case_page.then(
        request,
        code,
        lambda: lifecycle.reopen(consultation, by=request.officer, at=now()),
        _("Open again."),
    )
