"""What was asked and answered: the officer's text, its citations, the data need (SKD block 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sapa.activity.recording import record
from sapa.consultations.lifecycle import OPEN
from sapa.consultations.models import Citation, Consultation, DataNeed
from sapa.core.errors import Stale
from sapa.people.models import Officer


@dataclass(frozen=True)
class Cited:
    """One source of an answer: a title and, where there is one, an address."""

    title: str
    url: str = ""
    area: str = ""
    period: str = ""


def write(
    consultation: Consultation,
    *,
    subject: str,
    answer: str,
    citations: Sequence[Cited],
    by: Officer,
    at: datetime,
) -> None:
    """The consultation says this now; its citations are exactly these, in this order. Only while it is open."""
    with transaction.atomic():
        written = Consultation.objects.filter(pk=consultation.pk, state__in=OPEN).update(
            subject=subject, answer=answer, officer=by
        )
        if not written:
            raise Stale(_("This consultation is closed; its answer stays as it is."), code="closed")
        consultation.subject, consultation.answer, consultation.officer = subject, answer, by
        if list(consultation.citations.values_list("title", "url", "area", "period")) != [
            (each.title, each.url, each.area, each.period) for each in citations
        ]:
            consultation.citations.all().delete()
            Citation.objects.bulk_create(
                Citation(
                    consultation=consultation,
                    title=each.title,
                    url=each.url,
                    area=each.area,
                    period=each.period,
                    position=place,
                )
                for place, each in enumerate(citations)
            )


def note_need(consultation: Consultation, *, need: dict[str, Any], by: Officer, at: datetime) -> DataNeed:
    """One more data item that was asked for, and what became of it. The same item twice is once."""
    with transaction.atomic():
        Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
        noted = consultation.data_needs.filter(**need).first()
        if noted is not None:
            return noted
        made = DataNeed.objects.create(consultation=consultation, **need)
        record(
            "data_need.noted",
            consultation,
            office_id=consultation.office_id,
            by=by.user,
            at=at,
            data={"need": made.pk},
        )
    return made


def drop_need(need: DataNeed, *, by: Officer, at: datetime) -> None:
    """The data item is taken off the consultation again."""
    with transaction.atomic():
        record(
            "data_need.dropped",
            need.consultation,
            office_id=need.consultation.office_id,
            by=by.user,
            at=at,
            data={"need": need.pk},
        )
        need.delete()
