"""Erasing what was promised to be erased: after two years name and contact are gone, only counts remain.

UU 27/2022 art. 43: personal data are erased when they are no longer needed. The archive schedule for PST guest
books was not found (domain of the office's records officer), so the period is a setting of the installation.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django_scopes import scopes_disabled

from sapa.activity.recording import record
from sapa.consultations.models import Consultation, Referral
from sapa.frontdesk.models import QueueTicket, Visit, VisitDraft
from sapa.offices.models import Office
from sapa.people import own_data
from sapa.people.models import Client


def forget_old_visitors(office: Office, *, at: datetime) -> int:
    """Anonymise the clients of `office` whose last visit anywhere is older than SAPA_RETENTION_DAYS.

    Clients with an account keep it: they ask for it. Returns how many were anonymised.
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
        own_data.forget(old, at=at)
        record("clients.anonymised", office, office_id=office.pk, by=None, at=at, data={"count": len(old)})
    return len(old)


def anonymise(clients: Collection[int], *, at: datetime) -> None:
    """Name, contact, year of birth and what was typed freely are gone from clients, visits and consultations, at every
    office; classes, dates, times and ratings stay for the counts. In the caller's transaction."""
    with scopes_disabled():
        Client.objects.filter(pk__in=clients).update(
            name="–",
            email="",
            email_verified_at=None,
            phone="",
            phone_verified_at=None,
            birth_year=None,
            occupation_text="",
            institution=None,
            anonymised_at=at,
        )
        Visit.objects.filter(client__in=clients).update(
            errand_text="", occupation_text="", purpose_text="", subject="", institution=None
        )
        forget_outcomes(Q(visit__client__in=clients))
        Consultation.objects.filter(client__in=clients).update(subject="", answer="")
        Referral.objects.filter(consultation__client__in=clients).update(note="")
        VisitDraft.objects.filter(client__in=clients).delete()


def forget_outcomes(whose: Q) -> None:
    """What was written at the desk about visits within online consultations is gone. In the caller's scope."""
    QueueTicket.objects.filter(whose).exclude(outcome="", outcome_sources="").update(
        outcome="", outcome_sources=""
    )
