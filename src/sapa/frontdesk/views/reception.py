"""The front office: type a visitor in quickly, tick the identity card, give the number, see who is here today."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sapa.activity.push import last_event_id
from sapa.activity.recording import record
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.frontdesk import arrivals, lines, recognition, requirements
from sapa.frontdesk.entries import PROFILE, Entry, Incomplete, with_profile
from sapa.frontdesk.forms.questions import GuestForm
from sapa.frontdesk.forms.whole import form_for
from sapa.frontdesk.models import QueueTicket, Visit
from sapa.offices.models import Office, Service
from sapa.people import codelists, contact, institutions, rules
from sapa.people.access import OfficerRequest, officer_view
from sapa.people.models import Client
from sapa.ui.dates import language

reception_view = officer_view(rules.can_receive)
MOST_FOUND = 8


@reception_view
@require_GET
def index(request: OfficerRequest) -> HttpResponse:
    """Search, the services to type a new visitor in for, and today's list."""
    return _page(request, "index", **_today(request.office))


@reception_view
@require_GET
def today(request: OfficerRequest) -> HttpResponse:
    """Today's list alone, as the live page fetches it."""
    return _page(request, "_today", **_today(request.office))


@reception_view
@require_POST
def search(request: OfficerRequest) -> HttpResponse:
    """Visitors of this office by phone, e-mail or part of the name; masked, because most of them are not meant."""
    text = " ".join(request.POST.get("q", "").split())[:120]
    found = _found(request.office, text) if len(text) >= 2 else []
    candidates = [(recognition.masked(request.office, each), each.name, each.institution) for each in found]
    return _page(request, "search", q=text, candidates=candidates, **_today(request.office))


@reception_view
@require_POST
def form(request: OfficerRequest) -> HttpResponse:
    """An empty form, or the profile of the picked visitor: this reading is kept in the record (domain.md 8.1)."""
    service = _service(request)
    client = None
    if request.POST.get("me"):
        try:
            client = recognition.confirmed(request.office, request.POST["me"])
        except Refused as refused:
            messages.warning(request, str(refused.sentence))
            return redirect("reception", office=request.office.code)
        with transaction.atomic():
            record(
                "client.read",
                client,
                office_id=request.office.pk,
                by=request.user,
                at=now(),
                data={"at": "reception"},
            )
    return _form(request, service, client=client)


@reception_view
@require_POST
def create(request: OfficerRequest) -> HttpResponse:
    """Sign the guest book for the visitor and give a number."""
    service = _service(request)
    client = None
    try:
        if request.POST.get("me"):
            client = recognition.confirmed(request.office, request.POST["me"])
        key = UUID(request.POST.get("submission_key", ""))
    except Refused as refused:
        messages.warning(request, str(refused.sentence))
        return redirect("reception", office=request.office.code)
    except ValueError:
        messages.warning(request, _("This form is no longer valid. Please begin again."))
        return redirect("reception", office=request.office.code)
    kind = form_for(service, client=client, typed=True)
    bound = kind(request.POST, office=request.office, service=service, at=now(), client=client)
    if not bound.is_valid():
        return _form(request, service, client=client, bound=bound, key=key, status=422)
    try:
        with transaction.atomic():
            ticket = arrivals.arrive(
                request.office,
                entry=bound.entry(),
                door=Visit.Door.FRONT_OFFICE,
                by=request.officer,
                at=now(),
                submission_key=key,
                client=client,
            )
            kind_shown = request.POST.get("identity_kind", "")
            if kind_shown:
                requirements.see_identity(ticket.visit, kind=kind_shown, by=request.officer, at=now())
    except Incomplete as incomplete:
        for name, sentence in incomplete.problems.items():
            bound.add_error(name if name in bound.fields else None, str(sentence))
        return _form(request, service, client=client, bound=bound, key=key, status=422)
    except Refused as refused:
        bound.add_error(None, str(refused.sentence))
        return _form(request, service, client=client, bound=bound, key=key, status=409)
    messages.success(request, _("Number %(number)s has been issued.") % {"number": ticket.label})
    return redirect("reception", office=request.office.code)


@reception_view
@require_POST
def see_identity(request: OfficerRequest, visit: int) -> HttpResponse:
    """The card was shown: its kind is ticked."""
    return _tick(request, visit, requirements.see_identity, kind=request.POST.get("kind", ""))


@reception_view
@require_POST
def correct_identity(request: OfficerRequest, visit: int) -> HttpResponse:
    """Another card than the one ticked, or none."""
    return _tick(request, visit, requirements.correct_identity, kind=request.POST.get("kind", ""))


@reception_view
@require_POST
def waive_email(request: OfficerRequest, visit: int) -> HttpResponse:
    """There is no e-mail address to give: the reason is kept."""
    return _tick(request, visit, requirements.waive_email, reason=request.POST.get("reason", ""))


@reception_view
@require_GET
def suggestions(request: OfficerRequest) -> HttpResponse:
    """Names of institutions that begin like `q`."""
    return JsonResponse({"results": institutions.suggest(request.GET.get("q", "")[:100])})


def _tick(request: OfficerRequest, visit: int, verb: Callable[..., None], **chosen: str) -> HttpResponse:
    """Do it to a visit of today, or say why not; then today's list, read again."""
    found, refusal = _visit(request, visit), ""
    try:
        verb(found, **chosen, by=request.officer, at=now())
    except Refused as refused:
        refusal = str(refused.sentence)
    if request.headers.get("HX-Request"):
        return _page(request, "_today", refusal=refusal, **_today(request.office))
    if refusal:
        messages.warning(request, refusal)
    return redirect("reception", office=request.office.code)


def _visit(request: OfficerRequest, pk: int) -> Visit:
    visit = Visit.objects.filter(pk=pk, service_day=lines.service_day(request.office, now())).first()
    if visit is None:
        raise Http404("no such visit today")
    return visit


def _service(request: OfficerRequest) -> Service:
    service = request.office.services.filter(key=request.POST.get("service", ""), is_active=True).first()
    first = service or request.office.services.filter(is_active=True).first()
    if first is None:
        raise Http404("no service to choose")
    return first


def _found(office: Office, text: str) -> QuerySet[Client]:
    """Clients who have visited this office, by the exact phone or e-mail or a part of the name."""
    same = Q(name__icontains=text)
    try:
        if "@" in text:
            same = Q(email=contact.normalise_email(text) or "-")
        elif any(letter.isdigit() for letter in text):
            same = Q(phone=contact.normalise_phone(text) or "-")
    except contact.BadContact:
        return Client.objects.none()
    here = Client.objects.filter(pk__in=Visit.objects.filter(office=office).values("client"))
    return (
        here.filter(same, anonymised_at=None)
        .select_related("institution")
        .order_by("name", "id")[:MOST_FOUND]
    )


def _today(office: Office) -> dict[str, Any]:
    """Who signed in today, newest first; errands that are not of the PST apart."""
    seen = last_event_id(office.pk)  # before the queries: nothing falls between the page and its stream
    rows = (
        Visit.objects.filter(service_day=lines.service_day(office, now()))
        .select_related("client", "institution", "identity_seen_by__user")
        .prefetch_related(Prefetch("tickets", QueueTicket.objects.select_related("service").order_by("id")))
        .order_by("-signed_at", "-id")
    )
    visits = list(rows)
    lists = codelists.lists_in_force(lines.service_day(office, now()))
    kinds = codelists.choices(lists["identity_kind"], language())
    return {
        "seen": seen,
        "visits": [each for each in visits if not each.is_errand],
        "errands": [each for each in visits if each.is_errand],
        "identity_kinds": kinds,
        "waivers": Visit.Waiver.choices,
        "services": list(office.services.filter(is_active=True)),
    }


def _form(
    request: OfficerRequest,
    service: Service,
    *,
    client: Client | None,
    bound: GuestForm | None = None,
    key: UUID | None = None,
    status: int = 200,
) -> HttpResponse:
    if bound is None:
        kind = form_for(service, client=client, typed=True)
        bound = kind(
            office=request.office, service=service, at=now(), client=client, initial=_profile(client)
        )
    lists = codelists.lists_in_force(lines.service_day(request.office, now()))
    return _page(
        request,
        "form",
        status=status,
        form=bound,
        service=service,
        services=request.office.services.filter(is_active=True),
        client=client,
        me=request.POST.get("me", "") if client else "",
        submission_key=key or uuid4(),
        identity_options=[("", _("Not yet")), *codelists.choices(lists["identity_kind"], language())],
    )


def _profile(client: Client | None) -> dict[str, Any]:
    """What is known, so that the front office only types what changed."""
    if client is None:
        return {}
    known = with_profile(Entry(service_key=""), client)
    return {name: getattr(known, name) for name in PROFILE}


def _page(request: OfficerRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(
        request,
        f"frontdesk/reception/{name}.html",
        {"office": request.office, "officer": request.officer} | context,
        status=status,
    )
