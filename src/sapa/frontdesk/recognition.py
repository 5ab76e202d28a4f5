"""Knowing a returning visitor again by phone or e-mail, without telling a stranger whose it is.

What is shown is masked, what is remembered is a short-lived signed token, and nothing unmasked goes back to the
screen. Asking is limited per device or address, so that nobody can try out numbers.
"""

from dataclasses import dataclass
from typing import Final

from django.core import signing
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sapa.core.errors import Refused
from sapa.core.limits import spend
from sapa.offices.models import Office
from sapa.people import contact
from sapa.people.models import Client

SALT: Final = "sapa.frontdesk.recognition"
TOKEN_SECONDS: Final = 15 * 60
MOST_SHOWN: Final = 3
ASKED_IN: Final = 10 * 60
# A kiosk sees a new visitor every minute on a busy day; one phone has one owner.
TIMES_PER_DEVICE: Final = 30
TIMES_PER_ADDRESS: Final = 8


@dataclass(frozen=True, slots=True)
class Masked:
    """Somebody who may be the visitor, told so that only the person concerned knows for sure."""

    name: str
    contact: str
    token: str


def recognise(
    office: Office, *, phone: str = "", email: str = "", who: str, times: int = TIMES_PER_ADDRESS
) -> list[Masked]:
    """At most three masked candidates with this very phone number or e-mail address, the latest first.

    The same question is put to the database whether the contact is known or not; `who` (a device or a client
    address) may ask `times` in ten minutes.
    """
    spend("recognise", who, times=times, seconds=ASKED_IN)
    same = Q(phone=phone, phone__gt="") | Q(email=email, email__gt="")
    rows = Client.objects.filter(same, anonymised_at=None).order_by("-created_at", "-id")[:MOST_SHOWN]
    return [masked(office, client) for client in rows]


def masked(office: Office, client: Client) -> Masked:
    """This client as a stranger may see it, with the token that stands for it at this office."""
    contacts = (
        contact.mask_phone(client.phone) if client.phone else "",
        contact.mask_email(client.email) if client.email else "",
    )
    return Masked(
        name=contact.mask_name(client.name),
        contact=" · ".join(each for each in contacts if each),
        token=signing.dumps([office.pk, client.pk], salt=SALT),
    )


def confirmed(office: Office, token: str) -> Client:
    """Whom the visitor confirmed to be. Refused when the token is old, forged or of another office."""
    try:
        office_id, client_id = signing.loads(token, salt=SALT, max_age=TOKEN_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        office_id, client_id = None, None
    client = (
        Client.objects.filter(pk=client_id, anonymised_at=None).first() if office_id == office.pk else None
    )
    if client is not None and client.merged_into is not None:
        client = client.merged_into
    if client is None:
        raise Refused(
            _("That took too long. Please type your phone number or e-mail again."), code="token_old"
        )
    return client
