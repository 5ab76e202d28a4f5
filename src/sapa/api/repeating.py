"""Twice is once: a POST with the same key again gets the answer of the first time (Idempotency-Key)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Min
from django.http import HttpResponse
from django_scopes import scopes_disabled

from sapa.api.models import ApiToken, IdempotentRequest
from sapa.api.problems import Problem
from sapa.core.work import Source
from sapa.meetings.sealing import Unreadable, seal, unseal

KEPT: Final = timedelta(hours=48)


def once(
    token: ApiToken, key: str, *, asked: bytes, at: datetime, act: Callable[[], HttpResponse]
) -> HttpResponse:
    """What `act` did stands together with its answer, or neither. The key again gets that answer, and nothing is done.

    Whoever comes at the same moment waits for the first. An answer that refuses is not kept: nothing was done.
    """
    fingerprint = sha256(asked).hexdigest()
    try:
        with transaction.atomic():
            row = IdempotentRequest.objects.create(
                token=token, key=key, fingerprint=fingerprint, created_at=at
            )
            answer = act()
            if answer.status_code >= 400:
                transaction.set_rollback(True)
                return answer
            row.status, row.answer = answer.status_code, seal(answer.content.decode())
            row.save(update_fields=["status", "answer"])
            return answer
    except IntegrityError:
        known = IdempotentRequest.objects.filter(token=token, key=key).first()
        if known is None:
            raise
    if known.fingerprint != fingerprint:
        raise Problem(422, "key_reused", "This Idempotency-Key was used for another request.")
    try:
        body = unseal(known.answer)
    except Unreadable:
        raise Problem(
            409, "answer_lost", "The request was carried out; its answer cannot be read any more."
        ) from None
    again = HttpResponse(body, status=known.status, content_type="application/json")
    again["Idempotent-Replayed"] = "true"
    return again


def _due(at: datetime, limit: int) -> list[int]:
    with scopes_disabled():
        rows = IdempotentRequest.objects.filter(created_at__lte=at - KEPT).order_by("created_at", "id")
        return list(rows.values_list("id", flat=True)[:limit])


def _run(row: int, at: datetime) -> None:
    with scopes_disabled():
        IdempotentRequest.objects.filter(pk=row).delete()


def _fail(row: int, at: datetime, reason: str) -> None:
    """It stays due; the log names it."""


def _oldest() -> datetime | None:
    with scopes_disabled():
        first: datetime | None = IdempotentRequest.objects.aggregate(oldest=Min("created_at"))["oldest"]
    return first + KEPT if first else None


SOURCE = Source(name="idempotent requests", due=_due, run=_run, fail=_fail, oldest=_oldest)
