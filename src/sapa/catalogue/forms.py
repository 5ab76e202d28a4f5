"""What officers type to teach the search: words, what does not exist, an entry."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sapa.catalogue.models import Entry, Frequency, Level, WordRule
from sapa.catalogue.words import LONGEST_MEANING, LONGEST_PHRASE, LONGEST_WHEN

FIRST_YEAR: Final = 1800
LAST_YEAR: Final = 2200
# A classification comes as a whole from its file, an answer from a consultation.
BY_HAND: Final = [
    choice
    for choice in Entry.Kind.choices
    if choice[0] not in {Entry.Kind.CLASSIFICATION_CODE, Entry.Kind.ANSWER}
]
_UNSAID: Final = [("", gettext_lazy("Not said"))]


class WordForm(forms.Form):
    """A line of the table of words."""

    kind = forms.ChoiceField(
        label=gettext_lazy("How it is read"), choices=WordRule.Kind.choices, widget=forms.RadioSelect
    )
    phrase = forms.CharField(
        label=gettext_lazy("As people write it"),
        max_length=LONGEST_PHRASE,
        help_text=gettext_lazy("For example: tuba"),
    )
    means = forms.CharField(
        label=gettext_lazy("As the catalogue writes it"),
        max_length=LONGEST_MEANING,
        help_text=gettext_lazy("For example: Tulang Bawang"),
    )
    when = forms.CharField(
        label=gettext_lazy("Beside which words"),
        max_length=LONGEST_WHEN,
        required=False,
        help_text=gettext_lazy(
            "Only of a word that may mean several things: the words that decide for this one."
        ),
    )


class AbsenceForm(forms.Form):
    """What is not produced, and where to ask instead."""

    indicator = forms.CharField(label=gettext_lazy("What is not available"), max_length=200)
    level = forms.ChoiceField(
        label=gettext_lazy("Figures per"), choices=[*_UNSAID, *Level.choices], required=False
    )
    frequency = forms.ChoiceField(
        label=gettext_lazy("Published how often"), choices=[*_UNSAID, *Frequency.choices], required=False
    )
    area = forms.CharField(label=gettext_lazy("Area"), max_length=120, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why it is not available"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    where_instead = forms.CharField(
        label=gettext_lazy("Where to ask instead"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    next_release = forms.CharField(
        label=gettext_lazy("When there will be a figure"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("For example: Februari 2027"),
    )
    url = forms.URLField(label=gettext_lazy("Address"), max_length=500, required=False, assume_scheme="https")
    keywords = forms.CharField(label=gettext_lazy("Other words for it"), max_length=300, required=False)


class EntryForm(forms.Form):
    """Something that exists and was not found."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=BY_HAND)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=500)
    url = forms.URLField(label=gettext_lazy("Address"), max_length=500, required=False, assume_scheme="https")
    summary = forms.CharField(
        label=gettext_lazy("What it holds"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    keywords = forms.CharField(label=gettext_lazy("Other words for it"), max_length=300, required=False)
    subject = forms.CharField(label=gettext_lazy("Topic"), max_length=60, required=False)
    area = forms.CharField(label=gettext_lazy("Area"), max_length=120, required=False)
    level = forms.ChoiceField(
        label=gettext_lazy("Figures per"), choices=[*_UNSAID, *Level.choices], required=False
    )
    year_from = forms.IntegerField(
        label=gettext_lazy("From year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False
    )
    year_until = forms.IntegerField(
        label=gettext_lazy("To year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False
    )
    producer = forms.CharField(label=gettext_lazy("Source"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("year_from"), said.get("year_until")
        if first is not None and last is not None and first > last:
            self.add_error("year_until", _("The last year lies before the first one."))
        return said
