"""What a template may ask of the rules."""

from django import template

from sapa.people import rules
from sapa.people.models import Officer

register = template.Library()

_RULES = {
    "receive": rules.can_receive,
    "serve": rules.can_serve,
    "read_inbox": rules.can_read_inbox,
    "supervise": rules.can_supervise,
    "administer": rules.can_administer,
}


@register.filter
def may(officer: Officer | str | None, what: str) -> bool:
    """Whether the officer may `what`; nobody may nothing."""
    return isinstance(officer, Officer) and _RULES[what](officer)


@register.filter(name="is")
def is_(here: str, name: str) -> bool:
    """Whether this is the page named so."""
    return here == name
