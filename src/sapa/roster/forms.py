"""The forms of the roster. They turn what was typed into values; the verbs decide."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sapa.offices.holidays import weekday_name
from sapa.people.models import Officer
from sapa.roster.leaves import LONGEST_NOTE
from sapa.roster.models import Leave, Part, RosterPolicy, Shift
from sapa.roster.shifts import MOST_WEEKS
from sapa.ui.dates import day_month
from sapa.ui.forms import DateInput

NOBODY = ("", "–")


class PlanForm(forms.Form):
    """How many weeks, from the week that the page shows."""

    first = forms.DateField(widget=forms.HiddenInput())
    weeks = forms.IntegerField(label=_("Number of weeks"), min_value=1, max_value=MOST_WEEKS, initial=4)


class DayForm(forms.Form):
    """One day: for each officer the part of the day, or nothing."""

    may_be_empty = frozenset[str]()

    def __init__(
        self, *args: Any, officers: Iterable[Officer], parts: Mapping[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.officers = list(officers)
        for each in self.officers:
            self.fields[f"officer_{each.pk}"] = _part_field(str(each), parts.get(each.pk, ""))

    def parts(self) -> dict[int, str]:
        """Officer id -> part, for those who are on duty; only after is_valid()."""
        chosen = {each.pk: self.cleaned_data[f"officer_{each.pk}"] for each in self.officers}
        return {officer: part for officer, part in chosen.items() if part}


class PatternForm(forms.Form):
    """The whole week: for each officer and weekday the part of the day, or nothing."""

    may_be_empty = frozenset({"valid_until"})

    valid_from = forms.DateField(label=_("First day"), widget=DateInput())
    valid_until = forms.DateField(
        label=_("Last day"),
        widget=DateInput(),
        required=False,
        help_text=_("Leave it empty for good. After it the pattern before rules again."),
    )

    def __init__(
        self,
        *args: Any,
        officers: Iterable[Officer],
        weekdays: Iterable[int],
        duties: Mapping[tuple[int, int], str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.officers, self.weekdays = list(officers), list(weekdays)
        for each in self.officers:
            for day in self.weekdays:
                label = gettext("%(name)s, %(day)s") % {"name": each, "day": weekday_name(day)}
                self.fields[f"duty_{each.pk}_{day}"] = _part_field(label, duties.get((each.pk, day), ""))

    def rows(self) -> list[tuple[Officer, list[tuple[str, forms.BoundField]]]]:
        """Each officer with the fields of the week under the names of their days."""
        days = [(day, weekday_name(day)) for day in self.weekdays]
        return [
            (each, [(name, self[f"duty_{each.pk}_{day}"]) for day, name in days]) for each in self.officers
        ]

    def duties(self) -> dict[tuple[int, int], str]:
        """(officer id, weekday) -> part, where somebody is on duty; only after is_valid()."""
        chosen = {
            (each.pk, day): self.cleaned_data[f"duty_{each.pk}_{day}"]
            for each in self.officers
            for day in self.weekdays
        }
        return {key: part for key, part in chosen.items() if part}


class LeaveForm(forms.Form):
    """Who is away from when until when; without a choice of officers it is the reader."""

    officer = forms.ChoiceField(label=_("Officer"))
    from_on = forms.DateField(label=_("First day"), widget=DateInput())
    until_on = forms.DateField(label=_("Last day"), widget=DateInput())
    kind = forms.ChoiceField(label=_("Kind"), choices=Leave.Kind.choices, initial=Leave.Kind.ANNUAL)
    note = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_("Only you and those who plan the roster read the kind and the note."),
    )

    def __init__(self, *args: Any, officers: Iterable[Officer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_id = {str(each.pk): each for each in officers}
        choice = self.fields["officer"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(key, str(each)) for key, each in self.by_id.items()]
        if len(self.by_id) == 1:
            choice.widget = forms.HiddenInput()

    def values(self) -> dict[str, Any]:
        """What the verb takes; only after is_valid()."""
        return self.cleaned_data | {"officer": self.by_id[self.cleaned_data["officer"]]}


class SwapForm(forms.Form):
    """Whom to ask, with nothing in return or with one of their shifts."""

    partner = forms.ChoiceField(label=_("Whom do you ask?"))

    def __init__(self, *args: Any, partners: Mapping[Officer, list[Shift]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers: dict[str, tuple[Officer, Shift | None]] = {}
        groups = []
        for officer, shifts in partners.items():
            options = [(str(officer.pk), gettext("%(name)s, nothing in return") % {"name": officer})]
            self.offers[str(officer.pk)] = (officer, None)
            for each in shifts:
                key = f"{officer.pk}-{each.pk}"
                self.offers[key] = (officer, each)
                words = {"name": officer, "day": _with_part(each.on, each.part)}
                options.append((key, gettext("%(name)s, for %(day)s") % words))
            groups.append((str(officer), options))
        choice = self.fields["partner"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", gettext("Choose an officer")), *groups]

    def offer(self) -> tuple[Officer, Shift | None]:
        """Who is asked, and for what in return; only after is_valid()."""
        return self.offers[self.cleaned_data["partner"]]


class PolicyForm(forms.Form):
    """How new online consultations are handed out."""

    assignment = forms.ChoiceField(
        label=_("New online consultations"),
        choices=RosterPolicy.Assignment.choices,
        widget=forms.RadioSelect(),
    )


def _part_field(label: str, initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[NOBODY, *Part.choices], required=False, initial=initial)


def _with_part(on: date, part: str) -> str:
    if part == Part.WHOLE:
        return day_month(on)
    return gettext("%(day)s (%(part)s)") % {"day": day_month(on), "part": Part(part).label.lower()}
