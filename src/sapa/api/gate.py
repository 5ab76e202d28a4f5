"""The one door of the interface: token, office and limits are settled before anything of the request is read.

The library behind it (ninja, pydantic: 0.4 s and 14 MB) is loaded with the first request that has a good token, so
that an installation without integrations never pays for it (docs/decisions/0015).
"""

import re
from typing import Final, cast

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, RawPostDataException, UnreadablePostError
from django.urls import Resolver404, URLResolver
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django_scopes import scope

from sapa.api import repeating, tokens
from sapa.api.models import ApiToken
from sapa.api.problems import Problem, of_refusal
from sapa.core.errors import Refused
from sapa.core.limits import spend
from sapa.core.time import now
from sapa.offices.scope import OfficeRequest, office_or_404
from sapa.people.access import Access

MOST_A_MINUTE: Final = 600
UNKNOWN_A_MINUTE: Final = 60
LARGEST: Final = 200_000
_KEY = re.compile(r"[\x21-\x7e]{1,80}")


class ApiRequest(OfficeRequest):
    """A request with a good token, below the token's office; its scope is active."""

    token: ApiToken


@csrf_exempt  # no cookie is believed here, so nobody else's page can borrow one
def enter(request: HttpRequest, rest: str) -> HttpResponse:
    """Everything below /api/v1/<office>/."""
    with override("en"):
        try:
            answer = _answer(request, rest)
        except Problem as problem:
            answer = problem.response()
        except Refused as refusal:
            answer = of_refusal(refusal).response()
    answer["Cache-Control"] = "no-store, private"
    return answer


enter.access = Access("api")  # type: ignore[attr-defined]  # as people.access marks its views
enter.reads_any_text = True  # type: ignore[attr-defined]  # refuses NUL itself, in the form that programs read


def _answer(request: HttpRequest, rest: str) -> HttpResponse:
    token = _token(request)
    code, _slash, _path = rest.partition("/")
    if code != token.office.code:
        raise Problem(403, "other_office", "This token belongs to another office.")
    spend("api", str(token.pk), times=MOST_A_MINUTE, seconds=60)
    _check_text(request)
    body = _body(request)
    # Before any lock is held: the first time it takes a moment.
    from sapa.api.service import resolver

    bound = cast("ApiRequest", request)
    bound.token, bound.office = token, office_or_404(code)
    if token.acts_as is not None:
        token.acts_as.office = bound.office
    with scope(office=bound.office):
        if request.method != "POST":
            return _call(resolver, bound, rest)
        key = request.headers.get("Idempotency-Key", "")
        if not _KEY.fullmatch(key):
            raise Problem(
                400,
                "key_missing",
                "Send an Idempotency-Key of 1 to 80 visible ASCII characters with each POST.",
            )
        asked = b"\n".join((rest.encode(), request.META.get("QUERY_STRING", "").encode(), body))
        return repeating.once(token, key, asked=asked, at=now(), act=lambda: _call(resolver, bound, rest))


def _token(request: HttpRequest) -> ApiToken:
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise Problem(401, "no_token", "Send the token as “Authorization: Bearer …”.")
    token = tokens.holder(secret.strip(), at=now())
    if token is None:
        spend("api-unknown", request.META.get("REMOTE_ADDR", ""), times=UNKNOWN_A_MINUTE, seconds=60)
        raise Problem(401, "bad_token", "This token is unknown, has expired or was revoked.")
    return token


def _check_text(request: HttpRequest) -> None:
    if "\0" in request.path or any("\0" in each for _name, all in request.GET.lists() for each in all):
        raise Problem(400, "bad_text", "The address holds a NUL character.")


def _body(request: HttpRequest) -> bytes:
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            raise Problem(413, "too_large", f"A request holds at most {LARGEST} bytes.")
        body = request.body
    except (RequestDataTooBig, RawPostDataException):
        raise Problem(413, "too_large", f"A request holds at most {LARGEST} bytes, as JSON.") from None
    except (UnreadablePostError, ValueError):
        raise Problem(400, "unreadable", "The request could not be read to its end.") from None
    if len(body) > LARGEST:  # came in pieces, its length unsaid
        raise Problem(413, "too_large", f"A request holds at most {LARGEST} bytes.")
    if body and request.content_type != "application/json":
        raise Problem(415, "not_json", "Send the body as application/json.")
    return body


def _call(resolver: URLResolver, request: ApiRequest, rest: str) -> HttpResponse:
    try:
        match = resolver.resolve(rest)
    except Resolver404:
        raise Problem(404, "not_found", "There is nothing at this address.") from None
    answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
    if answer.status_code == 405:
        refused = Problem(405, "method", "This address does not take this method.").response()
        # From a set: in another order in each process.
        refused["Allow"] = ", ".join(sorted(answer.headers["Allow"].split(", ")))
        return refused
    return answer
