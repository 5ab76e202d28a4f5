"""A second pair of eyes: where the office wants it, an answer is released by a colleague."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from sapa.consultations import holding, news
from sapa.consultations.models import Consultation
from sapa.consultations.models import State as Stage
from sapa.core import sql
from sapa.core.errors import Refused, Stale
from sapa.files.claiming import postpone
from sapa.inbox import rendering, writing
from sapa.inbox.models import InboxPolicy, Kind, Message, MessageDraft, PendingAnswer
from sapa.offices.models import Office
from sapa.people.models import Officer

State = PendingAnswer.State
KEEPS_FILES: Final = timedelta(days=30)


def is_wanted(office: Office) -> bool:
    """Whether answers of this office are released by a second pair of eyes."""
    return sql.first(InboxPolicy, "office_id = %s AND answers_need_approval", [office.pk]) is not None


def submit(consultation: Consultation, words: writing.Words, *, by: Officer, at: datetime) -> PendingAnswer:
    """The answer waits for a colleague; the client sees nothing of it. One at a time for a consultation."""
    text = rendering.cleaned(words.text)
    with transaction.atomic():
        conversation = writing.locked(consultation)
        known = PendingAnswer.objects.filter(key=words.key).first()
        if known is not None:
            return known
        if Consultation.objects.get(pk=consultation.pk).state == Stage.CLOSED:
            raise Refused(
                _("This consultation is closed. Open it again to write to the client."), code="closed"
            )
        holding.claim(consultation, by=by, at=at)
        if conversation.pending_answers.filter(state=State.SUBMITTED).exists():
            raise Refused(_("An answer is waiting for approval already."), code="pending")
        pending = PendingAnswer.objects.create(
            conversation=conversation,
            key=words.key,
            officer=by,
            text=text,
            citations=[dict(each) for each in words.citations],
            files=list(words.files),
            submitted_at=at,
        )
        MessageDraft.objects.filter(conversation=conversation, user=by.user).delete()
        postpone(words.files, user=by.user, office=consultation.office, until=at + KEEPS_FILES)
        news.tell_office("answer.submitted", consultation, subject=pending, by=by.user, at=at)
    return pending


def approve(pending: PendingAnswer, *, by: Officer, at: datetime) -> Message:
    """The answer is in the conversation, by its author; the clocks count from this release."""
    with transaction.atomic():
        consultation = _decided(pending, State.APPROVED, by=by, at=at)
        words = writing.Words(
            key=pending.key,
            text=pending.text,
            files=pending.files,
            citations=pending.citations,
        )
        message = writing.office_says(
            consultation, words, kind=Kind.ANSWER, by=pending.officer, approved_by=by, at=at
        )
        news.tell_office("answer.approved", consultation, subject=pending, by=by.user, at=at)
    return message


def send_back(pending: PendingAnswer, *, remark: str, by: Officer, at: datetime) -> None:
    """The author has it back as a draft, with a word of what to change."""
    remark = " ".join(remark.split())[:500]
    if not remark:
        raise Refused(_("Please say what should be changed."), code="remark")
    with transaction.atomic():
        consultation = _decided(pending, State.RETURNED, by=by, at=at, remark=remark)
        MessageDraft.objects.update_or_create(
            conversation=pending.conversation,
            user=pending.officer.user,
            defaults={
                "text": pending.text,
                "kind": Kind.ANSWER,
                "citations": pending.citations,
                "updated_at": at,
            },
        )
        news.tell_office("answer.returned", consultation, subject=pending, by=by.user, at=at)


def _decided(
    pending: PendingAnswer, state: State, *, by: Officer, at: datetime, remark: str = ""
) -> Consultation:
    if pending.officer_id == by.pk:
        raise Refused(_("A colleague must look at it: you cannot release your own answer."), code="own")
    # The lock makes the comparison see what a colleague has decided in the same instant.
    consultation = pending.conversation.consultation
    writing.locked(consultation)
    waiting = PendingAnswer.objects.filter(pk=pending.pk, state=State.SUBMITTED)
    if not waiting.update(state=state, reviewer=by, decided_at=at, remark=remark):
        raise Stale(_("A colleague has decided on this answer already."), code="decided")
    return consultation
