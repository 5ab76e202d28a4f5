"""Visits: sign the guest book and take a number, as at a kiosk; read that somebody came."""

from datetime import date
from typing import Annotated
from uuid import uuid4

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Path, Query, Router, Status

from sapa.api.gate import ApiRequest
from sapa.api.paging import MOST, page
from sapa.api.problems import Problem
from sapa.api.rights import Bearer, OfficeCode
from sapa.api.routes import tickets
from sapa.api.schemas import VisitIn, VisitMade, VisitOut, VisitPage
from sapa.api.sending import ticket_id
from sapa.core.time import now
from sapa.frontdesk import arrivals
from sapa.frontdesk.forms.whole import form_for
from sapa.frontdesk.models import Visit

router = Router(tags=["visits"])
VisitId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("", auth=Bearer("visits:read"), response=VisitPage)
def index(
    request: ApiRequest,
    office: OfficeCode,
    day: date | None = None,
    cursor: Annotated[str, Query(max_length=120)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> VisitPage:
    """The newest first, of one day when `day` is given."""
    rows = Visit.objects.prefetch_related("tickets")
    if day is not None:
        rows = rows.filter(service_day=day)
    found, after = page(rows, by="signed_at", cursor=cursor, limit=limit)
    return VisitPage(items=[_shown(each) for each in found], next_cursor=after)


@router.get("/{visit}", auth=Bearer("visits:read"), response=VisitOut)
def show(request: ApiRequest, office: OfficeCode, visit: VisitId) -> VisitOut:
    """One visit."""
    return _shown(get_object_or_404(Visit.objects.prefetch_related("tickets"), pk=visit))


@router.post("", auth=Bearer("visits:write"), response={201: VisitMade})
def create(request: ApiRequest, office: OfficeCode, said: VisitIn) -> Status[VisitMade]:
    """One line in the guest book and one number, both or neither; as at the kiosk, while the office takes visitors."""
    service = request.office.services.filter(key=said.service, is_active=True).first()
    if service is None:
        raise Problem(
            422, "no_service", "This office does not offer this service.", errors={"service": "Unknown."}
        )
    given = said.model_dump(exclude={"service", "has_disability"})
    given["has_disability"] = {True: "yes", False: "no", None: ""}[said.has_disability]
    at = now()
    kind = form_for(service, client=None, typed=True)
    form = kind(given, office=request.office, service=service, at=at)
    if not form.is_valid():
        errors = {name: str(texts[0]) for name, texts in form.errors.items()}
        raise Problem(
            422, "incomplete", "Something in the guest book is missing or not right yet.", errors=errors
        )
    ticket = arrivals.arrive(
        request.office,
        entry=form.entry(),
        door=Visit.Door.KIOSK,
        by=None,
        at=at,
        submission_key=uuid4(),
    )
    address = reverse("ticket", args=[request.office.code, ticket.token])
    made = VisitMade(
        visit=_shown(ticket.visit),
        ticket=tickets.shown(ticket),
        page=settings.PUBLIC_URL.rstrip("/") + address,
    )
    return Status(201, made)


def _shown(visit: Visit) -> VisitOut:
    copied = ("service_day", "signed_at", "left_at", "door", "is_errand", "is_group")
    return VisitOut(
        **{name: getattr(visit, name) for name in copied},
        id=visit.pk,
        tickets=[ticket_id(each) for each in visit.tickets.all()],
    )
