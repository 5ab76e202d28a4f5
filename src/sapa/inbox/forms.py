"""What clients and officers type into requests and conversations."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django import forms
from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sapa.consultations.models import Consultation, DataNeed, MissingItem, Reason
from sapa.core.time import now
from sapa.inbox import rendering
from sapa.inbox.canning import VARIABLE, VARIABLES
from sapa.inbox.models import CannedAnswer, Kind
from sapa.inbox.setting_aside import may_be_repeated
from sapa.people import codelists

EARLIEST_YEAR = 1945
LATEST_YEAR = 2100


def _years() -> dict[str, Any]:
    return {"min_value": EARLIEST_YEAR, "max_value": LATEST_YEAR, "required": False}


class Details(forms.Form):
    """Area, years, level: what makes a question about data clear. Shared by the request and what was asked back."""

    area = forms.CharField(
        label=gettext_lazy("Area"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For example a regency, a district or a village."),
    )
    year_from = forms.IntegerField(label=gettext_lazy("From year"), **_years())
    year_until = forms.IntegerField(label=gettext_lazy("To year"), **_years())
    level = forms.ChoiceField(label=gettext_lazy("Level of detail"), required=False)
    purpose = forms.ChoiceField(label=gettext_lazy("What is it for?"))
    purpose_text = forms.CharField(label=gettext_lazy("What else?"), max_length=120, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        lists = codelists.lists_in_force(now().date())
        language = get_language() or "id"
        unsaid: list[tuple[str, str | Promise]] = [("", gettext_lazy("Not said"))]
        level, purpose = self.fields["level"], self.fields["purpose"]
        assert isinstance(level, forms.ChoiceField)
        assert isinstance(purpose, forms.ChoiceField)
        level.choices = [*unsaid, *DataNeed.Level.choices]
        purpose.choices = [
            ("", _("Please choose")),
            *codelists.choices(lists["purpose"], language),
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("year_from"), said.get("year_until")
        if first is not None and last is not None and first > last:
            self.add_error("year_until", _("The last year lies before the first one."))
        return said


class RequestForm(Details):
    """A question to the office. Subject and question must be there; the rest makes it quicker to answer."""

    field_order = (
        "subject",
        "question",
        "purpose",
        "purpose_text",
        "area",
        "year_from",
        "year_until",
        "level",
    )
    may_be_empty = frozenset({"area", "year_from", "year_until", "level", "purpose_text"})

    subject = forms.CharField(
        label=gettext_lazy("What is it about?"),
        max_length=300,
        help_text=gettext_lazy("In a few words, for example: population by district 2024."),
    )
    question = forms.CharField(
        label=gettext_lazy("Your question"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=rendering.LONGEST,
        help_text=gettext_lazy("Which figures do you need, and in which form?"),
    )

    def asked(self) -> dict[str, Any]:
        """The fields of OnlineRequest."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "subject"}


class CompletionForm(Details):
    """Only what was asked back for and is a field of the request."""

    _fields_of = {
        MissingItem.Key.AREA: ("area",),
        MissingItem.Key.YEARS: ("year_from", "year_until"),
        MissingItem.Key.LEVEL: ("level",),
        MissingItem.Key.PURPOSE: ("purpose", "purpose_text"),
    }

    def __init__(self, keys: set[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        wanted = {name for key in keys for name in self._fields_of.get(MissingItem.Key(key), ())}
        for name in list(self.fields):
            if name not in wanted:
                del self.fields[name]
            elif name not in ("year_until", "purpose_text"):
                self.fields[name].required = True

    def given(self) -> dict[str, Any]:
        """The fields of OnlineRequest that were asked for."""
        return dict(self.cleaned_data)


class KeyField(forms.UUIDField):
    """The key that the page made; a page that made none gets one."""

    def clean(self, value: Any) -> UUID:
        try:
            found: UUID = super().clean(value)
        except forms.ValidationError:
            return uuid4()
        return found


class MessageForm(forms.Form):
    """Something to say. Its length and its words are judged where it is written, so that a draft keeps anything."""

    key = KeyField(required=True)
    text = forms.CharField(label=gettext_lazy("Message"), required=False, strip=False)
    kind = forms.ChoiceField(choices=Kind.choices, required=False)
    file = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        held = self.data.getlist("file") if hasattr(self.data, "getlist") else []
        file = self.fields["file"]
        assert isinstance(file, forms.TypedMultipleChoiceField)
        file.choices = [(each, each) for each in held if each.isdecimal() and len(each) < 19]


class AskBackForm(forms.Form):
    """What is missing, asked in one message."""

    items = forms.MultipleChoiceField(
        label=gettext_lazy("What is missing?"),
        choices=[each for each in MissingItem.Key.choices if each[0] != MissingItem.Key.OTHER],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    other = forms.CharField(label=gettext_lazy("Something else"), max_length=300, required=False)
    text = forms.CharField(
        label=gettext_lazy("In your words"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    key = KeyField(required=True)


class ClosureForm(forms.Form):
    """Closing a request that was not answered: why, and for a double the number of the other one."""

    _reasons: ClassVar[list[tuple[str, Any]]] = [
        (Reason.JUNK, gettext_lazy("No question for the office: advertising, a test, insults")),
        (Reason.WITHDRAWN, gettext_lazy("The client told us that it is not needed any more")),
        (Reason.ELSEWHERE, gettext_lazy("Answered elsewhere: by telephone, at the desk, by letter")),
        (Reason.DUPLICATE, gettext_lazy("The client asks the same in another one")),
    ]

    reason = forms.ChoiceField(
        label=gettext_lazy("Why is it not answered?"), choices=_reasons, widget=forms.RadioSelect
    )
    double_of = forms.CharField(label=gettext_lazy("The other question"), max_length=24, required=False)

    def __init__(self, *args: Any, repeatable: Iterable[Consultation] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        others = [each for each in repeatable if may_be_repeated(each)]
        if others:
            shown = [(each.code, f"{each.code} · {each.subject}"[:90]) for each in others]
            self.fields["double_of"].widget = forms.Select(choices=shown)
        elif not self.is_bound:  # there is nothing that it could be a double of
            del self.fields["double_of"]
            reason = self.fields["reason"]
            assert isinstance(reason, forms.ChoiceField)
            reason.choices = [each for each in self._reasons if each[0] != Reason.DUPLICATE]


def _variables() -> str:
    is_english = get_language() == "en"
    return ", ".join(f"{{{word}}}" for word, means in VARIABLES.items() if (word == means) == is_english)


class CannedForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """A text that the office uses again."""

    class Meta:
        model = CannedAnswer
        fields = ["title", "text"]
        labels = {"title": gettext_lazy("Title"), "text": gettext_lazy("Text")}
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "text": format_lazy(
                "{} {}", gettext_lazy("Filled in when it is chosen:"), lazy(_variables, str)()
            )
        }

    def clean_text(self) -> str:
        """A variable that does not exist would reach the client as it stands."""
        text: str = self.cleaned_data["text"]
        unknown = [name for name in VARIABLE.findall(text) if name not in VARIABLES]
        if unknown:
            raise forms.ValidationError(
                _("{%(name)s} is not filled in by anything. Use one of the words above, or write it out."),
                code="variable",
                params={"name": unknown[0]},
            )
        return text


class ReleaseForm(forms.Form):
    """Whether an answer waits for a colleague."""

    approval = forms.BooleanField(
        label=gettext_lazy("Answers go out only after a colleague has looked at them"), required=False
    )


class SourceForm(forms.Form):
    """A source typed by hand."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    url = forms.URLField(label=gettext_lazy("Address"), max_length=500, required=False, assume_scheme="https")
    area = forms.CharField(label=gettext_lazy("Area"), max_length=120, required=False)
    years = forms.CharField(label=gettext_lazy("Period"), max_length=60, required=False)
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=60, required=False)
    value = forms.CharField(label=gettext_lazy("Figure"), max_length=200, required=False)


class PublicationForm(forms.Form):
    """Question and answer as everybody will read them. What names the person is judged where it is proposed."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=300)
    question = forms.CharField(label=gettext_lazy("Question"), widget=forms.Textarea(attrs={"rows": 4}))
    answer = forms.CharField(label=gettext_lazy("Answer"), widget=forms.Textarea(attrs={"rows": 8}))
