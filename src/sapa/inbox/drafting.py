"""What somebody is writing: a draft per person and conversation; an officer's with the sources it will cite."""

from datetime import datetime

from django.db import transaction

from sapa.consultations.models import Consultation
from sapa.core import sql
from sapa.inbox import citing
from sapa.inbox.canning import VARIABLE, VARIABLES
from sapa.inbox.models import CannedAnswer, Conversation, MessageDraft
from sapa.people.models import Officer, User

LONGEST_DRAFT = 20_000


def draft_of(conversation: Conversation, user: User, *, at: datetime) -> MessageDraft:
    """What the person has written so far; an empty draft, not kept yet, when nothing was."""
    found = sql.first(MessageDraft, "conversation_id = %s AND user_id = %s", [conversation.pk, user.pk])
    return found or MessageDraft(conversation=conversation, user=user, updated_at=at)


def keep(conversation: Conversation, user: User, *, text: str, kind: str, at: datetime) -> MessageDraft:
    """The draft says this now; its sources stay as they are."""
    draft, _made = MessageDraft.objects.update_or_create(
        conversation=conversation,
        user=user,
        defaults={"text": text[:LONGEST_DRAFT], "kind": kind, "updated_at": at},
    )
    return draft


def add_source(
    conversation: Conversation, user: User, source: citing.Source, *, at: datetime
) -> MessageDraft:
    """The draft cites one source more; the same source twice is once."""
    with transaction.atomic():
        draft, _made = MessageDraft.objects.select_for_update(of=("self",), no_key=True).get_or_create(
            conversation=conversation, user=user, defaults={"updated_at": at}
        )
        if dict(source) not in draft.citations:
            draft.citations = citing.read([*draft.citations, source])
            draft.updated_at = at
            draft.save(update_fields=["citations", "updated_at"])
    return draft


def drop_source(conversation: Conversation, user: User, place: int, *, at: datetime) -> MessageDraft:
    """The source at that place is not cited any more; nothing happens when there is none."""
    with transaction.atomic():
        draft = draft_of(conversation, user, at=at)
        if draft.pk is not None and 0 <= place < len(draft.citations):
            draft.citations = [each for number, each in enumerate(draft.citations) if number != place]
            draft.updated_at = at
            draft.save(update_fields=["citations", "updated_at"])
    return draft


def filled_in(canned: CannedAnswer, consultation: Consultation, *, by: Officer) -> str:
    """The text of a canned answer with its variables filled in; a variable that is none stays as it is."""
    values = {
        "name": consultation.client.name,
        "code": consultation.code,
        "subject": consultation.subject,
        "officer": str(by),
        "office": consultation.office.name,
    }
    return VARIABLE.sub(
        lambda found: values[VARIABLES[found[1]]] if found[1] in VARIABLES else found[0], canned.text
    )
