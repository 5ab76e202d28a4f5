"""What belongs to no office: the language switch, the health of the installation, its source."""

import io
import zipfile
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_POST, require_safe
from django.views.i18n import set_language

from sapa import __version__, wiring
from sapa.core.limits import spend
from sapa.core.time import now
from sapa.core.work import sources
from sapa.people.access import public


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie and go back to the page."""
    response: HttpResponse = set_language(request)
    return response


@public
def health(request: HttpRequest) -> HttpResponse:
    """200 while the database answers, no due row is older than five minutes and none was given up; else 503."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    at = now()
    found = sources(wiring.SOURCES)
    ages = {
        source.name: max(0.0, (at - oldest).total_seconds()) if (oldest := source.oldest()) else 0.0
        for source in found
    }
    dead = sum(source.dead() for source in found)
    well = not dead and all(age < 300 for age in ages.values())
    told = {"well": well, "oldest_due_seconds": ages, "given_up": dead}
    return JsonResponse(told, status=200 if well else 503)


@public
@require_safe
def pulse(request: HttpRequest) -> HttpResponse:
    """Nothing but an answer: a page asks for it before it lets go of what somebody typed."""
    return HttpResponse(headers={"Cache-Control": "no-store"})


@public
@require_GET
def source(request: HttpRequest) -> HttpResponse:
    """The program that answers here, as a zip: what the AGPL, section 13, owes to everybody who uses it."""
    spend("source", request.META.get("REMOTE_ADDR", ""), times=10, seconds=3600)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(settings.PACKAGE.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts and file.suffix != ".pyc":
                archive.write(file, Path("sapa") / file.relative_to(settings.PACKAGE))
    name = f"sapa-{__version__}.zip"
    return HttpResponse(
        packed.getvalue(),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
