"""Tokens: 256 random bits that are shown once, allowed what was ticked, in one office, until a day."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.activity.recording import record
from sapa.api.models import ApiToken
from sapa.api.scopes import SCOPES
from sapa.core.errors import Refused, Stale
from sapa.offices.models import Office
from sapa.people import rules
from sapa.people.models import Officer

PREFIX: Final = "sapa_"
LONGEST_LIFE: Final = timedelta(days=2 * 366)
NOTE_USE_EVERY: Final = timedelta(minutes=1)


def make(
    office: Office,
    *,
    name: str,
    scopes: Sequence[str],
    expires_on: date,
    acts_as: Officer | None,
    by: Officer,
    at: datetime,
) -> tuple[ApiToken, str]:
    """The token exists; its secret is returned this once and kept nowhere."""
    today = at.astimezone(office.zone).date()
    if not scopes or not set(scopes) <= SCOPES.keys():
        raise Refused(_("Please choose what the token may do."), code="scopes")
    if not today <= expires_on <= today + LONGEST_LIFE:
        raise Refused(_("Please choose a last day from today to two years from now."), code="expiry")
    if acts_as is not None and (
        acts_as.office_id != office.pk or not acts_as.is_active or not rules.can_serve(acts_as)
    ):
        raise Refused(_("Please choose an officer of this office who answers consultations."), code="who")
    secret = PREFIX + secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            token = ApiToken.objects.create(
                office=office,
                name=name,
                scopes=[each for each in SCOPES if each in scopes],
                digest=_digest(secret),
                hint=secret[-4:],
                acts_as=acts_as,
                made_by=by,
                made_at=at,
                expires_on=expires_on,
            )
            data = {"scopes": token.scopes}
            record("api_token.made", token, office_id=office.pk, by=by.user, at=at, data=data)
    except IntegrityError:
        raise Refused(
            _("There is a token with this name already. Choose another name."), code="name"
        ) from None
    return token, secret


def revoke(token: ApiToken, *, by: Officer, at: datetime) -> None:
    """The secret opens nothing from now on."""
    with transaction.atomic():
        if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
            raise Stale(_("This token is revoked already."), code="revoked")
        record("api_token.revoked", token, office_id=token.office_id, by=by.user, at=at)


def holder(secret: str, *, at: datetime) -> ApiToken | None:
    """The usable token with this secret, and that it was used; noted at most once a minute."""
    with scopes_disabled():
        rows = ApiToken.objects.select_related("office", "acts_as__user")
        token = rows.filter(digest=_digest(secret)).first()
        if token is None or not token.is_usable(at.astimezone(token.office.zone).date()):
            return None
        before = at - NOTE_USE_EVERY
        if token.last_used_at is None or token.last_used_at <= before:
            stale = ApiToken.objects.filter(Q(last_used_at=None) | Q(last_used_at__lte=before), pk=token.pk)
            stale.update(last_used_at=at)
    return token


def _digest(secret: str) -> str:
    """A plain digest is enough: nobody guesses 256 random bits, however fast the hash."""
    return sha256(secret.encode(errors="replace")).hexdigest()
