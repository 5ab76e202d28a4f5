"""Who sends too often, without keeping who it was: a keyed hash that means nothing an hour later."""

from typing import Final

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from sapa.core import limits
from sapa.core.ids import token

SALT_SECONDS: Final = 3_600
WINDOW_SECONDS: Final = 600


def spend(what: str, address: str, *, times: int) -> None:
    """Count one use of `what` by the network address; refuse after `times` within ten minutes.

    Only a hash is counted, under a salt that is thrown away within the hour, in the cache and nowhere else:
    afterwards nobody, this office included, can tell which address it was (domain.md 6.2 d).
    """
    salt = cache.get_or_set("passing-salt", token, SALT_SECONDS)
    who = salted_hmac("sapa.feedback", f"{salt}:{address}").hexdigest()[:24]
    limits.spend(what, who, times=times, seconds=WINDOW_SECONDS)
