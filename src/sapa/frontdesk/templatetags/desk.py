"""What the desk's templates ask of a call."""

from datetime import datetime

from django import template

from sapa.frontdesk.models import Call

register = template.Library()


@register.filter
def unheard(call: Call, at: datetime) -> bool:
    """No board has said the call in time."""
    return call.is_unheard(at)
