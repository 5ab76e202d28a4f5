"""From what somebody typed to the HTML that stands in the conversation: made once, when it is written."""

import re
from typing import Final

from django.utils.html import escape, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sapa.core.errors import Refused

LONGEST: Final = 10_000
# Everything that moves the cursor, turns the text around or is half a letter, except line breaks and tabs.
_UNWANTED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
# Letters with no width: emoji and some scripts need them between others; alone they say nothing.
_UNSEEN: Final = " \n\t\u00ad\u200b\u200c\u200d\u2060\ufe0f"


def cleaned(text: str) -> str:
    """The text without control characters, its line ends told one way; refused when it is too long or empty."""
    plain = _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not plain.strip(_UNSEEN):
        raise Refused(_("Please write something, then send it."), code="empty")
    if len(plain) > LONGEST:
        raise Refused(
            _("A message holds at most %(most)s letters; yours has %(has)s. Please send it as a file.")
            % {"most": f"{LONGEST:,}".replace(",", "."), "has": f"{len(plain):,}".replace(",", ".")},
            code="too_long",
        )
    return plain


def as_html(text: str) -> SafeString:
    """Paragraphs, lists of lines that begin with "- ", and addresses that can be followed; all else as typed."""
    return mark_safe("".join(_block(block) for block in re.split(r"\n{2,}", text)))


def _block(block: str) -> str:
    lines = block.split("\n")
    if all(line.startswith("- ") for line in lines):
        return f'<ul dir="auto">{"".join(f"<li>{_linked(line[2:])}</li>" for line in lines)}</ul>'
    return f'<p dir="auto">{"<br>".join(_linked(line) for line in lines)}</p>'


def _linked(line: str) -> str:
    if "://" not in line and "www." not in line and "@" not in line:
        return str(escape(line))
    return urlize(line, nofollow=True, autoescape=True)
