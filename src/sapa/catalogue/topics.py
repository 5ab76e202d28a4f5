"""What the catalogue is about: the way on for somebody who found nothing."""

from django.db.models import Count, F
from django_scopes import scope

from sapa.catalogue.models import Entry
from sapa.offices.models import Office

MOST = 12


def of(office: Office) -> list[str]:
    """The subjects with the most entries, of the office and of those above it."""
    with scope(office=office.lineage()):
        rows = Entry.objects.filter(published_at__isnull=False, withdrawn_at=None).exclude(subject="")
        counted = (
            rows.values("subject").annotate(entries=Count("id")).order_by("-entries", F("subject").asc())
        )
        return [row["subject"] for row in counted[:MOST]]
