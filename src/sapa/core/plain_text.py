"""What no keyboard sends: NUL characters are refused at the door (PostgreSQL cannot store them)."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


class PlainTextMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_: object) -> None:
        if getattr(view, "reads_any_text", False):
            return  # refuses it in its own form, before it reads anything else
        sent = (request.GET, request.POST) if request.method == "POST" else (request.GET,)
        values = (value for data in sent for _name, several in data.lists() for value in several)
        if "\0" in request.path or any("\0" in value for value in values if isinstance(value, str)):
            raise BadRequest("a NUL character")
