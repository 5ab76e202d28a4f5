"""The client behind an account: whoever proves to own the e-mail address of a client may read its visits."""

from datetime import datetime

from django.db import transaction

from sapa.core import sql
from sapa.people.models import Client, User


def link_account(user: User, *, email: str, at: datetime) -> Client:
    """The latest client with this address, which the account has just proved to own, belongs to the account now; one
    is made when there is none.

    An account that has a client already keeps it; a client of another account stays there.
    """
    with transaction.atomic():
        own = Client.objects.select_for_update().filter(user=user).first()
        if own is not None:
            if own.email in ("", email.lower()) and own.email_verified_at is None:
                own.email, own.email_verified_at = email.lower(), at
                own.save(update_fields=["email", "email_verified_at"])
            return own
        free = Client.objects.select_for_update().filter(
            email=email.lower(), user=None, anonymised_at=None, merged_into=None
        )
        client = free.order_by("-created_at", "-id").first()
        if client is None:
            client = client_of(user, at=at)
        client.user, client.email_verified_at = user, at
        client.save(update_fields=["user", "email_verified_at"])
        if not user.name and client.name != user.email.partition("@")[0]:
            user.name = client.name
            user.save(update_fields=["name"])
        return client


def client_of(user: User, *, at: datetime) -> Client:
    """The client behind the account; made with its name and address when there is none yet."""
    own = sql.first(Client, "user_id = %s", [user.pk])
    if own is not None:
        own.user = user
        return own
    made, _is_new = Client.objects.get_or_create(
        user=user,
        defaults={"name": user.name or user.email.partition("@")[0], "email": user.email, "created_at": at},
    )
    return made


def follow_address(user: User, *, email: str, at: datetime) -> None:
    """Answers go to the address that the account says is its main one; it has been confirmed there."""
    Client.objects.filter(user=user).exclude(email=email.lower()).update(
        email=email.lower(), email_verified_at=at
    )
