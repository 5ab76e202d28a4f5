"""Whose promised minutes begin: whoever is at the head of the line of a free desk."""

from contextlib import suppress
from datetime import datetime

from django.db import connection

from sapa.consultations import clocks
from sapa.consultations.models import Consultation, Deadline
from sapa.frontdesk import lines
from sapa.frontdesk.models import QueueTicket
from sapa.offices import calendar
from sapa.offices.models import Office


def begin(office: Office, at: datetime, *, cause: str) -> None:
    """Start the promised minutes for whoever is now at the head of the line of a free desk.

    "Served at most 10 minutes after the visitor before has finished": as many promises run as desks are free;
    one that runs is never taken back because somebody else was called first. In an office that never opens no
    minutes can be counted, and none are promised.
    """
    one_after_the_other(office)
    desks = lines.desks_now(office)
    free = desks.free()
    if not free:
        return
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
    for consultation in Consultation.objects.filter(pk__in=matters - had_one).select_related("standard"):
        with suppress(calendar.NeverOpen):
            clocks.start_onsite(consultation, office=office, at=at, cause=cause)


def one_after_the_other(office: Office) -> None:
    """Who decides whose promise begins sees all that others of the office have done before, and they wait.

    Two desks that free in the same instant would otherwise both choose the same visitor, and nobody the next.
    Weak enough not to hinder rows that only name the office; SQLite has one writer and needs no lock.
    """
    if connection.features.has_select_for_update:
        Office.objects.select_for_update(of=("self",), no_key=True).get(pk=office.pk)
