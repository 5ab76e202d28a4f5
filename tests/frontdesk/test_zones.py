"""Offices east of Lampung: the day, the numbers, the promise and every hour on a page are those of the office."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from django_scopes import scope

from sapa.consultations.models import Deadline
from sapa.core.errors import Refused
from sapa.frontdesk import doors, lines, queue
from sapa.frontdesk.models import ServiceDay, Visit
from sapa.offices.models import Device, Office
from tests.cast import make_client, make_office, make_officer

# Monday 2026-11-23, 08.30 at the office, in UTC.
HALF_PAST_EIGHT = {
    "WITA": datetime(2026, 11, 23, 0, 30, tzinfo=UTC),
    "WIT": datetime(2026, 11, 22, 23, 30, tzinfo=UTC),
}
MONDAY = date(2026, 11, 23)


@pytest.fixture(params=["WITA", "WIT"])
def zone(request):
    return request.param


@pytest.fixture
def east(zone, db, clock):
    """An office of that zone at half past eight, its scope active."""
    clock.set(HALF_PAST_EIGHT[zone])
    made = make_office(code="7371", name="BPS Kota di Timur", zone_name=Office.Zone[zone])
    with scope(office=made):
        yield made


def take(office, at, key="consultation"):
    visit = office.visits.create(
        client=make_client(),
        submission_key=uuid.uuid4(),
        service_day=lines.service_day(office, at),
        signed_at=at,
        door=Visit.Door.KIOSK,
        codelist_version="skd-2026",
    )
    return queue.issue(visit, service=office.services.get(key=key), at=at)


def test_the_morning_belongs_to_the_local_date_though_greenwich_is_a_day_behind(east, clock, zone):
    ticket = take(east, clock.at)
    assert (ticket.service_day, ticket.label) == (MONDAY, "K-001")
    assert ServiceDay.objects.get().due_at == clock.at + timedelta(hours=7)  # 15.30 at the office


def test_numbers_begin_again_with_the_local_day(east, clock):
    labels = [take(east, clock.at).label, take(east, clock.advance(hours=1)).label]
    assert (labels, take(east, clock.advance(hours=23)).label) == (["K-001", "K-002"], "K-001")


def test_the_promise_counts_in_the_opening_time_of_the_office(east, clock, zone):
    clock.advance(hours=6, minutes=55)  # 15.25, five minutes before closing
    take(east, clock.at)
    assert Deadline.objects.get().due_at == HALF_PAST_EIGHT[zone] + timedelta(days=1, minutes=-25)


def test_the_doors_open_an_hour_before_the_local_opening(east, clock):
    at = clock.at - timedelta(minutes=90)  # 07.00
    doors.check(east, at=at)
    with pytest.raises(Refused) as refusal:
        doors.check(east, at=at - timedelta(minutes=1))
    assert refusal.value.code == "closed"


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_refusal_names_the_hour_and_the_zone_of_the_office(east, clock, zone, language):
    evening = clock.at + timedelta(hours=8)  # 16.30
    with translation.override(language), pytest.raises(Refused) as refusal:
        doors.check(east, at=evening)
    assert (
        str(refusal.value)
        == {
            "id": f"Kantor sedang tutup. Buka kembali Selasa, 24 November 2026 pukul 08.00 {zone}.",
            "en": f"The office is closed now. It opens again on Tuesday, 24 November 2026 at 08:00 {zone}.",
        }[language]
    )


@pytest.mark.parametrize(
    ("language", "name"), [("id", "Konsultasi statistik"), ("en", "Statistical consultation")]
)
def test_the_visitors_page_names_service_and_hour_in_the_readers_language(
    east, clock, zone, client, language, name
):
    ticket = take(east, clock.at)
    client.cookies["sapa_language"] = language
    page = client.get(reverse("ticket", args=[east.code, ticket.token])).content.decode()
    hour = {"id": f"pukul 08.30 {zone}", "en": f"08:30 {zone}"}[language]
    assert (name in page, hour in page) == (True, True)


def test_desk_and_board_show_the_day_and_the_hours_of_the_office(east, clock, zone, signed_in):
    officer = make_officer(east, "intan", "consultant")
    desk = east.desks.first()
    board = east.devices.create(kind=Device.Kind.BOARD, name="Papan")
    queue.sit(desk, by=officer, at=clock.at)
    take(east, clock.at)
    queue.call_next(desk, by=officer, at=clock.at)
    browser = signed_in(officer)
    screen = browser.get(reverse("board", args=[east.code, board.token])).content.decode()
    # The clock of the board runs in the browser, in the zone that the page names.
    assert ("K-001" in screen, f'"{east.zone_name}"' in screen) == (True, True)
    work = browser.get(reverse("workspace", args=[east.code])).content.decode()
    assert (f"08.30 {zone}" in work, f"08.40 {zone}" in work) == (True, True)


def test_an_office_in_the_west_has_another_day_at_the_same_instant(east, office, clock, zone):
    """Late in the evening of Lampung it is already tomorrow in the east."""
    late = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # 23.30 WIB, 00.30 WITA, 01.30 WIT
    assert (lines.service_day(office, late), lines.service_day(east, late)) == (
        MONDAY,
        MONDAY + timedelta(days=1),
    )
