"""Whose promised minutes begin: whoever is at the head of the line of a free desk.

The verbs of the queue call `begin` in their own transaction; what an administrator changes in the room, among the
officers or in the opening times comes here as a reaction (wiring.py).
"""

from contextlib import suppress
from datetime import datetime

from django.db import connection, transaction
from django_scopes import scope, scopes_disabled

from sapa.activity.models import Event
from sapa.activity.recording import record
from sapa.consultations import clocks
from sapa.consultations.models import Consultation, Deadline
from sapa.core import sql
from sapa.frontdesk import lines
from sapa.frontdesk.models import QueueTicket, TicketState
from sapa.offices import calendar
from sapa.offices.models import Office


def begin(office: Office, at: datetime, *, cause: str) -> list[Deadline]:
    """Start the promised minutes for whoever is now at the head of the line of a free desk.

    "Served at most 10 minutes after the visitor before has finished": as many promises run as desks are free;
    one that runs is never taken back because somebody else was called first. In an office that never opens no
    minutes can be counted, and none are promised.
    """
    one_after_the_other(office)
    desks = lines.desks_now(office)
    free = desks.free()
    if not free:
        return []
    day = lines.service_day(office, at)
    lined_up = {
        services: lines.line_of(office, day, services) for services in {desk.services for desk in free}
    }
    # More candidates than desks are never needed to give each desk one.
    first = lines.heads(
        [
            [each.id for each in lined_up[desk.services] if each.reserved_desk_id in (None, desk.id)][
                : len(free)
            ]
            for desk in free
        ]
    )
    matters = set(
        QueueTicket.objects.filter(pk__in=first, consultation__isnull=False).values_list(
            "consultation_id", flat=True
        )
    )
    had_one = set(
        Deadline.objects.filter(consultation_id__in=matters, kind=Deadline.Kind.ONSITE_SERVICE)
        .exclude(stopped_at__isnull=False)
        .values_list("consultation_id", flat=True)
    )
    begun = []
    for consultation in Consultation.objects.filter(pk__in=matters - had_one).select_related("standard"):
        with suppress(calendar.NeverOpen):
            begun.append(clocks.start_onsite(consultation, office=office, at=at, cause=cause))
    return begun


def begin_after(event: Event, at: datetime) -> None:
    """Desks, services, officers, rules or opening times changed: whoever is at the head of a line by that has the
    promise from now on, in this office and those below it. A second run finds nothing left to begin."""
    offices = event.office.and_below()
    with scopes_disabled():
        waited_in = set(
            QueueTicket.objects.filter(office__in=offices, state=TicketState.WAITING).values_list(
                "office_id", flat=True
            )
        )
    # Always in the same order: two of these at once must not wait for each other.
    for office in sorted(offices, key=lambda each: each.pk):
        if office.pk in waited_in:
            with transaction.atomic(), scope(office=office):
                for deadline in begin(office, at, cause="settings_changed"):
                    _tell(deadline, at)


def _tell(deadline: Deadline, at: datetime) -> None:
    """The pages that show the line read it again: no verb of the queue has told them."""
    record(
        "deadline.started",
        deadline,
        office_id=deadline.office_id,
        by=None,
        at=at,
        data={"cause": deadline.cause, "due": deadline.due_at.isoformat()},
        topics=(f"queue:{deadline.office_id}",),
    )


def one_after_the_other(office: Office) -> None:
    """Who decides whose promise begins sees all that others of the office have done before, and they wait.

    Two desks that free in the same instant would otherwise both choose the same visitor, and nobody the next.
    Weak enough not to hinder rows that only name the office; SQLite has one writer and needs no lock. Taken last,
    after officer, desk, visit and ticket: docs/architecture.md, Locks.
    """
    if connection.features.has_select_for_update:
        sql.rows("SELECT 1 FROM offices_office WHERE id = %s FOR NO KEY UPDATE", [office.pk])
