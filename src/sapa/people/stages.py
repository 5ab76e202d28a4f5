"""The second step of signing in, as allauth walks through it."""

from allauth.mfa import stages
from django.http import HttpRequest

from sapa.people import second_step


class AuthenticateStage(stages.AuthenticateStage):  # type: ignore[misc]  # allauth ships no types
    """Asked of whoever has a second step, unless the sign-in service has asked for its own and the office lets that
    count."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return not second_step.is_done_by_service(request.session) and bool(super()._should_handle(request))
