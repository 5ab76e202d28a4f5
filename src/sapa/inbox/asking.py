"""A client asks the office: what was typed is kept as a draft, then becomes a request with its conversation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sapa.catalogue import trails
from sapa.catalogue.models import SearchTrail
from sapa.consultations import lifecycle, news, requirements, turns
from sapa.consultations.models import Consultation, RequestDraft, State
from sapa.core import sql
from sapa.core.errors import Refused
from sapa.core.limits import spend
from sapa.files.claiming import claim
from sapa.inbox import rendering
from sapa.inbox.models import Conversation, Kind, Message, MessageFile, Side
from sapa.inbox.writing import announce
from sapa.offices.models import Office
from sapa.offices.standards import standard_in_force
from sapa.people.models import Client

SERVICE = "consultation"
MOST_A_DAY = 20


def draft_of(client: Client, office: Office, *, at: datetime) -> RequestDraft:
    """What the client has typed so far for this office; an empty draft when nothing was."""
    draft = sql.first(RequestDraft, "office_id = %s AND client_id = %s", [office.pk, client.pk])
    if draft is None:
        draft, _made = RequestDraft.objects.get_or_create(
            office=office, client=client, defaults={"updated_at": at}
        )
    draft.office, draft.client = office, client
    return draft


def keep_draft(
    draft: RequestDraft, fields: Mapping[str, Any], *, trail: str | None = None, at: datetime
) -> None:
    """The draft says this now, right or wrong: it is only what was typed."""
    draft.fields, draft.updated_at = dict(fields), at
    if trail is not None:
        draft.trail = trail
    draft.save(update_fields=["fields", "trail", "updated_at"])


def ask(
    draft: RequestDraft,
    *,
    subject: str,
    asked: Mapping[str, Any],
    files: Sequence[int] = (),
    continues: Consultation | None = None,
    at: datetime,
) -> Consultation:
    """The draft has become a request: consultation, conversation and its first message, all or nothing.

    `asked` holds question, area, years, level, purpose as OnlineRequest has them. The same draft sent twice is
    one request.
    """
    office, client = draft.office, draft.client
    text = rendering.cleaned(str(asked["question"]))
    service = office.services.filter(key=SERVICE, is_active=True).first()
    if service is None:
        raise Refused(_("This office does not take questions online at the moment."), code="no_service")
    standard = standard_in_force(office, at.astimezone(office.zone).date())
    _spend_request(client)
    sql.attach(client, "user")
    with transaction.atomic():
        consultation = lifecycle.request_online(
            office,
            client=client,
            service=service,
            standard=standard,
            subject=subject,
            asked={**asked, "question": text, "trail": draft.trail, "language": get_language() or "id"},
            submission_key=draft.submission_key,
            continues=continues,
            at=at,
        )
        conversation, is_new = Conversation.objects.get_or_create(
            consultation=consultation,
            defaults={"office": office, "last_sequence": 1, "client_delivered": 1, "client_read": 1},
        )
        if is_new:
            message = Message.objects.create(
                conversation=conversation,
                sequence=1,
                key=draft.submission_key,
                side=Side.CLIENT,
                kind=Kind.MESSAGE,
                text=text,
                html=rendering.as_html(text),
                at=at,
            )
            if files and client.user is not None:
                held = claim(files, user=client.user, office=office, at=at, topic=news.topic(consultation.pk))
                MessageFile.objects.bulk_create(
                    MessageFile(message=message, file=file, position=place) for place, file in enumerate(held)
                )
        trail = SearchTrail.objects.filter(office=office, token=draft.trail).first() if draft.trail else None
        if trail is not None:
            trails.asked(trail, at=at)
        RequestDraft.objects.filter(pk=draft.pk).delete()
    return consultation


def _spend_request(client: Client) -> None:
    try:
        spend("ask", str(client.pk), times=MOST_A_DAY, seconds=24 * 3600)
    except Refused as refusal:
        raise Refused(
            _(
                "You have asked %(most)s questions within a day. Please write into one of them, or ask again tomorrow:"
                " what you typed here is kept."
            )
            % {"most": MOST_A_DAY},
            code=refusal.code,
        ) from None


def complete(consultation: Consultation, given: dict[str, Any], *, at: datetime) -> None:
    """The client has filled in what was asked back for: kept, ticked off, and told in the conversation."""
    if consultation.state == State.CLOSED:
        raise Refused(_("This consultation is closed. Write a message to open it again."), code="closed")
    with transaction.atomic():
        done = requirements.provide(consultation, given, at=at)
        if done:
            announce(
                consultation,
                what="items_provided",
                data={"items": ",".join(each.key for each in done)},
                at=at,
            )
        if not consultation.missing_items.filter(provided_at=None, waived_at=None).exists():
            consultation.refresh_from_db()
            turns.client_wrote(consultation, at=at)
