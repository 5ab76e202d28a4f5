"""Settings of the work in the background: what was given up, why, and trying it again."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from sapa import wiring
from sapa.activity import reactions
from sapa.activity.models import Reaction
from sapa.api import webhooks
from sapa.api.views.given_up import shelf as webhooks_given_up
from sapa.core.time import now
from sapa.notifications import telling
from sapa.pages.views.settings import tried
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_SHOWN: Final = 100
# What a wired reaction (wiring.REACTIONS) does, in words for the administrator.
TASKS: Final = {
    "sapa.feedback.ratings.invite_after": gettext_lazy("Invite a visitor to rate the service"),
    "sapa.feedback.ratings.invite_after_day": gettext_lazy(
        "Invite the visitors of a day to rate the service"
    ),
    "sapa.feedback.ratings.invite_after_closing": gettext_lazy(
        "Invite the client of an online consultation to rate it"
    ),
    "sapa.consultations.clocks.recount_after": gettext_lazy("Count the open deadlines again"),
    "sapa.feedback.complaint_clocks.recount_after": gettext_lazy("Count the terms of open complaints again"),
    "sapa.feedback.retention.forget_after_day": gettext_lazy("Erase old complaints"),
    "sapa.frontdesk.closing.recount_after": gettext_lazy("Set the closing time of the day again"),
    "sapa.frontdesk.queue.promises.begin_after": gettext_lazy("Start promises after a change of settings"),
    "sapa.inbox.assigning.assign_after": gettext_lazy("Give a new consultation to an officer"),
    "sapa.inbox.assigning.return_after_leave": gettext_lazy("Hand on the consultations of who goes on leave"),
    "sapa.inbox.assigning.return_after_message": gettext_lazy(
        "Hand on a consultation whose officer is away when the client writes"
    ),
    "sapa.inbox.assigning.return_after_departure": gettext_lazy(
        "Hand on the consultations of who does not answer any more"
    ),
    "sapa.inbox.visiting.add_outcome_after": gettext_lazy("Add the outcome of a visit to its conversation"),
    "sapa.inbox.retention.forget_after_day": gettext_lazy("Erase old conversations"),
    "sapa.roster.shifts.clear_after": gettext_lazy(
        "Take the shifts of who stands no duty any more out of the roster"
    ),
    "sapa.meetings.endings.check_after": gettext_lazy("Find appointments that cannot take place any more"),
    "sapa.meetings.endings.hold_after_message": gettext_lazy("Let silence wait for an appointment"),
    "sapa.meetings.endings.cancel_after_close": gettext_lazy(
        "Cancel the appointment of a closed consultation"
    ),
    "sapa.meetings.endings.end_after_ticket": gettext_lazy("Note that an appointment was kept or missed"),
    "sapa.meetings.arriving.arrived_after": gettext_lazy("Note that the visitor of an appointment is here"),
    "sapa.catalogue.correspondences.compare_after": gettext_lazy("Compare two versions of a classification"),
    "sapa.api.webhooks.tell_after": webhooks.TASK,
    "sapa.people.officers.invite": gettext_lazy("Send the invitation to an officer"),
    **{
        handler: telling.TASK
        for handlers in wiring.REACTIONS.values()
        for handler in handlers
        if handler.startswith(telling.__name__)
    },
}


@dataclass(frozen=True, slots=True)
class Row:
    """One task that was given up. The reason is the kind of error only: its words may hold a person's data."""

    id: int
    task: "StrOrPromise"
    event: str
    happened_at: datetime
    dead_at: datetime | None
    attempts: int
    reason: str


@officer_view(rules.can_administer)
def index(request: OfficerRequest) -> HttpResponse:
    """What was given up in this office: what, when, after how many attempts, why."""
    dead = reactions.dead_of(request.office)
    context = {
        "office": request.office,
        "rows": [_row(each) for each in dead.select_related("event")[:MOST_SHOWN]],
        "total": dead.count(),
        "most_shown": MOST_SHOWN,
        **webhooks_given_up(request.office),
    }
    return render(request, "pages/settings/work.html", context)


@officer_view(rules.can_administer)
@require_POST
def retry(request: OfficerRequest, reaction: int) -> HttpResponse:
    """Due again now, with all its attempts."""
    rows = Reaction.objects.select_related("event").filter(event__office=request.office)
    found = get_object_or_404(rows, pk=reaction)
    tried(
        request,
        lambda: reactions.revive(found, by=request.user, at=now()),
        _("The task is being tried again. If it fails, it comes back here."),
    )
    return redirect("settings_work", office=request.office.code)


def _row(reaction: Reaction) -> Row:
    return Row(
        id=reaction.pk,
        task=TASKS.get(reaction.handler, reaction.handler),
        event=reaction.event.name,
        happened_at=reaction.event.at,
        dead_at=reaction.dead_at,
        attempts=reaction.attempts,
        reason=reaction.reason.partition(":")[0],
    )
