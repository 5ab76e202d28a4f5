"""The profile of a client: the lasting answers of the guest book, asked once and used again at every door.

The guest book asks the same questions (frontdesk/entries.py takes lists, limits and sentences from here); a visit
keeps its own copy of what was true that day.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_scopes import scopes_disabled

from sapa.activity.recording import record
from sapa.core.errors import Refused, Stale
from sapa.offices.models import Office
from sapa.people import codelists, consents, institutions
from sapa.people.models import Client

# Answered from a code list of the same name.
CODED: Final = ("gender", "education", "occupation", "institution_category")
LONGEST: Final = {"name": 120, "occupation_text": 80, "institution_name": 160}
# What a client is asked for, in this order, and the sentence that asks for it (domain.md 3.1).
NEEDED: Final = {
    "gender": _("Please choose one."),
    "birth_year": _("Type the year of birth in four digits, for example 1998."),
    "education": _("Please choose your highest education."),
    "occupation": _("Please choose your main occupation."),
    "institution_category": _("Please choose where you come from."),
}
# Fields of Client that a correction may change; the institution comes beside them.
FIELDS: Final = (
    *("name", "phone", "email", "gender", "birth_year", "education", "occupation", "occupation_text"),
    "institution_category",
)


def missing_fields(client: Client, *, on: date | None = None) -> list[str]:
    """The names of the guest book's questions that this client has not answered yet, in the order they are asked.

    The name of an account that nobody typed (people/clients.py makes one from the address) is none.
    """
    missing = [] if _has_name(client) else ["name"]
    for field in NEEDED:
        if not getattr(client, field):
            missing.append(field)
        elif field == "occupation" and not client.occupation_text:
            lists = codelists.lists_in_force(on) if on else codelists.versions()[-1]
            missing += ["occupation_text"] if client.occupation in lists["occupation"].wanting_text else []
    return missing


def problems(values: Mapping[str, Any], *, on: date) -> dict[str, str | Promise]:
    """What stands between these answers and a profile: field -> a sentence that says what to do."""
    found: dict[str, str | Promise] = {}
    lists = codelists.lists_in_force(on)
    if not any(letter.isalpha() for letter in str(values.get("name") or "")):
        found["name"] = _("Please write your name.")
    for field, sentence in NEEDED.items():
        value = values.get(field)
        if not value or (field in CODED and value not in lists[field].keys):
            found[field] = sentence
    if values.get("birth_year"):
        try:
            codelists.age_class(values["birth_year"], on)
        except codelists.BadBirthYear as wrong:
            found["birth_year"] = str(wrong)
    if values.get("occupation") in lists["occupation"].wanting_text and not values.get("occupation_text"):
        found["occupation_text"] = _("You chose “Other”. Please say in a few words what it is.")
    return found


def correct(
    client: Client, *, values: Mapping[str, Any], by: models.Model, at: datetime, office: Office | None = None
) -> list[str]:
    """The profile holds `values` (names it does not give stay); visits keep what was true on their day.

    A changed address or number is no longer a confirmed one. Returns the names of what changed.
    """
    with transaction.atomic():
        stored = held(client)
        given = [name for name in FIELDS if name in values]
        changed = [name for name in given if getattr(stored, name) != values[name]]
        for name in changed:
            setattr(stored, name, values[name])
        if "email" in changed:
            stored.email_verified_at = None
        if "phone" in changed:
            stored.phone_verified_at = None
        before = stored.institution
        if values["institution_name"] != (before.name if before else ""):
            changed.append("institution")
            category = values.get("institution_category") or (before.category if before else "")
            stored.institution = institutions.named(values["institution_name"]) or institutions.register(
                values["institution_name"], category=category
            )
        if changed:
            stored.save(update_fields=[*changed, "email_verified_at", "phone_verified_at"])
            where = office.pk if office else office_of(stored)
            record("client.corrected", stored, office_id=where, by=by, at=at, data={"fields": changed})
    return changed


def note_notice(client: Client, *, language: str, on: date, at: datetime) -> None:
    """It is kept which text about the own data this person was shown, in which language, and when (UU 27/2022
    art. 21)."""
    text = consents.text_in_force(consents.Purpose.ACCOUNT, on)
    Client.objects.filter(pk=client.pk).update(
        notice_version=text.version, notice_language=language, notice_shown_at=at
    )


def verify_phone(client: Client, *, office: Office, by: models.Model, at: datetime) -> None:
    """An officer has seen the person and that this number is theirs. Said twice it is once."""
    with transaction.atomic():
        stored = held(client)
        if not stored.phone:
            raise Refused(_("There is no number to confirm. Write it into the data first."), code="no_phone")
        if stored.phone_verified_at is None:
            Client.objects.filter(pk=stored.pk).update(phone_verified_at=at)
            record("client.phone_verified", stored, office_id=office.pk, by=by, at=at)


def held(client: Client) -> Client:
    """The row as it stands, held until the end of the transaction; the record it was merged into, when it was.

    Stale once the person's data are erased.
    """
    stored = Client.objects.select_for_update(no_key=True).filter(pk=client.pk, anonymised_at=None).first()
    if stored is not None and stored.merged_into_id is not None:
        rows = Client.objects.select_for_update(no_key=True)
        stored = rows.filter(pk=stored.merged_into_id, anonymised_at=None).first()
    if stored is None:
        raise Stale(_("The data of this visitor have been erased meanwhile."), code="erased")
    return stored


def office_of(client: Client) -> int:
    """The office in whose record an event about this person belongs: of the latest visit, else of the latest
    consultation, else the office above all."""
    with scopes_disabled():  # on the own account's pages no office has been chosen
        visited = client.visits.order_by("-signed_at", "-id").values_list("office_id", flat=True)[:1]
        asked = client.consultations.order_by("-requested_at", "-id").values_list("office_id", flat=True)[:1]
        above = Office.objects.filter(parent=None).order_by("pk").values_list("pk", flat=True)[:1]
        return next(pk for rows in (visited, asked, above) for pk in rows)


def _has_name(client: Client) -> bool:
    user = client.user
    return bool(client.name) and (
        user is None or bool(user.name) or client.name != client.email.partition("@")[0]
    )
