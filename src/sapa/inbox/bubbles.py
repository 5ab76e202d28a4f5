"""The lines of a conversation as HTML. Written by hand, not by a template: thirty of them stand on every page, and
the text in them is HTML already (docs/decisions/0016)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sapa.catalogue.citations import worded
from sapa.files.addresses import address
from sapa.files.models import StoredFile
from sapa.inbox import notices
from sapa.inbox.models import Conversation, Side
from sapa.inbox.reading import Line
from sapa.people.models import Officer, User
from sapa.ui import dates
from sapa.ui.templatetags.ui import icon

KILO: Final = 1_000


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the conversation: their side, their account, and as which officer."""

    side: Side
    user: User
    zone: ZoneInfo
    officer: Officer | None = None


def bubbles(
    lines: Iterable[Line], conversation: Conversation, reader: Reader, *, after: datetime | None = None
) -> SafeString:
    """One list item for each line, a heading for each new day. `after` is when the line before them was written."""
    day = _day(after, reader.zone) if after else None
    seen = conversation.office_read if reader.side == Side.CLIENT else conversation.client_read
    got = conversation.office_delivered if reader.side == Side.CLIENT else conversation.client_delivered
    words = {
        "answer": _("Answer"),
        "question": _("Question back"),
        "note": _("Internal note"),
        "you": _("You"),
        "client": _("Client"),
        "sent": _("Sent"),
        "got": _("Delivered"),
        "seen": _("Read"),
    }
    short, names = dates.short_times(reader.zone), dict[str, str]()
    made = []
    for line in lines:
        on = _day(line.at, reader.zone)
        if on != day:
            made.append(f'<li class="msg-day" data-day="{on}">{dates.long_date(on)}</li>')
            day = on
        if line.side == Side.SYSTEM:
            said = escape(notices.sentence(line.notice, reader.zone))
            made.append(
                f'<li class="msg notice" id="pesan-{line.place}"><p>{said} '
                f'<time class="msg-time">{short(line.at)}</time></p></li>'
            )
            continue
        is_own = line.side == reader.side
        author = words["you"] if is_own and reader.side == Side.CLIENT else line.author or words["client"]
        if author not in names:
            names[author] = escape(author)
        mark = words.get(line.kind, "")
        badge = f' <span class="badge {line.kind}">{mark}</span>' if mark else ""
        state = ""
        if is_own:
            how = "seen" if line.sequence <= seen else "got" if line.sequence <= got else "sent"
            state = f'<span class="msg-state {how}" data-seq="{line.sequence}">{words[how]}</span>'
        looks = "mine" if is_own else "note" if line.side == "note" else "theirs"
        made.append(
            f'<li class="msg {looks} {line.kind}" id="pesan-{line.place}"><p class="msg-by">'
            f'<strong>{names[author]}</strong>{badge} <time class="msg-time" datetime="{line.at.isoformat()}">'
            f'{short(line.at)}</time></p><div class="msg-text">{line.html}</div>'
            f"{''.join(map(_citation, line.citations))}{_files(line.files, reader)}{state}</li>"
        )
    return mark_safe("".join(made))


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _citation(source: dict[str, str]) -> str:
    return render_to_string("ui/elements/citation.html", worded(source))


def _files(files: list[StoredFile], reader: Reader) -> str:
    if not files:
        return ""
    return f'<ul class="msg-files">{"".join(_file(each, reader) for each in files)}</ul>'


def _file(file: StoredFile, reader: Reader) -> str:
    name = escape(file.name)
    size = f"{dates.number(max(1, round(file.size / KILO)))} kB"
    if not file.is_ready:
        how = escape(file.get_state_display())
        shown = f'{icon("file-text")} <bdi>{name}</bdi> <span class="muted">{how}</span>'
        return f'<li class="msg-file waiting">{shown}</li>'
    href = escape(address(file, user=reader.user, officer=reader.officer))
    if file.has_thumbnail:
        small = escape(address(file, user=reader.user, officer=reader.officer, thumbnail=True))
        return (
            f'<li class="msg-file picture"><a href="{href}"><img src="{small}" alt="{name}" loading="lazy"'
            f' width="{file.thumbnail_width}" height="{file.thumbnail_height}"></a></li>'
        )
    return (
        f'<li class="msg-file"><a href="{href}">{icon("file-text")} <bdi>{name}</bdi></a>'
        f' <span class="muted small">{size}</span></li>'
    )
