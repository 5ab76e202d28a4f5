"""How fast a client may write: a flood would fill the office's inbox and everybody's mailbox."""

from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from sapa.consultations.models import Consultation
from sapa.core.errors import Refused
from sapa.core.limits import spend
from sapa.people.models import User
from sapa.ui.dates import clock_time

MINUTE: Final = 60
HOUR: Final = 3600


def spend_message(consultation: Consultation, *, by: User, at: datetime) -> None:
    """One message more of this account, whichever conversation it is for. Refused above SAPA_MESSAGES_A_MINUTE and
    SAPA_MESSAGES_AN_HOUR, with the time at which to go on: the next full minute or hour."""
    for times, seconds in ((settings.MESSAGES_A_MINUTE, MINUTE), (settings.MESSAGES_AN_HOUR, HOUR)):
        window = int(at.timestamp()) // seconds
        try:
            spend(f"message-{seconds}", f"{by.pk}-{window}", times=times, seconds=seconds)
        except Refused as refusal:
            again = datetime.fromtimestamp((window + 1) * seconds, UTC)
            raise Refused(
                _(
                    "These were many messages in a short time. This one was not sent: you can send it from %(when)s on."
                )
                % {"when": clock_time(again, consultation.office.zone)},
                code=refusal.code,
            ) from None
