"""Signing in through the office's own identity provider (OpenID Connect), for officers only; it registers nobody.

The provider says who it is; that the person works here is said by our own record. So a stranger with an account at
the provider stays outside, whatever other ways of signing in are switched on (lessons.md F.4).
"""

import logging
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

import requests
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from sapa.people.models import Officer, User

log = logging.getLogger(__name__)
SECONDS: Final = 10
NOT_VERIFIED: Final = _(
    "The sign-in service has not confirmed your e-mail address. Ask its administrator to confirm it, or sign in here"
    " in another way."
)
NO_OFFICER: Final = _(
    "Nobody works here with the e-mail address that the sign-in service told us. Ask your administrator to appoint"
    " you, or sign in in another way."
)
OTHER_PERSON: Final = _(
    "The sign-in service told us an e-mail address that belongs to somebody else. Ask your administrator."
)


NOT_SET_UP: Final = _(
    "The sign-in service of your office is not set up correctly. Sign in here in another way, and tell your"
    " administrator."
)
DISCOVERY: Final = "/.well-known/openid-configuration"
# What of OpenID Connect Discovery 1.0, section 3, the sign-in needs.
NEEDED: Final = ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


class StrictSession(requests.Session):
    """Talks as the configured provider does: by its scheme, without redirects, for a few seconds, in JSON objects.

    Whatever goes wrong leads the officer to a page that says so; allauth would let some of it become an error of ours.
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__()
        self._asked_by = request

    def request(self, method: Any, url: Any, *args: Any, **options: Any) -> requests.Response:
        options |= {"allow_redirects": False, "timeout": SECONDS}
        try:
            if urlsplit(str(url)).scheme != urlsplit(settings.OIDC_ISSUER).scheme:
                raise requests.exceptions.InvalidSchema("the provider named an address of another scheme")
            answer = super().request(method, url, *args, **options)
            if answer.is_redirect:
                raise requests.exceptions.TooManyRedirects("the provider sent us somewhere else")
            answer.raise_for_status()
            said = answer.json()
            if not isinstance(said, dict):
                raise requests.exceptions.InvalidJSONError("no object")
            if str(url).endswith(DISCOVERY):
                _check_configuration(said)
        except requests.RequestException as problem:
            is_answer = isinstance(problem, (requests.HTTPError, requests.exceptions.InvalidJSONError))
            if is_answer and str(url).endswith(DISCOVERY):
                self._not_set_up(problem)
            log.warning("the sign-in service failed: %s", type(problem).__name__)
            raise ImmediateHttpResponse(redirect("socialaccount_login_error")) from problem
        return answer

    def _not_set_up(self, problem: requests.RequestException) -> NoReturn:
        plain = type(problem) is requests.exceptions.InvalidJSONError
        why = str(problem) if plain else type(problem).__name__
        log.warning("the sign-in service's configuration cannot be used: %s", why)
        _refuse(self._asked_by, NOT_SET_UP)


def _check_configuration(said: dict[str, Any]) -> None:
    for name in NEEDED:
        if not isinstance(said.get(name), str) or not said[name]:
            raise requests.exceptions.InvalidJSONError(f"no {name}")


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Only an officer whose confirmed address the provider names comes in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def get_requests_session(self) -> requests.Session:
        return StrictSession(self.request)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The login is that of an officer; everything else is sent back with a sentence. Asked anew every time."""
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            _refuse(request, NO_OFFICER)
        told = sociallogin.account.extra_data
        subjects = {told[part].get("sub") for part in ("id_token", "userinfo") if part in told}
        if len(subjects) != 1:  # OpenID Connect Core 5.3.2: both must speak of the same person
            _refuse(request, OTHER_PERSON)
        claimed = [each for each in sociallogin.email_addresses if each.email]
        confirmed = [each.email.lower() for each in claimed if each.verified is True]
        if not confirmed:
            _refuse(request, NOT_VERIFIED)
        user = _officer_with(confirmed[0])
        if user is None:
            _refuse(request, NO_OFFICER)
        if sociallogin.is_existing:
            if sociallogin.user != user:
                _refuse(request, OTHER_PERSON)
        else:
            sociallogin.connect(request, user)
        # The provider has just confirmed it: an appointed officer needs no code by e-mail besides.
        EmailAddress.objects.filter(user=user, email=confirmed[0]).update(verified=True)

    def send_notification_mail(self, *args: Any, **options: Any) -> None:
        """The office decided that its officers come this way; that needs no warning by mail."""


def _officer_with(email: str) -> User | None:
    with scopes_disabled():
        officer = (
            Officer.objects.select_related("user")
            .filter(user__email=email, user__is_active=True, is_active=True)
            .first()
        )
    return officer.user if officer else None


def _refuse(request: HttpRequest, sentence: str | Promise) -> NoReturn:
    messages.error(request, str(sentence))
    raise ImmediateHttpResponse(redirect("account_login"))
