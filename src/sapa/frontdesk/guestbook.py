"""The guest book: who came, why, and what the office must know to serve (Standard, step 1; domain.md 3).

`sign` is the one door into it, from the kiosk, the visitor's own phone and the front office.
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from sapa.activity.recording import record
from sapa.core.errors import Refused, Stale
from sapa.frontdesk import lines
from sapa.frontdesk.entries import Entry, Incomplete, problems, with_profile
from sapa.frontdesk.models import Visit
from sapa.offices.models import Office, Service
from sapa.people import codelists, consents, institutions, profile
from sapa.people.models import Client, Consent, Officer


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
    # As stored now: it may have become part of an account's record since the visitor was shown to be known.
    client = profile.held(known) if known else Client.objects.create(name=entry.name, created_at=at)
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
    for field in (
        *("gender", "birth_year", "education", "occupation", "occupation_text"),
        "institution_category",
    ):
        if getattr(entry, field):
            setattr(client, field, getattr(entry, field))
    for field in ("name", "phone", "email"):
        given = getattr(entry, field)
        if given and given != getattr(client, field) and (may_change_contact or not getattr(client, field)):
            if field == "email":
                client.email_verified_at = None
            if field == "phone":
                client.phone_verified_at = None
            setattr(client, field, given)
    if institution_id is not None or entry.institution_category:
        client.institution_id = institution_id  # None: answered, and comes for no institution
    client.save()
