"""The guest book on the visitor's own phone: by the QR poster, or from anywhere where the office allows it."""

from uuid import UUID, uuid4

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sapa.core.errors import Refused
from sapa.core.limits import spend
from sapa.core.time import now
from sapa.frontdesk import arrivals, doors, recognition
from sapa.frontdesk.entries import Incomplete
from sapa.frontdesk.forms.questions import ContactForm, GuestForm
from sapa.frontdesk.forms.whole import form_for
from sapa.frontdesk.models import Visit
from sapa.frontdesk.views.notices import notice_in_force
from sapa.offices.models import Device, Service
from sapa.offices.scope import OfficeRequest
from sapa.people import institutions
from sapa.people.access import office_public
from sapa.people.models import Client
from sapa.ui.dates import language

# Many visitors share the address of the office's own wireless network.
SIGNED_IN_AN_HOUR = 40


@office_public
@require_http_methods(["GET", "HEAD", "POST"])
def guestbook(request: OfficeRequest) -> HttpResponse:
    """Choose a service, write into the guest book, receive a number: ends at the live ticket."""
    if not _may_come_in(request):
        return _page(request, "poster_needed", status=403)
    service = _service(request)
    try:
        if service is None:
            doors.check(request.office, at=now())
            services = request.office.services.filter(is_active=True)
            return _page(request, "services", services=services)
        doors.check_room(service, at=now())
    except Refused as refused:
        return _refusal(request, refused)
    return _sign(request, service) if request.method == "POST" else _form(request, service)


@office_public
@require_POST
def recognition_of(request: OfficeRequest) -> HttpResponse:
    """Who the visitor may be, masked; the answer looks the same whether the number was right or known or not."""
    service = _service(request)
    if service is None or not _may_come_in(request):
        return redirect(_address(request))
    form = ContactForm(request.POST, office=request.office, service=service, at=now())
    found: list[recognition.Masked] = []
    if form.is_valid():
        phone, email = form.cleaned_data["contact"]
        try:
            found = recognition.recognise(
                request.office, phone=phone, email=email, who=f"address:{request.META['REMOTE_ADDR']}"
            )
        except Refused as refused:
            form.add_error("contact", str(refused.sentence))
    if not form.is_valid():
        return _form(request, service, contact_form=form, status=422)
    return _page(request, "known", service=service, candidates=found, keep=_keep(request))


@office_public
@require_GET
def suggestions(request: OfficeRequest) -> HttpResponse:
    """Names of institutions that begin like `q`, as far as a stranger may see them."""
    try:
        spend("suggest", request.META["REMOTE_ADDR"], times=300, seconds=600)
    except Refused:
        return JsonResponse({"results": []}, status=429)
    return JsonResponse({"results": institutions.suggest(request.GET.get("q", "")[:100])})


def _sign(request: OfficeRequest, service: Service) -> HttpResponse:
    client = None
    try:
        if request.POST.get("me"):
            client = recognition.confirmed(request.office, request.POST["me"])
        if "submission_key" not in request.POST:  # "Yes, this is me" on the page before
            return _form(request, service, client=client)
        spend("guestbook-tries", request.META["REMOTE_ADDR"], times=10 * SIGNED_IN_AN_HOUR, seconds=3600)
    except Refused as refused:
        return _form(request, service, refused=refused, status=429 if refused.code == "too_often" else 422)
    kind = form_for(service, client=client)
    form = kind(request.POST, office=request.office, service=service, at=now(), client=client)
    if not form.is_valid():
        return _form(request, service, client=client, form=form, status=422)
    try:
        # Only forms that are right count: a class of pupils behind one address also makes mistakes.
        spend("guestbook", request.META["REMOTE_ADDR"], times=SIGNED_IN_AN_HOUR, seconds=3600)
    except Refused as refused:
        return _form(request, service, client=client, form=form, refused=refused, status=429)
    try:
        ticket = arrivals.arrive(
            request.office,
            entry=form.entry(),
            door=Visit.Door.PHONE,
            by=None,
            at=now(),
            submission_key=UUID(request.POST["submission_key"]),
            client=client,
        )
    except ValueError:  # the hidden key was changed by hand
        return _form(request, service, client=client, form=form, status=422)
    except Incomplete as incomplete:
        for name, sentence in incomplete.problems.items():
            form.add_error(name if name in form.fields else None, str(sentence))
        return _form(request, service, client=client, form=form, status=422)
    except Refused as refused:
        return _refusal(request, refused)
    return redirect("ticket", office=request.office.code, token=ticket.token)


def _form(
    request: OfficeRequest,
    service: Service,
    *,
    client: Client | None = None,
    form: GuestForm | None = None,
    contact_form: ContactForm | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    office, at = request.office, now()
    if form is None:
        kind = form_for(service, client=client)
        form = kind(office=office, service=service, at=at, client=client)
    key = request.POST.get("submission_key") or str(uuid4())
    return _page(
        request,
        "form",
        status=status,
        service=service,
        form=form,
        client_name=recognition.masked(office, client).name if client else "",
        me=request.POST.get("me", "") if client else "",
        contact_form=contact_form
        or ContactForm(office=office, service=service, at=at, auto_id="id_known_%s"),
        asks_contact=service.is_pst and client is None,
        submission_key=key if _is_key(key) else str(uuid4()),
        refused=refused,
        notice=notice_in_force(office),
        keep=_keep(request),
        suggestions_url=reverse("guestbook_suggestions", args=[office.code]),
    )


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _service(request: OfficeRequest) -> Service | None:
    key = request.POST.get("layanan", request.GET.get("layanan", ""))
    return request.office.services.filter(key=key, is_active=True).first()


def _poster(request: OfficeRequest) -> str:
    """The token of the poster in the address, when it is one of this office and still valid."""
    token = request.POST.get("di", request.GET.get("di", ""))
    poster = Device.objects.filter(token=token, kind=Device.Kind.POSTER).first()
    usable = poster is not None and poster.is_usable(timezone.localdate(now(), request.office.zone))
    return token if usable else ""


def _may_come_in(request: OfficeRequest) -> bool:
    return request.office.remote_queue or bool(_poster(request))


def _keep(request: OfficeRequest) -> str:
    """What later pages must carry on: the poster."""
    token = _poster(request)
    return urlencode({"di": token}) if token else ""


def _address(request: OfficeRequest) -> str:
    kept = _keep(request)
    return reverse("guestbook", args=[request.office.code]) + (f"?{kept}" if kept else "")


def _refusal(request: OfficeRequest, refused: Refused) -> HttpResponse:
    return _page(request, "refused", refused=refused, status=409)


def _page(request: OfficeRequest, name: str, *, status: int = 200, **context: object) -> HttpResponse:
    shared = {"office": request.office, "tongue": language(), "poster": _poster(request)}
    response = render(request, f"frontdesk/phone/{name}.html", shared | context, status=status)
    patch_cache_control(response, no_store=True, private=True)
    return response
