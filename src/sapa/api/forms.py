"""What an administrator types to let a program in, or to have one told."""

from functools import partial
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from sapa.api.scopes import EVENTS, SCOPES
from sapa.api.webhooks import LONGEST_URL
from sapa.offices.models import Office
from sapa.people.fields import Line
from sapa.people.models import Officer

_WRITERS = (Officer.Role.CONSULTANT, Officer.Role.SUPERVISOR)


_with_code = lazy(partial(format_html, "{} <code>{}</code>"), SafeString)


def _named(choices: dict[str, Any]) -> list[tuple[str, Any]]:
    """What a person reads, and beside it what the program's maker looks for."""
    return [(code, _with_code(label, code)) for code, label in choices.items()]


class TokenForm(forms.Form):
    """A new token."""

    name = Line(
        label=_("Name of the program"),
        max_length=80,
        required=True,
        help_text=_("So that you still know later whom you let in."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=_named(SCOPES),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose what the token may do.")},
    )
    acts_as = forms.ModelChoiceField(
        label=_("Officer who answers for what it writes"),
        queryset=Officer._base_manager.none(),
        required=False,
        empty_label=_("Nobody: it writes only for clients"),
    )
    expires_on = forms.DateField(
        label=_("Valid until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("At most two years from now."),
    )

    def __init__(self, *args: Any, office: Office, **options: Any) -> None:
        super().__init__(*args, **options)
        officers = Officer.objects.filter(office=office, is_active=True, role__in=_WRITERS)
        acts_as = self.fields["acts_as"]
        assert isinstance(acts_as, forms.ModelChoiceField)
        acts_as.queryset = officers.select_related("user").order_by("user__name")


class WebhookForm(forms.Form):
    """A new webhook."""

    url = forms.CharField(
        label=_("Address of the receiver"),
        max_length=LONGEST_URL,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://", "spellcheck": "false"}),
        help_text=_("Begins with https:// and can be reached from the internet."),
    )
    events = forms.MultipleChoiceField(
        label=_("What it hears of"),
        choices=_named(EVENTS),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose what the webhook is to hear of.")},
    )
