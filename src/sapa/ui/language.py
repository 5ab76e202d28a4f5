"""Which language a page speaks: the reader's choice, else Indonesian.

The browser's own preference is not asked: many phones in an office's region are sold set to English, and a
visitor who never chose expects the language of the counter.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

SPOKEN: Final = ("id", "en")


class LanguageMiddleware:
    """Activates the language of the cookie for the request and takes it back afterwards."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        tongue = asked if asked in SPOKEN else settings.LANGUAGE_CODE
        with translation.override(tongue):
            request.LANGUAGE_CODE = tongue
            response = self.get_response(request)
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", tongue)
        return response
