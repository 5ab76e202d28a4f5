"""The guest book as questions: one small form per screen of the kiosk, put together in `whole`.

What is right and what is missing is decided by `entries.problems`; a form only turns text into an Entry.
"""

from collections.abc import Mapping
from dataclasses import fields as entry_fields
from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from sapa.frontdesk import entries, lines
from sapa.frontdesk.entries import CODED, LONGEST, MOST_IN_A_GROUP, Entry
from sapa.frontdesk.models import Visit
from sapa.offices.models import Office, Service
from sapa.people import codelists, consents
from sapa.people.fields import Email, Line, Phone, PhoneOrEmail
from sapa.people.models import Client
from sapa.ui.dates import language

_ENTRY: Final = frozenset(each.name for each in entry_fields(Entry))


class GuestForm(forms.Form):
    """Some or all fields of the guest book, for one office, service and day."""

    use_required_attribute = False
    # What the entry does without; the label says so.
    may_be_empty = frozenset({"contact", "phone", "institution_name", "subject", "means", "has_disability"})

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
        entry = entries.with_profile(self.entry(), self.client) if self.client else self.entry()
        for name, sentence in entries.problems(entry, service=self.service, on=self.on).items():
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
    phone = Phone(label=_("Phone or WhatsApp number"), max_length=40)
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
        error_messages={"invalid": entries.NEEDED["birth_year"]},
    )

    def clean_birth_year(self) -> int | None:
        year: int | None = self.cleaned_data["birth_year"]
        if year is not None and not 1000 <= year <= 9999:
            raise forms.ValidationError(entries.NEEDED["birth_year"])
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
