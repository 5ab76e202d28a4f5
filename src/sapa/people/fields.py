"""Fields of forms about people: they turn what was typed into its one written form."""

import unicodedata
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from sapa.people import contact
from sapa.ui.forms import TelInput

# Letters that make a text look like another one on a screen: controls, and marks that turn the direction around.
_UNSEEN: Final = {"Cc", "Cf", "Cs", "Co", "Cn"}


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
