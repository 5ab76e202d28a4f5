"""The public interface as ninja serves it: its routes, its errors, its OpenAPI document. Loaded by the gate."""

import json
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLResolver
from django.urls.resolvers import RegexPattern
from django.utils.translation import override
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from sapa import __version__
from sapa.api.problems import CONTENT_TYPE, RETRY_SECONDS, Problem, of_refusal
from sapa.api.routes import catalogue, codes, consultations, messages, tickets, visits, webhooks
from sapa.api.schemas import ProblemOut
from sapa.core.errors import Refused

PREFIX: Final = "api/v1/"
_PROBLEMS: Final = {
    400: "The request cannot be read, or lacks its Idempotency-Key",
    401: "No good token",
    403: "The token may not do this, or belongs to another office",
    404: "There is no such thing in this office",
    405: "This address does not take this method",
    409: "Refused as things stand",
    413: "The request is too large",
    415: "The body is not application/json",
    422: "Something in the request is not right",
    429: "Too often",
}
_KEY_HEADER: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[\\x21-\\x7e]{1,80}$"},
    "description": "The same key again within two days is the same request: it gets the first answer.",
}
_WITH_BODY: Final = frozenset({"post"})


def nobody(request: HttpRequest) -> bool:
    """A route that names no scope lets nobody in."""
    return False


class Api(NinjaAPI):
    """Says of each operation which problems it may answer, and that each POST needs a key."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=PREFIX)
        schema["components"]["schemas"]["Problem"] = ProblemOut.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        definitions = schema["components"]["schemas"]["Problem"].pop("$defs")
        schema["components"]["schemas"].update(definitions)
        for path in schema["paths"].values():
            for method, operation in path.items():
                for status, why in _PROBLEMS.items():
                    operation["responses"][status] = _problem(status, why)
                if method in _WITH_BODY:
                    operation["parameters"] = [*operation["parameters"], _KEY_HEADER]
        return schema


def _problem(status: int, why: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": why,
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == 429:
        answer["headers"] = {
            "Retry-After": {"schema": {"type": "integer"}, "description": f"Seconds, such as {RETRY_SECONDS}"}
        }
    return answer


api: Final = Api(
    title="Sapa",
    version=__version__,
    description="The service desk of a statistics office, for other programs. See docs/api.md.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="sapa-api-v1",
    auth=nobody,
)


@api.exception_handler(Problem)
def _of_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problem.response()


@api.exception_handler(Refused)
def _of_refusal(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return of_refusal(refusal).response()


@api.exception_handler(ValidationError)
def _of_input(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    errors = {".".join(str(part) for part in each["loc"]): str(each["msg"]) for each in wrong.errors}
    return Problem(422, "invalid", "Something in the request is not right.", errors=errors).response()


@api.exception_handler(AuthenticationError)
def _of_nobody(request: HttpRequest, wrong: AuthenticationError) -> HttpResponse:
    return Problem(403, "closed", "This route is open to nobody.").response()


@api.exception_handler(HttpError)
def _of_http(request: HttpRequest, wrong: HttpError) -> HttpResponse:
    return Problem(400, "unreadable", "The body is not JSON.").response()


@api.exception_handler(Http404)
def _of_nothing(request: HttpRequest, wrong: Http404) -> HttpResponse:
    return Problem(404, "not_found", "There is no such thing in this office.").response()


for prefix, routes in (
    ("/{office}/catalogue", catalogue),
    ("/{office}/codes", codes),
    ("/{office}/consultations", consultations),
    ("/{office}/consultations", messages),
    ("/{office}/visits", visits),
    ("/{office}/tickets", tickets),
    ("/{office}/webhooks", webhooks),
):
    api.add_router(prefix, routes.router)

# Built once, while the import lock is held: the gate resolves below its own address.
resolver: Final = URLResolver(RegexPattern(r"^"), api.urls[0])


def document() -> bytes:
    """The OpenAPI document, in English."""
    with override("en"):
        return json.dumps(api.get_openapi_schema(), default=str).encode()
