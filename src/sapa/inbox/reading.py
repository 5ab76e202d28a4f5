"""What stands in a conversation, read for one reader: a fixed number of statements, however long it is."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import F

from sapa.core import sql
from sapa.files.models import StoredFile
from sapa.inbox import presence
from sapa.inbox.models import Conversation, MessageFile, Side

PAGE: Final = 30

# The hot path of the product (docs/decisions/0007): thirty messages with their authors in one statement.
_MESSAGES: Final = (
    "SELECT m.id, m.sequence, m.side, m.kind, u.name, u.email, m.html, m.notice, m.citations, m.at,"
    " EXISTS (SELECT 1 FROM inbox_messagefile f WHERE f.message_id = m.id)"
    " FROM inbox_message m LEFT JOIN people_officer o ON o.id = m.officer_id"
    " LEFT JOIN people_user u ON u.id = o.user_id WHERE m.conversation_id = %s AND m.sequence {side} %s"
    " ORDER BY m.sequence {order} LIMIT %s"
)
_FROM: Final = _MESSAGES.format(side=">=", order="ASC")
_BEFORE: Final = _MESSAGES.format(side="<", order="DESC")
_MARK: Final = (
    "UPDATE inbox_conversation SET {side}_delivered = CASE WHEN {side}_delivered < %s THEN %s"
    " ELSE {side}_delivered END{read} WHERE id = %s AND {which} < %s"
)
_NOTES: Final = (
    "SELECT n.id, n.after_sequence, u.name, u.email, n.html, n.at FROM inbox_note n"
    " JOIN people_officer o ON o.id = n.officer_id JOIN people_user u ON u.id = o.user_id"
    " WHERE n.conversation_id = %s AND n.after_sequence >= %s AND n.after_sequence <= %s AND n.id > %s"
    " ORDER BY n.id"
)


@dataclass(slots=True)
class Line:
    """One message, or one note of the officers, as a page shows it. `place` is unique in the conversation."""

    place: str
    sequence: int
    side: str
    kind: str
    author: str
    html: str
    notice: dict[str, str]
    citations: list[dict[str, str]]
    at: datetime
    has_files: bool = False
    files: list[StoredFile] = field(default_factory=list)


@dataclass(slots=True)
class Part:
    """A stretch of the conversation in its order. `has_earlier`: there is more before the first line; `after`: when
    the message was written that the stretch follows, where that was asked."""

    lines: list[Line]
    last: int
    last_note: int
    has_earlier: bool
    after: datetime | None = None


def latest(conversation: Conversation, *, with_notes: bool, limit: int = PAGE) -> Part:
    """The newest messages, oldest of them first."""
    return before(conversation, conversation.last_sequence + 1, with_notes=with_notes, limit=limit)


def before(conversation: Conversation, sequence: int, *, with_notes: bool, limit: int = PAGE) -> Part:
    """The messages just before this sequence number."""
    rows = sql.rows(_BEFORE, [conversation.pk, sequence, limit + 1])
    has_earlier = len(rows) > limit
    lines = [_line(row) for row in reversed(rows[:limit])]
    last = sequence - 1
    return _part(conversation, lines, last, with_notes, has_earlier, from_note=0)


def since(conversation: Conversation, sequence: int, *, note: int = 0, with_notes: bool) -> Part:
    """Everything after this sequence number, and the notes after this one: what a page lacks that was away."""
    lines = [_line(row) for row in sql.rows(_FROM, [conversation.pk, sequence, 1_001])]
    after = lines.pop(0).at if lines and lines[0].sequence == sequence else None
    last = lines[-1].sequence if lines else sequence
    part = _part(conversation, lines, last, with_notes, has_earlier=False, from_note=note, since=sequence)
    part.after = after
    return part


def _part(
    conversation: Conversation,
    lines: list[Line],
    last: int,
    with_notes: bool,
    has_earlier: bool,
    *,
    from_note: int,
    since: int | None = None,
) -> Part:
    _give_files(conversation, lines)
    newest_note = from_note
    if with_notes:
        first = since if since is not None else (lines[0].sequence if has_earlier and lines else 0)
        for number, after, name, email, html, at in sql.rows(
            _NOTES, [conversation.pk, first, max(last, first), from_note]
        ):
            newest_note = max(newest_note, number)
            at_instant = sql.instant(at)
            assert at_instant is not None
            note = Line(f"c{number}", after, "note", "note", name or email, html, {}, [], at_instant)
            place = next((i for i, each in enumerate(lines) if each.sequence > after), len(lines))
            lines.insert(place, note)
    return Part(lines, last, newest_note, has_earlier)


def _line(row: tuple[Any, ...]) -> Line:
    _id, sequence, side, kind, name, email, html, notice, citations, at, has_files = row
    instant = sql.instant(at)
    assert instant is not None
    return Line(
        str(sequence),
        sequence,
        side,
        kind,
        name or email or "",
        html,
        {} if notice == "{}" else json.loads(notice),
        [] if citations == "[]" else json.loads(citations),
        instant,
        bool(has_files),
    )


def _give_files(conversation: Conversation, lines: list[Line]) -> None:
    if not any(each.has_files for each in lines):
        return
    held = MessageFile.objects.filter(
        message__conversation=conversation,
        message__sequence__gte=lines[0].sequence,
        message__sequence__lte=lines[-1].sequence,
    )
    by_sequence = {each.sequence: each for each in lines}
    for each in held.select_related("file").annotate(at_sequence=F("message__sequence")):
        by_sequence[each.at_sequence].files.append(each.file)


def mark(conversation: Conversation, side: Side, upto: int, *, is_seen: bool) -> None:
    """The page of this side has got, and where `is_seen` has shown, everything up to here. Only ever forward;
    the other side's page is told."""
    delivered, read = (
        ("client_delivered", "client_read") if side == Side.CLIENT else ("office_delivered", "office_read")
    )
    upto = min(upto, conversation.last_sequence)
    if getattr(conversation, read if is_seen else delivered) >= upto:
        return
    # In the database, not from what this page knew: another tab may have got more meanwhile.
    statement = _MARK.format(
        side=side.value,
        read=f", {read} = %s" if is_seen else "",
        which=read if is_seen else delivered,
    )
    if sql.run(statement, [upto, upto, *([upto] if is_seen else []), conversation.pk, upto]):
        setattr(conversation, delivered, max(getattr(conversation, delivered), upto))
        if is_seen:
            setattr(conversation, read, upto)
        presence.tell_the_other(
            side, "message.seen", conversation.consultation_id, subject_id=conversation.pk
        )


def find(conversation: Conversation, text: str, *, with_notes: bool, limit: int = 50) -> list[Line]:
    """The messages, and for officers the notes, that hold the text, newest first. Capitals do not matter."""
    wanted = " ".join(text.split())[:100]
    if not wanted:
        return []
    found = conversation.messages.filter(text__icontains=wanted).select_related("officer__user")
    lines = [
        Line(
            str(each.sequence),
            each.sequence,
            each.side,
            each.kind,
            str(each.officer) if each.officer else "",
            each.html,
            {},
            each.citations,
            each.at,
        )
        for each in found.order_by("-sequence")[:limit]
    ]
    if with_notes:
        lines += [
            Line(
                f"c{each.pk}",
                each.after_sequence,
                "note",
                "note",
                str(each.officer),
                each.html,
                {},
                [],
                each.at,
            )
            for each in conversation.notes.filter(text__icontains=wanted)
            .select_related("officer__user")
            .order_by("-pk")[:limit]
        ]
    return lines
