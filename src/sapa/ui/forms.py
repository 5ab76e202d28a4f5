"""Form rendering in the look of Sapa: the renderer, some widgets, and what the element `field` must know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop


class Renderer(DjangoTemplates):
    """For FORM_RENDERER: `{{ form }}` and `{{ form.name.as_field_group }}` look like the elements."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"


class DateInput(forms.DateInput):
    """The browser's own date picker, fed with the form it insists on."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class TelInput(forms.TextInput):
    """A number pad on a phone."""

    input_type = "tel"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"autocomplete": "tel", "inputmode": "tel", **(attrs or {})})


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a group of radio buttons, checkboxes or a list."""

    id: str
    name: str
    value: str
    label: str
    checked: bool
    hint: str = ""
    disabled: bool = False


# Django's own sentences, said our way: the catalogue of the first installed application wins.
DJANGO_SAYS: Final = (
    gettext_noop("This field is required."),
    gettext_noop("Enter a valid email address."),
    gettext_noop("Your password can’t be too similar to your other personal information."),
    gettext_noop("Your password can’t be a commonly used password."),
    gettext_noop("Your password can’t be entirely numeric."),
)

KINDS_OF_GROUP: Final = {"radio", "plain", "row", "checks", "rating"}


def _kind(bound: forms.BoundField, asked: str | None) -> str:
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    # A CheckboxSelectMultiple is a RadioSelect to isinstance, so the order matters.
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checks"
    if isinstance(widget, forms.RadioSelect):
        return asked or "radio"
    if isinstance(widget, forms.CheckboxInput):
        return "toggle" if asked == "toggle" else "check"
    return asked or "control"


def _options(bound: forms.BoundField, hints: Mapping[str, str]) -> list[Option]:
    return [
        Option(
            id=sub.id_for_label,
            name=str(sub.data["name"]),
            value=str(sub.data["value"]),
            label=str(sub.data["label"]),
            checked=bool(sub.data["selected"]),
            hint=str(hints.get(str(sub.data["value"]), "")),
            disabled=bool(sub.data["attrs"].get("disabled")),
        )
        for sub in bound.subwidgets
        if sub.data["value"] != ""
    ]


def may_be_empty(bound: forms.BoundField, kind: str) -> bool:
    """Whether the label says that the field is optional; what must be filled in carries no mark.

    An unticked box is an answer, and a questionnaire says above it what may stay empty. A form whose fields are
    all optional to Django, because it decides in `clean`, names in `may_be_empty` those that truly are.
    """
    if kind in {"check", "toggle", "rating", "hidden"}:
        return False
    named = getattr(bound.form, "may_be_empty", None)
    return not bound.field.required if named is None else bound.name in named


def field_parts(bound: forms.BoundField, given: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the template of `field` shows for a form field; what was given by hand wins."""
    html_id = bound.auto_id or f"id_{bound.html_name}"
    kind = _kind(bound, given.get("kind"))
    hint = given.get("hint", bound.help_text)
    errors = [str(error) for error in bound.errors]
    described = " ".join(
        part for part in (f"{html_id}-hint" if hint else "", f"{html_id}-error" if errors else "") if part
    )
    parts: dict[str, Any] = {
        "kind": kind,
        "id": html_id,
        "name": bound.html_name,
        "label": given.get("label", bound.label),
        "hint": hint,
        "errors": errors,
        "required": bound.field.required,
        "optional": given.get("optional", may_be_empty(bound, kind)),
        "described": described,
    }
    if kind in KINDS_OF_GROUP:
        parts["options"] = _options(bound, given.get("option_hints") or {})
        return parts
    own: dict[str, Any] = {"aria-describedby": described or False, "id": html_id}
    if errors:
        own["aria-invalid"] = "true"
    for key in ("autocomplete", "placeholder", "inputmode", "rows"):
        if given.get(key) is not None:
            own[key] = given[key]
    if given.get("suggestions"):
        own |= {"list": f"{html_id}-list", "autocomplete": "off"}
    own |= given.get("attr_map", {})
    if kind == "toggle":
        own["role"] = "switch"
    if kind == "stepper":
        own |= {"inputmode": "numeric"}
    parts["control"] = SafeString(bound.as_widget(attrs=own))
    return parts


def form_errors(form: forms.BaseForm) -> list[tuple[str, str]]:
    """Each error with the id of the control to go to, in the order of the form; its own errors first."""
    found = [("", str(error)) for error in form.non_field_errors()]
    for bound in form:
        if bound.field.widget.is_hidden:
            found += [("", str(error)) for error in bound.errors]
            continue
        target = bound.auto_id or f"id_{bound.html_name}"
        if isinstance(bound.field.widget, forms.RadioSelect):
            # The id of a group is on its fieldset; the first radio is what can take the focus.
            target = f"{target}_0"
        found += [(target, f"{str(bound.label).rstrip('.:?!')}: {error}") for error in bound.errors]
    return found


def options_from(given: Mapping[str, Any]) -> list[Option]:
    """The options of a group written by hand as (value, label) pairs."""
    name, value = str(given["name"]), given.get("value")
    chosen = {str(one) for one in value} if isinstance(value, list | tuple | set) else {str(value)}
    hints = given.get("option_hints") or {}
    html_id = given.get("id") or f"id_{name}"
    return [
        Option(
            id=f"{html_id}_{place}",
            name=name,
            value=str(code),
            label=str(words),
            checked=str(code) in chosen,
            hint=str(hints.get(code, hints.get(str(code), ""))),
        )
        for place, (code, words) in enumerate(given.get("options") or ())
    ]


def rating_options() -> list[tuple[str, str]]:
    """The four answers of a satisfaction element when a page brings no words of its own."""
    return [
        ("1", gettext("Poor")),
        ("2", gettext("Fair")),
        ("3", gettext("Good")),
        ("4", gettext("Very good")),
    ]
