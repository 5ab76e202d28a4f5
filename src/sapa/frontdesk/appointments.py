"""A visitor who was expected: whose consultation the visit continues, and the place in line it gives.

Who is expected is known above this package (wiring.APPOINTMENTS). The rule of the place: who checks in up to ten
minutes after the appointed time is in line from the appointed time on, or from the arrival when that was earlier,
and is kept for the officer of the appointment while that officer sits at a desk. Who comes later has the place of
anybody who comes then. Nobody who waits already is passed over by an appointment that begins after they came.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.module_loading import import_string

from sapa import wiring
from sapa.consultations.models import Consultation
from sapa.offices.models import Desk, Office, Service
from sapa.people.models import Client

GRACE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Appointment:
    """What a visitor was expected for today."""

    consultation: Consultation
    officer_id: int
    starts_at: datetime

    def is_kept(self, at: datetime) -> bool:
        """Whether somebody who checks in now has come in time."""
        return at <= self.starts_at + GRACE

    def place(self, at: datetime) -> datetime:
        """From when on its holder counts as standing in line."""
        return min(at, self.starts_at) if self.is_kept(at) else at

    def desk(self, office: Office, service: Service, at: datetime) -> Desk | None:
        """The desk where the officer of the appointment keeps this service now, for who came in time."""
        if not self.is_kept(at):
            return None
        return Desk.objects.filter(
            office=office, officer_id=self.officer_id, services=service, is_active=True
        ).first()


def expected(office: Office, client: Client, service: Service, *, at: datetime) -> Appointment | None:
    """The appointment of this client for this service on this day, unless a number was taken for it already."""
    found: Appointment | None = import_string(wiring.APPOINTMENTS)(office, client, service, at)
    return found
