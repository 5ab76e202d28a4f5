"""Who may listen to their own notifications (wiring.STREAMS), and the topic that other streams may carry too."""

from django.contrib.auth import get_user
from django.http import HttpRequest

from sapa.activity.push import user_topic
from sapa.activity.stream import Topics, session
from sapa.offices.models import Office


def topic(user_id: int) -> str:
    """What only this person hears: that there is something new for them."""
    return user_topic(user_id)


def for_user(office_code: str, key: str, session_key: str) -> Topics | None:
    """Somebody who is signed in, by the own session; the office only lends its address."""
    if key or not session_key or not Office.objects.filter(code=office_code).exists():
        return None
    request = HttpRequest()
    request.session = session(session_key)
    user = get_user(request)
    if not user.is_authenticated:
        return None
    return (topic(user.pk),)
