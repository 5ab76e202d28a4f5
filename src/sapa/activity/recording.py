"""record(): the one way to say that something happened."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django_scopes import scopes_disabled

from sapa import wiring
from sapa.activity import push
from sapa.activity.models import Event, Reaction


def record(
    name: str,
    subject: models.Model,
    *,
    office_id: int,
    by: models.Model | None,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    topics: Iterable[str] = (),
) -> Event:
    """Write the event and a due row for each handler wired to its name, in the caller's transaction.

    `name` is `noun.past_participle`; `by` is the User who did it, None for the system or a visitor.
    After the commit, the listeners of `office:<id>` and of `topics` are signalled with the name and ids only.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs into the transaction of the change it tells of")
    with scopes_disabled():
        event = Event.objects.create(
            office_id=office_id,
            name=name,
            subject_type=subject._meta.model_name or "",
            subject_id=subject.pk,
            by_id=by.pk if by else None,
            at=at,
            data=dict(data or {}),
        )
    handlers = wiring.REACTIONS.get(name, [])
    Reaction.objects.bulk_create(Reaction(event=event, handler=each, due_at=at) for each in handlers)
    push.after_commit(
        push.Signal(id=event.pk, name=name, subject_id=subject.pk),
        topics=(f"office:{office_id}", *topics),
        wake_worker=bool(handlers),
    )
    return event
