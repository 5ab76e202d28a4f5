"""The guest book as forms: one small form per question for the kiosk, put together for phone and front office.

What is right and what is missing is decided by `guestbook.problems`; a form only turns text into an Entry.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import fields as entry_fields
from datetime import date, datetime
from typing import Any, Final, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from sapa.frontdesk import guestbook, lines
from sapa.frontdesk.guestbook import CODED, LONGEST, MOST_IN_A_GROUP, Entry
from sapa.frontdesk.models import Visit
from sapa.offices.models import Office, Service
from sapa.people import codelists, consents, contact
from sapa.people.models import Client
from sapa.ui.dates import language
from sapa.ui.forms import TelInput

# Letters that make a text look like another one on a screen: controls, and marks that turn the direction around.
_UNSEEN: Final = {"Cc", "Cf", "Cs", "Co", "Cn"}
_ENTRY: Final = frozenset(each.name for each in entry_fields(Entry))
_REQUIRED: Final = {"required": _("Please fill this in.")}


class Line(forms.CharField):
    """One line of text without control characters, in one spelling of Unicode, spaces collapsed."""

    def __init__(self, *, max_length: int, **options: Any) -> None:
        super().__init__(max_length=max_length, **({"required": False} | options))
        self.error_messages["max_length"] = _(
            "This is too long. Please use at most %(limit_value)d characters."
        )

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFC", str(super().to_python(value) or ""))
        # A line break or a tab is a space to whoever typed it; the rest of the unseen letters go.
        spaced = "".join(" " if letter.isspace() else letter for letter in text)
        seen = "".join(letter for letter in spaced if unicodedata.category(letter) not in _UNSEEN)
        return " ".join(seen.split())


class Phone(Line):
    """A telephone number, kept as +62…"""

    widget = TelInput

    def clean(self, value: Any) -> str:
        try:
            return contact.normalise_phone(super().clean(value)) or ""
        except contact.BadContact as wrong:
            raise forms.ValidationError(wrong.message, code="phone") from wrong


class Email(Line):
    """An e-mail address in its one written form."""

    widget = forms.EmailInput

    def clean(self, value: Any) -> str:
        try:
            return contact.normalise_email(super().clean(value)) or ""
        except contact.BadContact as wrong:
            raise forms.ValidationError(wrong.message, code="email") from wrong


class PhoneOrEmail(Line):
    """Either of the two: what has an @ is an address. Cleans to a pair (phone, email)."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            if "@" in text:
                return "", contact.normalise_email(text) or ""
            return contact.normalise_phone(text) or "", ""
        except contact.BadContact as wrong:
            raise forms.ValidationError(wrong.message, code="contact") from wrong


class GuestForm(forms.Form):
    """Some or all fields of the guest book, for one office, service and day."""

    use_required_attribute = False

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        office: Office,
        service: Service,
        at: datetime,
        client: Client | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.office, self.service = office, service
        self.on: date = lines.service_day(office, at)
        # Of a returning visitor the profile fills what is left blank.
        self.client = client
        lists = codelists.lists_in_force(self.on)
        for name, list_name in (CODED | {"means": "means"}).items():
            field = self.fields.get(name)
            if isinstance(field, forms.ChoiceField):
                field.choices = codelists.choices(lists[list_name], language())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        entry = guestbook.with_profile(self.entry(), self.client) if self.client else self.entry()
        for name, sentence in guestbook.problems(entry, service=self.service, on=self.on).items():
            self._complain(name, str(sentence))
        return cleaned

    def _complain(self, name: str, sentence: str) -> None:
        """Only about what this form asks, and not a second time about a field that has its error already."""
        if name in self.fields and name not in self.errors:
            self.add_error(name, sentence)

    def answers(self) -> dict[str, Any]:
        """What was answered, by field of the Entry; only meaningful once the form was checked."""
        given = self.cleaned_data.items()
        found: dict[str, Any] = {
            name: value for name, value in given if name in _ENTRY and value not in (None, "")
        }
        if "means" in self.fields:
            found["means"] = frozenset(self.cleaned_data.get("means") or ()) | {"in_person"}
        if "has_disability" in self.fields:
            found["has_disability"] = {"yes": True, "no": False}.get(
                self.cleaned_data.get("has_disability", "")
            )
        if self.cleaned_data.get("survey"):
            found["agreed"] = frozenset({consents.Purpose.SKD_CONTACT.value})
        return found

    def entry(self) -> Entry:
        """The Entry that this form alone makes."""
        return Entry(service_key=self.service.key, language=language(), **self.answers())


def _radio(label: Any, **options: Any) -> forms.ChoiceField:
    wrong = {"invalid_choice": _("Please choose from the list.")}
    return forms.ChoiceField(
        label=label, widget=forms.RadioSelect, required=False, error_messages=wrong, **options
    )


class ContactForm(GuestForm):
    contact = PhoneOrEmail(
        label=_("Your phone number or e-mail"),
        max_length=254,
        help_text=_("If you have been here before, you do not have to fill everything in again."),
    )


class NameForm(GuestForm):
    name = Line(label=_("Your name"), max_length=LONGEST["name"])
    phone = Phone(label=_("Phone or WhatsApp number"), max_length=40, help_text=_("May be left empty."))
    email = Email(
        label=_("E-mail"), max_length=254, help_text=_("For the answer and the link to your rating.")
    )
    email_waiver = forms.ChoiceField(
        label=_("No e-mail?"),
        required=False,
        widget=forms.RadioSelect,
        choices=Visit.Waiver.choices,
        error_messages={"invalid_choice": _("Please choose from the list.")},
    )


class AboutForm(GuestForm):
    gender = _radio(_("Gender"))
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}),
        help_text=_("Four digits, for example 1998."),
        error_messages={"invalid": guestbook.NEEDED["birth_year"]},
    )

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        if year is not None and not 1000 <= year <= 9999:
            raise forms.ValidationError(guestbook.NEEDED["birth_year"])
        return year


class BackgroundForm(GuestForm):
    education = _radio(_("Highest education"))
    occupation = _radio(_("Main occupation"))
    occupation_text = Line(label=_("If other, namely"), max_length=LONGEST["occupation_text"])


class InstitutionForm(GuestForm):
    institution_category = _radio(_("Where do you come from?"))
    institution_name = Line(
        label=_("Name of the institution, school or company"),
        max_length=LONGEST["institution_name"],
        help_text=_("May be left empty if you come for yourself."),
    )


class PurposeForm(GuestForm):
    purpose = _radio(_("What will you use the result for?"))
    purpose_text = Line(label=_("If other, namely"), max_length=LONGEST["purpose_text"])
    subject = Line(
        label=_("Which data or help do you need?"),
        max_length=LONGEST["subject"],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A few words are enough, for example: population by district 2025."),
    )


class ErrandForm(GuestForm):
    name = Line(label=_("Your name"), max_length=LONGEST["name"])
    errand_text = Line(
        label=_("What do you come for?"),
        max_length=LONGEST["errand_text"],
        help_text=_("For example: meeting with an officer, delivering a letter."),
    )


class FinishForm(GuestForm):
    men = forms.IntegerField(label=_("Men"), required=False, min_value=0, max_value=MOST_IN_A_GROUP)
    women = forms.IntegerField(label=_("Women"), required=False, min_value=0, max_value=MOST_IN_A_GROUP)
    wants_priority = forms.BooleanField(
        label=_("I would like to be called with priority"),
        required=False,
        help_text=_(
            "For people with disabilities, the elderly, pregnant or breast-feeding women, people with small children,"
            " and victims of a disaster. No proof and no reason is needed."
        ),
    )


class SkdFinishForm(FinishForm):
    has_disability = forms.ChoiceField(
        label=_("Do you live with a disability, or accompany somebody who does?"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("So that we can help. You may leave it out; nobody else sees it."),
        error_messages={"invalid_choice": _("Please choose from the list.")},
        choices=[("yes", _("Yes")), ("no", _("No"))],
    )
    survey = forms.BooleanField(
        label=_("You may contact me for the yearly survey of data needs"), required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        text = consents.text_in_force(consents.Purpose.SKD_CONTACT, self.on)
        if text.statement is not None:
            self.fields["survey"].label = text.statement.in_language(language())
        self.fields["survey"].help_text = text.paragraphs[-1].in_language(language())


class MeansForm(GuestForm):
    means = forms.MultipleChoiceField(
        label=_("Where have you looked already?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Please choose from the list.")},
    )


_ORDER: Final = (
    *("name", "phone", "email", "email_waiver", "gender", "birth_year", "education", "occupation"),
    *("occupation_text", "institution_category", "institution_name", "purpose", "purpose_text", "subject"),
    *("errand_text", "means", "men", "women", "has_disability", "wants_priority", "survey"),
)


class WholeForm(NameForm, AboutForm, BackgroundForm, InstitutionForm, PurposeForm, SkdFinishForm):
    """The guest book on one page, for a service of the PST."""

    field_order = _ORDER


class WholeErrandForm(ErrandForm, FinishForm):
    """The guest book for an errand that is not of the PST: a name and what for, nothing else."""

    field_order = _ORDER


class TypedForm(WholeForm, MeansForm):
    """What the front office types: the whole page, and where the visitor has looked already. Lists instead of
    cards, because a list is chosen by typing its first letters."""

    field_order = _ORDER

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField) and name not in ("means", "gender", "has_disability"):
                choices = [("", "–"), *cast("Iterable[tuple[str, str]]", field.choices)]
                field.widget = forms.Select()
                field.choices = choices


# A field that is asked only together with the one before it.
_WITH: Final = {
    "email_waiver": "email",
    "occupation_text": "occupation",
    "institution_name": "institution_category",
    "name": "",
    "phone": "",
}


class GapsForm(WholeForm):
    """What is asked of a visitor who is known but whose profile has gaps: those, and today's matter."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.client is None:
            return
        lacking = guestbook.gaps(self.client)
        profile = {*guestbook.NEEDED, "email", *_WITH} - {"purpose"}
        for name in profile:
            if _WITH.get(name, name) not in lacking:
                del self.fields[name]


class RecordForm(forms.Form):
    """The profile of a visitor who asks to have it corrected. Only the name must be there."""

    use_required_attribute = False

    name = Line(label=_("Name"), max_length=LONGEST["name"], required=True, error_messages=_REQUIRED)
    phone = Phone(label=_("Phone or WhatsApp number"), max_length=40)
    email = Email(label=_("E-mail"), max_length=254)
    gender = forms.ChoiceField(label=_("Gender"), required=False)
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}),
        error_messages={"invalid": guestbook.NEEDED["birth_year"]},
    )
    education = forms.ChoiceField(label=_("Highest education"), required=False)
    occupation = forms.ChoiceField(label=_("Main occupation"), required=False)
    occupation_text = Line(label=_("If other, namely"), max_length=LONGEST["occupation_text"])
    institution_name = Line(label=_("Institution"), max_length=LONGEST["institution_name"])

    def __init__(self, data: Mapping[str, Any] | None = None, *, on: date, **options: Any) -> None:
        super().__init__(data, **options)
        self.on = on
        lists = codelists.lists_in_force(on)
        for name in ("gender", "education", "occupation"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "–"), *codelists.choices(lists[name], language())]
            field.error_messages["invalid_choice"] = _("Please choose from the list.")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not any(letter.isalpha() for letter in name):
            raise forms.ValidationError(_("Please write the name."))
        return name

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        try:
            if year is not None:
                codelists.age_class(year, self.on)
        except codelists.BadBirthYear as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
        return year


def form_for(service: Service, *, client: Client | None, typed: bool = False) -> type[GuestForm]:
    """The one-page form of a service: short for an errand and for a visitor whose profile is complete."""
    if not service.is_pst:
        return WholeErrandForm
    if typed:
        return TypedForm
    return WholeForm if client is None else GapsForm
