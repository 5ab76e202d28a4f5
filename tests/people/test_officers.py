"""Appointing, changing and dismissing officers: once, recorded, never leaving an office without administrator."""

from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import translation

from sapa.activity.models import Event
from sapa.core.errors import Refused, Stale
from sapa.offices.models import Desk, Office
from sapa.people import officers
from sapa.people.access import officer_of
from sapa.people.models import Officer, User
from tests.conftest import Clock

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
INES = {"email": "Ines@BPS.example ", "name": " Ines  Wulandari", "role": "consultant"}


def _events(name: str) -> int:
    return Event.objects.filter(name=name).count()


def test_an_appointed_officer_has_an_account_without_password_and_a_mail(
    office: Office, hadi: Officer, clock: Clock
) -> None:
    officer = officers.appoint(office, **INES, by=hadi.user, at=AT)
    assert (officer.user.email, officer.user.name, officer.role) == (
        "ines@bps.example",
        "Ines Wulandari",
        "consultant",
    )
    assert not officer.user.has_usable_password()
    assert EmailAddress.objects.get(user=officer.user).verified is False
    told = Event.objects.get(name="officer.appointed")
    officers.invite(told, AT)
    assert [message.to for message in mail.outbox] == [["ines@bps.example"]]
    assert mail.outbox[0].subject == "Akun Anda di BPS Kabupaten Tulang Bawang"
    assert "/akun/password/reset/" in mail.outbox[0].body


def test_a_double_click_appoints_once(office: Office, hadi: Officer) -> None:
    first = officers.appoint(office, **INES, by=hadi.user, at=AT)
    assert officers.appoint(office, **INES, by=hadi.user, at=AT) == first
    assert (_events("officer.appointed"), User.objects.filter(email="ines@bps.example").count()) == (1, 1)


def test_a_dismissed_officer_can_come_back(office: Office, hadi: Officer, budi: Officer) -> None:
    officers.dismiss(budi, by=hadi.user, at=AT)
    back = officers.appoint(
        office, email=budi.user.email, name="Budi", role="supervisor", by=hadi.user, at=AT
    )
    assert (back.pk, back.is_active, back.role) == (budi.pk, True, "supervisor")


def test_an_officer_of_another_office_cannot_be_taken(office: Office, hadi: Officer, dewi: Officer) -> None:
    with translation.override("en"), pytest.raises(Refused) as refusal:
        officers.appoint(office, email=dewi.user.email, name="Dewi", role="admin", by=hadi.user, at=AT)
    assert str(refusal.value) == ("This person works in another office; that office must let them go first.")
    assert officer_of(dewi.user, office) is None


@pytest.mark.parametrize(
    "wrong", [{"email": "ines"}, {"email": ""}, {"name": "  "}, {"role": "king"}, {"role": ""}]
)
def test_an_officer_needs_address_name_and_role(office: Office, wrong: dict[str, str]) -> None:
    with pytest.raises(Refused):
        officers.appoint(office, **(INES | wrong), by=None, at=AT)
    assert User.objects.count() == 0


def test_a_dismissed_officer_is_refused_from_the_next_request_on(
    office: Office, hadi: Officer, budi: Officer, client: Client, clock: Clock
) -> None:
    client.force_login(budi.user)
    assert client.get("/1808/meja/").status_code == 200
    officers.dismiss(budi, by=hadi.user, at=AT)
    assert client.get("/1808/meja/").status_code == 404
    assert User.objects.filter(pk=budi.user_id).exists()


def test_a_dismissed_officer_leaves_the_desk(
    office: Office, hadi: Officer, budi: Officer, desk: Desk
) -> None:
    Desk.objects.filter(pk=desk.pk).update(officer=budi, seated_at=AT)
    officers.dismiss(budi, by=hadi.user, at=AT)
    desk.refresh_from_db()
    assert (desk.officer, desk.seated_at, _events("desk.closed")) == (None, None, 1)


def test_dismissing_twice_is_stale(office: Office, hadi: Officer, budi: Officer) -> None:
    officers.dismiss(budi, by=hadi.user, at=AT)
    with pytest.raises(Stale):
        officers.dismiss(budi, by=hadi.user, at=AT)
    assert _events("officer.dismissed") == 1


def test_nobody_dismisses_oneself(office: Office, hadi: Officer, gita: Officer) -> None:
    with pytest.raises(Refused):
        officers.dismiss(hadi, by=hadi.user, at=AT)
    assert officer_of(hadi.user, office) == hadi


def test_the_last_administrator_stays(office: Office, hadi: Officer, budi: Officer) -> None:
    with pytest.raises(Refused):
        officers.dismiss(hadi, by=budi.user, at=AT)
    with pytest.raises(Refused):
        officers.change_role(hadi, role="consultant", by=budi.user, at=AT)
    hadi.refresh_from_db()
    assert (hadi.is_active, hadi.role) == (True, "admin")


@pytest.mark.parametrize("role", ["supervisor", "consultant", "front_desk"])
def test_nobody_takes_the_right_to_administer_from_oneself(
    office: Office, hadi: Officer, gita: Officer, role: str
) -> None:
    for own in (hadi, gita):
        with translation.override("en"), pytest.raises(Refused) as refusal:
            officers.change_role(own, role=role, by=own.user, at=AT)
        assert str(refusal.value) == "You cannot take this role from yourself. Ask another administrator."
    assert _events("officer.role_changed") == 0
    assert officers.change_role(hadi, role=role, by=gita.user, at=AT) is True


def test_a_head_may_become_the_administrator_and_back(office: Office, gita: Officer) -> None:
    for role in ("admin", "head"):
        assert officers.change_role(gita, role=role, by=gita.user, at=AT) is True
    assert Officer.objects.get(pk=gita.pk).role == "head"


def test_a_changed_role_is_recorded_once_with_before_and_after(
    office: Office, hadi: Officer, budi: Officer
) -> None:
    officers.change_role(budi, role="supervisor", by=hadi.user, at=AT)
    officers.change_role(budi, role="supervisor", by=hadi.user, at=AT)
    assert [event.data for event in Event.objects.filter(name="officer.role_changed")] == [
        {"before": "consultant", "after": "supervisor"}
    ]
