"""Finding what a request names, with the reader's rights: nothing else is found."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django_scopes import scopes_disabled

from sapa.consultations.models import Consultation, Door, OnlineRequest
from sapa.core import sql
from sapa.inbox.bubbles import Reader
from sapa.inbox.models import Conversation, Side
from sapa.people.access import ClientRequest, OfficerRequest


@dataclass(frozen=True)
class Room:
    """One consultation of the reader, with its conversation."""

    consultation: Consultation
    conversation: Conversation
    reader: Reader


# Asked at every message and every fetch (docs/decisions/0007). The token is unguessable and the client is the reader.
_HERE = "code = %s AND office_id = %s AND door = %s"
_OWN = "token = %s AND client_id = %s AND door = %s"


def own(request: ClientRequest, token: str) -> Consultation:
    """The reader's own consultation, whichever office has it by now; not found for anybody else."""
    found = sql.first(Consultation, _OWN, [token, request.client.pk, Door.WEB])
    if found is None:
        raise Http404("no such consultation of this client")
    if found.office_id == request.office.pk:
        found.office = request.office
    else:
        with scopes_disabled():
            request.office = found.office
    found.client = request.client
    return found


def room_of(request: ClientRequest, token: str) -> Room:
    consultation = own(request, token)
    conversation = conversation_of(consultation)
    return Room(consultation, conversation, Reader(Side.CLIENT, request.user, consultation.office.zone))


def typed_in(room: Room) -> str:
    """What the reader has typed and not sent."""
    values = [room.conversation.pk, room.reader.user.pk]
    found = sql.rows(
        "SELECT text FROM inbox_messagedraft WHERE conversation_id = %s AND user_id = %s", values
    )
    return str(found[0][0]) if found else ""


def with_people_and_words(consultation: Consultation) -> None:
    """What was asked, and who answers, are there to be read without a further statement of the ORM."""
    asked = sql.first(OnlineRequest, "consultation_id = %s", [consultation.pk])
    if asked is None:
        raise Http404("no request")
    consultation.request = asked
    sql.attach(consultation, "officer")
    if consultation.officer is not None:
        sql.attach(consultation.officer, "user")


def conversation_of(consultation: Consultation) -> Conversation:
    """Its conversation as it is now: how far it goes, and how far each side has read."""
    found = sql.first(Conversation, "consultation_id = %s", [consultation.pk])
    if found is None:
        raise Http404("no conversation")
    found.consultation = consultation
    return found


def case_of(request: OfficerRequest, code: str) -> Room:
    """The online consultation with this code that the office has now; not found for any other."""
    found = sql.first(Consultation, _HERE, [code, request.office.pk, Door.WEB])
    if found is None:
        raise Http404("no such consultation in this office")
    found.office = request.office
    conversation = conversation_of(found)
    reader = Reader(Side.OFFICE, request.user, request.office.zone, request.officer)
    return Room(found, conversation, reader)


def number(request: HttpRequest, name: str) -> int:
    """A number of the address; 0 for none, and for nonsense."""
    text = request.GET.get(name, "") or request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
