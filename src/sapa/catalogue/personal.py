"""E-mail addresses, telephone and identity numbers in what people write: found, or made unreadable (UU 27/2022)."""

import re
from collections.abc import Iterator
from typing import Final

MASK: Final = "•••"
_MAIL: Final = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[a-z]{2,}", re.IGNORECASE)
# Telephone (from ten digits), identity card (16) and civil servants' numbers (18); a figure of statistics has no
# ten digits without a dot.
_NUMBER: Final = re.compile(r"(?<![\d.,])\+?\d(?:[ -]?\d){9,18}(?![\d.,]?\d)")
_YEARS: Final = re.compile(r"(?:19|20)\d\d(?:[ -](?:19|20)\d\d)*")
# A village by its code: ten digits that begin with a province's, as no telephone number does.
_VILLAGE: Final = re.compile(r"[1-79]\d{9}")


def found_in(text: str) -> list[str]:
    """What looks like somebody's contact or identity number: first the addresses, then the numbers."""
    return [each[0] for each in _found(text)]


def masked(text: str) -> str:
    """The text with `MASK` in the place of each."""
    for each in sorted(_found(text), key=lambda found: -found.start()):
        text = f"{text[: each.start()]}{MASK}{text[each.end() :]}"
    return text


def _found(text: str) -> Iterator[re.Match[str]]:
    mails = list(_MAIL.finditer(text))
    yield from mails
    for each in _NUMBER.finditer(text):
        if _YEARS.fullmatch(each[0]) or _VILLAGE.fullmatch(each[0]):
            continue
        if not any(mail.start() <= each.start() < mail.end() for mail in mails):
            yield each
