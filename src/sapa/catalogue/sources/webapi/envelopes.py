"""The envelopes of the WebAPI (domain.md 10.1): what is in them, or a sentence about what is wrong with them.

Everything arrives with HTTP 200: data, "there is none", and errors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from sapa.catalogue.sources.polite import Refusing

NOTHING: Final = frozenset({"list-not-available", "not-available"})
Row = Mapping[str, Any]


class Unreadable(Exception):
    """The answer, or one thing in it, is not as it should be; the rest may be. The sentence is for the report."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Listed:
    """One page of a list. None: the source does not say."""

    rows: tuple[Row, ...] = ()
    page: int | None = None
    pages: int | None = None
    total: int | None = None
    # Things in the list that are no things of a list.
    odd: int = 0


def listed(answer: Any, *, what: str) -> Listed:
    """The page in a list's envelope; an empty page when there is none. Raises Unreadable."""
    data = _available(answer, what)
    if data is None:
        return Listed()
    if not isinstance(data, list) or len(data) != 2 or not isinstance(data[0], Mapping):
        raise Unreadable(_("The answer has another shape than expected (%(what)s).") % {"what": what})
    paging, rows = data
    if isinstance(rows, Mapping):  # census and SIMDASI: the rows stand one level deeper
        _check_condition(rows, what)
        rows = rows.get("data", [])
    rows = [] if rows is None else rows  # areas of some censuses
    if not isinstance(rows, list):
        raise Unreadable(_("The answer has another shape than expected (%(what)s).") % {"what": what})
    good = tuple(row for row in rows if isinstance(row, Mapping))
    counts = {name: whole(paging.get(name)) for name in ("page", "pages", "total")}
    return Listed(good, **counts, odd=len(rows) - len(good))


def detailed(answer: Any, *, what: str) -> Row | None:
    """What stands beside the paging when it is one thing, not a list (a table of SIMDASI); None when there is none."""
    data = _available(answer, what)
    if data is None:
        return None
    if not isinstance(data, list) or len(data) != 2 or not isinstance(data[1], Mapping):
        raise Unreadable(_("The answer has another shape than expected (%(what)s).") % {"what": what})
    found: Row = data[1]
    _check_condition(found, what)
    return found


def viewed(answer: Any, *, what: str) -> Row | None:
    """What is in a view's envelope; None when there is none. Raises Unreadable."""
    data = _available(answer, what)
    if data is None or isinstance(data, Mapping):
        return data
    if isinstance(data, list) and len(data) == 2 and isinstance(data[1], list):  # a view of a classification
        rows = listed(answer, what=what).rows
        return rows[0] if rows else None
    raise Unreadable(_("The answer has another shape than expected (%(what)s).") % {"what": what})


def told(answer: Any, *, what: str) -> Row | None:
    """The envelope of a dynamic table, whose parts stand beside `status`; None when it has no data."""
    _checked(answer, what)
    assert isinstance(answer, Mapping)
    if answer.get("data-availability") in NOTHING or not isinstance(answer.get("datacontent"), Mapping):
        if answer.get("data-availability") == "available":
            raise Unreadable(_("The answer has another shape than expected (%(what)s).") % {"what": what})
        return None
    return answer


def whole(value: Any) -> int | None:
    """A whole number, however it was written; None when it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, Decimal):
        value = str(value)
    if isinstance(value, str):
        value = value.strip()
        return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None
    return value if isinstance(value, int) else None


def _available(answer: Any, what: str) -> Any:
    _checked(answer, what)
    if answer.get("data-availability") in NOTHING:
        return None
    if "data" not in answer:
        raise Unreadable(_("The answer has another shape than expected (%(what)s).") % {"what": what})
    return answer["data"]


def _check_condition(told: Row, what: str) -> None:
    """Inside an envelope that says OK another one may say that nothing was found or understood."""
    if str(told.get("condition") or "OK").upper() != "OK":
        said = {"what": what, "message": str(told.get("message") or told["condition"])[:200]}
        raise Unreadable(_("The WebAPI reports an error (%(what)s): %(message)s") % said)


def _checked(answer: Any, what: str) -> None:
    if not isinstance(answer, Mapping) or "status" not in answer:
        raise Unreadable(_("The answer has another shape than expected (%(what)s).") % {"what": what})
    if answer["status"] == "OK":
        return
    message = str(answer.get("message") or answer["status"])[:200]
    if "key" in message.casefold():
        sentence = _("The WebAPI does not accept the key (%(message)s). Check SAPA_WEBAPI_KEY.")
        raise Refusing(sentence % {"message": message}, permanent=True)
    raise Unreadable(
        _("The WebAPI reports an error (%(what)s): %(message)s") % {"what": what, "message": message}
    )
