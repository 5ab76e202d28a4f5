"""The one tag module of the pages: elements, slots, icons, behaviours, dates and numbers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Final

from django import template
from django.conf import settings
from django.core.files.storage import storages
from django.forms import BaseForm
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.template.engine import Engine
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from sapa.ui import dates, promises, remembered
from sapa.ui.forms import KINDS_OF_GROUP, field_parts, form_errors, options_from, rating_options
from sapa.ui.packing import JOINED, PackedStorage

register = template.Library()
register.tag("url", remembered.url_tag)
register.tag("translate", remembered.translate_tag)

_ATTRIBUTE_PREFIXES: Final = ("hx_", "data_", "aria_")
MOST_KEPT: Final = 2_000
_SAME_FOR_ALL: Final = frozenset(
    {
        "back_link",
        "button",
        "key_hint",
        "keys_dialog",
        "line_notice",
        "link_button",
        "live_banner",
        "nav_link",
    }
)
# The same, around a body without slots: what stands before and behind it.
_SAME_AROUND: Final = frozenset({"details", "notice", "panel"})
_BODY: Final = mark_safe("\0")  # in nobody's words: core/plain_text.py refuses it
_made: dict[tuple[Any, ...], SafeString] = {}
_INHERITED: Final = ("request", "csrf_token", "user", "summarised")


def attributes(pairs: Mapping[str, Any]) -> SafeString:
    """Name and value pairs as HTML attributes: None and False are left out, True is written bare."""
    kept = [(name, value) for name, value in pairs.items() if value is not None and value is not False]
    return format_html_join(
        "",
        "{}",
        (
            (format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value),)
            for name, value in kept
        ),
    )


def _prepare_field(given: dict[str, Any]) -> dict[str, Any]:
    if given.get("field") is not None:
        return given | field_parts(given["field"], given)
    kind = given.get("kind") or given.get("type") or "text"
    html_id = given.get("id") or f"id_{given['name']}"
    described = [
        f"{html_id}-{part}" for part, key in (("hint", "hint"), ("error", "errors")) if given.get(key)
    ]
    made = {"kind": kind, "id": html_id, "described": " ".join(described), "input_type": kind}
    if kind in KINDS_OF_GROUP | {"select"}:
        if kind == "rating" and not given.get("options"):
            given = given | {"options": rating_options()}
        made["options"] = options_from(given)
    return given | made


def _prepare_errors(given: dict[str, Any]) -> dict[str, Any]:
    form = given.get("form")
    if form is None:
        return given | {"errors": given.get("errors") or []}
    return given | {"errors": [] if form in (given.get("summarised") or ()) else form_errors(form)}


def _sent_forms(context: Context) -> list[BaseForm]:
    """The forms of a page that came back with errors."""
    found: list[BaseForm] = []
    for value in context.flatten().values():
        if isinstance(value, BaseForm) and value.is_bound and value.errors and value not in found:
            found.append(value)
    return found


def _prepare_rows(given: dict[str, Any]) -> dict[str, Any]:
    numeric, head = set(given.get("numeric") or ()), list(given.get("head") or ())
    return given | {
        "head_cells": [(title, place in numeric) for place, title in enumerate(head)],
        "row_cells": [
            [
                (value, place in numeric, place == 0, head[place] if place < len(head) else "")
                for place, value in enumerate(row)
            ]
            for row in given.get("rows") or ()
        ],
    }


def _prepare_progress(given: dict[str, Any]) -> dict[str, Any]:
    return given | {"marks": range(1, int(given["total"]) + 1)}


_PREPARE: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "field": _prepare_field,
    "rating_scale": lambda given: _prepare_field({"kind": "rating"} | given),
    "stepper": lambda given: _prepare_field({"kind": "stepper"} | given),
    "error_summary": _prepare_errors,
    "promise_clock": promises.describe,
    "progress": _prepare_progress,
    "table": _prepare_rows,
}


class Arguments(Context):
    """The arguments of one element: what was not given is None.

    Django looks for a missing name in three ways and then writes an error message nobody reads, which was
    half of the time of an element. A page's own context would also run all context processors again.
    """

    def __getitem__(self, key: Any) -> Any:
        for layer in reversed(self.dicts):
            if key in layer:
                return layer[key]
        return None


def render_element(context: Context, name: str, given: dict[str, Any]) -> SafeString:
    """The HTML of one element with exactly these arguments, the request, the token and the user."""
    extra = {key.replace("_", "-"): given[key] for key in given if key.startswith(_ATTRIBUTE_PREFIXES)}
    values = {key: value for key, value in given.items() if not key.startswith(_ATTRIBUTE_PREFIXES)}
    values["attr_map"] = extra
    for key in _INHERITED:
        if key in context and key not in values:
            values[key] = context[key]
    prepare = _PREPARE.get(name)
    if prepare is not None:
        values = prepare(values)
    values["attrs"] = attributes(extra)
    values.setdefault("slot", "")
    inner = Arguments(values, use_l10n=context.use_l10n, use_tz=context.use_tz)
    inner.template = context.template
    return _element(context.template.engine, name).render(inner)  # type: ignore[union-attr]  # set while rendering


# Looking for a template that was found before costs as much as a small element.
@cache
def _element(engine: Engine, name: str) -> template.base.Template:
    return engine.get_template(f"ui/elements/{name}.html")


@register.simple_tag(takes_context=True)
def el(context: Context, name: str, /, **given: Any) -> SafeString:
    """One element. Those that are made of their arguments and the language alone are kept: the same buttons stand on
    every page."""
    if name not in _SAME_FOR_ALL or "active_on" in given:
        return render_element(context, name, given)
    # The type too: 1 equals True, and text that is safe equals text that is not.
    key = (name, *((each, type(given[each]), given[each]) for each in given))
    return kept(key, lambda: render_element(context, name, given))


@register.simple_tag(takes_context=True)
def same(context: Context, name: str, /, *values: Any) -> SafeString:
    """A template that is included, whose HTML is made of the language and these values alone: it is kept."""

    def make() -> SafeString:
        return context.template.engine.get_template(name).render(context)  # type: ignore[union-attr]  # set while rendering

    return kept((name, *values), make)


def kept(key: tuple[Any, ...], make: Callable[[], SafeString]) -> SafeString:
    """The HTML that was made for this key in this language, or what is made now."""
    key = (get_language(), settings.STATIC_URL, settings.DEBUG, *key)
    try:
        made = _made.get(key)
    except TypeError:  # a value that cannot be a key
        return make()
    if made is None:
        if len(_made) >= MOST_KEPT:
            _made.clear()
        made = _made[key] = make()
    return made


@register.simple_tag(takes_context=True)
def page_errors(context: Context) -> SafeString:
    """The first thing of a page whose form was refused: what to mend. The form itself does not say it again."""
    sent = _sent_forms(context)
    if not sent:
        return SafeString("")
    errors = [error for form in sent for error in form_errors(form)]
    summary = render_element(context, "error_summary", {"errors": errors})
    context.dicts[0]["summarised"] = sent
    return format_html('<div class="messages">{}</div>', summary)


class SlotNode(template.Node):
    """A named part inside an element block; outside of one it simply shows its body."""

    def __init__(self, name: FilterExpression, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        return self.nodelist.render(context)


class ElementBlockNode(template.Node):
    """An element with its body as `slot` and its named slots as arguments."""

    def __init__(
        self,
        name: FilterExpression,
        given: dict[str, FilterExpression],
        nodelist: NodeList,
    ) -> None:
        self.name = name
        self.given = given
        self.slots = [node for node in nodelist if isinstance(node, SlotNode)]
        self.nodelist = NodeList(node for node in nodelist if not isinstance(node, SlotNode))

    def render(self, context: Context) -> SafeString:
        given = {key: value.resolve(context) for key, value in self.given.items()}
        for slot in self.slots:
            given[str(slot.name.resolve(context))] = slot.render(context)
        body = self.nodelist.render(context)
        given["slot"] = body if body.strip() else ""
        name = str(self.name.resolve(context))
        if name in _SAME_AROUND and not self.slots and given["slot"]:
            return _around(context, name, given)
        return render_element(context, name, given)


def _around(context: Context, name: str, given: dict[str, Any]) -> SafeString:
    """An element with a body, of which all but the body is kept."""
    around = given | {"slot": _BODY}
    key = (name, *((each, type(value), value) for each, value in around.items()))
    made = kept(key, lambda: render_element(context, name, around))
    return mark_safe(made.replace(_BODY, given["slot"]))


@register.tag
def elblock(parser: Parser, token: Token) -> ElementBlockNode:
    """An element with a body: {% elblock "panel" title=… %} … {% endelblock %}."""
    bits = token.split_contents()[1:]
    if not bits:
        raise template.TemplateSyntaxError("elblock needs the name of an element")
    name, rest = parser.compile_filter(bits[0]), bits[1:]
    given = token_kwargs(rest, parser)
    if rest:
        raise template.TemplateSyntaxError(f"elblock does not understand {' '.join(rest)}")
    nodelist = parser.parse(("endelblock",))
    parser.delete_first_token()
    return ElementBlockNode(name, given, nodelist)


@register.tag
def slot(parser: Parser, token: Token) -> SlotNode:
    """A named part of an element block."""
    bits = token.split_contents()
    if len(bits) != 2:
        raise template.TemplateSyntaxError("slot needs exactly one name")
    name = parser.compile_filter(bits[1])
    nodelist = parser.parse(("endslot",))
    parser.delete_first_token()
    return SlotNode(name, nodelist)


# In a sprite of their own: most pages need none of them.
RARE_ICONS: Final = frozenset(
    [
        "external-link",
        "flag",
        "id-card",
        "map-pin",
        "minus",
        "monitor",
        "phone",
        "play",
        "printer",
        "qr-code",
        "sun",
        "ticket",
        "trash",
        "volume-2",
    ]
)


# Keyed by the settings it depends on: the manifest lookup costs more than the rest of the tag.
@lru_cache(maxsize=1_000)
def _icon(name: str, label: str, static_url: str, debug: bool) -> SafeString:
    sprite = static("ui/icons-rare.svg" if name in RARE_ICONS else "ui/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, sprite, name
        )
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', sprite, name
    )


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One symbol of a sprite; without a label it is decoration."""
    return _icon(name, str(label), settings.STATIC_URL or "", settings.DEBUG)


def _new_files(context: Context, names: Iterable[str]) -> Iterator[tuple[str]]:
    """Addresses of these files, without what the page has already: a script runs once. Joined files are taken apart
    where they are not made, which is before `collectstatic`."""
    loaded = context.dicts[0].setdefault("loaded_files", set())
    for name in names:
        parts = JOINED.get(name, (name,))
        missing = [part for part in parts if part not in loaded]
        loaded.update(parts)
        is_packed = isinstance(storages["staticfiles"], PackedStorage)
        is_whole = is_packed and not settings.DEBUG and missing == [*parts]
        yield from (
            (_file(each, settings.STATIC_URL, is_packed),) for each in ([name] if is_whole else missing)
        )


# Keyed as the icons are; a file that is not packed may change while one writes at it.
def _file(name: str, static_url: str | None, is_packed: bool) -> str:
    return _packed_file(name, static_url) if is_packed and not settings.DEBUG else static(name)


@lru_cache(maxsize=1_000)
def _packed_file(name: str, _static_url: str | None) -> str:
    return static(name)


@register.simple_tag(takes_context=True)
def js(context: Context, *names: str) -> SafeString:
    """The script elements of the named behaviours; with a folder it is a file of another package."""
    files = (f"{name if '/' in name else f'ui/js/{name}'}.js" for name in names)
    return format_html_join("\n", '<script type="module" src="{}"></script>', _new_files(context, files))


@register.simple_tag(takes_context=True)
def css(context: Context, *names: str) -> SafeString:
    """The link elements of the named style sheets of `static/ui/css`."""
    files = (f"ui/css/{name}.css" for name in names)
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', _new_files(context, files))


@register.filter
def clock_time(at: datetime | None, zone: object = None) -> str:
    """Pukul 10.30 WIB."""
    return dates.clock_time(at or None, zone)


@register.filter
def short_time(at: datetime | None, zone: object = None) -> str:
    """10.30."""
    return dates.short_time(at or None, zone)


@register.filter
def long_date(on: date | None, zone: object = None) -> str:
    """Rabu, 25 November 2026."""
    return dates.long_date(on or None, zone)


@register.filter
def short_date(on: date | None, zone: object = None) -> str:
    """25 Nov 2026."""
    return dates.short_date(on or None, zone)


@register.filter
def day_month(on: date | None, zone: object = None) -> str:
    """Rabu 25 November."""
    return dates.day_month(on or None, zone)


@register.filter
def moment(at: datetime | None, zone: object = None) -> str:
    """Rabu, 25 November 2026 pukul 10.30 WIB."""
    return dates.moment(at or None, zone)


@register.filter
def near_moment(at: datetime | None, zone: object = None) -> str:
    """Rabu 25 November pukul 10.30 WIB."""
    return dates.near_moment(at or None, zone)


@register.filter
def duration(length: timedelta | float | None) -> str:
    """1 jam 5 menit."""
    return dates.duration(None if length == "" else length)


@register.filter
def number(value: float | Decimal | int | None, places: int | None = None) -> str:
    """1.234 or 3,46."""
    return dates.number(None if value == "" else value, places)


@register.filter
def percent(value: float | Decimal | int | None, places: int | None = None) -> str:
    """92,4 % or 92.4%."""
    return dates.percent(None if value == "" else value, places)


@register.filter
def iso(at: datetime | None) -> str:
    """For datetime attributes."""
    return at.isoformat() if at else ""


@register.filter
def token(value: object) -> SafeString:
    """A value made safe for use inside an id."""
    kept = (letter if letter.isalnum() or letter in "-_" else "-" for letter in str(value))
    return mark_safe("".join(kept))
