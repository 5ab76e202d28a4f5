"""The client's page of an appointment: choose a time, move it, cancel it, take it along, check in on the day."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sapa.activity.push import last_event_id
from sapa.consultations.lifecycle import OPEN
from sapa.consultations.models import Consultation
from sapa.core.errors import Refused
from sapa.core.limits import spend
from sapa.core.time import now
from sapa.frontdesk.entries import Incomplete
from sapa.meetings import arriving, booking, showing
from sapa.meetings.choosing import week_of
from sapa.meetings.forms import ChoiceForm
from sapa.meetings.invitation import ics
from sapa.meetings.models import FollowUp, Kind
from sapa.meetings.policy import policy_of, reach_for_client
from sapa.people.access import ClientRequest, client_view
from sapa.people.models import Officer


def _consultation(request: ClientRequest, token: str) -> Consultation:
    """Found through the client: whoever else knows the address finds nothing."""
    rows = Consultation.objects.select_related("client", "service", "standard")
    found = rows.filter(token=token, client=request.client).exclude(door="visit").first()
    if found is None:
        raise Http404("no such consultation of this client")
    found.office = request.office
    return found


def _booked(request: ClientRequest, token: str) -> FollowUp:
    meeting = booking.booked_of(_consultation(request, token))
    if meeting is None:
        raise Http404("no appointment")
    return meeting


@client_view
@require_GET
def choose(request: ClientRequest, token: str) -> HttpResponse:
    """The appointment as it stands, or the times to choose from."""
    context = _context(request, _consultation(request, token))
    return render(request, "meetings/choose.html", context)


@client_view
@require_GET
def state(request: ClientRequest, token: str) -> HttpResponse:
    """What changes on the page, fetched again at each signal."""
    consultation = _consultation(request, token)
    return render(request, "meetings/_client_state.html", _context(request, consultation))


@client_view
@require_POST
def book(request: ClientRequest, token: str) -> HttpResponse:
    """Take one of the free times, or move the appointment to it."""
    consultation = _consultation(request, token)
    context = _context(request, consultation, request.POST)
    form = context["form"]
    if form is None:
        messages.warning(request, _("This invitation has ended. Write to the office for another one."))
        return _back(request, token)
    if not form.is_valid():
        return _refused(request, consultation, form, status=422)
    try:
        spend("meeting", str(request.client.pk), times=20, seconds=3600)
        success = _take(request, consultation, context, form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal.sentence))
        return _refused(request, consultation, form, status=409)
    messages.success(request, success)
    return _back(request, token)


def _take(
    request: ClientRequest, consultation: Consultation, context: dict[str, Any], chosen: dict[str, Any]
) -> str:
    """Book by the offer, or move what is booked; what to say then."""
    at, starts_at = now(), chosen["starts_at"]
    if context["is_moving"]:
        meeting = context["shown"].meeting
        sequence = context["sequence"]
        booking.move(meeting, starts_at=starts_at, minutes=meeting.minutes, by=None, at=at, expected=sequence)
        return _("The appointment is moved. You have a new invitation by e-mail.")
    is_video = chosen["kind"] == Kind.VIDEO
    booking.book(
        consultation,
        kind=chosen["kind"],
        provider=policy_of(request.office).video_provider if is_video else "",
        officer=context["officer"],
        starts_at=starts_at,
        minutes=context["minutes"],
        by=None,
        at=at,
        key=chosen["key"],
    )
    return _("The appointment stands. You have an invitation by e-mail.")


@client_view
@require_POST
def cancel(request: ClientRequest, token: str) -> HttpResponse:
    """The client does not come."""
    meeting = _booked(request, token)
    try:
        booking.give_up(meeting, reason=request.POST.get("reason", ""), at=now())
        messages.success(request, _("The appointment is cancelled. The consultation goes on in writing."))
    except Refused as refusal:
        messages.warning(request, str(refusal.sentence))
    return _back(request, token)


@client_view
@require_GET
def entry(request: ClientRequest, token: str) -> HttpResponse:
    """The appointment for the own calendar."""
    meeting = _booked(request, token)
    words = ics(meeting, method="PUBLISH", recipient="", at=now())
    response = HttpResponse(words, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="pertemuan.ics"'
    return response


@client_view
@require_POST
def arrive(request: ClientRequest, token: str) -> HttpResponse:
    """On the day: the client is here and takes the number of the appointment."""
    meeting = _booked(request, token)
    try:
        key = UUID(request.POST.get("key", ""))
        number = arriving.check_in(meeting, at=now(), submission_key=key)
    except ValueError:
        messages.warning(request, _("This form is no longer valid. Please begin again."))
    except Incomplete:
        messages.warning(
            request,
            _("Something is missing in your profile. Please check in at the kiosk or the front office."),
        )
    except Refused as refusal:
        messages.warning(request, str(refusal.sentence))
    else:
        return redirect("ticket", office=request.office.code, token=number.token)
    return _back(request, token)


def _back(request: ClientRequest, token: str) -> HttpResponse:
    return redirect("meeting_choose", office=request.office.code, token=token)


def _refused(
    request: ClientRequest, consultation: Consultation, form: ChoiceForm, *, status: int
) -> HttpResponse:
    """The page as it stands now, with what was wrong; without times when there is nothing to choose any more."""
    context = _context(request, consultation, request.POST) | {"form": form}
    shown = context["shown"]
    if shown is not None and shown.meeting.is_booked and not context["is_moving"]:
        context["week"] = None
    return render(request, "meetings/choose.html", context, status=status)


def _context(request: ClientRequest, consultation: Consultation, posted: Any = None) -> dict[str, Any]:
    """Everything the page shows. With an appointment that may be moved the times are shown when asked for."""
    at, office = now(), request.office
    context: dict[str, Any] = {
        "office": office,
        "consultation": consultation,
        "seen": last_event_id(office.pk),
        "at": at,
        "shown": showing.latest(consultation, at=at),
        "offer": booking.open_offer(consultation, at=at) if consultation.state in OPEN else None,
        "form": None,
        "is_moving": False,
        "arrival_key": uuid4(),
    }
    given = request.GET if posted is None else posted
    choice = _choice(context, given, is_posted=posted is not None)
    if choice is None:
        return context
    officer, minutes, kinds = choice
    policy, week = policy_of(office), given.get("minggu", "")
    initial = {"kind": kinds[0], "key": uuid4()}
    return context | {
        "officer": officer,
        "minutes": minutes,
        "form": ChoiceForm(posted, kinds=kinds, initial=initial),
        "week": week_of(
            office,
            officer,
            reach=reach_for_client(policy, minutes),
            number=int(week) if week.isdecimal() and len(week) < 4 else 0,
            at=at,
        ),
    }


def _choice(context: dict[str, Any], given: Any, *, is_posted: bool) -> tuple[Officer, int, list[str]] | None:
    """With whom, how long, and in which ways this client may choose a time now; None: there is nothing to choose."""
    shown, offer = context["shown"], context["offer"]
    if shown is not None and shown.meeting.is_booked:
        meeting: FollowUp = shown.meeting
        if "pindah" in given and shown.can_change:
            sequence = given.get("urutan", "")
            context["is_moving"] = True
            context["sequence"] = (
                int(sequence) if sequence.isdecimal() and len(sequence) < 6 else meeting.sequence
            )
        elif not is_posted:
            return None
        # Posted without moving: the same form once more; the verb knows its key, or says that one stands already.
        return meeting.officer, meeting.minutes, [str(meeting.kind)]
    if offer is None:
        return None
    return offer.officer, offer.minutes, [offer.kind] if offer.kind else policy_of(context["office"]).kinds
