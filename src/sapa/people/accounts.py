"""What Sapa tells allauth about its accounts."""

from typing import Any, cast
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import email_changed, email_confirmed
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_scopes import scopes_disabled

from sapa.core.time import now
from sapa.people import clients, profile, rules
from sapa.people.models import Client, Officer, User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """An officer lands where the work lies after signing in, anybody else at the own account."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        with scopes_disabled():
            officer = (
                Officer.objects.select_related("office")
                .filter(user=cast("User", request.user), is_active=True)
                .first()
            )
        if officer is None:
            return reverse("account")
        return reverse(rules.room_of(officer), args=[officer.office.code])

    def post_login(self, request: HttpRequest, user: User, *, signup: bool, **given: Any) -> HttpResponse:
        """A client who has just signed up answers the guest book's questions once, and then goes on to where the
        account was asked for."""
        response: HttpResponse = super().post_login(request, user, signup=signup, **given)
        client = Client.objects.filter(user=user).first() if signup else None
        with scopes_disabled():
            is_officer = Officer.objects.filter(user=user, is_active=True).exists()
        if client is None or is_officer or not profile.missing_fields(client):
            return response
        wanted = quote(response.headers["Location"])
        return HttpResponseRedirect(f"{reverse('profile')}?next={wanted}")

    def get_login_stages(self) -> list[str]:
        """The second step is ours: the office may let its own sign-in service count as one."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "sapa.people.stages.AuthenticateStage"}
        return [ours.get(path, path) for path in super().get_login_stages()]

    def get_client_ip(self, request: HttpRequest) -> str:
        # ClientAddressMiddleware has already decided whom to believe.
        return str(request.META.get("REMOTE_ADDR", ""))

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """Accounts have no user name."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Per account *and* address: a stranger who guesses passwords locks out himself, not the officer
        # (lessons.md E.0: five bad sign-ins locked out everybody).
        key = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{key}:{self.get_client_ip(request)}"


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """The second step of an officer whose office requires one cannot be taken off again."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        with scopes_disabled():
            needs_one = Officer.objects.filter(
                user=authenticator.user, is_active=True, office__mfa_required=True
            ).exists()
        if not needs_one:
            return True
        steps = Authenticator.objects.filter(user=authenticator.user)
        others = steps.exclude(pk=authenticator.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return bool(others.exists())


def note_confirmed_address(request: HttpRequest, email_address: Any, **_given: Any) -> None:
    """allauth tells that an address is its owner's, by whichever code. The visits that were signed with it become
    readable; every account has a client from then on."""
    clients.link_account(email_address.user, email=email_address.email, at=now())


def note_main_address(user: User, to_email_address: Any, **_given: Any) -> None:
    """allauth tells that another confirmed address is the main one now."""
    clients.follow_address(user, email=to_email_address.email, at=now())


email_confirmed.connect(note_confirmed_address, dispatch_uid="sapa.people.accounts")
email_changed.connect(note_main_address, dispatch_uid="sapa.people.accounts")
