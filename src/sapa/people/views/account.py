"""The own account: name, ways to sign in, the visits that belong to it, and the own data."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_scopes import scopes_disabled

from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.people import consents, merging, own_data, profile, rules
from sapa.people.access import AccountRequest, account_view
from sapa.people.forms import NameForm
from sapa.people.models import Client, Consent, Merge, Officer
from sapa.ui.dates import language

MOST_VISITS = 50
MOST_CONSULTATIONS = 50


@account_view
@require_GET
def show(request: AccountRequest) -> HttpResponse:
    """Who I am here, how I sign in, when I was there."""
    return _page(request, NameForm(initial={"name": request.user.name}))


@account_view
@require_POST
def rename(request: AccountRequest) -> HttpResponse:
    """The name that officers and colleagues see."""
    form = NameForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    request.user.name = form.cleaned_data["name"]
    request.user.save(update_fields=["name"])
    messages.success(request, _("Your name has been saved."))
    return redirect("account")


@account_view
@require_GET
def data(request: AccountRequest) -> HttpResponse:
    """Everything that is kept of the reader, as a file (UU 27/2022 art. 7)."""
    told = json.dumps(own_data.told_to(request.user), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    response = HttpResponse(told, content_type="application/json; charset=utf-8")
    name = _("my-data.json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_cache_control(response, no_store=True, private=True)
    return response


@account_view
@require_POST
def erase(request: AccountRequest) -> HttpResponse:
    """Only counts remain, and nobody is signed in any more."""
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Please tick that you are sure, then erase."))
        return redirect("account")
    try:
        own_data.close_account(request.user, at=now())
    except Refused as refused:
        messages.error(request, str(refused.sentence))
        return redirect("account")
    keeps_account = request.user.is_active
    if not keeps_account:
        logout(request)
    messages.success(request, _("Your data are erased. Only counts remain."))
    return redirect("account" if keeps_account else "home")


@account_view
@require_POST
def merge(request: AccountRequest) -> HttpResponse:
    """ "These visits are mine": they belong to the account from now on."""

    def act() -> None:
        merging.accept(request.user, request.POST.get("token", ""), at=now())
        messages.success(request, _("The visits are yours now. You can undo this below."))

    return _then(request, act)


@account_view
@require_POST
def put_aside(request: AccountRequest) -> HttpResponse:
    """ "These visits are not mine": they are proposed no more."""

    def act() -> None:
        merging.put_aside(request.user, request.POST.get("token", ""), at=now())
        messages.success(request, _("Put aside: we do not ask about these visits again."))

    return _then(request, act)


@account_view
@require_POST
def propose_again(request: AccountRequest) -> HttpResponse:
    """What was put aside is asked about again."""
    return _then(request, lambda: merging.propose_again(request.user, at=now()))


@account_view
@require_POST
def unmerge(request: AccountRequest, merge: int) -> HttpResponse:
    """ "These were not mine after all": the visits are apart again."""
    with scopes_disabled():
        found = get_object_or_404(Merge, pk=merge, kept__user=request.user)

    def act() -> None:
        merging.undo(found, by=request.user, at=now())
        messages.success(request, _("The visits are separate again."))

    return _then(request, act)


@account_view
@require_POST
def withdraw_consent(request: AccountRequest, consent: int) -> HttpResponse:
    """The yes no longer counts."""
    with scopes_disabled():
        found = get_object_or_404(Consent, pk=consent, client__user=request.user)

    def act() -> None:
        own_data.withdraw(found, by=request.user, at=now())
        messages.success(request, _("Your consent is withdrawn."))

    return _then(request, act)


def _then(request: HttpRequest, act: Callable[[], None]) -> HttpResponse:
    """Do it, or say why not; then the account, read again."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    return redirect("account")


def _consultations(client: Client) -> list[Any]:
    """What the client asked online, newest first. One query."""
    asked = client.consultations.filter(request__isnull=False).select_related("office")
    return list(asked.order_by("-requested_at", "-id")[:MOST_CONSULTATIONS])


def _page(request: AccountRequest, form: NameForm, *, status: int = 200) -> HttpResponse:
    # Every office: an account is not of one of them. Only what is the reader's own is asked for.
    with scopes_disabled():
        client = Client.objects.select_related("institution").filter(user=request.user).first()
        officer = Officer.objects.select_related("office").filter(user=request.user, is_active=True).first()
        context: dict[str, Any] = {
            "form": form,
            "officer": officer,
            "room": rules.room_of(officer) if officer else "",
        }
        if client is not None:
            today = timezone.localdate(now())
            visits = client.visits.select_related("office").prefetch_related("tickets__service")
            context |= {
                "client": client,
                "missing": profile.missing_fields(client, on=today),
                "visits": list(visits.order_by("-signed_at")[:MOST_VISITS]),
                "consultations": _consultations(client),
                "proposals": merging.proposals(request.user),
                "has_put_aside": merging.has_put_aside(request.user),
                "merges": merging.merges_of(client),
                "consents": [
                    (each, consents.text_of_version(each.text_version).title.in_language(language()))
                    for each in client.consents.select_related("office").order_by("-given_at", "-id")
                ],
                "objection": own_data.objection_to_erasing(client),
            }
        response = render(request, "people/account.html", context, status=status)
    patch_cache_control(response, no_store=True, private=True)
    return response
