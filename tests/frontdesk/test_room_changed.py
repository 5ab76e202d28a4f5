"""What an administrator changes in the room counts at once: nobody waits for the queue's next event."""

from datetime import time

import pytest
from django_scopes import scopes_disabled

from sapa.activity.models import Event
from sapa.consultations.models import Deadline
from sapa.core.errors import Refused
from sapa.frontdesk import queue
from sapa.frontdesk.queue import promises
from sapa.offices import equipping, holidays
from sapa.offices.models import Desk, Hours
from sapa.people import officers
from sapa.people.models import Officer
from tests.frontdesk.test_queue import serve


def promised() -> list[str]:
    """The numbers whose promise runs."""
    rows = Deadline.objects.filter(met_at=None, stopped_at=None).order_by("pk")
    return [str(each.consultation.tickets.get()) for each in rows]


def change(desk, clock, *keys, is_active=True):
    services = list(desk.office.services.filter(key__in=keys))
    equipping.set_desk(
        desk.office,
        desk=desk,
        name=desk.name,
        services=services,
        is_active=is_active,
        by=None,
        at=clock.at,
    )


@pytest.fixture
def one_waits(number, desk, budi, clock):
    """Budi serves K-001 at the only staffed desk; K-002 waits, and nothing is promised to it yet."""
    queue.sit(desk, by=budi, at=clock.at)
    number()
    served = serve(desk, budi, clock)
    number()
    assert promised() == []
    return served


def test_a_free_desk_that_is_given_a_service_promises_it_at_once(one_waits, second_desk, citra, clock, work):
    change(second_desk, clock, "library")
    work()
    queue.sit(second_desk, by=citra, at=clock.at)
    assert promised() == []
    change(second_desk, clock, "library", "consultation")
    clock.advance(seconds=2)
    work()
    assert promised() == ["K-002"]
    begun = Deadline.objects.get(met_at=None)
    assert (begun.started_at, begun.cause) == (clock.at, "settings_changed")
    assert Event.objects.get(name="deadline.started").data["cause"] == "settings_changed"


def test_a_service_that_loses_its_last_staffed_desk_is_promised_all_the_same(one_waits, desk, clock, work):
    change(desk, clock, "library")
    work()
    assert promised() == ["K-002"]


def test_dismissing_the_only_officer_starts_the_promise(one_waits, desk, budi, clock, work, gita):
    officers.dismiss(budi, by=gita.user, at=clock.at)
    work()
    assert promised() == ["K-002"]


def test_an_officer_who_no_longer_serves_sits_at_no_desk(one_waits, desk, budi, clock, work, gita):
    officers.change_role(budi, role=Officer.Role.FRONT_DESK, by=gita.user, at=clock.at)
    work()
    assert (Desk.objects.filter(officer=budi).count(), promised()) == (0, ["K-002"])


def test_an_officer_who_goes_on_serving_in_another_role_keeps_the_desk(
    one_waits, desk, budi, clock, work, gita
):
    officers.change_role(budi, role=Officer.Role.SUPERVISOR, by=gita.user, at=clock.at)
    work()
    assert (Desk.objects.get(officer=budi), promised()) == (desk, [])


@pytest.mark.parametrize("above", [0, 1])
def test_the_first_opening_hours_of_an_office_start_its_promises(
    office, number, desk, arrive, consultation_service, budi, fajar, clock, work, above
):
    """Its own, or those of the province that it falls back on."""
    with scopes_disabled():
        Hours.objects.all().delete()
        for each in office.lineage():
            holidays.touch(each)
    office.refresh_from_db()
    queue.sit(desk, by=budi, at=clock.at)
    queue.issue(arrive(), service=consultation_service, at=clock.at, by=fajar)
    assert promised() == []
    week = {day: [(time(8), time(15, 30))] for day in range(5)}
    holidays.set_hours(office.lineage()[above], name="Jam layanan", week=week, by=None, at=clock.at)
    work()
    assert promised() == ["K-001"]


def test_the_same_change_told_twice_starts_one_promise(one_waits, desk, clock, work):
    change(desk, clock, "library")
    work()
    promises.begin_after(Event.objects.filter(name="desk.changed").latest("id"), clock.at)
    assert promised() == ["K-002"]


def test_another_office_has_no_part_in_it(
    one_waits, other_office, desk, clock, django_assert_max_num_queries
):
    """Nobody waits there, so nothing is locked or counted there."""
    change(desk, clock, "library")
    event = Event.objects.get(name="desk.changed")
    event.office = office = other_office
    with django_assert_max_num_queries(3):
        promises.begin_after(event, clock.at)
    assert (promised(), office.desks.count()) == ([], 0)


def test_a_desk_keeps_its_officer_when_its_name_is_changed_from_a_stale_page(desk, budi, clock):
    stale = Desk.objects.get(pk=desk.pk)
    queue.sit(desk, by=budi, at=clock.at)
    equipping.set_desk(
        desk.office,
        desk=stale,
        name="Meja depan",
        services=list(stale.services.all()),
        is_active=True,
        by=None,
        at=clock.at,
    )
    kept = Desk.objects.get(pk=desk.pk)
    assert (kept.name, kept.officer, kept.seated_at) == ("Meja depan", budi, clock.at)
    with pytest.raises(Refused):
        change(stale, clock, "library", is_active=False)
