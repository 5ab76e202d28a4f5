"""Desks, services, devices and the rules of the queue: changed once, recorded, refused with a sentence."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from sapa.activity.models import Event
from sapa.core.errors import Refused, Stale
from sapa.offices import equipping
from sapa.offices.models import Desk, Device, Office, Service
from sapa.people.models import Officer

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


def _new_desk(office: Office, name: str = "Meja 3", **given: object) -> Desk:
    values: dict[str, object] = {"services": list(office.services.all()), "is_active": True} | given
    return equipping.set_desk(office, desk=None, name=name, by=None, at=AT, **values)  # type: ignore[arg-type]


def test_a_double_click_adds_one_desk(office: Office) -> None:
    first = _new_desk(office)
    assert _new_desk(office) == first
    assert Event.objects.filter(name="desk.changed").count() == 1


@pytest.mark.parametrize("name", ["meja 1", "  Meja   1 "])
def test_two_desks_of_one_name_are_refused(office: Office, name: str) -> None:
    with pytest.raises(Refused):
        _new_desk(office, name, services=[office.services.get(key="library")])
    assert Desk.objects.count() == 2


def test_a_desk_needs_a_service_of_its_own_office(office: Office, other_office: Office) -> None:
    with pytest.raises(Refused):
        _new_desk(office, services=[])
    foreign = Service._base_manager.filter(office=other_office).first()
    with pytest.raises(Refused):
        _new_desk(office, services=[foreign])
    assert Desk.objects.count() == 2


def test_a_desk_with_an_officer_is_not_switched_off(office: Office, desk: Desk, budi: Officer) -> None:
    Desk.objects.filter(pk=desk.pk).update(officer=budi, seated_at=AT)
    with pytest.raises(Refused):
        equipping.set_desk(
            office, desk=desk, name=desk.name, services=desk.services.all(), is_active=False, by=None, at=AT
        )
    desk.refresh_from_db()
    assert desk.is_active


def test_a_prefix_belongs_to_one_service(office: Office, consultation_service: Service) -> None:
    with pytest.raises(Refused):
        equipping.set_service(consultation_service, values={"prefix": "P"}, by=None, at=AT)
    equipping.set_service(consultation_service, values={"prefix": "Q", "daily_limit": 5}, by=None, at=AT)
    consultation_service.refresh_from_db()
    assert (consultation_service.prefix, consultation_service.daily_limit) == ("Q", 5)
    assert Event.objects.get(name="service.changed").data == {"prefix": "Q", "daily_limit": 5}


def test_a_device_is_added_once_and_revoked_once(office: Office) -> None:
    first = equipping.add_device(office, kind="kiosk", name="Pintu", by=None, at=AT)
    assert equipping.add_device(office, kind="kiosk", name="Pintu", by=None, at=AT) == first
    equipping.revoke_device(first, by=None, at=AT)
    first.refresh_from_db()
    assert not first.is_usable(date(2026, 11, 23))
    with pytest.raises(Stale):
        equipping.revoke_device(first, by=None, at=AT)
    again = equipping.add_device(office, kind="kiosk", name="Pintu", by=None, at=AT)
    assert again.token != first.token


def test_a_tablet_stands_at_a_desk(office: Office, desk: Desk) -> None:
    with pytest.raises(Refused):
        equipping.add_device(office, kind="tablet", name="Tablet", by=None, at=AT)
    made = equipping.add_device(office, kind="tablet", name="Tablet", desk=desk, by=None, at=AT)
    assert made.desk == desk
    assert Device.objects.count() == 1


def test_a_policy_that_changes_nothing_records_nothing(office: Office) -> None:
    given: dict[str, Any] = {"priority_every": 1, "remote_queue": True, "mfa_required": False}
    equipping.set_policy(office, **given, by=None, at=AT)
    assert not Event.objects.filter(name="policy.changed").exists()
    equipping.set_policy(office, **(given | {"priority_every": 3}), by=None, at=AT)
    assert Event.objects.get(name="policy.changed").data == {"priority_every": 3}
    with pytest.raises(Refused):
        equipping.set_policy(office, **(given | {"priority_every": 0}), by=None, at=AT)
