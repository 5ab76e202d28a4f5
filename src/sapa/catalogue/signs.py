"""How a figure is written, and what the marks beside it and the signs in its place mean (lists of symbols of BPS)."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sapa.catalogue.figures import Value, read
from sapa.ui.dates import NOTHING, number

_MARKED: Final = re.compile(r"(?P<number>\S+?)\s*(?P<mark>\*{1,3}|[er]|x{1,3})")
MARKS: Final = {
    "*": gettext_lazy("provisional figure"),
    "**": gettext_lazy("very provisional figure"),
    "***": gettext_lazy("very, very provisional figure"),
    "e": gettext_lazy("estimated figure"),
    "r": gettext_lazy("revised figure"),
    "x": gettext_lazy("provisional figure"),
    "xx": gettext_lazy("very provisional figure"),
    "xxx": gettext_lazy("very, very provisional figure"),
}
SIGNS: Final = {
    "-": gettext_lazy("nothing or zero, says the source"),
    "...": gettext_lazy("not available, says the source"),
    "…": gettext_lazy("not available, says the source"),
    "NA": gettext_lazy("cannot be shown, says the source"),
}


def parted(value: Value | None) -> tuple[Decimal | None, str]:
    """The number and its mark; without a number the sign that stands in its place, "" where there is no datum."""
    if value is None:
        return None, ""
    if isinstance(value, Decimal):
        return value, ""
    found = _MARKED.fullmatch(value.strip())
    if found is not None and isinstance(marked := read(found["number"]), Decimal):
        return marked, found["mark"]
    return None, value.strip()


def written(value: Value | None) -> str:
    """The value in the reader's form: 1.234,5* in Indonesian. A dash where there is no datum."""
    exact, sign = parted(value)
    return f"{number(exact)}{sign}" if exact is not None else sign or NOTHING


def explained(values: Iterable[Value | None]) -> list[tuple[str, str]]:
    """What the marks and signs among the values mean, each once, missing data first."""
    met: set[str] = set()
    for value in values:
        exact, sign = parted(value)
        met.add(sign if exact is None or sign else "0")
    told = [(NOTHING, _("no datum: it was not published"))] if "" in met else []
    return told + [(sign, str(words)) for sign, words in (MARKS | SIGNS).items() if sign in met]
