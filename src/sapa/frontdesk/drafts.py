"""The half-filled visit of a kiosk: which question comes next, what was answered, and forgetting all of it."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.http import QueryDict
from django_scopes import scopes_disabled

from sapa.core.errors import Refused
from sapa.core.work import Source
from sapa.frontdesk import entries, recognition
from sapa.frontdesk.forms import questions
from sapa.frontdesk.models import QueueTicket, VisitDraft
from sapa.offices.models import Device, Office, Service
from sapa.people.models import Client

# The screen goes back to its start long before; this is for a kiosk that lost its power.
GRACE: Final = timedelta(minutes=2)
# Nobody types more than this into one answer; what is longer is kept just long enough to be refused.
MOST_KEPT: Final = 400
CONFIRM: Final = "kenal"
# step -> its form; the order is the order of the questions
ERRAND_STEPS: Final[dict[str, type[questions.GuestForm]]] = {
    "keperluan-lain": questions.ErrandForm,
    "selesai": questions.FinishForm,
}
VISIT_STEPS: Final[dict[str, type[questions.GuestForm]]] = {
    "kontak": questions.ContactForm,
    CONFIRM: questions.GuestForm,
    "nama": questions.NameForm,
    "tentang-anda": questions.AboutForm,
    "latar-belakang": questions.BackgroundForm,
    "instansi": questions.InstitutionForm,
    "keperluan": questions.PurposeForm,
    "selesai": questions.SkdFinishForm,
}
# Which missing parts of a profile make a step necessary for a visitor who is known.
PROFILE_STEPS: Final = {
    "nama": {"email"},
    "tentang-anda": {"gender", "birth_year"},
    "latar-belakang": {"education", "occupation"},
    "instansi": {"institution_category"},
}


def begin(device: Device, service: Service, *, language: str, at: datetime) -> VisitDraft:
    """A new visitor stands at the kiosk; whatever was on it before is gone."""
    with transaction.atomic():
        forget(device)
        return VisitDraft.objects.create(
            device=device, service=service, language=language, expires_at=_expiry(at)
        )


def forget(device: Device) -> None:
    """Nothing that a visitor typed at this device exists any more."""
    VisitDraft.objects.filter(device=device).delete()


def current(device: Device, *, at: datetime) -> VisitDraft | None:
    """The draft of whoever stands at the kiosk now."""
    rows = VisitDraft.objects.select_related("service", "client__institution", "ticket__service")
    return rows.filter(device=device, expires_at__gt=at).first()


def steps(draft: VisitDraft) -> list[str]:
    """The questions for this visitor, in order: short for an errand, shorter for somebody who is known."""
    if not draft.service.is_pst:
        return list(ERRAND_STEPS)
    asked = list(VISIT_STEPS)
    decided = draft.answers.get(CONFIRM, {}).get("is", "")
    if not draft.answers.get("found"):
        asked.remove(CONFIRM)
    if draft.client is not None and decided == "me":
        lacking = entries.gaps(draft.client)
        for step, fields in PROFILE_STEPS.items():
            if not fields & lacking:
                asked.remove(step)
    if draft.client is not None and decided == "changed" and draft.client.email:
        asked.remove("nama")  # name and contact of a known person are changed by an officer only
    return asked


def form(
    draft: VisitDraft, step: str, *, office: Office, at: datetime, check: bool = False
) -> questions.GuestForm:
    """The form of a step with what was answered before. With `check`, its mistakes are marked."""
    kind = (VISIT_STEPS if draft.service.is_pst else ERRAND_STEPS)[step]
    kept = draft.answers.get(step)
    options: dict[str, Any] = {"office": office, "service": draft.service, "at": at, "client": draft.client}
    if kept is not None and check:
        return kind(kept, **options)
    return kind(initial=kept or _guess(draft, step), **options)


def answer(draft: VisitDraft, step: str, given: QueryDict, *, office: Office, at: datetime) -> bool:
    """Keep what was typed, right or wrong; True when it was right and the next question may come."""
    names = form(draft, step, office=office, at=at).fields
    kept: dict[str, str] = {}
    for name in names:
        if name in given:
            kept[name] = str(given[name]).replace("\0", "")[:MOST_KEPT]
    draft.answers[step] = kept
    draft.answers.pop("wrong", None)
    checked = form(draft, step, office=office, at=at, check=True)
    right = checked.is_valid()
    if not right:
        draft.answers["wrong"] = step
    draft.expires_at = _expiry(at)
    draft.save(update_fields=["answers", "client", "expires_at"])
    return right


def next_step(draft: VisitDraft, step: str) -> str:
    """The question after this one; the last one again when there is none."""
    asked = steps(draft)
    after = asked.index(step) + 1 if step in asked else 0
    return asked[min(after, len(asked) - 1)]


def first_open(draft: VisitDraft) -> str:
    """The first question that nobody has answered rightly yet."""
    wrong = draft.answers.get("wrong")
    for step in steps(draft):
        if step not in draft.answers or step == wrong:
            return step
    return steps(draft)[-1]


def entry(draft: VisitDraft, *, office: Office, at: datetime) -> entries.Entry:
    """The Entry that all answers together make."""
    found: dict[str, Any] = {}
    for step in steps(draft):
        checked = form(draft, step, office=office, at=at, check=True)
        if checked.is_bound:
            checked.is_valid()
            found |= checked.answers()
    return entries.Entry(service_key=draft.service.key, language=draft.language, **found)


def recognised(draft: VisitDraft, tokens: list[str], *, at: datetime) -> None:
    """These may be the visitor; whoever was confirmed before with another contact is not any more."""
    draft.client = None
    draft.answers.pop(CONFIRM, None)
    draft.answers["found"] = tokens
    draft.expires_at = _expiry(at)
    draft.save(update_fields=["answers", "client", "expires_at"])


def candidates(draft: VisitDraft, office: Office) -> list[recognition.Masked]:
    """Who the visitor may be, masked."""
    found = []
    for token in draft.answers.get("found", []):
        with suppress(Refused):
            known = recognition.masked(office, recognition.confirmed(office, token))
            # The stored token, not a new one of this second: by it the answer is known again.
            found.append(replace(known, token=token))
    return found


def reopen(draft: VisitDraft, fields: Collection[str]) -> str:
    """The step that asks for one of these fields; its answer has to be given again."""
    known = VISIT_STEPS if draft.service.is_pst else ERRAND_STEPS
    for step in steps(draft):
        if set(fields) & set(known[step].base_fields):
            draft.answers["wrong"] = step
            draft.save(update_fields=["answers"])
            return step
    return first_open(draft)


def confirm(draft: VisitDraft, client: Client | None, *, how: str, at: datetime) -> None:
    """The visitor said "that is me" (and perhaps "but something changed"), or "that is not me"."""
    draft.client = client
    draft.answers[CONFIRM] = {"is": how}
    draft.expires_at = _expiry(at)
    draft.save(update_fields=["answers", "client", "expires_at"])


def finish(draft: VisitDraft, ticket: QueueTicket, *, at: datetime) -> None:
    """The number is taken: the answers are gone, only the number is left to be shown until the start comes back."""
    draft.answers, draft.client, draft.ticket = {}, None, ticket
    draft.expires_at = _expiry(at)
    draft.save(update_fields=["answers", "client", "ticket", "expires_at"])


def _expiry(at: datetime) -> datetime:
    return at + timedelta(seconds=settings.KIOSK_IDLE_SECONDS) + GRACE


def _guess(draft: VisitDraft, step: str) -> Mapping[str, Any]:
    """The contact typed at the beginning is not asked a second time."""
    if step != "nama":
        return {}
    typed = str(draft.answers.get("kontak", {}).get("contact", ""))
    return {"email" if "@" in typed else "phone": typed}


def _due(at: datetime, limit: int) -> list[int]:
    with scopes_disabled():
        rows = VisitDraft.objects.filter(expires_at__lte=at).order_by("expires_at")
        return list(rows.values_list("id", flat=True)[:limit])


def _run(row: int, at: datetime) -> None:
    with scopes_disabled():
        VisitDraft.objects.filter(pk=row, expires_at__lte=at).delete()


def _fail(row: int, at: datetime, reason: str) -> None:
    """Deleting is tried again in the next round; there is nothing to put off."""


def _oldest() -> datetime | None:
    with scopes_disabled():
        oldest: datetime | None = VisitDraft.objects.aggregate(oldest=Min("expires_at"))["oldest"]
    return oldest


SOURCE = Source(name="kiosk drafts", due=_due, run=_run, fail=_fail, oldest=_oldest)
