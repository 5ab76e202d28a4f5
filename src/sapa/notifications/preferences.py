"""Which ways somebody wants for which topic. Only what differs from the default is stored."""

from collections.abc import Iterable

from django.db import transaction

from sapa.notifications.kinds import TOPICS, Topic
from sapa.notifications.models import Preference, Way
from sapa.people.models import User


def ways(user: User, topic: Topic) -> frozenset[Way]:
    """How this person wants to hear of the topic."""
    wanted = set(topic.by_default)
    for way, is_wanted in Preference.objects.filter(user=user, topic=topic.name).values_list(
        "way", "is_wanted"
    ):
        (wanted.add if is_wanted else wanted.discard)(Way(way))
    return frozenset(wanted)


def table(user: User, *, for_officer: bool, for_client: bool = True) -> list[tuple[Topic, frozenset[Way]]]:
    """Each topic that can concern this person, with the ways chosen."""
    return [
        (topic, ways(user, topic))
        for topic in TOPICS.values()
        if (topic.for_officers and for_officer) or (not topic.for_officers and for_client)
    ]


def choose(user: User, topic: Topic, wanted: Iterable[Way]) -> None:
    """The person hears of the topic in these ways and no other."""
    chosen = frozenset(wanted)
    with transaction.atomic():
        for way in Way:
            _set(user, topic, way, is_wanted=way in chosen)


def refuse(user: User, topic: Topic, way: Way) -> None:
    """The person does not hear of the topic in this way any more. Said twice it is once."""
    with transaction.atomic():
        _set(user, topic, way, is_wanted=False)


def _set(user: User, topic: Topic, way: Way, *, is_wanted: bool) -> None:
    rows = Preference.objects.filter(user=user, topic=topic.name, way=way)
    if is_wanted == (way in topic.by_default):
        rows.delete()
    else:
        Preference.objects.update_or_create(
            user=user, topic=topic.name, way=way, defaults={"is_wanted": is_wanted}
        )
