"""The officer's page of a consultation's appointment: offer, book, move, another way, cancel, what became of it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sapa.activity.push import last_event_id
from sapa.consultations.models import Consultation
from sapa.core.errors import Refused, Stale
from sapa.core.time import now
from sapa.meetings import booking, rooms, showing
from sapa.meetings.choosing import week_of
from sapa.meetings.forms import BookingForm, OfferForm, ReasonForm, WayForm
from sapa.meetings.models import FollowUp, Kind, State
from sapa.meetings.policy import policy_of, reach_for_officer
from sapa.meetings.slots import LENGTHS
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view
from sapa.people.models import Officer

case_view = officer_view(rules.can_serve)


def _consultation(request: OfficerRequest, code: str) -> Consultation:
    rows = Consultation.objects.select_related("client", "service", "standard")
    found = rows.filter(code=code).exclude(door="visit").first()
    if found is None:
        raise Http404("no such consultation")
    found.office = request.office
    return found


def _booked(request: OfficerRequest, code: str) -> FollowUp:
    meeting = booking.booked_of(_consultation(request, code))
    if meeting is None:
        raise Http404("no appointment")
    return meeting


@case_view
@require_GET
def show(request: OfficerRequest, code: str) -> HttpResponse:
    """The appointment as it stands, and everything one may do about it."""
    return _page(request, _consultation(request, code))


@case_view
@require_GET
def state(request: OfficerRequest, code: str) -> HttpResponse:
    """What changes on the page, fetched again at each signal."""
    return render(request, "meetings/_case_state.html", _context(request, _consultation(request, code)))


@case_view
@require_POST
def offer(request: OfficerRequest, code: str) -> HttpResponse:
    """Let the client choose a time."""
    consultation = _consultation(request, code)
    form = OfferForm(request.POST, kinds=policy_of(request.office).kinds)
    officer = _officer(request)
    if form.is_valid() and _did(
        form,
        lambda: booking.offer(
            consultation, **form.cleaned_data, officer=officer, by=request.officer, at=now()
        ),
    ):
        messages.success(request, _("The client is invited to choose a time."))
        return _back(request, code)
    return _page(request, consultation, offer_form=form, status=422)


@case_view
@require_POST
def book(request: OfficerRequest, code: str) -> HttpResponse:
    """Book a time that was agreed, or move the appointment to it."""
    consultation = _consultation(request, code)
    form = BookingForm(request.POST, policy=policy_of(request.office), office=request.office)
    if form.is_valid() and _did(form, lambda: _book(request, consultation, form)):
        messages.success(request, _("The appointment stands. Both sides have an invitation by e-mail."))
        return _back(request, code)
    return _page(request, consultation, form=form, status=422)


def _book(request: OfficerRequest, consultation: Consultation, form: BookingForm) -> None:
    at, by, begins = now(), request.officer, form.cleaned_data["begins"]
    officer, minutes = _officer(request), _minutes(request)
    meeting = booking.booked_of(consultation)
    sequence = request.POST.get("urutan", "")
    if meeting is not None and sequence.isdecimal() and len(sequence) < 6:
        booking.move(
            meeting,
            starts_at=begins,
            minutes=minutes,
            officer=officer,
            by=by,
            at=at,
            expected=int(sequence),
        )
        return
    key, way = form.submission_key(), form.chosen()
    booking.book(
        consultation,
        kind=way["kind"],
        provider=way["provider"],
        link=way["link"],
        desk=form.cleaned_data["desk"] if way["kind"] == Kind.VISIT else None,
        officer=officer,
        starts_at=begins,
        minutes=minutes,
        by=by,
        at=at,
        key=key,
    )


@case_view
@require_POST
def change_way(request: OfficerRequest, code: str) -> HttpResponse:
    """Another provider or a pasted link, at the same time."""
    meeting = _booked(request, code)
    form = WayForm(request.POST, policy=policy_of(request.office), prefix="cara")
    if form.is_valid() and _did(
        form, lambda: booking.choose_way(meeting, **form.chosen(), by=request.officer, at=now())
    ):
        messages.success(request, _("The appointment takes place this way now."))
        return _back(request, code)
    return _page(request, meeting.consultation, way_form=form, status=422)


@case_view
@require_POST
def retry(request: OfficerRequest, code: str) -> HttpResponse:
    """Ask the provider once more, now."""
    rooms.retry(_booked(request, code), by=request.officer, at=now())
    return _back(request, code)


@case_view
@require_POST
def cancel(request: OfficerRequest, code: str) -> HttpResponse:
    """It does not take place."""
    meeting, form = _booked(request, code), ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _tried(
        request,
        code,
        lambda: booking.cancel(meeting, reason=reason, by=request.officer, at=now()),
        _("The appointment is cancelled."),
    )


@case_view
@require_POST
def outcome(request: OfficerRequest, code: str) -> HttpResponse:
    """It took place, or somebody did not come."""
    meeting = _booked(request, code)
    verb = booking.missed if request.POST.get("outcome") == State.MISSED else booking.hold_took_place
    return _tried(request, code, lambda: verb(meeting, by=request.officer, at=now()), _("Noted."))


def _did(form: Any, act: Callable[[], object]) -> bool:
    try:
        act()
    except Refused as refusal:
        form.add_error(None, str(refusal.sentence))
        return False
    return True


def _tried(request: OfficerRequest, code: str, act: Callable[[], object], success: str) -> HttpResponse:
    try:
        act()
        messages.success(request, success)
    except Stale as stale:
        messages.warning(request, str(stale.sentence))
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
    return _back(request, code)


def _back(request: OfficerRequest, code: str) -> HttpResponse:
    return redirect("case_meeting", office=request.office.code, code=code)


def _given(request: OfficerRequest, name: str) -> str:
    return str((request.POST if request.method == "POST" else request.GET).get(name, ""))


def _officer(request: OfficerRequest) -> Officer:
    """With whom: the officer chosen in the page, else the one who looks at it."""
    chosen = _given(request, "petugas")
    rows = _officers(request).filter(pk=int(chosen)) if chosen.isdecimal() and len(chosen) < 18 else None
    return (rows.first() if rows is not None else None) or request.officer


def _officers(request: OfficerRequest) -> Any:
    roles = [Officer.Role.CONSULTANT, Officer.Role.SUPERVISOR]
    rows = Officer.objects.select_related("user").filter(
        office=request.office, is_active=True, role__in=roles
    )
    return rows.order_by("user__name", "pk")


def _minutes(request: OfficerRequest) -> int:
    chosen = _given(request, "menit")
    minutes = int(chosen) if chosen.isdecimal() and len(chosen) < 4 else 0
    return minutes if minutes in LENGTHS else policy_of(request.office).minutes


def _page(
    request: OfficerRequest, consultation: Consultation, *, status: int = 200, **forms: Any
) -> HttpResponse:
    return render(request, "meetings/case.html", _context(request, consultation) | forms, status=status)


def _context(request: OfficerRequest, consultation: Consultation) -> dict[str, Any]:
    at, office = now(), request.office
    seen = last_event_id(office.pk)
    policy, shown = policy_of(office), showing.latest(consultation, at=at)
    stands = shown is not None and shown.meeting.is_booked
    officer, minutes = _officer(request), _minutes(request)
    way = shown.meeting.provider or shown.meeting.kind if stands and shown else policy.video_provider
    week = _given(request, "minggu")
    is_moving = stands and ("pindah" in request.GET or "urutan" in request.POST)
    query = {"petugas": officer.pk, "menit": minutes} | ({"pindah": 1} if is_moving else {})
    return {
        "office": office,
        "officer": officer,
        "officers": [(str(each.pk), str(each.user)) for each in _officers(request)],
        "lengths": [(str(each), _("%(minutes)s minutes") % {"minutes": each}) for each in LENGTHS],
        "minutes": minutes,
        "consultation": consultation,
        "seen": seen,
        "at": at,
        "shown": shown,
        "stands": stands,
        "is_moving": is_moving,
        "query": urlencode(query) + "&",
        "open_offer": booking.open_offer(consultation, at=at),
        "offer_form": OfferForm(kinds=policy.kinds, initial={"minutes": minutes}),
        "form": BookingForm(policy=policy, office=office, initial={"key": uuid4(), "way": way}),
        "way_form": WayForm(policy=policy, prefix="cara", initial={"way": way}),
        "reason_form": ReasonForm(auto_id="alasan_%s"),
        "week": week_of(
            office,
            officer,
            reach=reach_for_officer(minutes),
            number=int(week) if week.isdecimal() and len(week) < 4 else 0,
            at=at,
        ),
    }
