"""Two officers in the same instant. On SQLite one writes after the other; what is tried here is PostgreSQL."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django_scopes import scope

from sapa.consultations.models import Deadline
from sapa.frontdesk import queue
from sapa.frontdesk.models import QueueTicket
from sapa.offices.models import Desk
from tests.frontdesk.test_queue import fresh, serve

ROUNDS = 5


def at_once(office, *verbs: Callable[[], object]) -> list[object]:
    """What each verb gave or raised, all begun in the same instant, each on a connection of its own."""
    gate, results = threading.Barrier(len(verbs)), [None] * len(verbs)

    def run(place: int) -> None:
        try:
            with scope(office=office):
                gate.wait()
                results[place] = verbs[place]()
        except Exception as problem:
            results[place] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(verbs))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return results


def running() -> set[int]:
    rows = Deadline.objects.filter(met_at=None, stopped_at=None)
    return set(rows.values_list("consultation__tickets", flat=True))


@pytest.mark.django_db(transaction=True)
def test_two_desks_that_free_at_once_start_two_promises(
    number, desk, second_desk, budi, citra, clock, office
):
    queue.sit(desk, by=budi, at=clock.at)
    queue.sit(second_desk, by=citra, at=clock.at)
    for _ in range(ROUNDS):
        line = [number() for _ in range(4)]
        one, other = serve(desk, budi, clock), serve(second_desk, citra, clock)
        finish = [
            lambda one=one: queue.finish(one, by=budi, at=clock.at),
            lambda other=other: queue.finish(other, by=citra, at=clock.at),
        ]
        assert at_once(office, *finish) == [None, None]
        assert running() == {line[2].pk, line[3].pk}
        for each in line[2:]:
            queue.withdraw(fresh(each), by=None, at=clock.at)


@pytest.mark.django_db(transaction=True)
def test_a_number_taken_while_the_desk_frees_has_its_promise(
    number, arrive, desk, budi, clock, office, consultation_service
):
    queue.sit(desk, by=budi, at=clock.at)
    for _ in range(ROUNDS):
        number()
        served, visit = serve(desk, budi, clock), arrive()
        results = at_once(
            office,
            lambda served=served: queue.finish(served, by=budi, at=clock.at),
            lambda visit=visit: queue.issue(visit, service=consultation_service, at=clock.at),
        )
        newcomer = QueueTicket.objects.get(visit=visit)
        assert results == [None, newcomer]
        assert running() == {newcomer.pk}
        queue.withdraw(newcomer, by=None, at=clock.at)


@pytest.mark.django_db(transaction=True)
def test_an_officer_with_two_windows_sits_at_one_desk(desk, second_desk, budi, clock, office):
    seats = [
        lambda: queue.sit(desk, by=budi, at=clock.at),
        lambda: queue.sit(second_desk, by=budi, at=clock.at),
    ]
    assert at_once(office, *seats) == [None, None]
    assert Desk.objects.filter(officer=budi).count() == 1


@pytest.mark.django_db(transaction=True)
def test_finish_and_hold_at_once_are_one_of_the_two(number, desk, budi, clock, office):
    queue.sit(desk, by=budi, at=clock.at)
    number()
    ticket = serve(desk, budi, clock)
    results = at_once(
        office,
        lambda: queue.finish(fresh(ticket), by=budi, at=clock.at),
        lambda: queue.hold(fresh(ticket), by=budi, at=clock.at),
    )
    told = [getattr(each, "code", None) for each in results]
    ended = (fresh(ticket).state, fresh(ticket).consultation.state)
    assert (told, ended) in [
        ([None, "ticket_changed"], ("finished", "closed")),
        (["ticket_changed", None], ("held", "requested")),
    ]
