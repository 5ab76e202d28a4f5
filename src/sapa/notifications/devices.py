"""Browsers that may be woken: allowed by their owner, forgotten at their owner's word."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from sapa.core.errors import Refused
from sapa.notifications.models import PushSubscription
from sapa.people.models import User

MOST: Final = 10
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def allow(user: User, *, endpoint: str, p256dh: str, auth: str, agent: str, at: datetime) -> PushSubscription:
    """The browser is woken for this person from now on, and for nobody else. Said twice it is once."""
    with transaction.atomic():
        known = PushSubscription.objects.filter(user=user).exclude(endpoint=endpoint).count()
        if known >= MOST:
            raise Refused(_("You have ten devices already. Please remove one first."), code="too_many")
        # Somebody else used this browser before: it must not be woken for them any more.
        PushSubscription.objects.filter(endpoint=endpoint).exclude(user=user).delete()
        made, _new = PushSubscription.objects.update_or_create(
            endpoint=endpoint,
            defaults={
                "user": user,
                "p256dh": p256dh,
                "auth": auth,
                "label": label_of(agent),
                "created_at": at,
                "failed_at": None,
            },
        )
    return made


def forget(subscription: PushSubscription) -> None:
    """The browser is not woken any more, and what still waited for it is gone."""
    subscription.delete()


def label_of(agent: str) -> str:
    """By which words its owner knows the browser again: "Chrome, Android"."""
    found = [next((name for sign, name in table if sign in agent), "") for table in (_BROWSERS, _SYSTEMS)]
    return ", ".join(each for each in found if each) or _("A browser")
