"""Changes of the room and verbs of the queue in the same instant: locks are always taken in the same order
(docs/architecture.md, Locks), so nobody is turned away by a deadlock. On SQLite one writes after the other."""

import threading
import time

import pytest
from django.db import connection, transaction
from django_scopes import scope

from sapa.frontdesk import queue
from sapa.offices import equipping
from sapa.offices.models import Desk
from sapa.people import officers
from sapa.people.models import Officer
from tests.frontdesk.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def while_locked(office, row, verb, then) -> list[BaseException]:
    """`then` runs in a transaction that has locked `row` and in which `verb`, begun meanwhile, already waits.

    What `verb` raised: one may wait for the other, never both for each other.
    """
    problems: list[BaseException] = []

    def run() -> None:
        try:
            with scope(office=office):
                verb()
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    other = threading.Thread(target=run)
    with transaction.atomic():
        list(type(row)._base_manager.select_for_update(no_key=True).filter(pk=row.pk))
        other.start()
        until = time.monotonic() + 10
        while not _somebody_waits() and other.is_alive() and time.monotonic() < until:
            time.sleep(0.02)
        then()
    other.join()
    return problems


def _somebody_waits() -> bool:
    if connection.vendor != "postgresql":
        return True  # one writer: whoever comes second waits for the end of the first
    with connection.cursor() as cursor:
        # Within a transaction the first look would be kept and shown again.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return bool(cursor.fetchone()[0])


def rename(desk, name, clock):
    services = list(desk.services.all())
    equipping.set_desk(
        desk.office, desk=desk, name=name, services=services, is_active=True, by=None, at=clock.at
    )


def test_a_desk_may_be_left_while_it_is_changed(office, desk, budi, number, clock):
    queue.sit(desk, by=budi, at=clock.at)
    assert not while_locked(
        office,
        desk,
        lambda: rename(desk, "Meja depan", clock),
        lambda: queue.leave_desk(desk, by=budi, at=clock.at),
    )
    left = Desk.objects.get(pk=desk.pk)
    assert (left.name, left.officer) == ("Meja depan", None)


def test_an_officer_may_leave_the_desk_while_being_dismissed(office, desk, budi, gita, clock):
    queue.sit(desk, by=budi, at=clock.at)
    assert not while_locked(
        office,
        desk,
        lambda: officers.dismiss(budi, by=gita.user, at=clock.at),
        lambda: queue.leave_desk(desk, by=budi, at=clock.at),
    )
    assert (Desk.objects.filter(officer=budi).count(), Officer.objects.get(pk=budi.pk).is_active) == (
        0,
        False,
    )


def test_an_officer_may_sit_down_while_the_role_changes(office, desk, budi, gita, clock):
    assert not while_locked(
        office,
        budi,
        lambda: officers.change_role(budi, role=Officer.Role.SUPERVISOR, by=gita.user, at=clock.at),
        lambda: queue.sit(desk, by=budi, at=clock.at),
    )
    assert Desk.objects.get(officer=budi) == desk


def test_an_officer_may_move_to_a_desk_that_is_being_changed(office, desk, second_desk, budi, clock):
    queue.sit(desk, by=budi, at=clock.at)
    assert (
        at_once(
            office,
            *[
                lambda: queue.sit(second_desk, by=budi, at=clock.at),
                lambda: rename(second_desk, "Meja B", clock),
            ]
            * 2,
        )
        == [None] * 4
    )
    moved = Desk.objects.get(officer=budi)
    assert (moved.pk, moved.name) == (second_desk.pk, "Meja B")


def test_numbers_are_issued_while_a_desk_is_changed(office, number, clock):
    results = at_once(office, *[number] * 3, lambda: rename(office.desks.get(name="Meja 1"), "Meja A", clock))
    assert sorted(str(each) for each in results[:3]) == ["K-001", "K-002", "K-003"]
    assert results[3] is None
