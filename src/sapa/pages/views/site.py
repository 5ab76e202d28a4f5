"""What belongs to no office: the language switch and the health of the installation."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from sapa import wiring
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
    """200 while the database answers and no due row is older than five minutes; 503 otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    at = now()
    ages = {
        source.name: max(0.0, (at - oldest).total_seconds()) if (oldest := source.oldest()) else 0.0
        for source in sources(wiring.SOURCES)
    }
    well = all(age < 300 for age in ages.values())
    return JsonResponse({"well": well, "oldest_due_seconds": ages}, status=200 if well else 503)
