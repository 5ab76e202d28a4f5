"""The link that ends mails of a topic without signing in: signed, so that nobody can end those of somebody else."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from sapa.notifications import preferences
from sapa.notifications.kinds import DIGEST, KINDS, TOPICS, Topic
from sapa.notifications.models import Notification, Reader, Way
from sapa.people.models import User

SALT: Final = "sapa.notifications.unsubscribe"


@dataclass(frozen=True, slots=True)
class Wish:
    """Who does not want mails any more, and about what; `topic` is None for the digest."""

    user: User
    topic: Topic | None


def address_of(user: User, notification: Notification) -> str:
    """The link for this mail. It does not expire: mails are kept for years."""
    what = notification.what
    about = DIGEST if what == DIGEST else KINDS[what].topic
    signed = Signer(salt=SALT).sign_object({"u": user.pk, "t": about})
    return settings.PUBLIC_URL.rstrip("/") + reverse("notification_stop", args=[signed])


def wish_of(signed: str) -> Wish | None:
    """What the link asks for; None when it was not made by us or its person is gone."""
    try:
        said = Signer(salt=SALT).unsign_object(signed)
        user_id, about = int(said["u"]), str(said["t"])
    except (BadSignature, ValueError, KeyError, TypeError):
        return None
    user = User.objects.filter(pk=user_id).first()
    if user is None or about not in {DIGEST, *TOPICS}:
        return None
    return Wish(user, TOPICS.get(about))


def stop(wish: Wish) -> None:
    """No mails about it any more. Said twice it is once."""
    if wish.topic is None:
        Reader.objects.filter(user=wish.user).update(digest_time=None, digest_due_at=None)
    else:
        preferences.refuse(wish.user, wish.topic, Way.MAIL)
