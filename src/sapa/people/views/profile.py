"""The own profile: the guest book's lasting questions, asked once."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sapa.core.errors import Refused
from sapa.core.limits import spend
from sapa.core.time import now
from sapa.people import clients, consents, institutions, profile
from sapa.people.access import AccountRequest, account_view
from sapa.people.forms import ProfileForm
from sapa.people.models import Client
from sapa.ui.dates import language

# Letters typed, not pages asked for: the list appears while somebody writes.
SUGGESTIONS_A_MINUTE = 120


@account_view
@require_http_methods(["GET", "POST"])
def edit(request: AccountRequest) -> HttpResponse:
    """What the guest book asks, filled in as far as it is known; then back to where the reader came from."""
    at = now()
    today = timezone.localdate(at)
    client = clients.client_of(request.user, at=at)
    if request.method == "GET":
        return _page(request, ProfileForm(on=today, initial=_initial(request, client)), client, today)
    form = ProfileForm(request.POST, on=today)
    if not form.is_valid():
        return _page(request, form, client, today, status=422)
    profile.correct(client, values=form.cleaned_data, by=request.user, at=at)
    profile.note_notice(client, language=language(), on=today, at=at)
    if request.user.name != form.cleaned_data["name"]:
        request.user.name = form.cleaned_data["name"]
        request.user.save(update_fields=["name"])
    messages.success(request, _("Your profile has been saved. You will not be asked for it again."))
    return redirect(_back(request) or resolve_url("account"))


@account_view
@require_GET
def suggestions(request: AccountRequest) -> JsonResponse:
    """Institutions that begin so, for the list below the field."""
    try:
        spend("suggest", f"user-{request.user.pk}", times=SUGGESTIONS_A_MINUTE, seconds=60)
    except Refused:
        return JsonResponse({"results": []}, status=429)
    return JsonResponse({"results": institutions.suggest(request.GET.get("q", "")[:100])})


def _page(
    request: AccountRequest, form: ProfileForm, client: Client, today: date, *, status: int = 200
) -> HttpResponse:
    text = consents.text_in_force(consents.Purpose.ACCOUNT, today)
    context = {
        "form": form,
        "next": _back(request),
        "is_first": client.notice_shown_at is None,
        "notice": {
            "title": text.title.in_language(language()),
            "paragraphs": [each.in_language(language()) for each in text.paragraphs],
            "basis": text.basis.in_language(language()),
        },
    }
    response = render(request, "people/profile.html", context, status=status)
    patch_cache_control(response, no_store=True, private=True)
    return response


def _back(request: AccountRequest) -> str:
    """Where the reader came from, when that is a page of ours; blank for anything else."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else ""


def _initial(request: AccountRequest, client: Client) -> dict[str, Any]:
    known = {name: getattr(client, name) for name in profile.FIELDS}
    if "name" in profile.missing_fields(client):
        known["name"] = ""  # made of the address; the person has a better one
    return known | {"institution_name": client.institution.name if client.institution else ""}
