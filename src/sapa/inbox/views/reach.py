"""Finding what a request names, with the reader's rights: nothing else is found."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django_scopes import scopes_disabled

from sapa.consultations.models import Consultation, Door
from sapa.inbox.bubbles import Reader
from sapa.inbox.models import Conversation, Side
from sapa.people.access import ClientRequest, OfficerRequest


@dataclass(frozen=True)
class Room:
    """One consultation of the reader, with its conversation."""

    consultation: Consultation
    conversation: Conversation
    reader: Reader
    typed: str = ""  # by the client, and not sent


# Asked at every message and every fetch (docs/decisions/0007). The token is unguessable and the client is the reader.
_OWN = "SELECT c.* FROM consultations_consultation c WHERE c.token = %s AND c.client_id = %s AND c.door = %s"
_CONVERSATION = (
    "SELECT v.*, (SELECT d.text FROM inbox_messagedraft d WHERE d.conversation_id = v.id AND d.user_id = %s) AS typed"
    " FROM inbox_conversation v WHERE v.consultation_id = %s"
)


def own(request: ClientRequest, token: str) -> Consultation:
    """The reader's own consultation, whichever office has it by now; not found for anybody else."""
    with scopes_disabled():
        for found in Consultation.objects.raw(_OWN, [token, request.client.pk, Door.WEB]):
            if found.office_id == request.office.pk:
                found.office = request.office
            else:
                request.office = found.office
            found.client = request.client
            return found
    raise Http404("no such consultation of this client")


def room_of(request: ClientRequest, token: str) -> Room:
    consultation = own(request, token)
    with scopes_disabled():
        conversation = Conversation.objects.raw(_CONVERSATION, [request.user.pk, consultation.pk])[0]
    conversation.consultation = consultation
    reader = Reader(Side.CLIENT, request.user, consultation.office.zone)
    return Room(consultation, conversation, reader, typed=getattr(conversation, "typed", None) or "")


def case_of(request: OfficerRequest, code: str) -> Room:
    """The online consultation with this code that the office has now; not found for any other."""
    found = (
        Consultation.objects.select_related(
            "standard", "request", "client__user", "client__institution", "officer__user", "service"
        )
        .filter(code=code, request__isnull=False)
        .first()
    )
    if found is None:
        raise Http404("no such consultation in this office")
    found.office = request.office
    conversation = Conversation.objects.get(consultation=found)
    conversation.consultation = found
    reader = Reader(Side.OFFICE, request.user, request.office.zone, request.officer)
    return Room(found, conversation, reader)


def number(request: HttpRequest, name: str) -> int:
    """A number of the address; 0 for none, and for nonsense."""
    text = request.GET.get(name, "") or request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
