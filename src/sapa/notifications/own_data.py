"""What is held to tell a client something, for the person concerned (people/own_data.py)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django_scopes import scopes_disabled

from sapa.notifications import reading, words
from sapa.notifications.models import Notification, Preference, PushSubscription, Reader
from sapa.people.models import Client, Officer
from sapa.people.own_data import Keeper


def told(client: Client) -> dict[str, list[dict[str, Any]]]:
    """The notifications in the words they are read in, the choices, and the devices."""
    user = client.user
    if user is None:
        return {}
    return {
        "notifications": [
            {
                "office": each.office.name,
                "title": words.words_of(each).title,
                "created_at": each.created_at,
                "seen_at": each.seen_at,
            }
            for each in reading.of(user)
        ],
        "notification_choices": [
            {"topic": each.topic, "way": each.way, "is_wanted": each.is_wanted}
            for each in Preference.objects.filter(user=user).order_by("topic", "way")
        ],
        "notification_hours": [
            {
                "language": each.language,
                "quiet_from": each.quiet_from,
                "quiet_until": each.quiet_until,
                "quiet_weekends": each.quiet_weekends,
                "digest_time": each.digest_time,
            }
            for each in Reader.objects.filter(user=user)
        ],
        "devices": [
            {"label": each.label, "endpoint": each.endpoint, "created_at": each.created_at}
            for each in PushSubscription.objects.filter(user=user).order_by("id")
        ],
    }


def objection(client: Client) -> str:
    """Nothing here stands against erasing."""
    return ""


def forget(clients: Collection[int], *, at: datetime) -> None:
    """Nobody is told anything any more, and what they were told is gone, with all that was still to be sent.

    The account of somebody who is an officer as well keeps what it was told as an officer.
    """
    with scopes_disabled():
        officers = Officer.objects.values("user")
        users = (
            Client.objects.filter(pk__in=clients, user__isnull=False)
            .exclude(user__in=officers)
            .values("user")
        )
        ids = [each["user"] for each in users]
        for model in (Notification, Preference, PushSubscription, Reader):
            model._default_manager.filter(user__in=ids).delete()


KEEPER: Final = Keeper(told=told, objection=objection, forget=forget)
