"""The client behind an account: whoever proves to own the e-mail address of a client may read its visits."""

from datetime import datetime

from django.db import transaction

from sapa.people.models import Client, User


def link_account(user: User, *, email: str, at: datetime) -> Client | None:
    """The latest client with this address, which the account has just proved to own, belongs to the account now.

    An account that has a client already keeps it; a client of another account stays there.
    """
    with transaction.atomic():
        own = Client.objects.filter(user=user).first()
        if own is not None:
            return own
        free = Client.objects.select_for_update().filter(email=email.lower(), user=None, anonymised_at=None)
        client = free.order_by("-created_at", "-id").first()
        if client is not None:
            client.user, client.email_verified_at = user, at
            client.save(update_fields=["user", "email_verified_at"])
        return client


def client_of(user: User, *, at: datetime) -> Client:
    """The client behind the account; made with its name and address when there is none yet."""
    own = Client.objects.filter(user=user).first()
    if own is not None:
        return own
    made, _is_new = Client.objects.get_or_create(
        user=user,
        defaults={"name": user.name or user.email.partition("@")[0], "email": user.email, "created_at": at},
    )
    return made
