"""What stands at the video providers is brought to what should stand there: one due row per meeting and provider.

Nothing outside is called inside a transaction. The claim pushes `due_at` ahead as a lease, success settles; a crash
in between means "again later". That something was asked for is written down before the call, so that whatever was
made without an answer is looked for, and adopted or taken away.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Min, Q
from django_scopes import scope, scopes_disabled

from sapa.activity.recording import record
from sapa.consultations import news
from sapa.core.work import Source
from sapa.meetings.models import FollowUp, Room, State
from sapa.meetings.policy import policy_of
from sapa.meetings.providers.base import Joined, ProviderError
from sapa.meetings.providers.registry import provider
from sapa.people.models import Officer

log = logging.getLogger("sapa.meetings")

LEASE: Final = timedelta(minutes=2)
FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(minutes=30)
# About eight minutes of failing, or the last hour before the beginning: somebody should choose another way.
ALARM_AFTER: Final = 5
ALARM_BEFORE: Final = timedelta(hours=1)
MOST_ATTEMPTS: Final = 60


def request(meeting: FollowUp, *, at: datetime) -> None:
    """Every room of the meeting is due: the provider it has now, and those it had before. In the caller's
    transaction."""
    if meeting.provider and meeting.is_booked:
        Room.objects.get_or_create(follow_up=meeting, provider=meeting.provider, defaults={"due_at": at})
    rooms = Room.objects.filter(follow_up=meeting)
    rooms.exclude(_open()).update(
        due_at=at, settled_at=None, dead_at=None, alarmed_at=None, attempts=0, reason=""
    )
    # One that is being asked for right now keeps its lease: it is due again when the answer is there.
    rooms.exclude(reason="").update(due_at=at)


def retry(meeting: FollowUp, *, by: Officer, at: datetime) -> None:
    """The provider is asked again now, though it was given up or is waited for."""
    with transaction.atomic():
        request(meeting, at=at)
        data = {"provider": meeting.provider}
        record("meeting.retried", meeting, office_id=meeting.office_id, by=by.user, at=at, data=data)


def room_of(meeting: FollowUp) -> Room | None:
    """The room where the meeting is to take place."""
    return Room.objects.filter(follow_up=meeting, provider=meeting.provider).first()


def settle(row: int, at: datetime) -> None:
    """Bring one room to what it should be. A failure of the provider is kept in the row, not raised."""
    unsettled = Room.objects.filter(pk=row, settled_at=None, dead_at=None)
    # Counted before the call: after a crash the next try knows that there was one.
    if not unsettled.filter(due_at__lte=at).update(due_at=at + LEASE, attempts=F("attempts") + 1, reason=""):
        return
    with scopes_disabled():
        room = Room.objects.select_related("follow_up__office", "follow_up__consultation").get(pk=row)
    meeting = room.follow_up
    with scope(office=meeting.office):
        try:
            joined, outside_id = _call(room, meeting, at)
        except ProviderError as problem:
            _fail_for(room, meeting, problem, at)
        else:
            _done(room, meeting, joined, outside_id, at)


def _wanted(room: Room, meeting: FollowUp) -> bool:
    return meeting.is_booked and meeting.provider == room.provider


def _call(room: Room, meeting: FollowUp, at: datetime) -> tuple[Joined | None, str]:
    """What the provider said, and the id that stands there afterwards."""
    where, policy = provider(room.provider), policy_of(meeting.office)
    if not _wanted(room, meeting):
        if (room.outside_id or room.asked_at) and meeting.ends_at > at:
            where.cancel(meeting, policy, room.outside_id, at=at)
        return None, ""
    if not room.outside_id:
        Room.objects.filter(pk=room.pk).update(asked_at=at)
        joined = where.create(meeting, policy, at=at, again=room.asked_at is not None)
        return joined, joined.outside_id
    if room.made_sequence == meeting.sequence:
        return None, room.outside_id
    moved = where.update(meeting, policy, room.outside_id, at=at)
    return moved, moved.outside_id if moved else room.outside_id


def _done(room: Room, meeting: FollowUp, joined: Joined | None, outside_id: str, at: datetime) -> None:
    """Settled, unless the meeting was changed while the provider was asked: then it is due again."""
    with transaction.atomic():
        now_is = FollowUp.objects.select_for_update(no_key=True).get(pk=meeting.pk)
        same = (now_is.state, now_is.provider, now_is.sequence) == (
            meeting.state,
            meeting.provider,
            meeting.sequence,
        )
        Room.objects.filter(pk=room.pk).update(
            outside_id=outside_id,
            asked_at=None,
            made_sequence=meeting.sequence if _wanted(room, meeting) else None,
            settled_at=at if same else None,
            due_at=at,
            attempts=0,
            alarmed_at=None,
            reason="",
        )
        if joined is None or not same:
            return
        FollowUp.objects.filter(pk=meeting.pk).update(link=joined.link, passcode=joined.passcode)
        _tell("meeting.ready", meeting, at, provider=room.provider)


def _fail_for(room: Room, meeting: FollowUp, problem: ProviderError, at: datetime) -> None:
    log.warning(
        "video provider failed",
        extra={"room": room.pk, "provider": room.provider, "reason": problem.reason},
    )
    attempts = room.attempts
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(max(attempts - 1, 0), 10))
    if problem.retry_after is not None:
        # The provider's own word; but one that says "in a second" for hours is not taken by it any more.
        pause = problem.retry_after if attempts < ALARM_AFTER else max(pause, problem.retry_after)
    # What could only be made after the end is of no use to anybody; taking away is tried for a day.
    over = at + pause >= meeting.ends_at if _wanted(room, meeting) else attempts >= MOST_ATTEMPTS
    dead = problem.permanent or over
    alarm = room.alarmed_at is None and (
        dead or attempts >= ALARM_AFTER or at + pause > meeting.starts_at - ALARM_BEFORE
    )
    with transaction.atomic():
        Room.objects.filter(pk=room.pk, settled_at=None).update(
            due_at=at + pause,
            reason=problem.reason,
            dead_at=at if dead else None,
            alarmed_at=at if alarm else room.alarmed_at,
        )
        if problem.is_down:
            # The worker has one loop: it does not wait in vain for every meeting of the same account.
            others = Room.objects.filter(
                provider=room.provider, follow_up__office=meeting.office_id, settled_at=None, dead_at=None
            )
            others.exclude(pk=room.pk).filter(due_at__lt=at + pause).update(due_at=at + pause)
        if alarm and _wanted(room, meeting):
            _tell(
                "meeting.failed",
                meeting,
                at,
                provider=room.provider,
                reason=problem.reason,
                given_up=dead,
            )


def _tell(name: str, meeting: FollowUp, at: datetime, **data: object) -> None:
    record(
        name,
        meeting,
        office_id=meeting.office_id,
        by=None,
        at=at,
        data=data,
        topics=(news.topic(meeting.consultation_id),),
    )


def _open() -> Q:
    return Q(settled_at=None, dead_at=None)


def _due(at: datetime, limit: int) -> list[int]:
    rows = Room.objects.filter(_open(), due_at__lte=at)
    return list(rows.order_by("due_at", "id").values_list("id", flat=True)[:limit])


def _fail(row: int, at: datetime, reason: str) -> None:
    """An error of ours: kept like one of the provider's, so that the officer hears of it as well."""
    with scopes_disabled():
        room = Room.objects.select_related("follow_up__office", "follow_up__consultation").get(pk=row)
    with scope(office=room.follow_up.office):
        _fail_for(room, room.follow_up, ProviderError("our_error", permanent=False), at)


def _oldest() -> datetime | None:
    oldest: datetime | None = Room.objects.filter(_open()).aggregate(oldest=Min("due_at"))["oldest"]
    return oldest


def _dead() -> int:
    """Given up, and the meeting still stands without a room."""
    with scopes_disabled():
        return Room.objects.filter(dead_at__isnull=False, follow_up__state=State.BOOKED).count()


SOURCE = Source(name="meeting_rooms", due=_due, run=settle, fail=_fail, oldest=_oldest, dead=_dead)
