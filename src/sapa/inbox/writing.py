"""Saying something in a conversation: numbered, once, with what it does to the clocks, in one transaction."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.consultations import holding, lifecycle, news, turns
from sapa.consultations.models import Consultation, State
from sapa.core import sql
from sapa.core.errors import Refused, Stale
from sapa.files.claiming import claim
from sapa.inbox import pacing, rendering
from sapa.inbox.citing import Source, keep
from sapa.inbox.models import Conversation, Kind, Message, MessageFile, Note, Side
from sapa.offices.models import Office
from sapa.people.models import Officer, User

# The hot path of the product (docs/decisions/0007): each statement names the conversation that was found and held.
_HOLD: Final = (
    "SELECT v.id, c.office_id, v.last_sequence, c.state, c.officer_id, c.waiting_for, c.turn_at, c.accepted_at,"
    " c.answered_at, c.closed_at FROM inbox_conversation v"
    " JOIN consultations_consultation c ON c.id = v.consultation_id WHERE v.consultation_id = %s"
)
_LOCK: Final = " FOR NO KEY UPDATE OF v, c"
_SAID: Final = "SELECT id FROM inbox_message WHERE conversation_id = %s AND key = %s"
_NUMBER: Final = "UPDATE inbox_conversation SET last_sequence = %s WHERE id = %s"
_MESSAGE: Final = (
    "INSERT INTO inbox_message (conversation_id, sequence, key, side, kind, officer_id, approved_by_id, text, html,"
    " notice, citations, at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id"
)
_FORGET: Final = "DELETE FROM inbox_messagedraft WHERE conversation_id = %s AND user_id = %s"


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wants to say. `key` is made by the page: the same key twice is one message."""

    key: UUID
    text: str
    files: Sequence[int] = ()
    citations: Sequence[Source] = field(default=())


def client_says(consultation: Consultation, words: Words, *, user: User, at: datetime) -> Message:
    """The client's message is in the conversation: it is the office's turn. A closed one opens again within
    thirty days, with its history; later it is refused, and a new one can be begun that names it."""
    with transaction.atomic():
        conversation, known = _opened(consultation, words.key, anywhere=True)
        if known is not None:
            return known
        text = _text_of(words)
        pacing.spend_message(consultation, by=user, at=at)
        if consultation.state == State.CLOSED:
            lifecycle.reopen(consultation, by=None, at=at)
        turns.client_wrote(consultation, at=at)
        message = _append(conversation, words, text, side=Side.CLIENT, kind=Kind.MESSAGE, at=at)
        _hold_files(message, words.files, user=user, office=consultation.office, consultation=consultation)
        _forget_draft(conversation, user)
        news.tell("message.received", consultation, subject=message, by=user, at=at)
    return message


def office_says(
    consultation: Consultation,
    words: Words,
    *,
    kind: Kind,
    by: Officer,
    at: datetime,
    approved_by: Officer | None = None,
) -> Message:
    """The officer's message is in the conversation, and the clocks follow what it is.

    Whoever writes has the consultation in hand: nobody's is taken with the first word, a colleague's is refused.
    An answer to a request that is complete but not accepted yet accepts it first.
    """
    with transaction.atomic():
        conversation, known = _opened(consultation, words.key)
        if known is not None:
            return known
        if consultation.state == State.CLOSED:
            raise Refused(
                _("This consultation is closed. Open it again to write to the client."), code="closed"
            )
        text = _text_of(words)
        holding.claim(consultation, by=by, at=at)
        if kind == Kind.ANSWER and consultation.accepted_at is None:
            lifecycle.accept(consultation, by=by, at=at)
        message = _append(
            conversation, words, text, side=Side.OFFICE, kind=kind, at=at, officer=by, approved_by=approved_by
        )
        _hold_files(message, words.files, user=by.user, office=consultation.office, consultation=consultation)
        keep(consultation, words.citations)
        if kind == Kind.ANSWER:
            turns.office_answered(consultation, at=at)
        elif kind == Kind.QUESTION:
            turns.office_asked(consultation, at=at)
        else:
            turns.office_wrote(consultation, at=at)
        _forget_draft(conversation, by.user)
        news.tell("message.sent", consultation, subject=message, by=by.user, at=at, data={"kind": str(kind)})
    return message


def announce(
    consultation: Consultation,
    *,
    what: str,
    data: dict[str, str],
    at: datetime,
    by: Officer | None = None,
) -> Message:
    """A line that both sides see in their own language (notices.py): something happened, nobody said it."""
    with transaction.atomic():
        conversation = locked(consultation)
        words = Words(uuid4(), "")
        message = _append(
            conversation, words, "", side=Side.SYSTEM, kind=Kind.NOTICE, at=at, notice={"what": what, **data}
        )
        Consultation.objects.filter(pk=consultation.pk).update(last_message_at=at)
        news.tell("message.noticed", consultation, subject=message, by=by.user if by else None, at=at)
    return message


def note(consultation: Consultation, *, text: str, key: UUID, by: Officer, at: datetime) -> Note:
    """An internal note stands after the newest message. It is no message: no client's page can ask for it."""
    plain = rendering.cleaned(text)
    with transaction.atomic():
        conversation = locked(consultation)
        known = Note.objects.filter(key=key).first()
        if known is not None:
            return known
        written = Note.objects.create(
            conversation=conversation,
            after_sequence=conversation.last_sequence,
            key=key,
            officer=by,
            text=plain,
            html=rendering.as_html(plain),
            at=at,
        )
        news.tell_office("note.written", consultation, subject=written, by=by.user, at=at)
    return written


def locked(consultation: Consultation) -> Conversation:
    """The conversation, held by us until the end of the transaction. Refused when another office has it by now."""
    held = Conversation.objects.select_for_update(of=("self",), no_key=True)
    conversation = held.filter(consultation=consultation.pk).first()
    if conversation is None:
        raise _elsewhere()
    return conversation


def _elsewhere() -> Stale:
    return Stale(_("This consultation has gone to another office in the meantime."), code="forwarded")


def _opened(
    consultation: Consultation, key: UUID, *, anywhere: bool = False
) -> tuple[Conversation, Message | None]:
    """The conversation, held by us until the end of the transaction, the consultation read anew, and the message
    when this key has been said already. Refused when another office has it by now, except for the client."""
    # Not in one statement: on PostgreSQL what waited for the lock would not see the message said meanwhile.
    held = sql.rows(_HOLD + (_LOCK if connection.features.has_select_for_update else ""), [consultation.pk])
    if not held or not (anywhere or held[0][1] == consultation.office_id):
        raise _elsewhere()
    number, consultation.office_id, last, state, officer, waiting_for, *instants = held[0]
    consultation.state, consultation.officer_id, consultation.waiting_for = state, officer, waiting_for
    for name, at in zip(("turn_at", "accepted_at", "answered_at", "closed_at"), instants, strict=True):
        setattr(consultation, name, sql.instant(at))
    conversation = Conversation(
        id=number, office_id=consultation.office_id, consultation_id=consultation.pk, last_sequence=last
    )
    conversation._state.adding = False
    said = sql.rows(_SAID, [number, key])
    if not said:
        return conversation, None
    with scopes_disabled():
        return conversation, Message.objects.get(pk=said[0][0])


def _text_of(words: Words) -> str:
    """A file may come without a word."""
    return "" if words.files and not words.text.strip() else rendering.cleaned(words.text)


def _append(
    conversation: Conversation,
    words: Words,
    text: str,
    *,
    side: Side,
    kind: Kind,
    at: datetime,
    officer: Officer | None = None,
    approved_by: Officer | None = None,
    notice: dict[str, Any] | None = None,
) -> Message:
    conversation.last_sequence += 1
    sql.run(_NUMBER, [conversation.last_sequence, conversation.pk])
    message = Message(
        conversation=conversation,
        sequence=conversation.last_sequence,
        key=words.key,
        side=side,
        kind=kind,
        officer=officer,
        approved_by=approved_by,
        text=text,
        html=rendering.as_html(text) if text else "",
        notice=notice or {},
        citations=[dict(each) for each in words.citations],
        at=at,
    )
    values = [conversation.pk, message.sequence, words.key, str(side), str(kind)]
    values += [message.officer_id, message.approved_by_id, text, str(message.html)]
    values += [json.dumps(message.notice), json.dumps(message.citations), sql.stored(at)]
    message.pk = sql.rows(_MESSAGE, values)[0][0]
    message._state.adding = False
    return message


def _hold_files(
    message: Message, files: Sequence[int], *, user: User, office: Office, consultation: Consultation
) -> None:
    if not files:
        return
    held = claim(files, user=user, office=office, at=message.at, topic=news.topic(consultation.pk))
    MessageFile.objects.bulk_create(
        MessageFile(message=message, file=file, position=place) for place, file in enumerate(held)
    )


def _forget_draft(conversation: Conversation, user: User) -> None:
    sql.run(_FORGET, [conversation.pk, user.pk])
