"""record(): the one way to say that something happened."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.module_loading import import_string

from sapa import wiring
from sapa.activity import push
from sapa.activity.models import Event
from sapa.core import sql

# Written with every change of the product (docs/decisions/0007).
_EVENT = (
    "INSERT INTO activity_event (office_id, name, subject_type, subject_id, by_id, at, data)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id"
)
_REACTIONS = "INSERT INTO activity_reaction (event_id, handler, due_at, attempts, reason) VALUES "


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

    A handler of wiring.ONLY_WHERE gets its row only where it is wanted at this moment.
    `name` is `noun.past_participle`; `by` is the User who did it, None for the system or a visitor.
    After the commit, the listeners of `office:<id>` and of `topics` are signalled with the name and ids only.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs into the transaction of the change it tells of")
    event = Event(
        office_id=office_id,
        name=name,
        subject_type=subject._meta.model_name or "",
        subject_id=subject.pk,
        by_id=by.pk if by else None,
        at=at,
        data=dict(data or {}),
    )
    stored = sql.stored(at)
    told = [office_id, name, event.subject_type, subject.pk, event.by_id, stored, json.dumps(event.data)]
    event.pk = sql.rows(_EVENT, told)[0][0]
    event._state.adding = False
    handlers = [each for each in wiring.REACTIONS.get(name, []) if _is_wanted(each, name, office_id)]
    if handlers:
        due = [value for each in handlers for value in (event.pk, each, stored)]
        sql.run(_REACTIONS + ", ".join(["(%s, %s, %s, 0, '')"] * len(handlers)), due)
    push.after_commit(
        push.Signal(id=event.pk, name=name, subject_id=subject.pk),
        topics=(f"office:{office_id}", *topics),
        wake_worker=bool(handlers),
    )
    return event


def _is_wanted(handler: str, name: str, office_id: int) -> bool:
    asked = wiring.ONLY_WHERE.get(handler)
    return asked is None or import_string(asked)(name, office_id)
