"""The parts of a mail: an item with its link, and our address as others reach it."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a mail tells. `second` is another link, such as "I still need it"."""

    title: str
    text: str
    action: str
    address: str
    excerpt: str = ""
    second: str = ""
    second_address: str = ""


def absolute(path: str) -> str:
    """The address by which others reach us."""
    return str(settings.PUBLIC_URL).rstrip("/") + path
