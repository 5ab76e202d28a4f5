"""What a visitor writes into the guest book, what is known of them already, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sapa.core.errors import Refused
from sapa.frontdesk.models import Visit
from sapa.offices.models import Service
from sapa.people import codelists, profile
from sapa.people.models import Client

MOST_IN_A_GROUP: Final = 500
CHILD_BELOW: Final = 17
# Code fields of an entry and the list each one is answered from.
CODED: Final = {name: name for name in (*profile.CODED, "purpose")}
LONGEST: Final = profile.LONGEST | {"purpose_text": 120, "subject": 300, "errand_text": 200}
# What the guest book needs of everybody who uses a service of the PST, and the sentence that asks for it.
NEEDED: Final = profile.NEEDED | {"purpose": _("Please choose what you will use the result for.")}

# What is known of a visitor who comes again.
PROFILE: Final = (
    *("name", "phone", "email", "gender", "birth_year", "education", "occupation", "occupation_text"),
    *("institution_category", "institution_name"),
)


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
    """The entry with what is known of a returning visitor filled in where it was left blank. Who came for no
    institution the last time comes for none again."""
    institution = client.institution
    category = (
        entry.institution_category
        or client.institution_category
        or (institution.category if institution else "")
        or last_category(client)
    )
    known: dict[str, Any] = {  # PROFILE has the same names
        "name": client.name,
        "phone": client.phone,
        "email": client.email,
        "gender": client.gender,
        "birth_year": client.birth_year,
        "education": client.education,
        "occupation": client.occupation,
        "occupation_text": client.occupation_text if not entry.occupation else "",
        "institution_category": category,
        "institution_name": institution.name if institution and not entry.institution_category else "",
    }
    return replace(entry, **{field: value for field, value in known.items() if not getattr(entry, field)})


def last_category(client: Client) -> str:
    """Where the visitor said to come from at the last visit to this office, blank at the first one."""
    visits = Visit.objects.filter(client=client).exclude(institution_category="")
    last = visits.order_by("-signed_at", "-id").values_list("institution_category", flat=True).first()
    return last or ""


def gaps(client: Client) -> frozenset[str]:
    """What the profile of a returning visitor still lacks for a service of the PST (who came for an errand before)."""
    full = with_profile(Entry(service_key=""), client)
    missing = {field for field in NEEDED if field != "purpose" and not getattr(full, field)}
    return frozenset(missing | ({"email"} if not full.email else set()))
