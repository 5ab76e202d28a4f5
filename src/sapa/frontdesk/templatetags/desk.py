"""What the desk's templates ask of a call, and the lines of those who wait."""

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from sapa.frontdesk.models import Call
from sapa.frontdesk.workspace import Row
from sapa.ui.dates import duration

register = template.Library()


@register.filter
def unheard(call: Call, at: datetime) -> bool:
    """No board has said the call in time."""
    return call.is_unheard(at)


@register.simple_tag
def waiting_line(row: Row) -> SafeString:
    """Number, name, service and time of one who waits. Fifty are shown at every change: the same as template tags
    took a third of the desk's page."""
    notes = [row.service]
    if row.was_returned:
        notes.append(gettext("is back"))
    if row.is_elsewhere:
        notes.append(gettext("still at another desk"))
    return format_html(
        '<strong>{}</strong><span class="small">{}{}<br><span class="muted">{}</span></span>'
        '<span class="small num">{}</span>',
        row.label,
        row.client,
        _PRIORITY if row.is_priority else "",
        " · ".join(notes),
        duration(row.waited),
    )


_PRIORITY = SafeString(' <span class="badge info">P</span>')


@register.simple_tag
def number_options(rows: Iterable[Row]) -> SafeString:
    """Everybody who waits, to choose one out of turn."""
    return format_html_join(
        "", '<option value="{}">{} {}</option>', ((row.id, row.label, row.client) for row in rows)
    )
