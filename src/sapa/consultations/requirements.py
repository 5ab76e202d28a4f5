"""What a request still lacks before it is clear and complete, shown to both sides (lessons.md 6.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from sapa.consultations import news
from sapa.consultations.models import Consultation, DataNeed, MissingItem, OnlineRequest
from sapa.core import sql
from sapa.core.errors import Refused
from sapa.people import codelists
from sapa.people.models import Officer

Key = MissingItem.Key
LONGEST_TEXT: Final = 300
MOST_AT_ONCE: Final = 10


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist: what, whether it is there, and what stands there."""

    key: str
    label: str
    is_there: bool
    value: str = ""
    item: MissingItem | None = None


# The standard's own list for online service (Persyaratan 5 to 7): e-mail, account, request through the application.
_ALWAYS: Final = (
    ("email", gettext_lazy("Confirmed e-mail address")),
    ("account", gettext_lazy("Account on this application")),
    ("question", gettext_lazy("Question")),
    ("purpose", gettext_lazy("What it is for")),
)


def items_of(consultation: Consultation) -> list[MissingItem]:
    """Everything that was asked back, in its order."""
    return sql.every(MissingItem, "consultation_id = %s ORDER BY id", [consultation.pk])


def checklist(consultation: Consultation, items: Sequence[MissingItem] | None = None) -> list[Check]:
    """Every requirement of the standard and everything asked back, there or not, in a fixed order."""
    request, client = consultation.request, consultation.client
    values = {
        "email": client.email if client.email_verified_at else "",
        "account": (client.user_id is not None and _("yes")) or "",
        "question": consultation.subject,
        "purpose": _purpose(consultation),
    }
    found = [Check(key, str(label), bool(values[key]), values[key]) for key, label in _ALWAYS]
    for item in items_of(consultation) if items is None else items:
        if item.key == Key.PURPOSE:
            continue  # the standing line says it already
        is_there = item.provided_at is not None or item.waived_at is not None
        label = item.text if item.key == Key.OTHER else Key(item.key).label
        found.append(Check(item.key, str(label), is_there, value_of(request, item.key), item))
    return found


def _purpose(consultation: Consultation) -> str:
    request = consultation.request
    if not request.purpose:
        return ""
    lists = codelists.lists_in_force(consultation.requested_at.date())
    return request.purpose_text or codelists.label(
        lists.version, "purpose", request.purpose, get_language() or "id"
    )


def missing(consultation: Consultation) -> list[Check]:
    """What must still come before the request can be accepted."""
    return [each for each in checklist(consultation) if not each.is_there]


def value_of(request: OnlineRequest, key: str) -> str:
    """What the request says about it, as a person reads it; empty when it says nothing."""
    if key == Key.YEARS:
        years = [str(each) for each in (request.year_from, request.year_until) if each is not None]
        return "–".join(dict.fromkeys(years))
    if key == Key.OTHER:
        return ""
    if key == Key.LEVEL:
        return str(DataNeed.Level(request.level).label) if request.level else ""
    return str(getattr(request, key))


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing to ask back for: a field of the request, or something else in own words."""

    key: str
    text: str = ""


def ask(
    consultation: Consultation, wanted: Sequence[Wanted], *, by: Officer, at: datetime
) -> list[MissingItem]:
    """What was not asked before is asked now; what was asked once is not asked again. Returns the new items.

    Refused when nothing new is left to ask.
    """
    if len(wanted) > MOST_AT_ONCE:
        raise Refused(_("Please ask for at most %(most)s things at once.") % {"most": MOST_AT_ONCE})
    with transaction.atomic():
        known = set(consultation.missing_items.values_list("key", "text"))
        fresh = []
        for each in dict.fromkeys(wanted):
            text = " ".join(each.text.split()) if each.key == Key.OTHER else ""
            if each.key not in Key or (each.key == Key.OTHER and not text):
                raise Refused(_("Please say what is missing."), code="nothing_said")
            if len(text) > LONGEST_TEXT:
                raise Refused(
                    _("What is missing must be said in at most %(most)s letters.") % {"most": LONGEST_TEXT}
                )
            if (each.key, text) in known or (
                each.key != Key.OTHER and value_of(consultation.request, each.key)
            ):
                continue
            known.add((each.key, text))
            fresh.append(MissingItem(consultation=consultation, key=each.key, text=text, asked_at=at, by=by))
        if not fresh:
            raise Refused(
                _("Each missing item is asked once: these were asked already, or are there."), code="asked"
            )
        return MissingItem.objects.bulk_create(fresh)


def provide(consultation: Consultation, given: dict[str, object], *, at: datetime) -> list[MissingItem]:
    """The client has filled in fields of the request; items that asked for them are provided. Returns those."""
    with transaction.atomic():
        OnlineRequest.objects.filter(pk=consultation.request.pk).update(**given)
        for name, value in given.items():
            setattr(consultation.request, name, value)
        done = [
            item
            for item in consultation.missing_items.filter(provided_at=None, waived_at=None)
            if item.key != Key.OTHER and value_of(consultation.request, item.key)
        ]
        MissingItem.objects.filter(pk__in=[each.pk for each in done]).update(provided_at=at)
    return done


def settle(item: MissingItem, *, waive: bool, by: Officer, at: datetime) -> None:
    """The officer has it (it came in a message), or can do without it. Twice is harmless."""
    with transaction.atomic():
        open_one = MissingItem.objects.filter(pk=item.pk, provided_at=None, waived_at=None)
        if not open_one.update(**{"waived_at" if waive else "provided_at": at}):
            return
        news.tell(
            "missing_item.waived" if waive else "missing_item.provided",
            item.consultation,
            by=by.user,
            at=at,
            data={"item": item.pk},
        )
