"""What every visitor is told before signing: why data are recorded (UU 27/2022 art. 20)."""

from dataclasses import dataclass

from sapa.core.time import now
from sapa.frontdesk import lines
from sapa.offices.models import Office
from sapa.people import consents
from sapa.ui.dates import language


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice in the reader's language."""

    title: str
    paragraphs: list[str]
    basis: str


def notice_in_force(office: Office) -> Notice:
    """The text of today, as the reader reads it."""
    text = consents.text_in_force(consents.Purpose.GUESTBOOK, lines.service_day(office, now()))
    return Notice(
        title=text.title.in_language(language()),
        paragraphs=[each.in_language(language()) for each in text.paragraphs],
        basis=text.basis.in_language(language()),
    )
