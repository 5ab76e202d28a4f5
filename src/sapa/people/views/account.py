"""The own account: name, ways to sign in, and the visits that belong to it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_scopes import scopes_disabled

from sapa.people import rules
from sapa.people.access import AccountRequest, account_view
from sapa.people.forms import NameForm
from sapa.people.models import Client, Officer

MOST_VISITS = 50


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


def _page(request: AccountRequest, form: NameForm, *, status: int = 200) -> HttpResponse:
    # Every office: an account is not of one of them. Only what is the reader's own is asked for.
    with scopes_disabled():
        client = Client.objects.filter(user=request.user).first()
        visits = (
            list(
                client.visits.select_related("office")
                .prefetch_related("tickets__service")
                .order_by("-signed_at")[:MOST_VISITS]
            )
            if client
            else []
        )
        officer = Officer.objects.select_related("office").filter(user=request.user, is_active=True).first()
        response = render(
            request,
            "people/account.html",
            {
                "form": form,
                "client": client,
                "visits": visits,
                "officer": officer,
                "room": rules.room_of(officer) if officer else "",
            },
            status=status,
        )
    patch_cache_control(response, no_store=True, private=True)
    return response
