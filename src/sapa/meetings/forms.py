"""What is typed and chosen about appointments, as values; the verbs decide."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sapa.meetings.links import LONGEST
from sapa.meetings.models import Kind, MeetingPolicy, Provider
from sapa.offices.models import Desk, Office

NO_TIME: Final = _("Please choose a time.")


class InstantField(forms.CharField):
    """One of the offered beginnings, as the page wrote it: an instant with its zone."""

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise forms.ValidationError(NO_TIME) from None
        if at.tzinfo is None or not 2000 < at.year < 2200:
            raise forms.ValidationError(NO_TIME)
        return at


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of a date and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", attrs={"step": 900})


class ChoiceForm(forms.Form):
    """What a client chooses: a time, and where the offer leaves it open, in which way."""

    kind = forms.ChoiceField(label=_("How would you like to meet?"), widget=forms.RadioSelect())
    starts_at = InstantField(label=_("Time"), error_messages={"required": NO_TIME})
    key = forms.UUIDField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(kind, label) for kind, label in Kind.choices if kind in kinds]
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = chosen
        field.error_messages["required"] = gettext("Please choose a visit or a video meeting.")
        if len(chosen) == 1:
            field.initial, field.widget = chosen[0][0], forms.HiddenInput()

    def submission_key(self) -> UUID:
        """The key that this page was given: the same after an error."""
        return _key_of(self)


class OfferForm(forms.Form):
    """An officer lets the client choose."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    minutes = forms.TypedChoiceField(label=_("Length"), coerce=int, choices=MeetingPolicy.Length.choices)

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        offered = [(kind, label) for kind, label in Kind.choices if kind in kinds]
        field.choices = [("", _("The client chooses")), *offered] if len(offered) > 1 else offered


class WayForm(forms.Form):
    """In which way: a visit, or one of the providers that are set up; with a link where it is pasted."""

    may_be_empty = frozenset({"link"})

    way = forms.ChoiceField(label=_("Where"), widget=forms.RadioSelect())
    link = forms.CharField(
        label=_("Link to the meeting"),
        required=False,
        max_length=LONGEST,
        help_text=_("Only for a link of your own. It begins with https://."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, policy: MeetingPolicy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["way"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = ways(policy)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("way") == Provider.LINK and not cleaned.get("link"):
            self.add_error("link", gettext("Please paste the link to the meeting."))
        return cleaned

    def chosen(self) -> dict[str, str]:
        """Kind, provider and link as the verbs take them; only after is_valid()."""
        way = self.cleaned_data["way"]
        if way == Kind.VISIT:
            return {"kind": Kind.VISIT, "provider": "", "link": ""}
        return {"kind": Kind.VIDEO, "provider": way, "link": self.cleaned_data["link"]}


class BookingForm(WayForm):
    """An officer books what was agreed: one of the free times, or another one."""

    field_order = ("way", "link", "desk", "starts_at", "other_at")
    may_be_empty = frozenset({"link", "desk", "starts_at", "other_at"})

    starts_at = InstantField(label=_("Time"), required=False)
    other_at = forms.DateTimeField(
        label=_("Another time"),
        required=False,
        widget=MomentInput(),
        help_text=_("Within the opening hours, on a quarter of an hour."),
    )
    desk = forms.ModelChoiceField(
        label=_("Desk"),
        queryset=Desk._base_manager.none(),
        required=False,
        empty_label=_("Where the officer sits that day"),
        help_text=_("Only for a visit. A desk is kept for one visit at a time."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["desk"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = office.desks.filter(is_active=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begins = cleaned.get("other_at") or cleaned.get("starts_at")
        if begins is None and not {"other_at", "starts_at"} & set(self.errors):
            self.add_error("starts_at", str(NO_TIME))
        return cleaned | {"begins": begins}

    def submission_key(self) -> UUID:
        return _key_of(self)


class ReasonForm(forms.Form):
    """Why an appointment does not take place; told to the other side."""

    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class PolicyForm(forms.Form):
    """How the office gives appointments, and its video providers."""

    may_be_empty = frozenset({"jitsi_url", "zoom_account", "zoom_client", "zoom_host", "zoom_secret"})

    offers_visits = forms.BooleanField(label=_("Clients may choose a visit"), required=False)
    offers_video = forms.BooleanField(label=_("Clients may choose a video meeting"), required=False)
    minutes = forms.TypedChoiceField(
        label=_("Length of an appointment"), coerce=int, choices=MeetingPolicy.Length.choices
    )
    notice_hours = forms.IntegerField(
        label=_("Notice in hours"),
        min_value=0,
        max_value=168,
        help_text=_("Clients book, move and cancel at the latest this long before."),
    )
    ahead_days = forms.IntegerField(
        label=_("Days ahead"), min_value=1, max_value=90, help_text=_("How far ahead clients may choose.")
    )
    video_provider = forms.ChoiceField(
        label=_("Video meetings by"),
        choices=Provider.choices,
        widget=forms.RadioSelect(),
        help_text=_("Officers may choose another way for a single meeting."),
    )
    jitsi_url = forms.CharField(
        label=_("Address of your Jitsi server"),
        max_length=200,
        required=False,
        help_text=_("Example: https://temu.contoh.go.id"),
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )
    zoom_account = forms.CharField(label=_("Account ID"), max_length=100, required=False)
    zoom_client = forms.CharField(label=_("Client ID"), max_length=100, required=False)
    zoom_secret = forms.CharField(
        label=_("Client secret"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )
    zoom_host = forms.EmailField(
        label=_("Host"),
        required=False,
        help_text=_("E-mail of the Zoom user who hosts. Empty: the owner of the account."),
    )

    def __init__(self, *args: Any, has_secret: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zoom_secret"].help_text = (
            gettext("One is stored and is not shown. Leave this empty to keep it.")
            if has_secret
            else gettext("Stored encrypted and never shown again.")
        )


def ways(policy: MeetingPolicy) -> list[tuple[str, Any]]:
    """What an officer may choose from: a visit, and the providers that are set up, the office's own first."""
    known = {Provider.ZOOM: policy.has_zoom, Provider.JITSI: bool(policy.jitsi_url), Provider.LINK: True}
    order = sorted(Provider, key=lambda each: each != policy.video_provider)
    video = [
        (each.value, _("Video: %(provider)s") % {"provider": each.label}) for each in order if known[each]
    ]
    return [(Kind.VISIT.value, Kind.VISIT.label), *video]


def initial_way(policy: MeetingPolicy, office: Office) -> str:
    """A video meeting by the office's own provider, where one is set up."""
    return policy.video_provider if policy.pk else Kind.VISIT.value


def _key_of(form: forms.Form) -> UUID:
    given = form.data.get("key", "") if form.is_bound else ""
    try:
        return UUID(str(given))
    except ValueError:
        return uuid4()
