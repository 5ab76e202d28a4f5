"""What the interface can do, for those who write programs: the document, and a page that shows it."""

import json
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sapa.people.access import public


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of the page."""

    method: str
    path: str
    description: str

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The description in pieces; true: what stood between backticks, the name of something."""
        return [(piece, bool(at % 2)) for at, piece in enumerate(self.description.split("`")) if piece]


@lru_cache(maxsize=1)
def _document() -> bytes:
    # Loads ninja and pydantic: only for who asks.
    from sapa.api.service import document

    return document()


@public
@require_safe
def document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document. It names nothing of any office."""
    answer = HttpResponse(_document(), content_type="application/json")
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every operation on one page, without a script of somebody else, in the reader's language: what the function of
    an operation says of itself is a string like others (bin/make-messages)."""
    paths = json.loads(_document())["paths"]
    operations = [
        Operation(method.upper(), path, gettext(each["description"]))
        for path, methods in paths.items()
        for method, each in methods.items()
    ]
    return render(request, "api/reference.html", {"operations": operations})
