"""What a visitor may ask for about the own data: to see them, to have them corrected, to withdraw a consent, to have
them erased (UU 27/2022 art. 5-9, 30-32, 40, 42-44). An officer does it for the person who stands at the counter.

The record keeps that it was done, by whom and when, and never the values.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from sapa.activity.recording import record
from sapa.core.errors import Stale
from sapa.offices.models import Office
from sapa.people import own_data, profile
from sapa.people.consents import Purpose
from sapa.people.models import Client, Consent, Officer

# What an officer's form asks; where the visitor comes from is asked by name only.
PROFILE: Final = tuple(name for name in profile.FIELDS if name != "institution_category")


def read(client: Client, *, office: Office, by: Officer, at: datetime) -> None:
    """It is on record that this officer opened the visitor's data (domain.md 8.1)."""
    with transaction.atomic():
        data = {"at": "record"}
        record("client.read", client, office_id=office.pk, by=by.user, at=at, data=data)


def correct(
    client: Client, *, values: Mapping[str, Any], office: Office, by: Officer, at: datetime
) -> list[str]:
    """The profile holds `values`; visits keep what was true on their day. Returns the names of what changed."""
    return profile.correct(client, values=values, office=office, by=by.user, at=at)


def withdraw_survey_consent(client: Client, *, office: Office, by: Officer, at: datetime) -> None:
    """Nobody may contact the visitor for the survey any more, whichever office asked (UU 27/2022 art. 40)."""
    with transaction.atomic():
        given = Consent.objects.select_for_update().filter(
            client=client, purpose=Purpose.SKD_CONTACT, withdrawn_at=None
        )
        found = list(given)
        if not found:
            raise Stale(_("There is no consent to withdraw any more."), code="no_consent")
        for consent in found:
            own_data.withdraw(consent, office_id=office.pk, by=by.user, at=at)


def erase(client: Client, *, office: Office, by: Officer, at: datetime) -> None:
    """Only counts remain of the visitor, at every office; an account stays, without the visits.

    Refused while a number or a matter of theirs is open: it could not be called by name or answered any more.
    """
    own_data.erase(client, office_id=office.pk, by=by.user, at=at)
