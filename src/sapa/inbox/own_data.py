"""What conversations hold of a client, for the person concerned (people/own_data.py)."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sapa.consultations.models import Consultation, OnlineRequest, RequestDraft
from sapa.inbox import retention
from sapa.inbox.models import Message, MessageDraft, MessageFile
from sapa.people.models import Client
from sapa.people.own_data import Keeper

_ASKED: Final = (
    "question",
    "area",
    "year_from",
    "year_until",
    "level",
    "purpose",
    "purpose_text",
    "language",
)


def told(client: Client) -> dict[str, list[dict[str, Any]]]:
    """The online requests, every message that both sides saw with the names of its files, and what was begun and not
    sent. A fixed number of queries."""
    files: dict[int, list[str]] = defaultdict(list)
    held = MessageFile.objects.filter(message__conversation__consultation__client=client)
    for message, name in held.order_by("message", "position").values_list("message", "file__name"):
        files[message].append(name)
    requests = OnlineRequest.objects.filter(consultation__client=client).select_related(
        "consultation__office"
    )
    messages = Message.objects.filter(conversation__consultation__client=client)
    drafts = MessageDraft.objects.filter(conversation__consultation__client=client, user=client.user_id)
    return {
        "online_requests": [
            {
                "office": each.consultation.office.name,
                "code": each.consultation.code,
                "subject": each.consultation.subject,
                "requested_at": each.consultation.requested_at,
                **{name: getattr(each, name) for name in _ASKED},
            }
            for each in requests.order_by("consultation__requested_at", "pk")
        ],
        "messages": [
            {
                "code": each.conversation.consultation.code,
                "from": each.side,
                "kind": each.kind,
                "at": each.at,
                "text": each.text or each.notice.get("what", ""),
                "files": files[each.pk],
            }
            for each in messages.select_related("conversation__consultation").order_by(
                "conversation", "sequence"
            )
        ],
        "request_drafts": [
            {"office": each.office.name, "fields": each.fields, "updated_at": each.updated_at}
            for each in RequestDraft.objects.filter(client=client).select_related("office").order_by("pk")
        ],
        "message_drafts": [
            {
                "code": each.conversation.consultation.code,
                "text": each.text,
                "updated_at": each.updated_at,
            }
            for each in drafts.select_related("conversation__consultation").order_by("pk")
        ],
    }


def objection(client: Client) -> str:
    """An open matter stands against it already (frontdesk/own_data.py)."""
    return ""


def forget(clients: Collection[int], *, at: datetime) -> None:
    """Nothing that was written, sent along or begun is left; counts and clocks stay. In the caller's transaction."""
    RequestDraft.objects.filter(client__in=clients).delete()
    theirs = Consultation.objects.filter(client__in=clients, request__isnull=False)
    retention.forget(list(theirs.values_list("pk", flat=True)), at=at)


KEEPER: Final = Keeper(told=told, objection=objection, forget=forget)
