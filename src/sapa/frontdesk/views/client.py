"""The data of one visitor, for the officer at the counter whom the visitor asks: see, correct, withdraw, erase."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sapa.consultations.models import Consultation
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.frontdesk import lines, rights
from sapa.frontdesk.forms.record import RecordForm
from sapa.frontdesk.models import QueueTicket, Visit
from sapa.people import codelists, consents, merging, profile, rules
from sapa.people.access import OfficerRequest, officer_view
from sapa.people.models import Client, Consent, Merge
from sapa.ui.dates import language

MOST_SHOWN = 50


@officer_view(rules.can_receive)
@require_GET
def show(request: OfficerRequest, client: int) -> HttpResponse:
    """Everything that is kept of a visitor of this office; the reading is kept too."""
    return _page(request, _visitor(request, client))


@officer_view(rules.can_receive)
@require_POST
def correct(request: OfficerRequest, client: int) -> HttpResponse:
    """The profile as the visitor says it should be."""
    found = _visitor(request, client)
    form = RecordForm(request.POST, on=_today(request))
    if not form.is_valid():
        return _page(request, found, form=form, status=422)

    def act() -> None:
        changed = rights.correct(
            found, values=_values(form), office=request.office, by=request.officer, at=now()
        )
        said = _("The data are corrected.") if changed else _("Nothing was different; nothing is changed.")
        messages.success(request, said)

    return _then(request, found, act)


@officer_view(rules.can_receive)
@require_POST
def withdraw_consent(request: OfficerRequest, client: int) -> HttpResponse:
    """No contact for the survey any more."""
    found = _visitor(request, client)

    def act() -> None:
        rights.withdraw_survey_consent(found, office=request.office, by=request.officer, at=now())
        messages.success(
            request, _("The consent is withdrawn. The visitor is not contacted for the survey any more.")
        )

    return _then(request, found, act)


@officer_view(rules.can_receive)
@require_POST
def erase(request: OfficerRequest, client: int) -> HttpResponse:
    """Only counts remain."""
    found = _visitor(request, client)
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Please tick that the visitor asked for it, then erase."))
        return redirect("client_record", office=request.office.code, client=found.pk)
    try:
        rights.erase(found, office=request.office, by=request.officer, at=now())
    except Refused as refused:
        messages.error(request, str(refused.sentence))
        return redirect("client_record", office=request.office.code, client=found.pk)
    messages.success(request, _("The visitor's data are erased. Only counts remain."))
    return redirect("reception", office=request.office.code)


@officer_view(rules.can_receive)
@require_POST
def verify_phone(request: OfficerRequest, client: int) -> HttpResponse:
    """The person stands here and the number is theirs: visits with it may be added to an account."""
    found = _visitor(request, client)

    def act() -> None:
        profile.verify_phone(found, office=request.office, by=request.user, at=now())
        messages.success(request, _("The number is confirmed."))

    return _then(request, found, act)


@officer_view(rules.can_supervise)
@require_POST
def unmerge(request: OfficerRequest, client: int, merge: int) -> HttpResponse:
    """What was added to this record by mistake is apart again."""
    found = _visitor(request, client)
    done = get_object_or_404(Merge, pk=merge, kept=found)

    def act() -> None:
        merging.undo(done, by=request.user, at=now())
        messages.success(request, _("The visits are separate again."))

    return _then(request, found, act)


def _then(request: OfficerRequest, client: Client, act: Callable[[], None]) -> HttpResponse:
    """Do it, or say why not; then the record, read again."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    return redirect("client_record", office=request.office.code, client=client.pk)


def _visitor(request: OfficerRequest, pk: int) -> Client:
    """Somebody who has visited this office; of everybody else an officer here learns nothing."""
    here = Visit.objects.filter(office=request.office).values("client")
    rows = Client.objects.filter(pk__in=here, anonymised_at=None).select_related("institution")
    return get_object_or_404(rows, pk=pk)


def _page(
    request: OfficerRequest, client: Client, *, form: RecordForm | None = None, status: int = 200
) -> HttpResponse:
    rights.read(client, office=request.office, by=request.officer, at=now())
    today = _today(request)
    visits = (
        Visit.objects.filter(client=client)
        .select_related("institution")
        .prefetch_related(Prefetch("tickets", QueueTicket.objects.select_related("service").order_by("id")))
        .order_by("-signed_at")
    )
    context = {
        "office": request.office,
        "officer": request.officer,
        "client": client,
        "facts": _facts(client, today),
        "form": form or RecordForm(on=today, initial=_initial(client)),
        "visits": visits[:MOST_SHOWN],
        "consultations": Consultation.objects.filter(client=client)
        .select_related("service")
        .order_by("-requested_at")[:MOST_SHOWN],
        "consents": [_consent(each) for each in client.consents.order_by("-given_at", "-id")],
        "merges": merging.merges_of(client),
        "may_withdraw": client.consents.filter(
            purpose=consents.Purpose.SKD_CONTACT, withdrawn_at=None
        ).exists(),
    }
    return render(request, "frontdesk/reception/client.html", context, status=status)


def _today(request: OfficerRequest) -> date:
    return lines.service_day(request.office, now())


def _initial(client: Client) -> dict[str, Any]:
    known = {name: getattr(client, name) for name in rights.PROFILE}
    return known | {"institution_name": client.institution.name if client.institution else ""}


def _values(form: RecordForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in form.fields}


def _facts(client: Client, on: date) -> list[tuple[str, Any]]:
    lists = codelists.lists_in_force(on)
    words = {
        name: dict(codelists.choices(lists[name], language()))
        for name in ("gender", "education", "occupation")
    }
    return [
        (_("Name"), client.name),
        (_("Phone"), client.phone),
        (_("E-mail"), client.email),
        (_("Gender"), words["gender"].get(client.gender, client.gender)),
        (_("Year of birth"), str(client.birth_year) if client.birth_year else ""),
        (_("Highest education"), words["education"].get(client.education, client.education)),
        (_("Main occupation"), words["occupation"].get(client.occupation, client.occupation)),
        (_("If other, namely"), client.occupation_text),
        (_("Institution"), client.institution.name if client.institution else ""),
        (_("Account"), _("Yes") if client.user_id else _("No")),
    ]


def _consent(consent: Consent) -> dict[str, Any]:
    try:
        title = consents.text_of_version(consent.text_version).title.in_language(language())
    except consents.NoTextError:
        title = consent.purpose
    return {"consent": consent, "title": title}
