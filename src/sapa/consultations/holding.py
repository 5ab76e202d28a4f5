"""Who has a consultation in hand: claimed by an officer, handed over, or with another office."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from sapa.consultations import clocks, news
from sapa.consultations.models import Consultation, Handling, State
from sapa.core.errors import Refused, Stale
from sapa.offices.models import Office
from sapa.people import rules
from sapa.people.models import Officer

LONGEST_NOTE: Final = 500


def claim(consultation: Consultation, *, by: Officer, at: datetime) -> None:
    """The officer has it in hand. Whoever has it already keeps it: `Stale` names who was quicker.

    Claiming what one has already is harmless.
    """
    if consultation.officer_id == by.pk:
        return
    with transaction.atomic():
        free = Consultation.objects.filter(pk=consultation.pk, officer=None, office=by.office_id)
        free = free.exclude(state=State.CLOSED)
        if not free.update(officer=by):
            current = Consultation.objects.select_related("officer__user").get(pk=consultation.pk)
            if current.officer_id == by.pk:
                return
            raise Stale(_taken(current), code="claimed")
        _note(consultation, by, "consultation.claimed", by=by, at=at)
    consultation.officer = by


def assign(consultation: Consultation, *, to: Officer | None, by: Officer | None, at: datetime) -> None:
    """Given to an officer of the office that has it, or to nobody. `by` is None when the roster decided.

    Refused for somebody who may not answer or works elsewhere; nothing happens when it stands so already.
    """
    if to is not None and (to.office_id != consultation.office_id or not rules.can_serve(to)):
        raise Refused(_("Please choose an officer of this office who answers consultations."), code="who")
    with transaction.atomic():
        standing = Consultation.objects.filter(pk=consultation.pk, officer=consultation.officer_id)
        if consultation.officer_id == (to.pk if to else None):
            return
        if not standing.exclude(state=State.CLOSED).update(officer=to):
            raise Stale(
                _("Somebody else has changed this in the meantime. The page now shows how it stands.")
            )
        _note(consultation, to, "consultation.assigned", by=by, at=at)
    consultation.officer = to


def hand_over(consultation: Consultation, *, to: Officer, by: Officer, at: datetime) -> None:
    """A colleague of the same office has it from now on. Its clocks go on as they are."""
    with transaction.atomic():
        assign(consultation, to=to, by=by, at=at)
        news.tell("consultation.handed_over", consultation, by=by.user, at=at, data={"to": to.pk})


def forward(consultation: Consultation, *, to: Office, note: str, by: Officer, at: datetime) -> None:
    """Another office has it from now on: same number, same conversation, same clocks; each office's share is kept.

    Only along the line of offices (regency, province, national) or back to an office that had it.
    """
    note = " ".join(note.split())
    if not note:
        raise Refused(_("Please say why it goes to the other office."), code="note")
    if len(note) > LONGEST_NOTE:
        raise Refused(_("The reason is too long: at most %(most)s letters.") % {"most": LONGEST_NOTE})
    with transaction.atomic(), scopes_disabled():
        from_office = consultation.office
        if to not in offices_for(consultation):
            raise Refused(_("This consultation cannot go to that office."), code="office")
        service = to.services.filter(key=consultation.service.key, is_active=True).first()
        if service is None:
            raise Refused(
                _("%(office)s does not offer this service.") % {"office": to.name}, code="no_service"
            )
        moved = Consultation.objects.filter(pk=consultation.pk, office=from_office).exclude(
            state=State.CLOSED
        )
        if not moved.update(office=to, officer=None, service=service):
            raise Stale(
                _("Somebody else has changed this in the meantime. The page now shows how it stands.")
            )
        if not Handling.objects.filter(consultation=consultation, until_at=None).update(until_at=at):
            Handling.objects.create(
                consultation=consultation,
                office=from_office,
                from_at=consultation.requested_at,
                until_at=at,
            )
        Handling.objects.create(consultation=consultation, office=to, from_at=at, by=by, note=note)
        consultation.office, consultation.officer, consultation.service = to, None, service
        clocks.forward(consultation, to=to, at=at)
        for office in (from_office, to):
            news.tell(
                "consultation.forwarded",
                consultation,
                by=by.user,
                at=at,
                office_id=office.pk,
                data={"from": from_office.pk, "to": to.pk},
            )


def offices_for(consultation: Consultation) -> list[Office]:
    """Where it may go: the offices above, those directly below, and those that had it before."""
    current = consultation.office
    with scopes_disabled():
        before = Office.objects.filter(
            pk__in=Handling.objects.filter(consultation=consultation).values("office")
        )
        found = [*current.lineage()[1:], *Office.objects.filter(parent=current).order_by("name"), *before]
    return [each for each in dict.fromkeys(found) if each.pk != current.pk]


def had(office: Office, code: str) -> Consultation | None:
    """The consultation with this code when the office had it once and another office has it now."""
    with scopes_disabled():
        return (
            Consultation.objects.select_related("office")
            .filter(code=code, handlings__office=office)
            .exclude(office=office)
            .first()
        )


def _taken(current: Consultation) -> str:
    if current.state == State.CLOSED:
        return _("This consultation is closed.")
    if current.officer is None:
        return _("This consultation has changed in the meantime. The page now shows how it stands.")
    return _("%(name)s has taken it in the meantime.") % {"name": current.officer}


def _note(
    consultation: Consultation, who: Officer | None, name: str, *, by: Officer | None, at: datetime
) -> None:
    news.tell(
        name, consultation, by=by.user if by else None, at=at, data={"officer": who.pk if who else None}
    )
