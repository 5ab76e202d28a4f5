"""Who looks at a consultation, and who is writing: known for seconds, kept in the cache, never in the record."""

from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache

from sapa.activity import push
from sapa.consultations import news
from sapa.inbox.models import Side

# A page's stream beats every 15 seconds; two missed beats and a little, and its reader has left.
LOOKS_FOR: Final = timedelta(seconds=40)
WRITES_FOR: Final = timedelta(seconds=6)


def _key(consultation_id: int) -> str:
    return f"presence:{consultation_id}"


def look(consultation_id: int, officer_id: int, *, at: datetime, is_writing: bool = False) -> None:
    """The officer's page of this consultation is open now."""
    known: dict[int, tuple[datetime, datetime | None]] = cache.get(_key(consultation_id), {})
    recent = {who: each for who, each in known.items() if at - each[0] <= LOOKS_FOR and who != officer_id}
    wrote = at if is_writing else known.get(officer_id, (at, None))[1]
    cache.set(_key(consultation_id), {**recent, officer_id: (at, wrote)}, int(LOOKS_FOR.total_seconds()))


def lookers(consultation_id: int, *, at: datetime, but: int) -> dict[int, bool]:
    """The other officers who look at it now, and whether each is writing."""
    known: dict[int, tuple[datetime, datetime | None]] = cache.get(_key(consultation_id), {})
    return {
        who: wrote is not None and at - wrote <= WRITES_FOR
        for who, (seen, wrote) in known.items()
        if who != but and at - seen <= LOOKS_FOR
    }


def writes(consultation_id: int, side: Side) -> None:
    """The other side's page is told that somebody is writing: a signal that is kept nowhere."""
    tell_the_other(side, f"{side}.typing", consultation_id, subject_id=consultation_id)


def tell_the_other(side: Side, name: str, consultation_id: int, *, subject_id: int) -> None:
    """The pages of the other side are sent the signal, those of this side are not: a page that marks as read what
    it shows would fetch all of it again."""
    topic = news.office_topic if side == Side.CLIENT else news.client_topic
    push.after_commit(push.Signal(0, name, subject_id), topics=(topic(consultation_id),))
