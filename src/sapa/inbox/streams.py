"""Who may listen to conversations and inboxes (wiring.STREAMS); asked on connect and at each heartbeat."""

from django.contrib.auth import get_user
from django.http import HttpRequest
from django_scopes import scope, scopes_disabled

from sapa.activity.push import user_topic
from sapa.activity.stream import Topics, session
from sapa.consultations import news
from sapa.consultations.models import Consultation
from sapa.core.time import now
from sapa.inbox import presence
from sapa.offices.models import Office
from sapa.people import rules, second_step
from sapa.people.access import officer_of
from sapa.people.models import Officer


def for_client(office_code: str, key: str, session_key: str) -> Topics | None:
    """The client whose consultation this is, signed in; whichever office has it by now."""
    user = get_user(_request(session_key))
    if not user.is_authenticated:
        return None
    with scopes_disabled():
        found = Consultation.objects.filter(token=key, client__user=user).values_list("pk", flat=True).first()
    return None if found is None else (news.topic(found), user_topic(user.pk))


def for_inbox(office_code: str, key: str, session_key: str) -> Topics | None:
    """An officer of the office who answers; with a code also what happens in that consultation."""
    found = _officer(office_code, session_key)
    if found is None:
        return None
    office, officer = found
    topics: Topics = (news.inbox_topic(office.pk), user_topic(officer.user_id))
    if not key:
        return topics
    with scope(office=office):
        consultation = Consultation.objects.filter(code=key).values_list("pk", flat=True).first()
    if consultation is None:
        return topics
    presence.look(consultation, officer.pk, at=now())
    return (*topics, news.topic(consultation), news.office_topic(consultation))


def _officer(office_code: str, session_key: str) -> tuple[Office, Officer] | None:
    office = Office.objects.filter(code=office_code).first()
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
