"""What an officer does with a number. Every button posts to a resource; the page then shows what is true."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from sapa.core.time import now
from sapa.frontdesk import queue
from sapa.frontdesk.forms.desk import ReferralForm, TransferForm
from sapa.frontdesk.views import desk_page
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view


@officer_view(rules.can_serve)
@require_POST
def call(request: OfficerRequest) -> HttpResponse:
    """Call the next number, or the given one with a reason."""
    desk = desk_page.own_desk(request)
    if desk is None:
        messages.error(request, _("Please sit down at a desk first."))
        return redirect("workspace", office=request.office.code)
    chosen = request.POST.get("ticket", "")
    if not chosen:
        return desk_page.then_workspace(request, lambda: queue.call_next(desk, by=request.officer, at=now()))
    ticket = desk_page.ticket(
        int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 18 else 0
    )
    reason = request.POST.get("reason", "")[:200]
    return desk_page.then_workspace(
        request, lambda: queue.call(ticket, desk=desk, by=request.officer, at=now(), reason=reason)
    )


def _verb(
    act: Callable[..., object], done: str | Promise = ""
) -> Callable[[OfficerRequest, int], HttpResponse]:
    """A view that does one thing to a ticket and says so with `done`, a sentence about %(number)s."""

    def view(request: OfficerRequest, ticket: int) -> HttpResponse:
        found = desk_page.ticket(ticket)
        said = str(done) % {"number": found.label} if done else ""
        return desk_page.then_workspace(request, lambda: act(found, by=request.officer, at=now()), said)

    return view


recall = officer_view(rules.can_serve)(require_POST(_verb(queue.recall)))
start = officer_view(rules.can_serve)(require_POST(_verb(queue.start)))
# The front office holds a number that waits; one at a desk only the officer who sits there (queue.hold).
hold = officer_view(rules.can_receive)(
    require_POST(_verb(queue.hold, gettext_lazy("Number %(number)s is on hold.")))
)
no_show = officer_view(rules.can_serve)(require_POST(_verb(queue.no_show)))
return_to_line = officer_view(rules.can_receive)(
    require_POST(_verb(queue.return_to_line, gettext_lazy("Number %(number)s is back in the line.")))
)
withdraw = officer_view(rules.can_receive)(
    require_POST(_verb(queue.withdraw, gettext_lazy("Number %(number)s is cancelled.")))
)


@officer_view(rules.can_serve)
@require_POST
def transfer(request: OfficerRequest, ticket: int) -> HttpResponse:
    """Hand the visitor over to another service or desk."""
    found = desk_page.ticket(ticket)
    form = TransferForm(request.POST)
    if not form.is_valid():
        return desk_page.again(request, transfer_form=form)
    service, desk = form.cleaned_data["service"], form.cleaned_data["desk"]

    def act() -> None:
        queue.transfer(found, by=request.officer, at=now(), to_service=service, to_desk=desk)
        if desk is not None and desk.officer_id is None:
            messages.warning(
                request,
                _(
                    "Nobody sits at %(desk)s now: until somebody does, any desk with this service may call number "
                    "%(number)s."
                )
                % {"desk": desk.name, "number": found.label},
            )

    return desk_page.then_workspace(request, act)


@officer_view(rules.can_serve)
@require_POST
def refer(request: OfficerRequest, ticket: int) -> HttpResponse:
    """The visitor goes on to another service with a number of its own."""
    found = desk_page.ticket(ticket)
    form = ReferralForm(request.POST)
    if not form.is_valid():
        return desk_page.again(request, referral_form=form)

    def act() -> None:
        onward = queue.refer(
            found,
            to=form.cleaned_data["service"],
            note=form.cleaned_data["note"],
            by=request.officer,
            at=now(),
        )
        messages.success(
            request,
            _("Number %(number)s is issued for %(service)s.")
            % {"number": onward.label, "service": onward.service.name},
        )

    return desk_page.then_workspace(request, act)
