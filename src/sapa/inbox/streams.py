"""Who may listen to conversations and inboxes (wiring.STREAMS); asked on connect and at each heartbeat."""

from typing import Final

from django.contrib.auth import get_user
from django.http import HttpRequest

from sapa.activity.push import user_topic
from sapa.activity.stream import Topics, session
from sapa.consultations import news
from sapa.core import sql
from sapa.core.time import now
from sapa.inbox import presence
from sapa.offices.models import Office
from sapa.people import rules, second_step
from sapa.people.access import officer_of
from sapa.people.models import Officer

# Asked every fifteen seconds by every open page (docs/decisions/0007).
_OF_CLIENT: Final = (
    "SELECT c.id FROM consultations_consultation c JOIN people_client p ON p.id = c.client_id"
    " WHERE c.token = %s AND p.user_id = %s"
)
_OF_OFFICE: Final = "SELECT id FROM consultations_consultation WHERE code = %s AND office_id = %s"


def for_client(office_code: str, key: str, session_key: str) -> Topics | None:
    """The client whose consultation this is, signed in; whichever office has it by now."""
    user = get_user(_request(session_key))
    if not user.is_authenticated:
        return None
    found = sql.rows(_OF_CLIENT, [key, user.pk])
    if not found:
        return None
    return news.topic(found[0][0]), news.client_topic(found[0][0]), user_topic(user.pk)


def for_inbox(office_code: str, key: str, session_key: str) -> Topics | None:
    """An officer of the office who answers; with a code also what happens in that consultation."""
    found = _officer(office_code, session_key)
    if found is None:
        return None
    office, officer = found
    topics: Topics = (news.inbox_topic(office.pk), user_topic(officer.user_id))
    if not key:
        return topics
    found_case = sql.rows(_OF_OFFICE, [key, office.pk])
    if not found_case:
        return topics
    consultation = int(found_case[0][0])
    presence.look(consultation, officer.pk, at=now())
    return (*topics, news.topic(consultation), news.office_topic(consultation))


def _officer(office_code: str, session_key: str) -> tuple[Office, Officer] | None:
    office = sql.first(Office, "code = %s", [office_code])
    if office is None:
        return None
    request = _request(session_key)
    user = get_user(request)
    officer = officer_of(user, office) if user.is_authenticated else None
    if officer is None or not rules.can_read_inbox(officer):
        return None
    if office.mfa_required and not second_step.is_done_in(request.session):
        return None
    return office, officer


def _request(session_key: str) -> HttpRequest:
    request = HttpRequest()
    request.session = session(session_key)
    return request
