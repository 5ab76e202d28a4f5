"""What a visitor may ask for about the own data: to see them, to have them corrected, to withdraw a consent, to have
them erased (UU 27/2022 art. 5-9, 30-32, 40, 42-44). An officer does it for the person who stands at the counter.

The record keeps that it was done, by whom and when, and never the values.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.activity.recording import record
from sapa.core.errors import Refused, Stale
from sapa.frontdesk import lines
from sapa.frontdesk.models import QueueTicket
from sapa.frontdesk.retention import anonymise
from sapa.offices.models import Office
from sapa.people import institutions
from sapa.people.consents import Purpose
from sapa.people.models import Client, Consent, Officer

PROFILE: Final = (
    *("name", "phone", "email", "gender", "birth_year", "education", "occupation", "occupation_text"),
)


def read(client: Client, *, office: Office, by: Officer, at: datetime) -> None:
    """It is on record that this officer opened the visitor's data (domain.md 8.1)."""
    with transaction.atomic():
        data = {"at": "record"}
        record("client.read", client, office_id=office.pk, by=by.user, at=at, data=data)


def correct(
    client: Client, *, values: Mapping[str, Any], office: Office, by: Officer, at: datetime
) -> list[str]:
    """The profile holds `values`; visits keep what was true on their day. Returns the names of what changed."""
    with transaction.atomic():
        stored = _locked(client)
        changed = [name for name in PROFILE if getattr(stored, name) != values[name]]
        for name in changed:
            setattr(stored, name, values[name])
        if "email" in changed:
            stored.email_verified_at = None
        before = stored.institution
        if values["institution_name"] != (before.name if before else ""):
            changed.append("institution")
            stored.institution = institutions.named(values["institution_name"]) or institutions.register(
                values["institution_name"], category=before.category if before else ""
            )
        if changed:
            stored.save(update_fields=[*changed, "email_verified_at"])
            data = {"fields": changed}
            record("client.corrected", stored, office_id=office.pk, by=by.user, at=at, data=data)
    return changed


def withdraw_survey_consent(client: Client, *, office: Office, by: Officer, at: datetime) -> None:
    """Nobody may contact the visitor for the survey any more, whichever office asked (UU 27/2022 art. 40)."""
    with transaction.atomic():
        given = Consent.objects.select_for_update().filter(
            client=client, purpose=Purpose.SKD_CONTACT, withdrawn_at=None
        )
        found = list(given)
        if not found:
            raise Stale(_("There is no consent to withdraw any more."), code="no_consent")
        _withdraw(found, office=office, by=by, at=at)


def erase(client: Client, *, office: Office, by: Officer, at: datetime) -> None:
    """Only counts remain of the visitor, at every office; an account stays, without the visits.

    Refused while a number of theirs is open: it could not be called by name or answered any more.
    """
    with transaction.atomic(), scopes_disabled():
        stored = _locked(client)
        waiting = QueueTicket.objects.filter(visit__client=stored, state__in=lines.OPEN).first()
        if waiting is not None:
            raise Refused(
                _("Number %(number)s is still open. Finish or cancel it first, then erase the data.")
                % {"number": waiting.label},
                code="ticket_open",
            )
        _withdraw(list(stored.consents.filter(withdrawn_at=None)), office=office, by=by, at=at)
        Client.objects.filter(pk=stored.pk).update(user=None)
        anonymise([stored.pk], at=at)
        record("client.erased", stored, office_id=office.pk, by=by.user, at=at)


def _withdraw(consents: list[Consent], *, office: Office, by: Officer, at: datetime) -> None:
    for consent in consents:
        consent.withdrawn_at = at
        consent.save(update_fields=["withdrawn_at"])
        data = {"purpose": consent.purpose}
        record("consent.withdrawn", consent, office_id=office.pk, by=by.user, at=at, data=data)


def _locked(client: Client) -> Client:
    """The row as it stands, held until the end of the transaction. Stale once it is anonymous."""
    stored = Client.objects.select_for_update().filter(pk=client.pk, anonymised_at=None).first()
    if stored is None:
        raise Stale(_("The data of this visitor have been erased meanwhile."), code="erased")
    return stored
