"""The guest book: who came, why, and what the office must know to serve (Standard, step 1; domain.md 3).

`sign` is the one door into it, from the kiosk, the visitor's own phone and the front office.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sapa.activity.recording import record
from sapa.core.errors import Refused, Stale
from sapa.frontdesk import lines
from sapa.frontdesk.models import Visit
from sapa.offices.models import Office, Service
from sapa.people import codelists, consents, institutions
from sapa.people.models import Client, Consent, Officer

MOST_IN_A_GROUP: Final = 500
CHILD_BELOW: Final = 17
# Code fields of an entry and the list each one is answered from.
CODED: Final = {
    "gender": "gender",
    "education": "education",
    "occupation": "occupation",
    "institution_category": "institution_category",
    "purpose": "purpose",
}
LONGEST: Final = {
    "name": 120,
    "occupation_text": 80,
    "institution_name": 160,
    "purpose_text": 120,
    "subject": 300,
    "errand_text": 200,
}
# What the guest book needs of everybody who uses a service of the PST, and the sentence that asks for it.
NEEDED: Final = {
    "gender": _("Please choose one."),
    "birth_year": _("Type the year of birth in four digits, for example 1998."),
    "education": _("Please choose your highest education."),
    "occupation": _("Please choose your main occupation."),
    "institution_category": _("Please choose where you come from."),
    "purpose": _("Please choose what you will use the result for."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a visitor writes into the guest book. Blank is "not answered"; `sign` says what is still missing."""

    service_key: str
    name: str = ""
    phone: str = ""
    email: str = ""
    email_waiver: str = ""
    gender: str = ""
    birth_year: int | None = None
    education: str = ""
    occupation: str = ""
    occupation_text: str = ""
    institution_category: str = ""
    institution_name: str = ""
    purpose: str = ""
    purpose_text: str = ""
    means: frozenset[str] = frozenset({"in_person"})
    has_disability: bool | None = None
    wants_priority: bool = False
    men: int = 0
    women: int = 0
    subject: str = ""
    errand_text: str = ""
    agreed: frozenset[str] = frozenset()  # purposes of consent, each asked apart and not ticked beforehand
    language: str = "id"

    def is_child(self, year: int) -> bool:
        """Under 17: fills the book in together with an adult (UU 27/2022 art. 25)."""
        return self.birth_year is not None and year - self.birth_year < CHILD_BELOW


class Incomplete(Refused):
    """The entry lacks something or holds something impossible. `problems`: field -> what to do about it."""

    def __init__(self, problems: Mapping[str, str | Promise]) -> None:
        super().__init__(_("Something in the guest book is missing or not right yet."), code="incomplete")
        self.problems = dict(problems)


def problems(entry: Entry, *, service: Service, on: date) -> dict[str, str | Promise]:
    """What stands between this entry and a signature: field -> a sentence that says what to do."""
    found: dict[str, str | Promise] = {}
    for field, most in LONGEST.items():
        if len(getattr(entry, field)) > most:
            found[field] = gettext("This is too long. Please use at most %(most)d characters.") % {
                "most": most
            }
    if not any(letter.isalpha() for letter in entry.name):
        found["name"] = _("Please write your name.")
    if not (0 <= entry.men <= MOST_IN_A_GROUP and 0 <= entry.women <= MOST_IN_A_GROUP):
        found["men"] = _("Please give the size of the group as numbers from 0 to 500.")
    if not service.is_pst:
        if not entry.errand_text.strip():
            found["errand_text"] = _("Please write in a few words what you come for.")
        return found
    lists = codelists.lists_in_force(on)
    for field, sentence in NEEDED.items():
        value = getattr(entry, field)
        if not value or (field in CODED and value not in lists[CODED[field]].keys):
            found[field] = sentence
    if not entry.means <= lists["means"].keys:
        found["means"] = _("Please choose from the list.")
    if entry.birth_year is not None:
        try:
            codelists.age_class(entry.birth_year, on)
        except codelists.BadBirthYear as wrong:
            found["birth_year"] = str(wrong)
    for field in ("occupation", "purpose"):
        wants_text = getattr(entry, field) in lists[field].wanting_text
        if wants_text and not getattr(entry, f"{field}_text").strip():
            found[f"{field}_text"] = _("You chose “Other”. Please say in a few words what it is.")
    if not entry.email and entry.email_waiver not in Visit.Waiver.values:
        found["email"] = _("Type your e-mail address, or choose why you leave it out.")
    return found


def with_profile(entry: Entry, client: Client) -> Entry:
    """The entry with what is known of a returning visitor filled in where it was left blank."""
    institution = client.institution
    known: dict[str, Any] = {
        "name": client.name,
        "phone": client.phone,
        "email": client.email,
        "gender": client.gender,
        "birth_year": client.birth_year,
        "education": client.education,
        "occupation": client.occupation,
        "occupation_text": client.occupation_text if not entry.occupation else "",
        "institution_category": institution.category if institution else "",
        "institution_name": institution.name if institution and not entry.institution_category else "",
    }
    return replace(entry, **{field: value for field, value in known.items() if not getattr(entry, field)})


def gaps(client: Client) -> frozenset[str]:
    """What the profile of a returning visitor still lacks for a service of the PST (who came for an errand before)."""
    full = with_profile(Entry(service_key=""), client)
    missing = {field for field in NEEDED if field != "purpose" and not getattr(full, field)}
    return frozenset(missing | ({"email"} if not full.email else set()))


def sign(
    office: Office,
    *,
    entry: Entry,
    door: Visit.Door,
    by: Officer | None,
    at: datetime,
    submission_key: UUID,
    client: Client | None = None,
) -> Visit:
    """The visit stands in the guest book, with its own copy of what was true today; sent twice, it stands once.

    `client` is given when a returning visitor confirmed to be that person; blank fields then come from the profile.
    Raises Incomplete, and writes nothing, while something is missing.
    """
    earlier = Visit.objects.filter(submission_key=submission_key).first()
    if earlier is not None:
        return earlier
    service = _service(office, entry.service_key)
    full = with_profile(entry, client) if client else entry
    found = problems(full, service=service, on=lines.service_day(office, at))
    if found:
        raise Incomplete(found)
    try:
        with transaction.atomic():
            return _write(office, service, full, door, by, at, submission_key, client)
    except IntegrityError:
        # The same form arrived twice at the same moment; the other one was a little quicker.
        written = Visit.objects.filter(submission_key=submission_key).first()
        if written is None:
            raise Stale(_("This form is no longer valid. Please begin again."), code="stale_form") from None
        return written


def see_identity(visit: Visit, *, kind: str, by: Officer, at: datetime) -> None:
    """An officer has seen a card of this kind. Never its number, never a picture (domain.md 8.1; requirement 1)."""
    if kind not in codelists.version(visit.codelist_version)["identity_kind"].keys:
        raise Refused(_("Please choose the kind of card from the list."), code="unknown_identity")
    with transaction.atomic():
        visit.identity_kind, visit.identity_seen_at, visit.identity_seen_by = kind, at, by
        visit.save(update_fields=["identity_kind", "identity_seen_at", "identity_seen_by"])
        record("identity.seen", visit, office_id=visit.office_id, by=by.user, at=at, data={"kind": kind})


def correct_identity(visit: Visit, *, kind: str, by: Officer, at: datetime) -> None:
    """A card ticked by mistake is of this kind after all, or (blank) was not shown; the record keeps both."""
    if kind and kind not in codelists.version(visit.codelist_version)["identity_kind"].keys:
        raise Refused(_("Please choose the kind of card from the list."), code="unknown_identity")
    with transaction.atomic():
        stored = Visit.objects.select_for_update().get(pk=visit.pk)
        if not stored.identity_kind:
            raise Stale(_("No card is ticked for this visitor any more."), code="identity_gone")
        if stored.identity_kind == kind:
            return
        before = stored.identity_kind
        stored.identity_kind = kind
        stored.identity_seen_at, stored.identity_seen_by = (at, by) if kind else (None, None)
        stored.save(update_fields=["identity_kind", "identity_seen_at", "identity_seen_by"])
        change = {"was": before, "kind": kind}
        record("identity.corrected", visit, office_id=visit.office_id, by=by.user, at=at, data=change)


def waive_email(visit: Visit, *, reason: str, by: Officer, at: datetime) -> None:
    """The visitor has no e-mail address to give, and why (requirement 2 asks for one)."""
    if reason not in Visit.Waiver.values:
        raise Refused(_("Please choose why there is no e-mail address."), code="unknown_waiver")
    with transaction.atomic():
        visit.email_waiver = reason
        visit.save(update_fields=["email_waiver"])
        record("email.waived", visit, office_id=visit.office_id, by=by.user, at=at, data={"reason": reason})


def _service(office: Office, key: str) -> Service:
    service = office.services.filter(key=key, is_active=True).first()
    if service is None:
        raise Refused(
            _("This service is not offered at the moment. Please choose another one."), code="inactive"
        )
    return service


def _write(
    office: Office,
    service: Service,
    entry: Entry,
    door: Visit.Door,
    by: Officer | None,
    at: datetime,
    submission_key: UUID,
    known: Client | None,
) -> Visit:
    day = lines.service_day(office, at)
    institution = institutions.register(
        entry.institution_name,
        category=entry.institution_category,
        known=known.institution_id if known is not None else None,
    )
    client = known or Client.objects.create(name=entry.name, created_at=at)
    _keep_profile(
        client, entry, institution_id=institution.pk if institution else None, new=known is None, by=by
    )
    visit = Visit.objects.create(
        office=office,
        client=client,
        submission_key=submission_key,
        service_day=day,
        signed_at=at,
        door=door,
        by=by,
        is_errand=not service.is_pst,
        errand_text=entry.errand_text,
        is_group=bool(entry.men or entry.women),
        men=entry.men,
        women=entry.women,
        codelist_version=codelists.lists_in_force(day).version,
        gender=entry.gender,
        age_class=codelists.age_class(entry.birth_year, day) if entry.birth_year else "",
        education=entry.education,
        occupation=entry.occupation,
        occupation_text=entry.occupation_text,
        institution_category=entry.institution_category,
        institution=institution,
        purpose=entry.purpose,
        purpose_text=entry.purpose_text,
        means=sorted(entry.means) if service.is_pst else [],
        has_disability=entry.has_disability,
        wants_priority=entry.wants_priority,
        subject=entry.subject,
        email_waiver="" if entry.email else entry.email_waiver,
    )
    _keep_consents(client, entry, office=office, door=door, at=at)
    record(
        "visit.signed",
        visit,
        office_id=office.pk,
        by=by.user if by else None,
        at=at,
        data={
            "door": str(door),
            "errand": visit.is_errand,
            "returning": known is not None,
            "notice": consents.text_in_force(consents.Purpose.GUESTBOOK, day).version,
            "language": entry.language,
        },
    )
    return visit


def _keep_consents(client: Client, entry: Entry, *, office: Office, door: str, at: datetime) -> None:
    """Each yes with the version and the language of the text it was said to (UU 27/2022 art. 22)."""
    Consent.objects.bulk_create(
        Consent(
            client=client,
            office=office,
            purpose=purpose,
            text_version=consents.text_in_force(
                consents.Purpose(purpose), lines.service_day(office, at)
            ).version,
            language=entry.language,
            door=door,
            given_at=at,
        )
        for purpose in sorted(entry.agreed)
    )


def _keep_profile(
    client: Client, entry: Entry, *, institution_id: int | None, new: bool, by: Officer | None
) -> None:
    """What was answered today is the profile from now on.

    At a kiosk a stranger could claim to be somebody: name and contact of a known person change only when they were
    blank or an officer, who sees the person, types them.
    """
    may_change_contact = new or by is not None
    for field in ("gender", "birth_year", "education", "occupation", "occupation_text"):
        if getattr(entry, field):
            setattr(client, field, getattr(entry, field))
    for field in ("name", "phone", "email"):
        given = getattr(entry, field)
        if given and given != getattr(client, field) and (may_change_contact or not getattr(client, field)):
            if field == "email":
                client.email_verified_at = None
            setattr(client, field, given)
    if institution_id is not None:
        client.institution_id = institution_id
    client.save()
