"""What the standard requires of a visitor and an officer confirms: a card that was shown, an e-mail address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sapa.activity.recording import record
from sapa.core.errors import Refused, Stale
from sapa.frontdesk.models import Visit
from sapa.people import codelists
from sapa.people.models import Officer


def see_identity(visit: Visit, *, kind: str, by: Officer, at: datetime) -> None:
    """An officer has seen a card of this kind. Never its number, never a picture (domain.md 8.1; requirement 1).

    From a page that does not know of a card seen before, another kind is refused: that would be a correction.
    """
    if kind not in codelists.version(visit.codelist_version)["identity_kind"].keys:
        raise Refused(_("Please choose the kind of card from the list."), code="unknown_identity")
    other = _(
        "Another card has been ticked for this visitor already. If it is wrong, use “Correct the card”."
    )
    with transaction.atomic():
        seen = {"identity_kind": kind, "identity_seen_at": at, "identity_seen_by": by}
        if _set_once(visit, "identity_kind", seen, otherwise=Stale(other, code="identity_seen")):
            record("identity.seen", visit, office_id=visit.office_id, by=by.user, at=at, data={"kind": kind})


def correct_identity(visit: Visit, *, kind: str, by: Officer, at: datetime) -> None:
    """A card ticked by mistake is of this kind after all, or (blank) was not shown; the record keeps both."""
    if kind and kind not in codelists.version(visit.codelist_version)["identity_kind"].keys:
        raise Refused(_("Please choose the kind of card from the list."), code="unknown_identity")
    with transaction.atomic():
        stored = Visit.objects.select_for_update().get(pk=visit.pk)
        if not stored.identity_kind:
            raise Stale(_("No card is ticked for this visitor any more."), code="identity_gone")
        if stored.identity_kind == kind:
            return
        before = stored.identity_kind
        stored.identity_kind = kind
        stored.identity_seen_at, stored.identity_seen_by = (at, by) if kind else (None, None)
        stored.save(update_fields=["identity_kind", "identity_seen_at", "identity_seen_by"])
        change = {"was": before, "kind": kind}
        record("identity.corrected", visit, office_id=visit.office_id, by=by.user, at=at, data=change)


def waive_email(visit: Visit, *, reason: str, by: Officer, at: datetime) -> None:
    """The visitor has no e-mail address to give, and why (requirement 2 asks for one)."""
    if reason not in Visit.Waiver.values:
        raise Refused(_("Please choose why there is no e-mail address."), code="unknown_waiver")
    other = _("Another reason has been noted for this visitor already. The list now shows it.")
    with transaction.atomic():
        if _set_once(
            visit, "email_waiver", {"email_waiver": reason}, otherwise=Stale(other, code="email_waived")
        ):
            data = {"reason": reason}
            record("email.waived", visit, office_id=visit.office_id, by=by.user, at=at, data=data)


def _set_once(visit: Visit, field: str, changes: Mapping[str, Any], *, otherwise: Stale) -> bool:
    """Compare-and-set from blank. False when it stood so already: a second click; `otherwise` when it differs."""
    visits = Visit.objects.filter(pk=visit.pk)
    if visits.filter(**{field: ""}).update(**changes):
        for name, value in changes.items():
            setattr(visit, name, value)
        return True
    if visits.filter(**{field: changes[field]}).exists():
        return False
    raise otherwise
