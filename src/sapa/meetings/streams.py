"""Who may listen to the appointments of a consultation (wiring.STREAMS): its client and the officers of its office."""

from django.contrib.auth import get_user
from django.http import HttpRequest
from django_scopes import scope

from sapa.activity.stream import Topics, session
from sapa.consultations import news
from sapa.consultations.models import Consultation
from sapa.offices.models import Office
from sapa.people import rules, second_step
from sapa.people.access import officer_of
from sapa.people.models import User


def for_consultation(office_code: str, key: str, session_key: str) -> Topics | None:
    """The topic of the consultation whose token is `key`; asked on connect and at each heartbeat."""
    office = Office.objects.filter(code=office_code).first()
    if office is None or not key or not session_key:
        return None
    request = HttpRequest()
    request.session = session(session_key)
    user = get_user(request)
    if not isinstance(user, User) or not user.is_active:
        return None
    with scope(office=office):
        consultation = Consultation.objects.select_related("client").filter(token=key).first()
    if consultation is None:
        return None
    if consultation.client.user_id == user.pk:
        return (news.topic(consultation.pk),)
    officer = officer_of(user, office)
    if officer is None or not rules.can_serve(officer):
        return None
    if office.mfa_required and not second_step.is_done_in(request.session):
        return None
    return (news.topic(consultation.pk),)
