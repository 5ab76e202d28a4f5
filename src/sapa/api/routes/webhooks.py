"""Webhooks: set one up, list them, end one."""

from typing import Annotated

from django.shortcuts import get_object_or_404
from ninja import Path, Router, Status

from sapa.api import webhooks
from sapa.api.gate import ApiRequest
from sapa.api.models import WebhookEndpoint
from sapa.api.rights import Bearer, OfficeCode
from sapa.api.schemas import WebhookIn, WebhookList, WebhookMade, WebhookOut
from sapa.core.time import now

router = Router(tags=["webhooks"])
MOST_SHOWN = 100


@router.get("", auth=Bearer("webhooks:write"), response=WebhookList)
def index(request: ApiRequest, office: OfficeCode) -> WebhookList:
    """The newest first, ended ones too."""
    rows = WebhookEndpoint.objects.all()[:MOST_SHOWN]
    return WebhookList(items=[WebhookOut.from_orm(each) for each in rows])


@router.post("", auth=Bearer("webhooks:write"), response={201: WebhookMade})
def create(request: ApiRequest, office: OfficeCode, wanted: WebhookIn) -> Status[WebhookMade]:
    """The address hears of these events from now on. The secret is shown this once."""
    made, secret = webhooks.add(
        request.office, url=wanted.url, events=wanted.events, token=request.token, at=now()
    )
    return Status(201, WebhookMade(**WebhookOut.from_orm(made).dict(), secret=secret))


@router.delete("/{webhook}", auth=Bearer("webhooks:write"), response={204: None})
def end(
    request: ApiRequest, office: OfficeCode, webhook: Annotated[int, Path(ge=1, le=2**63 - 1)]
) -> Status[None]:
    """It hears of nothing any more."""
    found = get_object_or_404(WebhookEndpoint, pk=webhook)
    webhooks.end(found, by=None, because="api", at=now())
    return Status(204, None)
