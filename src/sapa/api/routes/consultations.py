"""Consultations: begin one for a client, read them with their clocks."""

from datetime import datetime
from typing import Annotated, Any
from uuid import uuid4

from django.shortcuts import get_object_or_404
from django.utils.translation import override
from ninja import Path, Query, Router, Status
from pydantic import AwareDatetime

from sapa.api.gate import ApiRequest
from sapa.api.paging import MOST, page
from sapa.api.problems import Problem
from sapa.api.rights import Bearer, OfficeCode
from sapa.api.schemas import (
    AccountOf,
    ClockOut,
    ConsultationDetail,
    ConsultationIn,
    ConsultationOut,
    ConsultationPage,
    MissingOut,
    NewClient,
    QuestionOut,
    State,
    Turn,
)
from sapa.consultations import clocks, ledger, requirements
from sapa.consultations.models import Consultation, Deadline, Door, RequestDraft
from sapa.core.time import now
from sapa.inbox import asking
from sapa.inbox.forms import RequestForm
from sapa.offices.calendar import explain
from sapa.people.contact import BadContact, normalise_email, normalise_phone
from sapa.people.models import Client

router = Router(tags=["consultations"])
Number = Annotated[str, Path(pattern=r"^KST(-[0-9A-Z]{4}){3}$", description="Such as KST-7KQ4-M2XW-9TRB")]


@router.get("", auth=Bearer("consultations:read"), response=ConsultationPage)
def index(
    request: ApiRequest,
    office: OfficeCode,
    state: State | None = None,
    waiting_for: Turn | None = None,
    since: AwareDatetime | None = None,
    cursor: Annotated[str, Query(max_length=120)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> ConsultationPage:
    """The newest first; `since`: requested at or after."""
    rows = Consultation.objects.select_related("service", "client")
    if state is not None:
        rows = rows.filter(state=state)
    if waiting_for is not None:
        rows = rows.filter(waiting_for=waiting_for)
    if since is not None:
        rows = rows.filter(requested_at__gte=_in_range(since))
    found, after = page(rows, by="requested_at", cursor=cursor, limit=limit)
    return ConsultationPage(items=[_short(each) for each in found], next_cursor=after)


@router.get("/{number}", auth=Bearer("consultations:read"), response=ConsultationDetail)
def show(request: ApiRequest, office: OfficeCode, number: Number) -> ConsultationDetail:
    """One, with what is still missing and with its clocks."""
    return _whole(consultation_or_404(number))


@router.post("", auth=Bearer("consultations:write"), response={201: ConsultationDetail})
def create(request: ApiRequest, office: OfficeCode, asked: ConsultationIn) -> Status[ConsultationDetail]:
    """A request put to the office. The standard's requirements stay: what is missing stands in `missing`."""
    form = RequestForm(asked.model_dump(exclude={"client", "language"}))
    if not form.is_valid():
        errors = {name: str(texts[0]) for name, texts in form.errors.items()}
        raise Problem(422, "invalid", "Something in the request is not right.", errors=errors)
    at = now()
    # Not the client's own draft: what the client has typed on the page stays there.
    draft = RequestDraft(office=request.office, client=_client(asked.client, at), submission_key=uuid4())
    with override(asked.language):  # the language of the request, as if asked on the page
        made = asking.ask(draft, subject=form.cleaned_data["subject"], asked=form.asked(), at=at)
    return Status(201, _whole(made))


def consultation_or_404(number: str) -> Consultation:
    """The consultation of the office in scope."""
    rows = Consultation.objects.select_related(
        "office", "service", "client__user", "standard", "request", "double_of"
    )
    return get_object_or_404(rows, code=number)


def _client(said: AccountOf | NewClient, at: datetime) -> Client:
    try:
        if isinstance(said, NewClient):
            email, phone = normalise_email(said.email) or "", normalise_phone(said.phone) or ""
        else:
            email, phone = normalise_email(said.account_email) or "", ""
    except BadContact as wrong:
        raise Problem(422, "bad_contact", str(wrong), errors={"client": str(wrong)}) from None
    if isinstance(said, NewClient):
        name = " ".join(said.name.split())
        if not any(letter.isalpha() for letter in name):
            raise Problem(422, "bad_name", "Give the person's name.", errors={"client.name": "No name."})
        return Client.objects.create(name=name, email=email, phone=phone, created_at=at)
    known = Client.objects.filter(user__is_active=True, email=email, email_verified_at__isnull=False)
    found = known.exclude(email="").filter(anonymised_at=None, merged_into=None).first()
    if found is None:
        raise Problem(422, "no_account", "No account here has confirmed this e-mail address.")
    return found


def _in_range(at: datetime) -> datetime:
    if not 1900 < at.year < 2200:
        raise Problem(422, "invalid", "since lies outside of what can be asked.")
    return at


def _short_fields(consultation: Consultation) -> dict[str, Any]:
    copied = ("door", "state", "waiting_for", "subject", "requested_at", "accepted_at", "answered_at")
    return {
        name: getattr(consultation, name) for name in (*copied, "due_at", "closed_at", "closing_reason")
    } | {
        "id": consultation.code,
        "service": consultation.service.key,
        "is_assigned": consultation.officer_id is not None,
        "has_account": consultation.client.user_id is not None,
    }


def _short(consultation: Consultation) -> ConsultationOut:
    return ConsultationOut(**_short_fields(consultation))


def _whole(consultation: Consultation) -> ConsultationDetail:
    asked = consultation.request if consultation.door == Door.WEB else None
    lacking = requirements.missing(consultation) if asked is not None else []
    return ConsultationDetail(
        **_short_fields(consultation),
        double_of=consultation.double_of.code if consultation.double_of else None,
        request=QuestionOut.from_orm(asked) if asked is not None else None,
        missing=[MissingOut(key=each.key, label=each.label) for each in lacking],
        clocks=[_clock(each) for each in _deadlines(consultation)],
    )


def _deadlines(consultation: Consultation) -> list[Deadline]:
    return list(Deadline.objects.filter(consultation=consultation).select_related("office").order_by("id"))


def _clock(deadline: Deadline) -> ClockOut:
    copied = (
        "kind",
        "started_at",
        "due_at",
        "paused_at",
        "met_at",
        "breached_at",
        "stopped_at",
        "stop_reason",
    )
    if deadline.kind == Deadline.Kind.ONSITE_SERVICE:
        lines = explain(clocks.explained(deadline), language="en")
    else:
        lines = ledger.explained(deadline, "en")
    return ClockOut(**{name: getattr(deadline, name) for name in copied}, explanation=lines)
