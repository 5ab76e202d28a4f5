"""Messages of a consultation. Notes are in a table of their own that nothing here can reach."""

from typing import Annotated
from uuid import uuid4

from django.db.models import Count
from ninja import Query, Router, Status

from sapa.api.gate import ApiRequest
from sapa.api.paging import MOST
from sapa.api.problems import Problem
from sapa.api.rights import Bearer, OfficeCode
from sapa.api.routes.consultations import Number, consultation_or_404
from sapa.api.schemas import MessageIn, MessageOut, MessagePage
from sapa.consultations.models import Consultation, Door
from sapa.core.time import now
from sapa.inbox.models import Conversation, Kind, Message
from sapa.inbox.writing import Words, client_says, office_says
from sapa.people import rules

router = Router(tags=["messages"])
LARGEST_SEQUENCE = 2**31 - 1


@router.get("/{number}/messages", auth=Bearer("messages:read"), response=MessagePage)
def index(
    request: ApiRequest,
    office: OfficeCode,
    number: Number,
    after: Annotated[int, Query(ge=0, le=LARGEST_SEQUENCE)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> MessagePage:
    """In the order of the conversation, those after the sequence `after`."""
    conversation = _conversation(consultation_or_404(number))
    rows = Message.objects.filter(conversation=conversation, sequence__gt=after)
    found = rows.annotate(held=Count("files")).order_by("sequence")[:limit]
    return MessagePage(
        items=[_shown(each, each.held) for each in found], last_sequence=conversation.last_sequence
    )


@router.post("/{number}/messages", auth=Bearer("messages:write"), response={201: MessageOut})
def create(request: ApiRequest, office: OfficeCode, number: Number, said: MessageIn) -> Status[MessageOut]:
    """A message of the client, by the client's own account; or of the office, by the officer of the token."""
    consultation = consultation_or_404(number)
    _conversation(consultation)
    words = Words(uuid4(), said.text)
    if said.side == "client":
        user = consultation.client.user
        if user is None:
            raise Problem(409, "no_account", "This client has no account in whose name to write.")
        return Status(201, _shown(client_says(consultation, words, user=user, at=now()), 0))
    officer = request.token.acts_as
    if officer is None or not officer.is_active or not rules.can_serve(officer):
        raise Problem(403, "no_officer", "This token has no officer who answers for what it writes.")
    return Status(201, _shown(office_says(consultation, words, kind=Kind.MESSAGE, by=officer, at=now()), 0))


def _conversation(consultation: Consultation) -> Conversation:
    found = Conversation.objects.filter(consultation=consultation).first()
    if consultation.door != Door.WEB or found is None:
        raise Problem(409, "no_conversation", "This consultation was a visit: it has no conversation.")
    return found


def _shown(message: Message, files: int) -> MessageOut:
    """Of a notice only what it is: its values may hold a way in that is not ours to tell."""
    copied = ("sequence", "side", "kind", "text", "citations", "at")
    return MessageOut(
        **{name: getattr(message, name) for name in copied},
        notice=str(message.notice.get("what", "")),
        files=files,
    )
