"""The service worker: at the root, because a worker reaches only what lies below it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from sapa.people.access import public
from sapa.ui.language import SPOKEN


@public
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The script, with its neutral sentence in the language of the address; the browser asks anew each time."""
    asked = request.GET.get("bahasa", "")
    with translation.override(asked if asked in SPOKEN else "id"):
        answer = render(request, "notifications/sw.js", content_type="text/javascript; charset=utf-8")
    patch_cache_control(answer, no_cache=True)
    return answer
