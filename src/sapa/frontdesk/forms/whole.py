"""The guest book on one page: for the visitor's own phone, for who is known already, for the front office."""

from collections.abc import Iterable
from typing import Any, Final, cast

from django import forms

from sapa.frontdesk import entries
from sapa.frontdesk.forms.questions import (
    AboutForm,
    BackgroundForm,
    ErrandForm,
    FinishForm,
    GuestForm,
    InstitutionForm,
    MeansForm,
    NameForm,
    PurposeForm,
    SkdFinishForm,
)
from sapa.offices.models import Service
from sapa.people.models import Client

# As the pages show them, so that errors are told in the order in which they are met.
_TYPED_ORDER: Final[tuple[str, ...]] = (
    *("name", "phone", "email", "email_waiver", "gender", "birth_year", "education", "occupation"),
    *("occupation_text", "institution_category", "institution_name", "purpose", "purpose_text", "subject"),
    *("errand_text", "wants_priority", "men", "women", "has_disability", "means", "survey"),
)
_PHONE_ORDER: Final[tuple[str, ...]] = (
    *("subject", "purpose", "purpose_text", "name", "errand_text", "email", "email_waiver", "phone"),
    *("gender", "birth_year", "education", "occupation", "occupation_text", "institution_category"),
    *("institution_name", "wants_priority", "has_disability", "men", "women", "survey"),
)
# A field that is asked only together with the one before it.
_WITH: Final = {
    "email_waiver": "email",
    "occupation_text": "occupation",
    "institution_name": "institution_category",
    "name": "",
    "phone": "",
}


class WholeForm(NameForm, AboutForm, BackgroundForm, InstitutionForm, PurposeForm, SkdFinishForm):
    """The guest book on one page, for a service of the PST."""

    field_order = _PHONE_ORDER


class WholeErrandForm(ErrandForm, FinishForm):
    """The guest book for an errand that is not of the PST: a name and what for, nothing else."""

    field_order = _PHONE_ORDER


class TypedForm(WholeForm, MeansForm):
    """What the front office types: the whole page, and where the visitor has looked already. Lists instead of
    cards, because a list is chosen by typing its first letters."""

    field_order = _TYPED_ORDER

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField) and name not in ("means", "gender", "has_disability"):
                choices = [("", "–"), *cast("Iterable[tuple[str, str]]", field.choices)]
                field.widget = forms.Select()
                field.choices = choices


class GapsForm(WholeForm):
    """What is asked of a visitor who is known but whose profile has gaps: those, and today's matter."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.client is None:
            return
        lacking = entries.gaps(self.client)
        profile = {*entries.NEEDED, "email", *_WITH} - {"purpose"}
        for name in profile:
            if _WITH.get(name, name) not in lacking:
                del self.fields[name]


def form_for(service: Service, *, client: Client | None, typed: bool = False) -> type[GuestForm]:
    """The one-page form of a service: short for an errand and for a visitor whose profile is complete."""
    if not service.is_pst:
        return WholeErrandForm
    if typed:
        return TypedForm
    return WholeForm if client is None else GapsForm
