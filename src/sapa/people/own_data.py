"""The own data: to be told them, and to have them erased (UU 27/2022 art. 5-9, 42-44).

Packages above this one hold data of clients too. Each names a Keeper in wiring.PERSONAL_DATA, so that "everything"
means everything without this package knowing them.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django_scopes import scopes_disabled

from sapa import wiring
from sapa.activity.recording import record
from sapa.core.errors import Refused
from sapa.people import merging, profile
from sapa.people.models import Client, Consent, Merge, Officer, User


class Forget(Protocol):
    def __call__(self, clients: Collection[int], *, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Keeper:
    """A package that holds data of clients.

    `told` is what it holds of one, section -> rows; `objection` why it cannot be erased now, blank when it can;
    `forget` erases what it holds of these clients, in the caller's transaction.
    """

    told: Callable[[Client], dict[str, list[dict[str, Any]]]]
    objection: Callable[[Client], str | Promise]
    forget: Forget


@cache
def keepers() -> tuple[Keeper, ...]:
    """All that are wired."""
    return tuple(import_string(path) for path in wiring.PERSONAL_DATA)


def told_to(user: User) -> dict[str, Any]:
    """Everything that is kept of the owner of this account, as plain values."""
    client = Client.objects.select_related("institution").filter(user=user).first()
    told: dict[str, Any] = {
        "account": {
            "email": user.email,
            "name": user.name,
            "since": user.date_joined,
            "last_sign_in": user.last_login,
            "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
            "second_steps": list(Authenticator.objects.filter(user=user).values("type", "created_at")),
        }
    }
    if client is None:
        return told
    with scopes_disabled():
        told["profile"] = {name: getattr(client, name) for name in profile.FIELDS} | {
            "institution": client.institution.name if client.institution else "",
            "notice": client.notice_version,
            "notice_shown_at": client.notice_shown_at,
            "since": client.created_at,
        }
        told["consents"] = list(
            client.consents.order_by("given_at").values("purpose", "text_version", "given_at", "withdrawn_at")
        )
        told["visits_added"] = [
            {"evidence": each.evidence, "at": each.at} for each in merging.merges_of(client)
        ]
        for keeper in keepers():
            told |= keeper.told(client)
    return told


def objection_to_erasing(client: Client) -> str:
    """Why this client's data cannot be erased now; blank when they can."""
    with scopes_disabled():
        return next((str(said) for keeper in keepers() if (said := keeper.objection(client))), "")


def erase(client: Client, *, office_id: int | None = None, by: User, at: datetime) -> None:
    """Only counts remain of the client, at every office. Refused, with the reason, while something is open."""
    with transaction.atomic(), scopes_disabled():
        stored = profile.held(client)
        why_not = objection_to_erasing(stored)
        if why_not:
            raise Refused(why_not, code="still_open")
        where = office_id if office_id is not None else profile.office_of(stored)
        for consent in stored.consents.select_for_update().filter(withdrawn_at=None):
            withdraw(consent, office_id=where, by=by, at=at)
        Client.objects.filter(pk=stored.pk).update(user=None)
        forget([stored.pk], at=at)
        record("client.erased", stored, office_id=where, by=by, at=at)


def close_account(user: User, *, at: datetime) -> None:
    """Only counts remain of the owner of this account, and nobody signs in with it any more. Who is or was an officer
    keeps the account: the record names who did what; only the data as a client are erased."""
    with transaction.atomic(), scopes_disabled():
        client = Client.objects.filter(user=user, anonymised_at=None).first()
        if client is not None:
            erase(client, by=user, at=at)
        if Officer.objects.filter(user=user).exists():
            return
        for rows in (EmailAddress.objects, Authenticator.objects, SocialAccount.objects):
            rows.filter(user=user).delete()
        user.email, user.name, user.is_active = f"{user.pk}@erased.invalid", "", False
        user.set_unusable_password()
        user.save()


def forget(clients: Collection[int], *, at: datetime) -> None:
    """Every keeper forgets these clients, and so do the copies kept for undoing merges. In the caller's transaction."""
    shells = Client.objects.filter(merged_into__in=clients).values_list("pk", flat=True)
    everything = [*clients, *shells]
    for keeper in keepers():
        keeper.forget(everything, at=at)
    Merge.objects.filter(kept__in=clients).update(was={}, filled={})


def withdraw(consent: Consent, *, office_id: int | None = None, by: User, at: datetime) -> None:
    """The yes no longer counts (UU 27/2022 art. 40). Said twice it is once."""
    with transaction.atomic():
        if Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=at):
            data = {"purpose": consent.purpose}
            where = office_id if office_id is not None else consent.office_id
            record("consent.withdrawn", consent, office_id=where, by=by, at=at, data=data)
