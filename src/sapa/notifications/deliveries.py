"""What must still leave the house: due rows, each claimed with a lease, sent outside any transaction, then settled.

At least once: whoever is killed between sending and settling leaves a lease that runs out, and the row is sent again,
with the same Message-ID, so that a mail program that looks can tell.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import models, transaction
from django.db.models import F, Min, Q
from django.utils.translation import gettext_lazy as _

from sapa.activity.recording import record
from sapa.core.errors import Stale
from sapa.core.work import Source
from sapa.notifications import details, mails, pushes
from sapa.notifications.failures import Away, Later, Never
from sapa.notifications.kinds import KINDS
from sapa.notifications.models import Delivery, Way
from sapa.offices.models import Office

log = logging.getLogger("sapa.notifications")

LEASE: Final = timedelta(minutes=5)
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(minutes=15)
# Refusals for now are believed so long; a mail server may be away over a weekend.
PATIENCE: Final = {Way.MAIL: timedelta(days=3), Way.PUSH: timedelta(days=1)}
MOST_FAILURES: Final = 8
# A slow mail server must not hold up clocks and reactions: they have their turn after so many.
AT_ONCE: Final = 20
REFUSED: Final = "refused"
# More mails in an hour nobody reads: the rest waits and comes as one.
MOST_MAILS_AN_HOUR: Final = 12
FLOOD: Final = "flood"

OPEN: Final = Q(settled_at=None, dead_at=None)


def dead_of(office: Office) -> models.QuerySet[Delivery]:
    """What was given up for this office and waits for somebody, the latest first."""
    rows = Delivery.objects.filter(notification__office=office, dead_at__isnull=False)
    return rows.select_related("notification__user").order_by("-dead_at", "-id")


def revive(delivery: Delivery, *, by: models.Model | None, at: datetime) -> None:
    """The delivery that was given up is due now, with all its attempts and all the patience of a new one.

    What refused it, a mail address or a device, is believed again.
    """
    office_id = delivery.notification.office_id
    data = {"way": delivery.way, "attempts": delivery.attempts}
    with transaction.atomic():
        revived = Delivery.objects.filter(pk=delivery.pk, dead_at__isnull=False).update(
            dead_at=None, due_at=at, attempts=0, reason="", leased_until=None, revived_at=at
        )
        if not revived:
            raise Stale(_("This is being sent again already."), code="not_dead")
        if delivery.subscription is not None:
            pushes.trust_again(delivery.subscription)
        else:
            mails.trust_again(delivery.notification.user_id)
        record("delivery.revived", delivery, office_id=office_id, by=by, at=at, data=data)


def drop(delivery: Delivery, *, by: models.Model | None, at: datetime) -> None:
    """Nobody tries to send it any more; it stands in the page for its reader."""
    office_id = delivery.notification.office_id
    with transaction.atomic():
        dropped = Delivery.objects.filter(pk=delivery.pk, dead_at__isnull=False).update(
            dead_at=None, settled_at=at, reason="dropped"
        )
        if not dropped:
            raise Stale(_("This is being sent again already."), code="not_dead")
        record("delivery.dropped", delivery, office_id=office_id, by=by, at=at, data={"way": delivery.way})


def _due(at: datetime, limit: int) -> list[int]:
    rows = Delivery.objects.filter(OPEN, _free(at), due_at__lte=at)
    return list(rows.order_by("due_at", "id").values_list("id", flat=True)[: min(limit, AT_ONCE)])


def _run(row: int, at: datetime) -> None:
    """Claim, send, settle; what goes together goes once. A refusal puts off or ends only what it is about."""
    if not _claim(Delivery.objects.filter(pk=row, due_at__lte=at), at):
        return
    first = Delivery.objects.select_related("notification__user", "subscription").get(pk=row)
    together = [first, *_companions(first, at)]
    wanted = _unread(together, at)
    if not wanted:
        return
    try:
        if first.way == Way.MAIL:
            _not_too_many(first, at)
            outcome = mails.send(wanted, at=at)
        else:
            outcome = pushes.send(wanted, at=at)
    except Never as refusal:
        _bury(wanted, refusal, at)
    except Later as refusal:
        _put_off(wanted, refusal, at)
    else:
        _settle(wanted[:1], outcome, at)
        _settle(wanted[1:], f"with {wanted[0].pk}", at)


def _free(at: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lte=at)


def _claim(rows: models.QuerySet[Delivery], at: datetime) -> int:
    return rows.filter(OPEN, _free(at)).update(leased_until=at + LEASE, attempts=F("attempts") + 1)


def _companions(first: Delivery, at: datetime) -> list[Delivery]:
    """What else is meant for the same person and thread (or device), claimed too. A flood goes out as one."""
    person = first.notification.user_id
    rows = Delivery.objects.filter(OPEN, _free(at), notification__user_id=person, way=first.way).exclude(
        pk=first.pk
    )
    if first.way == Way.PUSH:
        rows = rows.filter(subscription=first.subscription, due_at__lte=at)
    elif first.reason != FLOOD:
        if not first.notification.thread:
            return []
        rows = rows.filter(notification__thread=first.notification.thread)
    found = []
    for each in rows.select_related("notification__user", "subscription").order_by("id"):
        if mails.stands_alone(each) or mails.stands_alone(first):
            continue
        if _claim(Delivery.objects.filter(pk=each.pk), at):
            found.append(each)
    return found


def _unread(together: list[Delivery], at: datetime) -> list[Delivery]:
    """What its reader has not seen meanwhile, the oldest first; the rest is settled as seen."""
    seen = [
        each
        for each in together
        if not _is_sent_anyway(each.notification.what) and details.is_read(each.notification)
    ]
    _settle(seen, "seen", at)
    return sorted((each for each in together if each not in seen), key=lambda each: each.notification_id)


def _is_sent_anyway(what: str) -> bool:
    return what not in KINDS or KINDS[what].even_if_seen


def _not_too_many(first: Delivery, at: datetime) -> None:
    kind = KINDS.get(first.notification.what)
    if kind is None or kind.even_if_seen:
        return
    sent = Delivery.objects.filter(
        notification__user_id=first.notification.user_id,
        way=Way.MAIL,
        reason="sent",
        settled_at__gt=at - timedelta(hours=1),
    )
    times = list(sent.order_by("-settled_at").values_list("settled_at", flat=True)[:MOST_MAILS_AN_HOUR])
    if len(times) == MOST_MAILS_AN_HOUR and times[-1] is not None:
        raise Later(FLOOD, after=times[-1] + timedelta(hours=1) - at)


def _settle(rows: Iterable[Delivery], reason: str, at: datetime) -> None:
    ids = [each.pk for each in rows]
    if ids:
        Delivery.objects.filter(OPEN, pk__in=ids).update(settled_at=at, reason=reason, leased_until=None)


def _bury(rows: list[Delivery], refusal: Never, at: datetime) -> None:
    kind = REFUSED if refusal.is_theirs else "failed"
    reason = f"{kind}: {refusal}"[:600]
    Delivery.objects.filter(OPEN, pk__in=[each.pk for each in rows]).update(
        dead_at=at, reason=reason, leased_until=None
    )
    log.warning("delivery given up", extra={"delivery": rows[0].pk, "way": rows[0].way, "kind": kind})


def _put_off(rows: list[Delivery], refusal: Later, at: datetime) -> None:
    """Again later, twice as late each time or as the other side said. When nobody answers, everything waits."""
    patience = PATIENCE[Way(rows[0].way)]
    over = [each for each in rows if at - (each.revived_at or each.notification.created_at) > patience]
    if over and str(refusal) == FLOOD:
        # Held back by ourselves until it is no news any more: it stands in the page, and nobody has anything to mend.
        _settle(over, "left out: flood", at)
    elif over:
        _bury(over, Never(f"waited too long, {refusal}"), at)
    rows = [each for each in rows if each not in over]
    if not rows:
        return
    wait = refusal.after or min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(rows[0].attempts - 1, 10))
    Delivery.objects.filter(OPEN, pk__in=[each.pk for each in rows]).update(
        due_at=at + wait, reason=str(refusal)[:600], leased_until=None
    )
    if isinstance(refusal, Away):
        log.warning("nobody takes deliveries", extra={"way": rows[0].way, "reason": str(refusal)})
        waiting = Delivery.objects.filter(OPEN, _free(at), way=rows[0].way, due_at__lt=at + wait)
        if rows[0].way == Way.PUSH:
            waiting = waiting.filter(subscription=rows[0].subscription)
        waiting.filter(reason="").update(reason=str(refusal)[:600])
        waiting.update(due_at=at + wait)


def _fail(row: int, at: datetime, reason: str) -> None:
    """A mistake of ours: again later, and after MOST_FAILURES attempts the row is dead and visible."""
    delivery = Delivery.objects.get(pk=row)
    delivery.leased_until, delivery.reason = None, reason[:600]
    delivery.due_at = at + FIRST_WAIT * 2**delivery.attempts
    delivery.dead_at = at if delivery.attempts >= MOST_FAILURES else None
    delivery.save(update_fields=["leased_until", "reason", "due_at", "dead_at"])


def _oldest() -> datetime | None:
    oldest: datetime | None = Delivery.objects.filter(OPEN).aggregate(oldest=Min("due_at"))["oldest"]
    return oldest


def _dead() -> int:
    """What the operator can mend; an address that refuses us is its reader's to mend, and stands in the list."""
    return Delivery.objects.filter(dead_at__isnull=False).exclude(reason__startswith=REFUSED).count()


SOURCE = Source(name="deliveries", due=_due, run=_run, fail=_fail, oldest=_oldest, dead=_dead)
