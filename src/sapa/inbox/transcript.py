"""The whole conversation as a PDF: for the client's own keeping, or with the notes for the office's file."""

import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.catalogue.citations import worded
from sapa.consultations.models import Consultation, DataNeed, Deadline, MissingItem, OnlineRequest
from sapa.consultations.requirements import value_of
from sapa.files.models import StoredFile
from sapa.inbox.models import Conversation, Message, Note, Side
from sapa.inbox.notices import sentence
from sapa.offices.models import Office
from sapa.people import codelists
from sapa.ui.dates import language, moment, short_date

TEMPLATE: Final = Path(__file__).parent / "typst" / "transcript.typ"
# A word that is longer than a line: an address, a row of signs.
_LONG: Final = re.compile(r"\S{32,}")
_STEP: Final = 16
_JOINED: Final = "\u200d\ufe0f"
Key = MissingItem.Key
Paragraphs = list[list[str]]


def transcript_pdf(consultation: Consultation, *, for_client: bool, language: str, at: datetime) -> bytes:
    """The conversation as an A4 document in `language`, times in the office's zone. Internal notes stand in it only
    when it is not for the client."""
    import typst  # 40 MB that only this page needs

    said = json.dumps(contents(consultation, for_client=for_client, language=language, at=at))
    # The letters come with the compiler; where it has none (emoji), the system's fonts help out.
    made = typst.Compiler(TEMPLATE, font_paths=typst.Fonts(), sys_inputs={"data": said}).compile(
        format="pdf", timestamp=at.replace(microsecond=0)
    )
    assert isinstance(made, bytes)
    return made


def contents(consultation: Consultation, *, for_client: bool, language: str, at: datetime) -> dict[str, Any]:
    """Everything that the document says, as plain strings: the template has no words of its own."""
    with translation.override(language), scopes_disabled():
        office = consultation.office
        conversation = Conversation.objects.filter(consultation=consultation).first()
        return {
            "language": language,
            "title": _("Consultation %(code)s") % {"code": consultation.code},
            "notice": "" if for_client else _("For the office only: with internal notes."),
            "office": {"name": _plain(office.name), "lines": _address(office)},
            "facts": _facts(consultation),
            "sections": [section for section in (_promise(consultation, at),) if section["facts"]],
            "conversation": _("Conversation"),
            "empty": _("Nothing has been written yet."),
            "messages": _lines(conversation, consultation, for_client=for_client) if conversation else [],
            "footer": _("%(code)s, as of %(at)s")
            % {"code": consultation.code, "at": moment(at, office.zone)},
            "page": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        }


def _address(office: Office) -> list[str]:
    contact = " · ".join(each for each in (office.phone, office.email, office.website) if each)
    return [_plain(each) for each in (office.address, contact) if each]


def _facts(consultation: Consultation) -> list[tuple[str, Paragraphs]]:
    zone = consultation.office.zone
    request = getattr(consultation, "request", None)
    officer = consultation.officer
    found = [
        (_("Subject"), consultation.subject),
        (_("Client"), consultation.client.name),
        (_("Question"), request.question if request else ""),
        *(_wishes(consultation, request) if request else ()),
        (_("Officer"), str(officer.user) if officer else ""),
        (_("Received"), moment(consultation.requested_at, zone)),
        (_("Clear and complete"), moment(consultation.accepted_at, zone) if consultation.accepted_at else ""),
        (_("State"), str(consultation.get_state_display())),
        (_("Closed"), _closed(consultation)),
    ]
    return [(label, _prose(value)) for label, value in found if value]


def _wishes(consultation: Consultation, request: OnlineRequest) -> list[tuple[str, str]]:
    level = DataNeed.Level(request.level).label if request.level in DataNeed.Level else request.level
    on = consultation.requested_at.astimezone(consultation.office.zone).date()
    purposes = dict(codelists.choices(codelists.lists_in_force(on)["purpose"], language()))
    return [
        (str(Key.AREA.label), request.area),
        (str(Key.YEARS.label), value_of(request, Key.YEARS)),
        (str(Key.LEVEL.label), str(level)),
        (str(Key.PURPOSE.label), request.purpose_text or purposes.get(request.purpose, request.purpose)),
    ]


def _closed(consultation: Consultation) -> str:
    if consultation.closed_at is None:
        return ""
    when = moment(consultation.closed_at, consultation.office.zone)
    return f"{when} ({consultation.get_closing_reason_display()})"


def _promise(consultation: Consultation, at: datetime) -> dict[str, Any]:
    """Each response clock that ran: when it was due and how it was kept."""
    clocks = Deadline.objects.filter(consultation=consultation, kind=Deadline.Kind.ONLINE_RESPONSE)
    zone = consultation.office.zone
    facts = []
    for clock in clocks.order_by("started_at", "id"):
        facts.append((_("Due"), _prose(moment(clock.due_at, zone))))
        facts.append((_("Kept"), _prose(_how_kept(clock, at=at, zone=zone))))
    return {"title": _("The promised time"), "facts": facts}


def _how_kept(clock: Deadline, *, at: datetime, zone: object) -> str:
    if clock.met_at is not None:
        when = {"at": moment(clock.met_at, zone)}
        return _("late, answered %(at)s") % when if clock.breached_at else _("yes, answered %(at)s") % when
    if clock.stopped_at is not None:
        return _("ended without an answer %(at)s") % {"at": moment(clock.stopped_at, zone)}
    if clock.paused_at is not None:
        return _("waiting for the client since %(at)s") % {"at": moment(clock.paused_at, zone)}
    return _("not yet, and late") if at > clock.due_at else _("the time is still running")


def _lines(
    conversation: Conversation, consultation: Consultation, *, for_client: bool
) -> list[dict[str, Any]]:
    """Messages in the order of their sequence, each note after the message it was written after."""
    rows = conversation.messages.select_related("officer__user").prefetch_related("files__file")
    placed: list[tuple[int, int, int, dict[str, Any]]] = []
    for message in rows.order_by("sequence"):
        line = _message(message, consultation)
        if line["text"] or line["files"]:
            placed.append((message.sequence, 0, 0, line))
    if not for_client:
        notes = conversation.notes.select_related("officer__user")
        placed += [(note.after_sequence, 1, note.pk, _note(note, consultation)) for note in notes]
    return [each for *_place, each in sorted(placed, key=lambda each: each[:3])]


def _message(message: Message, consultation: Consultation) -> dict[str, Any]:
    if message.side == Side.SYSTEM:
        who, what = "", ""
        text = sentence(message.notice, consultation.office.zone)
    elif message.side == Side.CLIENT:
        who, what = consultation.client.name or str(_("Client")), str(_("Client"))
        text = message.text
    else:
        who, what = str(message.officer.user) if message.officer else "", str(message.get_kind_display())
        text = message.text
    return {
        "kind": "notice" if message.side == Side.SYSTEM else message.side,
        "who": _plain(who),
        "what": what,
        "at": moment(message.at, consultation.office.zone),
        "text": _prose(text),
        "sources": [_source(each) for each in message.citations],
        "files": [_file(each.file) for each in message.files.all()],
    }


def _note(note: Note, consultation: Consultation) -> dict[str, Any]:
    return {
        "kind": "note",
        "who": _plain(str(note.officer.user)),
        "what": _("Internal note"),
        "at": moment(note.at, consultation.office.zone),
        "text": _prose(note.text),
        "sources": [],
        "files": [],
    }


def _source(said: dict[str, str]) -> dict[str, str]:
    shown = worded(said)
    value = " ".join(each for each in (shown["value"], shown["unit"]) if each)
    facts = [shown[name] for name in ("cell", "area", "period", "status", "source")]
    if shown["accessed_on"]:
        facts.append(_("seen on %(day)s") % {"day": short_date(shown["accessed_on"])})
    url = shown["url"]
    return {
        "value": _plain(value),
        "title": _plain(shown["title"]),
        "facts": _plain(" · ".join(each for each in facts if each)),
        "url": url if url.startswith(("http://", "https://")) else "",
        "shown": _plain(url),
    }


def _file(file: StoredFile) -> str:
    size = filesizeformat(file.size)
    state = f", {file.get_state_display()}" if file.is_gone else ""
    return _plain(f"{_('File')}: {file.name} ({size}{state})")


def _prose(text: str) -> Paragraphs:
    """Paragraphs of lines, each of which fits the page."""
    blocks = re.split(r"\n{2,}", text.strip())
    return [[_plain(line) for line in block.split("\n")] for block in blocks if block]


def _plain(text: str) -> str:
    """Without halves of characters, and with places where a word longer than a line may break."""
    return _LONG.sub(lambda word: "".join(_in_pieces(word[0])), text.encode(errors="ignore").decode())


def _in_pieces(word: str) -> Iterator[str]:
    """The word with an invisible break every few letters, never inside of what is one sign to the eye."""
    length = 0
    for place, letter in enumerate(word):
        is_joined = letter in _JOINED or unicodedata.combining(letter) or word[place - 1] == "\u200d"
        if length >= _STEP and not is_joined:
            yield "\u200b"
            length = 0
        yield letter
        length += 1
