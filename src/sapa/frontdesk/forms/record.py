"""A visitor's record as a form, for who asks to have it corrected."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from sapa.frontdesk import entries
from sapa.frontdesk.entries import LONGEST
from sapa.people import codelists
from sapa.people.fields import Email, Line, Phone
from sapa.ui.dates import language

_REQUIRED: Final = {"required": _("Please fill this in.")}


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
        error_messages={"invalid": entries.NEEDED["birth_year"]},
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
