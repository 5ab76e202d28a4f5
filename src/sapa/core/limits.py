"""How often somebody may do something: counted per account or address, never for everybody together."""

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from sapa.core.errors import Refused


def spend(what: str, who: str, *, times: int, seconds: int) -> None:
    """Count one use of `what` by `who`; refuse when there were more than `times` within `seconds`.

    The window is fixed and begins with the first use. `who` is an account id, a device or a client address.
    """
    key = f"limit:{what}:{who}"
    if cache.add(key, 1, seconds):
        return
    try:
        used = cache.incr(key)
    except ValueError:  # it expired between the two calls
        cache.set(key, 1, seconds)
        return
    if used > times:
        raise Refused(
            _("That was a little too often. Please wait a few minutes and try again."), code="too_often"
        )
