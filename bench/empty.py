"""The addresses of the benches: a view that says nothing, and one that makes an event for all listeners."""

from datetime import UTC, datetime

from django.core.management import call_command
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django_scopes import scopes_disabled

from sapa.activity.recording import record
from sapa.offices.models import Office
from sapa.people.access import public

TOPIC = "queue:bench"


def prepare() -> None:
    """A database with one office."""
    call_command("migrate", verbosity=0)
    Office.objects.get_or_create(code="0000", defaults={"kind": "national", "name": "Bench"})


def anybody(office: str, key: str, session: str) -> tuple[str, ...]:
    """Authorisation by one query, as for a board. `key` names the part of the listeners that is told."""
    with scopes_disabled():
        return (f"queue:{key}",) if Office.objects.filter(code=office).exists() else ()


@public
def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@csrf_exempt
@public
def happened(request: HttpRequest, key: str) -> HttpResponse:
    """One event, recorded and committed like a call of a number; its listeners are told."""
    office = Office.objects.get(code="0000")
    with transaction.atomic():
        record(
            "ticket.called",
            office,
            office_id=office.pk,
            by=None,
            at=datetime.now(UTC),
            topics=[f"queue:{key}"],
        )
    return HttpResponse()


urlpatterns = [path("kosong/", nothing), path("kejadian/<str:key>/", happened)]
