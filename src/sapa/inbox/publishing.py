"""Public answers: a question and its answer without the person, reviewed by a colleague, found by everybody."""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sapa.activity.recording import record
from sapa.catalogue import publishing
from sapa.catalogue.models import Entry
from sapa.consultations.models import Consultation
from sapa.core.errors import Refused, Stale
from sapa.inbox import rendering, writing
from sapa.inbox.models import PublicAnswer
from sapa.people.models import Client, Officer

State = PublicAnswer.State
# Of a name of two letters only the whole name is looked for: the rest would be in every other sentence.
SHORTEST_NAME = 3


def propose(
    consultation: Consultation, *, subject: str, question: str, answer: str, by: Officer, at: datetime
) -> PublicAnswer:
    """The text waits for a supervisor; the same text sent twice waits once.

    Refused while it names the client or cannot stand in the catalogue, and while another text of this consultation
    waits.
    """
    texts = [" ".join(subject.split())[:300], rendering.cleaned(question), rendering.cleaned(answer)]
    if not texts[0]:
        raise Refused(_("Please give the answer a title."), code="title")
    publishing.readable(consultation.office, question=texts[1], answer=f"{texts[0]}\n{texts[2]}")
    for text in texts:
        _refuse_name(text, consultation.client)
    with transaction.atomic():
        writing.locked(consultation)
        waiting = PublicAnswer.objects.filter(consultation=consultation, state=State.SUBMITTED).first()
        if waiting is not None:
            if [waiting.subject, waiting.question, waiting.answer] == texts:
                return waiting
            raise Refused(_("A text of this consultation is waiting for review already."), code="pending")
        made = PublicAnswer.objects.create(
            office=consultation.office,
            consultation=consultation,
            subject=texts[0],
            question=texts[1],
            answer=texts[2],
            citations=[
                source
                for sources in consultation.conversation.messages.exclude(citations=[]).values_list(
                    "citations", flat=True
                )
                for source in sources
            ],
            by=by,
            submitted_at=at,
        )
        record("public_answer.submitted", made, office_id=made.office_id, by=by.user, at=at)
    return made


def publish(public: PublicAnswer, *, by: Officer, at: datetime) -> Entry:
    """The search finds it from now on."""
    with transaction.atomic():
        _decide(public, State.PUBLISHED, since=State.SUBMITTED, by=by, at=at)
        entry = publishing.publish_answer(
            public.office,
            subject=public.subject,
            question=public.question,
            answer=public.answer,
            citations=public.citations,
            by=by,
            at=at,
        )
        PublicAnswer.objects.filter(pk=public.pk).update(entry_id=entry.pk)
        record("public_answer.published", public, office_id=public.office_id, by=by.user, at=at)
    return entry


def send_back(public: PublicAnswer, *, remark: str, by: Officer, at: datetime) -> None:
    """It is not published; the author reads why."""
    remark = " ".join(remark.split())[:500]
    if not remark:
        raise Refused(_("Please say what should be changed."), code="remark")
    with transaction.atomic():
        _decide(public, State.RETURNED, since=State.SUBMITTED, by=by, at=at, remark=remark)
        record("public_answer.returned", public, office_id=public.office_id, by=by.user, at=at)


def withdraw(public: PublicAnswer, *, by: Officer, at: datetime) -> None:
    """The search finds it no more; that it was public stays on record."""
    with transaction.atomic():
        if not PublicAnswer.objects.filter(pk=public.pk, state=State.PUBLISHED).update(state=State.WITHDRAWN):
            raise Stale(_("This answer is not published."), code="not_published")
        public.refresh_from_db()  # it may have been published since it was read
        entry = Entry.objects.filter(pk=public.entry_id or 0).first()
        if entry is not None:
            publishing.withdraw(entry, by=by, at=at)
        record("public_answer.withdrawn", public, office_id=public.office_id, by=by.user, at=at)


def _refuse_name(text: str, client: Client) -> None:
    names = [client.name, *(part for part in client.name.split() if len(part) >= SHORTEST_NAME)]
    found = (re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) for name in names if name)
    named = next((each.group() for each in found if each), None)
    if named is not None:
        raise Refused(
            _("“%(what)s” may lead to the person who asked. Please take it out.") % {"what": named},
            code="personal",
        )


def _decide(
    public: PublicAnswer, to: State, *, since: State, by: Officer, at: datetime, remark: str = ""
) -> None:
    if public.by_id == by.pk:
        raise Refused(_("A colleague must look at it before it is published."), code="own")
    waiting = PublicAnswer.objects.filter(pk=public.pk, state=since)
    if not waiting.update(state=to, reviewer=by, decided_at=at, remark=remark):
        raise Stale(_("A colleague has decided on this already."), code="decided")
