"""Answers that an office shows to everybody, and taking something out of the catalogue again."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from sapa.activity.recording import record
from sapa.catalogue import personal
from sapa.catalogue.citations import checked
from sapa.catalogue.models import Entry
from sapa.catalogue.search.indexing import index
from sapa.core.errors import Refused, Stale
from sapa.offices.models import Office
from sapa.people.models import Officer

LONGEST_QUESTION: Final = 300
LONGEST_ANSWER: Final = 20_000


def publish_answer(
    office: Office,
    *,
    question: str,
    answer: str,
    citations: Sequence[Mapping[str, Any]],
    subject: str,
    by: Officer,
    at: datetime,
) -> Entry:
    """The answer, in plain text, stands in the catalogue of the office and is found at once.

    Refused where `readable` refuses it.
    """
    title, body = readable(office, question=question, answer=answer)
    with transaction.atomic():
        entry = Entry.objects.create(
            office=office,
            kind=Entry.Kind.ANSWER,
            title=title,
            body=body,
            subject=subject.strip()[:60],
            citations=checked(citations),
            producer=office.name,
            released_on=at.astimezone(office.zone).date(),
            is_demo=office.is_demo,
            published_at=at,
        )
        index([entry])
        record("entry.published", entry, office_id=office.pk, by=by.user, at=at)
    return entry


def readable(office: Office, *, question: str, answer: str) -> tuple[str, str]:
    """Title and body as they would stand in the catalogue.

    Refused while one is missing or too long, or still holds an e-mail address or a telephone or identity number other
    than the office's own: who asked is nobody's business (UU 27/2022).
    """
    title, body = " ".join(question.split()), answer.strip()
    if not title or not body:
        raise Refused(_("A published answer needs its question and its answer."), code="empty")
    if len(title) > LONGEST_QUESTION or len(body) > LONGEST_ANSWER:
        raise Refused(
            _("The question may have %(question)s characters and the answer %(answer)s. Shorten them.")
            % {"question": str(LONGEST_QUESTION), "answer": str(LONGEST_ANSWER)},
            code="long",
        )
    _refuse_personal(office, f"{title}\n{body}")
    return title, body


def withdraw(entry: Entry, *, by: Officer | None, at: datetime) -> None:
    """The entry is found no more; its page says that it was withdrawn. `by` is None when its source lost it."""
    with transaction.atomic():
        changed = Entry.objects.filter(pk=entry.pk, withdrawn_at=None, published_at__isnull=False).update(
            withdrawn_at=at
        )
        if not changed:
            raise Stale(_("This is not shown in the catalogue any more."))
        entry.withdrawn_at = at
        index([entry])
        record("entry.withdrawn", entry, office_id=entry.office_id, by=by.user if by else None, at=at)


def _refuse_personal(office: Office, text: str) -> None:
    own = {office.email.casefold(), _digits(office.phone)}
    found = [
        each
        for each in personal.found_in(text)
        if (each.casefold().rstrip(".") if "@" in each else _digits(each)) not in own
    ]
    if found:
        raise Refused(
            _("“%(what)s” looks like somebody's contact or identity number. Take it out, then publish.")
            % {"what": found[0].strip()},
            code="personal",
        )


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
