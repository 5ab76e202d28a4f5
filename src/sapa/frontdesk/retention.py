"""Erasing what was promised to be erased: after two years name and contact are gone, only counts remain.

UU 27/2022 art. 43: personal data are erased when they are no longer needed. The archive schedule for PST guest
books was not found (domain of the office's records officer), so the period is a setting of the installation.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django_scopes import scopes_disabled

from sapa.activity.recording import record
from sapa.consultations.models import Consultation
from sapa.frontdesk.models import Visit
from sapa.offices.models import Office
from sapa.people.models import Client


def forget_old_visitors(office: Office, *, at: datetime) -> int:
    """Anonymise the clients of `office` whose last visit anywhere is older than SAPA_RETENTION_DAYS.

    Name, contact, year of birth and what was typed freely are gone from client, visits and consultations; classes,
    dates, times and ratings stay for the counts. Clients with an account keep it: they erase it themselves.
    Returns how many were anonymised.
    """
    before = at - timedelta(days=settings.RETENTION_DAYS)
    with transaction.atomic(), scopes_disabled():
        recent = Visit.objects.filter(signed_at__gte=before).values("client_id")
        old = list(
            Client.objects.filter(visits__office=office, user=None, anonymised_at=None)
            .exclude(pk__in=recent)
            .distinct()
            .values_list("pk", flat=True)
        )
        if not old:
            return 0
        Client.objects.filter(pk__in=old).update(
            name="–",
            email="",
            phone="",
            birth_year=None,
            occupation_text="",
            institution=None,
            anonymised_at=at,
        )
        Visit.objects.filter(client__in=old).update(
            errand_text="", occupation_text="", purpose_text="", subject="", institution=None
        )
        Consultation.objects.filter(client__in=old).update(subject="", answer="")
        record("clients.anonymised", office, office_id=office.pk, by=None, at=at, data={"count": len(old)})
    return len(old)
