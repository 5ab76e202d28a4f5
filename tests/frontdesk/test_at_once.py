"""Two officers in the same instant. On SQLite one writes after the other; what is tried here is PostgreSQL."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django_scopes import scope

from sapa.consultations.models import Deadline
from sapa.frontdesk import arrivals, queue
from sapa.frontdesk.models import Call, QueueTicket, Visit
from sapa.offices.models import Desk
from tests.frontdesk.test_queue import fresh, serve
from tests.frontdesk.visitors import entry

ROUNDS = 5


def at_once(office, *verbs: Callable[[], object]) -> list[Any]:
    """What each verb gave or raised, all begun in the same instant, each on a connection of its own."""
    gate = threading.Barrier(len(verbs))
    results: list[object] = [None] * len(verbs)

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


@pytest.mark.django_db(transaction=True)
def test_two_desks_that_call_at_once_call_two_numbers(number, desk, second_desk, budi, citra, clock, office):
    queue.sit(desk, by=budi, at=clock.at)
    queue.sit(second_desk, by=citra, at=clock.at)
    for _ in range(ROUNDS):
        line = [number() for _ in range(2)]
        calls = at_once(
            office,
            lambda: queue.call_next(desk, by=budi, at=clock.at),
            lambda: queue.call_next(second_desk, by=citra, at=clock.at),
        )
        assert {call.ticket_id for call in calls} == {each.pk for each in line}
        for call, officer in zip(calls, (budi, citra), strict=True):
            queue.no_show(fresh(call.ticket), by=officer, at=clock.at)


@pytest.mark.django_db(transaction=True)
def test_the_last_number_is_called_by_one_of_two_desks(number, desk, second_desk, budi, citra, clock, office):
    queue.sit(desk, by=budi, at=clock.at)
    queue.sit(second_desk, by=citra, at=clock.at)
    ticket = number()
    results = at_once(
        office,
        lambda: queue.call_next(desk, by=budi, at=clock.at),
        lambda: queue.call_next(second_desk, by=citra, at=clock.at),
    )
    assert sorted(getattr(each, "code", "called") for each in results) == ["called", "nobody_waits"]
    assert Call.objects.filter(ticket=ticket).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_officer_with_two_windows_calls_one_number(number, desk, budi, clock, office):
    queue.sit(desk, by=budi, at=clock.at)
    line = [number() for _ in range(2)]
    results = at_once(office, *[lambda: queue.call_next(desk, by=budi, at=clock.at)] * 2)
    assert sorted(getattr(each, "code", "called") for each in results) == ["called", "desk_busy"]
    assert [fresh(each).state for each in line] == ["called", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_is_one_visit_and_one_number(office, clock):
    for _ in range(ROUNDS):
        key = uuid4()
        send = partial(
            arrivals.arrive,
            office,
            entry=entry(),
            door=Visit.Door.PHONE,
            by=None,
            at=clock.at,
            submission_key=key,
        )
        first, second = at_once(office, send, send)
        assert (first, Visit.objects.filter(submission_key=key).count()) == (second, 1)
    assert [each.number for each in QueueTicket.objects.order_by("number")] == list(range(1, ROUNDS + 1))


@pytest.mark.django_db(transaction=True)
def test_a_visit_that_asks_twice_at_once_has_one_number(arrive, consultation_service, clock, office):
    visit = arrive()
    ask = partial(queue.issue, visit, service=consultation_service, at=clock.at)
    first, second = at_once(office, ask, ask)
    assert (first, QueueTicket.objects.filter(visit=visit).count()) == (second, 1)


@pytest.mark.django_db(transaction=True)
def test_visitors_who_come_at_once_have_numbers_without_gap_or_double(number, office):
    results = at_once(office, *[number] * 6)
    assert sorted(str(each) for each in results) == [f"K-00{each}" for each in range(1, 7)]
