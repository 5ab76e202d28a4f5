"""Forms of the own account."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sapa.people import codelists, profile
from sapa.people.fields import Line, Phone
from sapa.people.profile import LONGEST
from sapa.ui.dates import language


class NameForm(forms.Form):
    """The name beside the account."""

    may_be_empty = frozenset[str]()

    name = Line(label=_("Your name"), max_length=LONGEST["name"])

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not any(letter.isalpha() for letter in name):
            raise forms.ValidationError(_("Please write your name."))
        return name


def _radio(label: Any) -> forms.ChoiceField:
    wrong = {"invalid_choice": _("Please choose from the list.")}
    return forms.ChoiceField(label=label, widget=forms.RadioSelect, required=False, error_messages=wrong)


class ProfileForm(forms.Form):
    """The guest book's lasting questions, answered once by the owner of an account."""

    use_required_attribute = False
    may_be_empty = frozenset({"phone", "institution_name"})

    name = Line(label=_("Your name"), max_length=LONGEST["name"])
    phone = Phone(label=_("Phone or WhatsApp number"), max_length=40)
    gender = _radio(_("Gender"))
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}),
        help_text=_("Four digits, for example 1998."),
        error_messages={"invalid": profile.NEEDED["birth_year"]},
    )
    education = _radio(_("Highest education"))
    occupation = _radio(_("Main occupation"))
    occupation_text = Line(label=_("If other, namely"), max_length=LONGEST["occupation_text"])
    institution_category = _radio(_("Where do you come from?"))
    institution_name = Line(
        label=_("Name of the institution, school or company"),
        max_length=LONGEST["institution_name"],
        help_text=_("May be left empty if you ask for yourself."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, on: date, **options: Any) -> None:
        super().__init__(data, **options)
        self.on = on
        lists = codelists.lists_in_force(on)
        for name in profile.CODED:
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = codelists.choices(lists[name], language())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name, sentence in profile.problems(cleaned, on=self.on).items():
            if name not in self.errors:
                self.add_error(name, str(sentence))
        return cleaned
