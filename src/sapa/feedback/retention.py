"""Erasing what was promised to be erased: two years after its end a complaint leads to nobody any more.

UU 27/2022 art. 43, as for the guest book (`frontdesk/retention.py`); the period is the same setting.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.feedback.models import Complaint, ComplaintEntry
from sapa.offices.models import Office

ERASED = "–"


def forget_after_day(event: Event, at: datetime) -> None:
    """At the end of a service day, in the transaction of the reaction."""
    forget_old_complaints(event.office, at=at)


def forget_old_complaints(office: Office, *, at: datetime) -> int:
    """Name, contact, visit, consultation, witnesses and everything typed are gone from complaints that ended
    SAPA_RETENTION_DAYS ago; kind, door, state and dates stay for the counts. Returns how many were erased; a second
    time, none."""
    before = at - timedelta(days=settings.RETENTION_DAYS)
    with scopes_disabled():
        ended = Complaint.objects.filter(office=office, closed_at__lt=before, forgotten_at=None)
        old = list(ended.values_list("pk", flat=True))
        if not old:
            return 0
        ComplaintEntry.objects.filter(complaint__in=old).exclude(text="").update(text=ERASED)
        Complaint.objects.filter(pk__in=old).update(
            name="",
            contact="",
            visit=None,
            consultation=None,
            first_witness="",
            second_witness="",
            text=ERASED,
            reply=ERASED,
            forgotten_at=at,
        )
        record("complaints.forgotten", office, office_id=office.pk, by=None, at=at, data={"count": len(old)})
    return len(old)
