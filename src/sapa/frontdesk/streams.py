"""Who may listen to what (wiring.STREAMS). Asked on connect and again at each heartbeat, without a request.

Each function answers with the topics, or None: the front then says no more than that.
"""

from datetime import timedelta

from django.contrib.auth import get_user
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django_scopes import scope

from sapa.activity.push import user_topic
from sapa.activity.stream import Topics, session
from sapa.core.time import now
from sapa.frontdesk.models import QueueTicket
from sapa.offices.models import Device, Office
from sapa.people import second_step
from sapa.people.access import officer_of

SEEN_EVERY = timedelta(minutes=1)


def queue_topic(office_id: int) -> str:
    """What everybody hears who looks at the line of this office."""
    return f"queue:{office_id}"


def ticket_topic(token: str) -> str:
    """What only the holder of this ticket hears."""
    return f"ticket:{token}"


def for_officer(office_code: str, key: str, session_key: str) -> Topics | None:
    """An active officer of the office, signed in, with the second factor where the office asks for one."""
    if key or not session_key:
        return None
    office = _office(office_code)
    if office is None:
        return None
    request = HttpRequest()
    request.session = session(session_key)
    user = get_user(request)
    if not user.is_authenticated or officer_of(user, office) is None:
        return None
    if office.mfa_required and not second_step.is_done_in(request.session):
        return None
    return (queue_topic(office.pk), user_topic(user.pk))


def for_board(office_code: str, key: str, session_key: str) -> Topics | None:
    """A board that is neither revoked nor expired; keeps note, once a minute, that it was seen."""
    office = _office(office_code)
    if office is None:
        return None
    at = now()
    with scope(office=office):
        board = Device.objects.filter(token=key, kind=Device.Kind.BOARD).first()
        if board is None or not board.is_usable(timezone.localdate(at, office.zone)):
            return None
        if board.seen_at is None or board.seen_at <= at - SEEN_EVERY:
            long_ago = Q(seen_at=None) | Q(seen_at__lte=at - SEEN_EVERY)
            Device.objects.filter(long_ago, pk=board.pk).update(seen_at=at)
    return (queue_topic(office.pk),)


def for_ticket(office_code: str, key: str, session_key: str) -> Topics | None:
    """Whoever holds the ticket's address: its own changes, and the line's, on which its place depends."""
    office = _office(office_code)
    if office is None:
        return None
    with scope(office=office):
        if not QueueTicket.objects.filter(token=key).exists():
            return None
    return (ticket_topic(key), queue_topic(office.pk))


def _office(code: str) -> Office | None:
    return Office.objects.filter(code=code).first()
