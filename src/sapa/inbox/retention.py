"""Erasing what people wrote to each other: on request, and when it is no longer needed (UU 27/2022 art. 43).

As for the guest book (frontdesk/retention.py), and after the same time: texts, files and drafts go; that something was
asked and answered, when, by which office and how the clocks ran stays for the counts.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.consultations.models import Consultation, Door, Handling, MissingItem, OnlineRequest, RequestDraft
from sapa.files.forgetting import forget as forget_files
from sapa.frontdesk.retention import forget_outcomes
from sapa.inbox.models import (
    Message,
    MessageDraft,
    MessageFile,
    Note,
    PendingAnswer,
    PublicAnswer,
    Side,
)
from sapa.offices.models import Office

ERASED: Final = "–"
ERASED_HTML: Final = "<p>–</p>"
# What a line of the system may still say: nothing in it was typed by anybody.
_SAFE: Final = ("what", "starts_at", "ends_at", "kind", "items", "from", "to")
# What is published leads to nobody and was reviewed for that; what was not may still hold the question as it came.
_UNPUBLISHED: Final = (PublicAnswer.State.SUBMITTED, PublicAnswer.State.RETURNED)


def forget_after_day(event: Event, at: datetime) -> None:
    """At the end of a service day, in the transaction of the reaction."""
    forget_old_conversations(event.office, at=at)


def forget_old_conversations(office: Office, *, at: datetime) -> int:
    """Online consultations that ended SAPA_RETENTION_DAYS ago say nothing any more, and requests that were begun and
    not sent for as long are gone. Returns how many were erased; a second time, none."""
    before = at - timedelta(days=settings.RETENTION_DAYS)
    with transaction.atomic(), scopes_disabled():
        RequestDraft.objects.filter(office=office, updated_at__lt=before).delete()
        said = Message.objects.filter(conversation__consultation=OuterRef("pk")).exclude(
            text__in=["", ERASED]
        )
        ended = Consultation.objects.filter(office=office, door=Door.WEB, closed_at__lt=before)
        old = list(ended.filter(Q(Exists(said)) | ~Q(subject="")).values_list("pk", flat=True))
        if not old:
            return 0
        forget(old, at=at)
        record(
            "conversations.forgotten", office, office_id=office.pk, by=None, at=at, data={"count": len(old)}
        )
    return len(old)


def forget(consultations: Collection[int], *, at: datetime) -> None:
    """What was typed, drafted, noted and sent along in these consultations is gone, on both sides. In the caller's
    transaction."""
    with scopes_disabled():
        theirs = {"conversation__consultation__in": consultations}
        pending = PendingAnswer.objects.filter(**theirs)
        sent = MessageFile.objects.filter(message__conversation__consultation__in=consultations)
        waiting = [file for files in pending.values_list("files", flat=True) for file in files]
        forget_files([*sent.values_list("file", flat=True), *waiting], at=at)
        Consultation.objects.filter(pk__in=consultations).update(subject="", answer="")
        OnlineRequest.objects.filter(consultation__in=consultations).update(
            question="", area="", purpose_text="", trail=""
        )
        _forget_missing(consultations)
        Handling.objects.filter(consultation__in=consultations).update(note="")
        spoken = Message.objects.filter(**theirs)
        spoken.exclude(text="").update(text=ERASED, html=ERASED_HTML)
        for message in spoken.filter(side=Side.SYSTEM).only("pk", "notice"):
            kept = {name: value for name, value in message.notice.items() if name in _SAFE}
            if kept != message.notice:
                Message.objects.filter(pk=message.pk).update(notice=kept)
        forget_outcomes(Q(consultation__in=consultations))
        Note.objects.filter(**theirs).update(text=ERASED, html=ERASED_HTML)
        MessageDraft.objects.filter(**theirs).delete()
        pending.update(text=ERASED, remark="", files=[], citations=[])
        PublicAnswer.objects.filter(consultation__in=consultations, state__in=_UNPUBLISHED).update(
            subject=ERASED, question=ERASED, answer=ERASED, remark=""
        )


def _forget_missing(consultations: Collection[int]) -> None:
    """That something was asked back for stays; of "something else", whose text says what, only its number."""
    items = MissingItem.objects.filter(consultation__in=consultations).exclude(text="")
    items.exclude(key=MissingItem.Key.OTHER).update(text="")
    for number in items.filter(key=MissingItem.Key.OTHER).values_list("pk", flat=True):
        MissingItem.objects.filter(pk=number).update(text=f"{ERASED} {number}")
