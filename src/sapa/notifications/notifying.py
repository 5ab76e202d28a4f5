"""notify(): the one way in which somebody is told of something."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from sapa.activity import push
from sapa.activity.models import Event
from sapa.notifications import preferences, readers
from sapa.notifications.kinds import KINDS, TOPICS, Kind
from sapa.notifications.models import Delivery, Notification, PushSubscription, Way
from sapa.notifications.streams import topic
from sapa.people.models import User

# Between two mails of one thread to one person: what comes sooner waits and goes out together.
THREAD_REST: Final = timedelta(minutes=5)


def notify(
    event: Event,
    users: Iterable[User],
    what: str,
    *,
    path: str,
    at: datetime,
    thread: str = "",
    params: Mapping[str, Any] | None = None,
    also_doer: bool = False,
) -> list[Notification]:
    """Each of `users` is told of the event once, in the ways they chose; whoever did it is not told, unless it is
    a receipt (`also_doer`).

    Whoever is told already, as the reaction may run twice or the person stand in two lists, stays told once.
    """
    kind = KINDS[what]
    made = []
    with transaction.atomic():
        for user in {each.pk: each for each in users}.values():
            if (user.pk == event.by_id and not also_doer) or not user.is_active:
                continue
            ways = preferences.ways(user, TOPICS[kind.topic])
            notification, is_new = Notification.objects.get_or_create(
                user=user,
                event=event,
                defaults={
                    "office_id": event.office_id,
                    "what": what,
                    "subject_type": event.subject_type,
                    "subject_id": event.subject_id,
                    "thread": thread,
                    "path": path,
                    "params": dict(params or {}),
                    "in_page": Way.PAGE in ways,
                    "created_at": at,
                },
            )
            if is_new:
                _send_out(notification, kind, ways, at=at)
                made.append(notification)
    return made


def signal(notification: Notification) -> None:
    """The pages of the person are told that there is something new, after the commit."""
    told = push.Signal(id=notification.event_id or 0, name="notification.created", subject_id=notification.pk)
    push.after_commit(told, topics=(topic(notification.user_id),), wake_worker=True)


def _send_out(notification: Notification, kind: Kind, ways: frozenset[Way], *, at: datetime) -> None:
    reader = readers.reader_of(notification.user, at=at, office=notification.office)
    due_at = at + kind.wait
    if not kind.at_once:
        due_at = readers.after_rest(reader, due_at)
    rows = []
    if Way.MAIL in ways:
        mail_due_at = max(due_at, _rest_of_thread(notification)) if kind.wait else due_at
        rows.append(Delivery(notification=notification, way=Way.MAIL, due_at=mail_due_at))
    if Way.PUSH in ways:
        rows += [
            Delivery(notification=notification, way=Way.PUSH, subscription=each, due_at=due_at)
            for each in PushSubscription.objects.filter(user=notification.user, failed_at=None)
        ]
    Delivery.objects.bulk_create(rows)
    signal(notification)


def _rest_of_thread(notification: Notification) -> datetime:
    """The earliest instant for the next mail of this thread to this person."""
    sent = Delivery.objects.filter(
        notification__user_id=notification.user_id,
        notification__thread=notification.thread,
        way=Way.MAIL,
        reason="sent",
        settled_at__gt=notification.created_at - THREAD_REST,
    )
    last = sent.order_by("-settled_at").values_list("settled_at", flat=True).first()
    return last + THREAD_REST if last else notification.created_at
