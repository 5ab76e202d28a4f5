"""What an officer types at the desk."""

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.db.models import Case, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sapa.consultations.answering import Cited
from sapa.consultations.models import DataNeed
from sapa.offices.models import Desk, Service

SOURCE_LINES = 6


class AnswerForm(forms.Form):
    """What was asked and answered. Sources are written one a line: a title, an address, or both."""

    # Finishing asks for the answer; until then what is typed is kept as it is.
    may_be_empty = frozenset({"subject", "sources"})

    subject = forms.CharField(label=_("Question"), max_length=300, required=False)
    answer = forms.CharField(
        label=_("Answer"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What you told or gave the visitor, in your own words."),
    )
    sources = forms.CharField(
        label=_("Sources"),
        max_length=4_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line: the title and, if there is one, the address of the table or publication."),
    )

    def clean_sources(self) -> list[Cited]:
        """Each line as a citation; an address that is none is refused with its line."""
        text: str = self.cleaned_data["sources"]
        found = []
        for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), start=1):
            title, url = _split(line)
            if url:
                try:
                    URLValidator(schemes=["http", "https"])(url)
                except forms.ValidationError as error:
                    raise forms.ValidationError(
                        _("Line %(number)s holds an address that does not work: %(url)s"),
                        params={"number": number, "url": url},
                    ) from error
            if len(title) > 300 or len(url) > 500:
                raise forms.ValidationError(_("Line %(number)s is too long."), params={"number": number})
            found.append(Cited(title=title or url, url=url))
        return found


def sources_text(citations: Any) -> str:
    """Citations as the lines that an officer typed."""
    return "\n".join(
        each.title if not each.url else each.url if each.title == each.url else f"{each.title} {each.url}"
        for each in citations
    )


def _split(line: str) -> tuple[str, str]:
    words = line.split()
    addresses = [word for word in words if "://" in word]
    title = " ".join(word for word in words if "://" not in word)
    return title, addresses[0] if addresses else ""


class NeedForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """Block 3 of the SKD: one data item that was asked for (domain.md 3.3)."""

    class Meta:
        model = DataNeed
        fields = [
            "detail",
            "area",
            "year_from",
            "year_until",
            "level",
            "frequency",
            "outcome",
            "source_kind",
            "source_title",
            "for_development_planning",
            "quality",
        ]
        labels = {
            "detail": _("Data asked for"),
            "area": _("Area"),
            "year_from": _("From year"),
            "year_until": _("Until year"),
            "level": _("Level"),
            "frequency": _("Frequency"),
            "outcome": _("Obtained?"),
            "source_kind": _("Kind of source"),
            "source_title": _("Title and year of the source"),
            "for_development_planning": _("Used for planning or evaluating development?"),
            "quality": _("Quality of the data, 1 to 10"),
        }
        widgets = {
            "for_development_planning": forms.NullBooleanSelect,
            "year_from": forms.NumberInput(attrs={"min": 1900, "max": 2100}),
            "year_until": forms.NumberInput(attrs={"min": 1900, "max": 2100}),
            "quality": forms.NumberInput(attrs={"min": 1, "max": 10}),
        }

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("year_from"), values.get("year_until")
        for name, year in (("year_from", first), ("year_until", last)):
            if year is not None and not 1900 <= year <= 2100:
                self.add_error(name, _("Please write a year between 1900 and 2100."))
        if first is not None and last is not None and last < first:
            self.add_error("year_until", _("The last year lies before the first. Please swap them."))
        quality = values.get("quality")
        if quality is not None and not 1 <= quality <= 10:
            self.add_error("quality", _("Please give a number from 1 to 10."))
        return values


class _HandoverDesk(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """A desk as a choice to hand over to; one where nobody sits says so, for it keeps the number for nobody."""

    def label_from_instance(self, desk: Desk) -> str:
        if desk.officer_id is not None:
            return desk.name
        return gettext("%(desk)s (no officer)") % {"desk": desk.name}


# Query sets are made with the form, inside the office's scope: one made at import would belong to no office.
class SeatForm(forms.Form):
    """At which desk the officer sits down."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["desk"] = forms.ModelChoiceField(
            Desk.objects.filter(is_active=True), label=_("Desk"), empty_label=None
        )


class TransferForm(forms.Form):
    """To another service's line, to one desk, or both."""

    may_be_empty = frozenset[str]()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"] = forms.ModelChoiceField(
            Service.objects.filter(is_active=True),
            label=_("To service"),
            required=False,
            empty_label=_("the same service"),
        )
        # Staffed ones first. The others stay: the colleague may be back before the visitor's turn.
        self.fields["desk"] = _HandoverDesk(
            Desk.objects.filter(is_active=True).order_by(Case(When(officer=None, then=1), default=0), "name"),
            label=_("Only to desk"),
            required=False,
            empty_label=_("any desk"),
        )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not self.errors and values.get("service") is None and values.get("desk") is None:
            raise forms.ValidationError(_("Please choose a service or a desk to hand the visitor over to."))
        return values


class ReferralForm(forms.Form):
    """On to another service of the PST."""

    note = forms.CharField(label=_("Note for the colleague"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"] = forms.ModelChoiceField(
            Service.objects.filter(is_active=True, is_pst=True), label=_("Refer to"), empty_label=None
        )
        self.order_fields(["service", "note"])
