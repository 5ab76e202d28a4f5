"""Settings of other programs: tokens and webhooks. A secret is shown once, in the answer to the form that made it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sapa.api import tokens, webhooks
from sapa.api.forms import TokenForm, WebhookForm
from sapa.api.models import ApiToken, WebhookEndpoint
from sapa.api.scopes import EVENTS, SCOPES, named
from sapa.api.views import given_up
from sapa.core.errors import Refused
from sapa.core.time import now
from sapa.people import rules
from sapa.people.access import OfficerRequest, officer_view

MOST_SHOWN = 50
A_YEAR = timedelta(days=365)


@officer_view(rules.can_administer)
@require_http_methods(["GET", "POST"])
def index(request: OfficerRequest) -> HttpResponse:
    """Tokens and webhooks of the office; POST makes a token and shows it once."""
    form = _token_form(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = tokens.make(request.office, **form.cleaned_data, by=request.officer, at=now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _page(request, made=made.name, secret=secret, status=201)
    return _page(request, token_form=form, status=422 if form.errors else 200)


@officer_view(rules.can_administer)
@require_POST
def add_webhook(request: OfficerRequest) -> HttpResponse:
    """The address hears of what was ticked; its secret is shown once."""
    form = WebhookForm(request.POST)
    if form.is_valid():
        try:
            made, secret = webhooks.add(request.office, **form.cleaned_data, by=request.officer, at=now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _page(request, made=made.url, secret=secret, status=201)
    return _page(request, webhook_form=form, status=422)


@officer_view(rules.can_administer)
@require_POST
def revoke(request: OfficerRequest, token: int) -> HttpResponse:
    """The token opens nothing from now on."""
    found = get_object_or_404(ApiToken, office=request.office, pk=token)
    try:
        tokens.revoke(found, by=request.officer, at=now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The token is revoked. Programs that use it are refused from now on."))
    return redirect("settings_api", office=request.office.code)


@officer_view(rules.can_administer)
@require_POST
def end_webhook(request: OfficerRequest, webhook: int) -> HttpResponse:
    """The receiver hears of nothing any more."""
    found = get_object_or_404(WebhookEndpoint, office=request.office, pk=webhook)
    try:
        webhooks.end(found, by=request.officer, because="officer", at=now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The webhook has ended. Its receiver is told nothing any more."))
    return redirect("settings_api", office=request.office.code)


def _token_form(request: OfficerRequest, data: Any = None) -> TokenForm:
    today = now().astimezone(request.office.zone).date()
    return TokenForm(data, office=request.office, initial={"expires_on": today + A_YEAR})


def _page(
    request: OfficerRequest,
    *,
    token_form: TokenForm | None = None,
    webhook_form: WebhookForm | None = None,
    made: str = "",
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    here, today = request.office, now().astimezone(request.office.zone).date()
    rows = ApiToken.objects.filter(office=here).select_related("acts_as__user")
    context = {
        "office": here,
        "tokens": [(each, each.is_usable(today), named(each.scopes, SCOPES)) for each in rows[:MOST_SHOWN]],
        "webhooks": [
            (each, named(each.events, EVENTS))
            for each in WebhookEndpoint.objects.filter(office=here)[:MOST_SHOWN]
        ],
        **given_up.shelf(here),
        "token_form": token_form or _token_form(request),
        "webhook_form": webhook_form or WebhookForm(),
        "made": made,
        "secret": secret,
    }
    return render(request, "api/settings.html", context, status=status)
