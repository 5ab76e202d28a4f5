"""What is wrong with the settings of a source, in the same words for every kind."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _


def unknown(given: Mapping[Any, Any], known: Iterable[str]) -> list[str]:
    """A sentence for each setting that nobody reads: mostly a slip of the pen."""
    names = list(known)
    return [
        _("“%(key)s” is not known here. Known are: %(known)s.")
        % {"key": str(key)[:60], "known": ", ".join(names)}
        for key in given
        if key not in names
    ]


def address(given: Any, sentence: str) -> list[str]:
    """The sentence, when this is no address of the web."""
    try:
        parts = urlsplit(given if isinstance(given, str) else "")
    except ValueError:  # brackets that hold no address
        return [sentence]
    if parts.username is not None:
        return [_("The address holds a name or a password. It would stand in lists: leave it out.")]
    is_place = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
    return [] if is_place else [sentence]
