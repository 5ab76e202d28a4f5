"""The page of the catalogue's sources: adding the WebAPI, its readings, reading now, removing."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from sapa.catalogue.models import Absence, Entry, Source, SourceRun
from sapa.offices.models import Office
from sapa.people.models import Officer
from tests.conftest import Clock

PAGE = "/1808/pengaturan/sumber/"
NEW = PAGE + "baru/webapi/"
GIVEN = {"name": "bps", "domain": "1808", "models": ["var"], "languages": ["ind"], "every_hours": "24"}


@pytest.fixture
def source(office: Office) -> Source:
    config = {"domain": "1808", "models": ["var", "dataexim"], "trade": {"years": [2024], "hs": ["09"]}}
    return Source.objects.create(
        office=office, kind="webapi", name="perdagangan", config=config, every_hours=5
    )


def test_the_webapi_is_added_and_read_at_once(signed_in: Any, hadi: Officer, clock: Clock) -> None:
    browser = signed_in(hadi)
    page = browser.get(NEW)
    assert page.context["form"].initial["domain"] == "1808"
    assert browser.post(NEW, GIVEN).status_code == 302
    made = Source.objects.get()
    assert (made.name, made.due_at, made.config) == (
        *("bps", clock.at, {"domain": "1808", "models": ["var"], "languages": ["ind"]}),
    )
    assert b"bps" in browser.get(PAGE).content


def test_what_is_wrong_is_said_at_its_field(
    signed_in: Any, hadi: Officer, source: Source, clock: Clock
) -> None:
    browser = signed_in(hadi)
    answer = browser.post(NEW, {"domain": "1808"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name", "models", "languages", "every_hours"}
    taken = browser.post(NEW, GIVEN | {"name": "perdagangan"})
    assert (taken.status_code, set(taken.context["form"].errors)) == (422, {"name"})
    odd = browser.post(NEW, GIVEN | {"domain": "tuba"})
    assert (odd.status_code, set(odd.context["form"].errors)) == (422, {"__all__"})
    assert Source.objects.count() == 1


def test_changing_a_source_keeps_what_the_page_does_not_show(
    signed_in: Any, citra: Officer, source: Source, clock: Clock
) -> None:
    browser = signed_in(citra)
    address = f"{PAGE}{source.pk}/"
    answer = browser.post(address, GIVEN | {"languages": ["ind", "eng"], "every_hours": "0"})
    assert answer.status_code == 302
    source.refresh_from_db()
    assert source.config == {
        "domain": "1808",
        "models": ["var", "dataexim"],
        "languages": ["ind", "eng"],
        "trade": {"years": [2024], "hs": ["09"]},
    }
    assert source.due_at is None
    assert browser.post(address, GIVEN | {"models": []}).status_code == 422


def test_a_reading_tells_what_came_and_what_failed(
    signed_in: Any, hadi: Officer, source: Source, clock: Clock
) -> None:
    SourceRun.objects.create(
        source=source,
        began_at=clock.at,
        ended_at=clock.advance(minutes=7),
        outcome="partly",
        added=1204,
        failed=2,
        problems=["Isian <b>title</b> tidak ada."],
    )
    page = signed_in(hadi).get(f"{PAGE}{source.pk}/").content.decode()
    assert "1.204 ditambahkan, 0 berubah, 0 tetap, 0 ditarik, 2 gagal" in page
    assert "Isian &lt;b&gt;title&lt;/b&gt; tidak ada." in page
    assert "Selesai, ada yang gagal" in page


def test_reading_now_makes_the_source_due_and_removing_withdraws_its_entries(
    signed_in: Any, hadi: Officer, office: Office, source: Source, clock: Clock
) -> None:
    Entry.objects.create(office=office, kind="publication", title="DDA", source=source, published_at=clock.at)
    Absence.objects.create(office=office, indicator="PDRB", reason="Tidak dihitung.", source=source)
    browser = signed_in(hadi)
    assert "2 entri ditampilkan" in browser.get(f"{PAGE}{source.pk}/").content.decode()
    browser.post(f"{PAGE}{source.pk}/pembacaan/")
    source.refresh_from_db()
    assert source.due_at == clock.at
    browser.post(f"{PAGE}{source.pk}/penghapusan/")
    assert (Source.objects.count(), Entry.objects.get().is_shown) == (0, False)
    assert Absence.objects.get().withdrawn_at == clock.at


def test_the_office_next_door_has_sources_of_its_own(
    signed_in: Any, dewi: Officer, other_office: Office, source: Source, clock: Clock
) -> None:
    browser = signed_in(dewi)
    for address in (f"{source.pk}/", f"{source.pk}/pembacaan/", f"{source.pk}/penghapusan/"):
        assert browser.post(f"/1812/pengaturan/sumber/{address}").status_code == 404
        assert browser.post(PAGE + address).status_code in {403, 404}
    assert b"perdagangan" not in browser.get("/1812/pengaturan/sumber/").content
    source.refresh_from_db()
    assert source.due_at is None


def test_one_and_three_sources_take_the_same_number_of_queries(
    signed_in: Any,
    hadi: Officer,
    office: Office,
    source: Source,
    clock: Clock,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = signed_in(hadi)
    SourceRun.objects.create(source=source, began_at=clock.at)
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        browser.get(PAGE)
    for name in ("dua", "tiga"):
        more = Source.objects.create(office=office, kind="ckan", name=name, config={})
        SourceRun.objects.create(source=more, began_at=clock.at)
    with django_assert_num_queries(len(one)):
        browser.get(PAGE)
