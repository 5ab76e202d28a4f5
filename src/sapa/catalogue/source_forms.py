"""What an administrator chooses about a source of the kind WebAPI."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from sapa.catalogue.models import Source
from sapa.catalogue.sources.webapi.models import USUAL
from sapa.people.fields import Line

BY_COMMAND: Final = "0"
# Foreign trade needs chapters and years: it is set up by command.
MODELS: Final = {
    "var": _("Dynamic tables with their numbers"),
    "statictable": _("Tables"),
    "publication": _("Publications"),
    "pressrelease": _("Press releases"),
    "indicators": _("Strategic indicators"),
    "infographic": _("Infographics"),
    "simdasi": _("Tables of “Dalam Angka” (SIMDASI)"),
    "sensus": _("Tables of the censuses"),
    "sdgs": _("Indicators of the Sustainable Development Goals"),
    "glosarium": _("Glossary"),
    "kbli2020": "KBLI 2020",
    "kbli2025": "KBLI 2025",
    "kbli2017": "KBLI 2017",
    "kbli2015": "KBLI 2015",
    "kbli2009": "KBLI 2009",
    "kbki2015": "KBKI 2015",
}
LANGUAGES: Final = {"ind": _("Indonesian"), "eng": _("English")}
PAUSES: Final = {
    "6": _("Every six hours"),
    "24": _("Every day"),
    "168": _("Every week"),
    "720": _("Every thirty days"),
    BY_COMMAND: _("Only by command or by “Read now”"),
}


class WebApiForm(forms.Form):
    """Site, lists, languages and timetable."""

    domain = Line(
        label=_("Number of the site at BPS"),
        max_length=4,
        required=True,
        help_text=_("Four digits: 1808 for Tulang Bawang, 1800 for Lampung, 0000 for the central office."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    models = forms.MultipleChoiceField(
        label=_("What is read"),
        choices=list(MODELS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose what is to be read.")},
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=list(LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one language.")},
    )
    every_hours = forms.ChoiceField(label=_("How often"), choices=list(PAUSES.items()))

    @property
    def pause(self) -> int | None:
        """Hours between two readings; None when only by command."""
        return int(self.cleaned_data["every_hours"]) or None

    def config(self, before: dict[str, Any] | None = None) -> dict[str, Any]:
        """The settings as the reader takes them; what the form does not know of `before` stays."""
        kept = dict(before or {})
        others = [each for each in kept.get("models", []) if each not in MODELS]
        chosen = {name: self.cleaned_data[name] for name in ("domain", "languages")}
        return kept | chosen | {"models": [*self.cleaned_data["models"], *others]}


class NewWebApiForm(WebApiForm):
    """The same for a source that is not there yet."""

    name = Line(
        label=_("Name of the source"),
        max_length=40,
        required=True,
        help_text=_("Small letters, digits and dashes: bps-1808. The command line knows it by this name."),
    )
    field_order = ("name", "domain", "models", "languages", "every_hours")


def chosen(source: Source) -> dict[str, Any]:
    """What the form shows of a source that is there."""
    every = str(source.every_hours) if source.due_at else BY_COMMAND
    return {
        "domain": source.config.get("domain", ""),
        "models": source.config.get("models", list(USUAL)),
        "languages": source.config.get("languages", ["ind"]),
        "every_hours": every if every in PAUSES else "24",
    }
