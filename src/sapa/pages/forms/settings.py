"""The forms of an office's settings. They turn what was typed into values; the verbs decide."""

import re
from datetime import date, time
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sapa.offices.holidays import Week, check_week, weekday_name
from sapa.offices.marked_yaml import LARGEST
from sapa.offices.models import Closure, Desk, Device, Holiday, Hours, Office, Service
from sapa.people.models import Officer
from sapa.ui.forms import DateInput

_INTERVAL: Final = re.compile(
    r"([01]?[0-9]|2[0-3])[.:]([0-5][0-9])\s*[-–]\s*([01]?[0-9]|2[0-3])[.:]([0-5][0-9])"
)
DAYS: Final = range(7)


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of a date and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class HolidayForm(forms.Form):
    """One day off of the own office."""

    on = forms.DateField(label=_("Date"), widget=DateInput())
    kind = forms.ChoiceField(label=_("Kind"), choices=Holiday.Kind.choices, initial=Holiday.Kind.LOCAL)
    name_id = forms.CharField(label=_("Name in Indonesian"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    source = forms.CharField(
        label=_("Decree or letter"),
        max_length=200,
        help_text=_("Who decided it, with the number. Example: SE Bupati 100/2026."),
    )


class DecreeForm(forms.Form):
    """The joint decree of one year, known at last."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    title = forms.CharField(label=_("Decree"), max_length=200)


class WeekForm(forms.Form):
    """The intervals of a week as text, a line for each weekday; dated when it is not the regular week."""

    # The days say themselves that they may stay empty; seven marks would hide it.
    may_be_empty = frozenset[str]()

    name = forms.CharField(label=_("Name"), max_length=60)

    def __init__(self, *args: Any, is_dated: bool, hours: Hours | None = None, **kwargs: Any) -> None:
        if hours is not None:
            kwargs["initial"] = _typed(hours)
        super().__init__(*args, **kwargs)
        if is_dated:
            for key, label in (("starts_on", gettext("First day")), ("ends_on", gettext("Last day"))):
                # The first day names a stored week; to move it, remove the week and add it anew.
                kept = hours is not None and key == "starts_on"
                self.fields[key] = forms.DateField(label=label, widget=DateInput(), disabled=kept)
        for day in DAYS:
            self.fields[f"day_{day}"] = forms.CharField(
                label=weekday_name(day), max_length=120, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for day in DAYS:
            text = cleaned.get(f"day_{day}", "")
            intervals = _intervals(text)
            if intervals is None:
                self.add_error(
                    f"day_{day}",
                    gettext("Write the hours like 08.00–11.30, 13.30–15.30, or leave the day empty."),
                )
                continue
            cleaned[f"day_{day}"] = intervals
        return cleaned

    def week(self) -> Week:
        """The typed week; only after is_valid(). Refused when intervals overlap."""
        week = {day: self.cleaned_data[f"day_{day}"] for day in DAYS if self.cleaned_data[f"day_{day}"]}
        check_week(week)
        return week


class ClosureForm(forms.Form):
    """From when until when, and why."""

    starts_at = forms.DateTimeField(label=_("Closed from"), widget=MomentInput())
    ends_at = forms.DateTimeField(label=_("Open again at"), widget=MomentInput())
    reason = forms.CharField(
        label=_("Reason"),
        max_length=Closure._meta.get_field("reason").max_length,
        help_text=_("Visitors read it on the public page. Example: power cut."),
    )


class DeskForm(forms.Form):
    """A desk and what is served there."""

    name = forms.CharField(label=_("Name"), max_length=40)
    services = forms.ModelMultipleChoiceField(
        label=_("Services"), queryset=Service._base_manager.none(), widget=forms.CheckboxSelectMultiple()
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["services"]
        assert isinstance(choice, forms.ModelMultipleChoiceField)
        choice.queryset = office.services.all()


class ServiceForm(forms.Form):
    """What may be changed about a service; its key stays."""

    name_id = forms.CharField(label=_("Name in Indonesian"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    hint_id = forms.CharField(label=_("Hint in Indonesian"), max_length=160, required=False)
    hint_en = forms.CharField(label=_("Hint in English"), max_length=160, required=False)
    # Not `prefix`: a Form has an attribute of that name.
    letters = forms.RegexField(
        label=_("Prefix of its numbers"),
        regex="^[A-Z]{1,2}$",
        help_text=_("One or two capital letters, each service its own."),
        error_messages={"invalid": _("Write one or two capital letters.")},
    )
    typical_minutes = forms.IntegerField(label=_("Typical length in minutes"), min_value=1, max_value=480)
    daily_limit = forms.IntegerField(
        label=_("Numbers a day at most"),
        min_value=1,
        max_value=2000,
        required=False,
        help_text=_("Leave it empty for no limit."),
    )
    is_active = forms.BooleanField(label=_("Offered"), required=False)


class OfficerForm(forms.Form):
    """Whom to invite."""

    email = forms.EmailField(label=_("E-mail"))
    name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.ChoiceField(label=_("Role"), choices=Officer.Role.choices)


class RoleForm(forms.Form):
    """Another role."""

    role = forms.ChoiceField(label=_("Role"), choices=Officer.Role.choices)


class DeviceForm(forms.Form):
    """A new device. Only a rating tablet belongs to a desk."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Device.Kind.choices)
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("Where it stands. Example: entrance."))
    desk = forms.ModelChoiceField(
        label=_("Desk (for a rating tablet)"), queryset=Desk._base_manager.none(), required=False
    )
    expires_on = forms.DateField(
        label=_("Valid until"),
        widget=DateInput(),
        required=False,
        help_text=_("Leave it empty when the device stays."),
    )

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["desk"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = office.desks.filter(is_active=True)


class StandardForm(forms.Form):
    """The YAML file of the standard; only as much of it is kept in memory as a standard may be long."""

    file = forms.FileField(label=_("File"), help_text=_("YAML, at most 200 kB."))

    def contents(self) -> bytes:
        """The file, cut just beyond the largest size that is read at all."""
        contents: bytes = self.cleaned_data["file"].read(LARGEST + 1)
        return contents


class PolicyForm(forms.Form):
    """The rules of the queue and of signing in."""

    priority_every = forms.IntegerField(
        label=_("A priority number comes first at the latest after this many calls"),
        min_value=1,
        max_value=20,
        help_text=_("1: priority numbers always come first. 3: after at most two regular ones."),
    )
    remote_queue = forms.BooleanField(
        label=_("Visitors may take a number on the phone before they arrive"), required=False
    )
    mfa_required = forms.BooleanField(label=_("Officers need a second step at sign-in"), required=False)


def _typed(hours: Hours) -> dict[str, str | date | None]:
    days: dict[int, list[str]] = {}
    for row in hours.intervals.all():
        days.setdefault(row.weekday, []).append(f"{row.opens:%H.%M}–{row.closes:%H.%M}")
    typed: dict[str, str | date | None] = {f"day_{day}": ", ".join(texts) for day, texts in days.items()}
    return typed | {"name": hours.name, "starts_on": hours.starts_on, "ends_on": hours.ends_on}


def _intervals(text: str) -> list[tuple[time, time]] | None:
    intervals = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = _INTERVAL.fullmatch(part)
        if found is None:
            return None
        intervals.append((time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))))
    return intervals
