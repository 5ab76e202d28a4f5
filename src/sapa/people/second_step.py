"""Whether this very session has done the second step of signing in, not only whether the account has one.

A session opened by password before the second step was set up must not pass for one that did it.
"""

from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

SET_UP_HERE = "second_step_set_up_here"


def is_done_in(session: SessionBase) -> bool:
    """The session signed in with a second step or a passkey, or is the one that has just set the step up."""
    return bool(session.get(SET_UP_HERE)) or "mfa" in _methods(session) or is_done_by_service(session)


def is_done_by_service(session: SessionBase) -> bool:
    """The session came through the office's sign-in service, which counts where SAPA_OIDC_IS_SECOND_STEP says so."""
    return settings.OIDC_IS_SECOND_STEP and "socialaccount" in _methods(session)


def _methods(session: SessionBase) -> set[str]:
    return {record.get("method", "") for record in session.get(AUTHENTICATION_METHODS_SESSION_KEY) or []}


def note_set_up(request: HttpRequest, **_given: Any) -> None:
    """allauth tells that a second step was added: whoever did that has shown to hold it."""
    request.session[SET_UP_HERE] = True


authenticator_added.connect(note_set_up, dispatch_uid="sapa.people.second_step")
