"""What went wrong, for programs: RFC 9457 in English with a code that never changes its meaning."""

import json
from collections.abc import Mapping
from http.client import responses
from typing import Final

from django.http import HttpResponse
from django.utils.translation import override

from sapa.core.errors import Refused, Stale
from sapa.frontdesk.entries import Incomplete

CONTENT_TYPE: Final = "application/problem+json"
RETRY_SECONDS: Final = 60
# Refusals of what was sent; every other refusal is about how things stand.
_UNPROCESSABLE: Final = frozenset(
    {"empty", "too_long", "incomplete", "scopes", "events", "address", "name", "expiry"}
)


class Problem(Exception):
    """The request ends here and changed nothing."""

    def __init__(
        self, status: int, code: str, detail: str, *, errors: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.detail = status, code, detail
        self.errors = dict(errors or {})

    def response(self) -> HttpResponse:
        body = {
            "type": "about:blank",
            "title": responses[self.status],
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "errors": [{"field": name, "detail": text} for name, text in self.errors.items()],
        }
        answer = HttpResponse(json.dumps(body), status=self.status, content_type=CONTENT_TYPE)
        if self.status == 429:
            answer["Retry-After"] = str(RETRY_SECONDS)
        if self.status == 401:
            answer["WWW-Authenticate"] = 'Bearer realm="sapa"'
        return answer


def of_refusal(refusal: Refused) -> Problem:
    """The domain's own sentence, in English, with the domain's code."""
    with override("en"):
        if refusal.code == "too_often":
            return Problem(429, refusal.code, str(refusal))
        if isinstance(refusal, Incomplete):
            fields = {name: str(text) for name, text in refusal.problems.items()}
            return Problem(422, refusal.code, str(refusal), errors=fields)
        is_about_input = refusal.code in _UNPROCESSABLE and not isinstance(refusal, Stale)
        return Problem(422 if is_about_input else 409, refusal.code, str(refusal))
