"""Choices: which ways for which topic, when to be left alone, when the overview comes; and a device to be woken."""

from collections.abc import Iterator
from datetime import time
from typing import Any, Final
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sapa.notifications.kinds import Topic
from sapa.notifications.models import Way

HOURS: Final = [
    (f"{hour:02}:{minute:02}", f"{hour:02}.{minute:02}") for hour in range(24) for minute in (0, 30)
]
NONE: Final = ("", gettext_lazy("None"))
Line = tuple[Topic, list[tuple[Way, forms.BoundField]]]


class ChoicesForm(forms.Form):
    """One box for each topic and way, and the hours. Whatever is not ticked is not wanted."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of e-mails"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    quiet_from = forms.ChoiceField(label=gettext_lazy("Quiet from"), required=False)
    quiet_until = forms.ChoiceField(label=gettext_lazy("Quiet until"), required=False)
    quiet_weekends = forms.BooleanField(
        label=gettext_lazy("Quiet on Saturday and Sunday as well"), required=False
    )
    digest_time = forms.ChoiceField(label=gettext_lazy("Daily overview by e-mail at"), required=False)

    def __init__(self, *given: Any, topics: list[tuple[Topic, frozenset[Way]]], **options: Any) -> None:
        super().__init__(*given, **options)
        self.topics = [topic for topic, _ways in topics]
        for name in ("quiet_from", "quiet_until", "digest_time"):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [NONE, *HOURS]
        for topic, ways in topics:
            for way in Way:
                self.fields[f"{topic.name}-{way}"] = forms.BooleanField(
                    label=f"{topic.label}: {way.label}", required=False, initial=way in ways
                )

    def lines(self) -> Iterator[Line]:
        """The table: each topic with a box for each way."""
        for topic in self.topics:
            yield topic, [(way, self[f"{topic.name}-{way}"]) for way in Way]

    @property
    def ways(self) -> list[Way]:
        """The columns of the table."""
        return list(Way)

    def wanted(self, topic: Topic) -> list[Way]:
        """What was ticked for the topic."""
        return [way for way in Way if self.cleaned_data[f"{topic.name}-{way}"]]

    def hour(self, name: str) -> time | None:
        """The chosen time of day, None for none."""
        chosen = self.cleaned_data[name]
        return time.fromisoformat(chosen) if chosen else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if bool(begins) != bool(ends):
            missing = "quiet_until" if begins else "quiet_from"
            self.add_error(missing, _("Quiet hours need a beginning and an end, or neither."))
        elif begins and begins == ends:
            self.add_error("quiet_until", _("Choose an end that differs from the beginning."))
        return cleaned


class DeviceForm(forms.Form):
    """What a browser says when its owner allows it to be woken."""

    endpoint = forms.CharField(max_length=600)
    p256dh = forms.RegexField(r"^[A-Za-z0-9_-]{80,100}=*$", max_length=120)
    auth = forms.RegexField(r"^[A-Za-z0-9_-]{20,24}=*$", max_length=40)

    def clean_endpoint(self) -> str:
        endpoint = str(self.cleaned_data["endpoint"])
        schemes = {"https", "http"} if settings.PUSH_PRIVATE else {"https"}
        try:
            parts = urlsplit(endpoint)
            is_good = parts.scheme in schemes and bool(parts.hostname) and parts.username is None
        except ValueError:
            is_good = False
        if not is_good or not endpoint.isascii() or not endpoint.isprintable():
            raise forms.ValidationError("not an address of a push service", code="bad_endpoint")
        return endpoint
