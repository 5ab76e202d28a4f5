"""Forms of the own account."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NameForm(forms.Form):
    """The name beside the account."""

    may_be_empty = frozenset[str]()

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if not any(letter.isalpha() for letter in name):
            raise forms.ValidationError(_("Please write your name."))
        return name
