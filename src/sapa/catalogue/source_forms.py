"""What an administrator chooses about a source, kind by kind; no secret is ever asked for here."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from sapa.catalogue.models import Source
from sapa.catalogue.sources import checking
from sapa.catalogue.sources.ckan.reader import LONGEST_QUERY, is_short_name
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


class SourceForm(forms.Form):
    """What is asked of every source: its name where it is new, and how often it is read."""

    # Fields that are the source's settings, under the same names.
    settings: tuple[str, ...] = ()

    name = Line(
        label=_("Name of the source"),
        max_length=40,
        required=True,
        help_text=_("Small letters, digits and dashes: bps-1808. The command line knows it by this name."),
    )
    every_hours = forms.ChoiceField(label=_("How often"), choices=list(PAUSES.items()))

    def __init__(self, *given: Any, is_new: bool, **more: Any) -> None:
        super().__init__(*given, **more)
        if not is_new:
            del self.fields["name"]
        self.order_fields(["name", *self.settings, "every_hours"])

    @property
    def pause(self) -> int | None:
        """Hours between two readings; None when only by command."""
        return int(self.cleaned_data["every_hours"]) or None

    def config(self, before: dict[str, Any] | None = None) -> dict[str, Any]:
        """The settings as the reader takes them; what the form does not know of `before` stays, what is empty goes."""
        told = dict(before or {}) | {name: self.cleaned_data[name] for name in self.settings}
        return {name: value for name, value in told.items() if value != ""}


class WebApiForm(SourceForm):
    """Site, lists and languages."""

    settings = ("domain", "models", "languages")

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

    def config(self, before: dict[str, Any] | None = None) -> dict[str, Any]:
        """As of every form; lists that are chosen by command only stay chosen."""
        others = [each for each in (before or {}).get("models", []) if each not in MODELS]
        return super().config(before) | {"models": [*self.cleaned_data["models"], *others]}


class _AddressForm(SourceForm):
    """A source that is found by its address."""

    wrong_address: Any = ""

    url = Line(
        label=_("Address"),
        max_length=300,
        required=True,
        widget=forms.URLInput(attrs={"autocomplete": "off", "inputmode": "url"}),
    )

    def clean_url(self) -> str:
        """An address of the web, without a password in it."""
        given: str = self.cleaned_data["url"].rstrip("/")
        problems = checking.address(given, str(self.wrong_address))
        if problems:
            raise forms.ValidationError(problems)
        return given


class CkanForm(_AddressForm):
    """A data portal: all of it, or what an organisation, a group or words of its search choose."""

    settings = ("url", "organization", "group", "query")
    wrong_address = _("Write the address of the portal, like https://data.lampungprov.go.id.")

    organization = Line(
        label=_("Only of this organisation"),
        max_length=100,
        help_text=_("Its short name, as it stands in the portal's addresses: dinas-koperasi."),
    )
    group = Line(
        label=_("Only of this group"), max_length=100, help_text=_("Its short name, in the same way.")
    )
    query = Line(
        label=_("Only what these words find"),
        max_length=LONGEST_QUERY,
        help_text=_("As in the portal's own search: statistik sektoral."),
    )

    def clean_organization(self) -> str:
        """A short name."""
        return _short(self.cleaned_data["organization"])

    def clean_group(self) -> str:
        """A short name."""
        return _short(self.cleaned_data["group"])


class SdmxForm(_AddressForm):
    """A service that speaks SDMX: of which agency, and what of it."""

    settings = ("url", "agency", "resources", "classifications")
    wrong_address = _(
        "Write the address of the service up to what stands before “/dataflow”, like https://sdmx.example.org/rest."
    )

    agency = Line(
        label=_("Only of this agency"), max_length=100, help_text=_("Its id in the service, like BPS.")
    )
    resources = forms.MultipleChoiceField(
        label=_("What is read"),
        choices=[("dataflow", _("Data flows, as tables")), ("codelist", _("Code lists"))],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose what is to be read.")},
    )
    classifications = Line(
        label=_("Code lists that are classifications"),
        max_length=300,
        help_text=_("Their ids with commas between them; each code of them becomes an entry."),
    )

    def clean_classifications(self) -> list[str]:
        """The ids, one by one."""
        given: str = self.cleaned_data["classifications"]
        return [each.strip() for each in given.split(",") if each.strip()]


class FileForm(SourceForm):
    """A file that lies on the server: which one, the operator says by command."""


FORMS: Final[dict[str, type[SourceForm]]] = {
    "webapi": WebApiForm,
    "ckan": CkanForm,
    "sdmx": SdmxForm,
    "file": FileForm,
}
# What can be added here; a file is added by command, since it lies on the server.
NEW: Final = ("webapi", "ckan", "sdmx")


def beginning(kind: str, code: str) -> dict[str, Any]:
    """What the form of a new source shows at first; `code` is the office's."""
    given: dict[str, dict[str, Any]] = {
        "webapi": {"domain": code, "models": list(USUAL), "languages": ["ind"]},
        "sdmx": {"resources": ["dataflow", "codelist"]},
    }
    return {"every_hours": "24"} | given.get(kind, {})


def chosen(source: Source) -> dict[str, Any]:
    """What the form shows of a source that is there."""
    every = str(source.every_hours) if source.due_at else BY_COMMAND
    given = dict(source.config)
    usual = {"models": list(USUAL), "languages": ["ind"], "resources": ["dataflow", "codelist"]}
    lists = given.get("classifications", [])
    given["classifications"] = ", ".join(map(str, lists if isinstance(lists, list) else []))
    return usual | given | {"every_hours": every if every in PAUSES else "24"}


def _short(given: str) -> str:
    if not is_short_name(given):
        raise forms.ValidationError(
            _("This is no short name: write it as it stands in the portal's addresses.")
        )
    return given
