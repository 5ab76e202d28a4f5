"""Sources of every kind on their pages: a portal, an SDMX service, a file; tried, added, changed, paused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from pytest_django import Settings

from sapa.activity.models import Event
from sapa.catalogue.models import Entry, Source
from sapa.catalogue.sources import trying
from sapa.catalogue.sources.webapi.reader import WebApi
from sapa.catalogue.views import sources as views
from sapa.offices.models import Office
from sapa.people.models import Officer
from tests.conftest import Clock
from tests.simulators import webapi
from tests.simulators.ckan import Portal, data_portal, dataset
from tests.simulators.sdmx import Service, sdmx_service

PAGE = "/1808/pengaturan/sumber/"
CKAN, SDMX = f"{PAGE}baru/ckan/", f"{PAGE}baru/sdmx/"


@pytest.fixture
def portal(settings: Settings) -> Iterator[Portal]:
    settings.SOURCES_PRIVATE, settings.SOURCES_PACE = True, 0
    with data_portal() as running:
        running.datasets = [dataset(number) for number in range(12)]
        yield running


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    settings.SOURCES_PRIVATE, settings.SOURCES_PACE = True, 0
    with sdmx_service() as running:
        yield running


def test_a_portal_is_tried_without_anything_being_written_and_then_added(
    signed_in: Any, hadi: Officer, portal: Portal, clock: Clock
) -> None:
    browser = signed_in(hadi)
    given = {"url": portal.origin + "/", "organization": "dinkop", "group": "ekonomi", "query": "umkm"}
    tried = browser.post(CKAN, given | {"every_hours": "168", "try": "1"})
    assert tried.status_code == 200
    assert [item.title for item in tried.context["tried"].items] == [
        dataset(number)["title"] for number in range(10)
    ]
    assert (tried.context["tried"].total, tried.context["tried"].problems) == (12, ())
    asked = {name: portal.asked[0][name] for name in ("q", "fq", "rows")}
    assert asked == {"q": "umkm", "fq": "organization:dinkop AND groups:ekonomi", "rows": "10"}
    assert (Source.objects.count(), Entry.objects.count(), len(portal.asked)) == (0, 0, 1)
    assert browser.post(CKAN, given | {"every_hours": "168"}).status_code == 422  # it needs a name
    assert browser.post(CKAN, given | {"every_hours": "168", "name": "lampung"}).status_code == 302
    made = Source.objects.get()
    assert (made.kind, made.every_hours, made.due_at) == ("ckan", 168, clock.at)
    assert made.config == given | {"url": portal.origin}


def test_an_sdmx_service_is_tried_and_added(
    signed_in: Any, hadi: Officer, service: Service, clock: Clock
) -> None:
    browser = signed_in(hadi)
    given = {"url": service.origin, "resources": ["dataflow"], "every_hours": "0", "classifications": "A, B"}
    tried = browser.post(SDMX, given | {"try": "1"}).context["tried"]
    assert (tried.problems, {item.kind for item in tried.items}) == ((), {"Tabel dinamis"})
    assert browser.post(SDMX, given | {"name": "sdmx"}).status_code == 302
    made = Source.objects.get()
    assert made.due_at is None
    assert made.config == {"url": service.origin, "resources": ["dataflow"], "classifications": ["A", "B"]}
    form = browser.get(f"{PAGE}{made.pk}/").context["form"]
    assert form.initial["classifications"] == "A, B"


def test_where_the_extra_is_not_installed_the_page_says_so(
    signed_in: Any, hadi: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "is_installed", lambda: False)
    assert "tambahan yang belum terpasang" in signed_in(hadi).get(SDMX).content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "data.go.id",
        "ftp://data.go.id",
        "http://[",
        "https://budi:rahasia@data.go.id",
        "https://data.go.id/?key=1",
    ],
)
def test_an_address_that_is_none_is_refused_at_its_field(signed_in: Any, hadi: Officer, address: str) -> None:
    answer = signed_in(hadi).post(CKAN, {"url": address, "name": "x", "every_hours": "24", "group": "a:b"})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"url", "group"})
    assert Source.objects.count() == 0


def test_nobody_looks_around_in_the_servers_own_network(
    signed_in: Any, hadi: Officer, portal: Portal, settings: Settings
) -> None:
    settings.SOURCES_PRIVATE = False
    answer = signed_in(hadi).post(CKAN, {"url": portal.origin, "every_hours": "24", "try": "1"})
    tried = answer.context["tried"]
    assert (tried.items, "tidak berada di internet terbuka" in tried.problems[0]) == ((), True)
    assert portal.asked == []


@pytest.mark.parametrize(
    ("fault", "said"), [("html", "a web page"), ("half", "breaks off"), ("error", "Search Query is invalid")]
)
def test_a_portal_on_a_bad_day_is_asked_once_and_the_page_says_what_happened(
    portal: Portal, fault: str, said: str
) -> None:
    portal.fault = fault
    with translation.override("en"):
        tried = trying.first_page("ckan", {"url": portal.origin})
    assert (tried.items, len(tried.problems), said in tried.problems[0]) == ((), 1, True)
    assert len(portal.asked) == 1


def test_the_webapi_is_tried_with_a_few_rows(settings: Settings) -> None:
    settings.WEBAPI_KEY, settings.SOURCES_PACE = webapi.KEY, 0
    with webapi.serve() as site:
        settings.WEBAPI = site.origin
        tried = trying.first_page("webapi", {"domain": "1808", "models": ["statictable"]}, reader=WebApi())
    # It counts lists, not publications: no number of things is made of that.
    assert (tried.problems, len(tried.items), tried.total) == ((), 3, 0)


def test_the_seventh_trial_in_a_minute_waits(signed_in: Any, hadi: Officer, settings: Settings) -> None:
    browser = signed_in(hadi)
    given = {"url": "http://127.0.0.1:9", "every_hours": "24", "try": "1"}
    for _turn in range(6):
        assert browser.post(CKAN, given).status_code == 200
    answer = browser.post(CKAN, given)
    assert (answer.status_code, answer.context["tried"]) == (422, None)


def test_a_paused_source_is_not_due_until_it_goes_on_and_keeps_its_timetable(
    signed_in: Any, hadi: Officer, office: Office, clock: Clock
) -> None:
    config = {"url": "https://data.go.id"}
    source = Source.objects.create(
        office=office, kind="ckan", name="a", config=config, every_hours=168, due_at=clock.at
    )
    browser = signed_in(hadi)
    browser.post(f"{PAGE}{source.pk}/jeda/")
    source.refresh_from_db()
    assert (source.due_at, source.every_hours) == (None, 168)
    browser.post(f"{PAGE}{source.pk}/jeda/", {"go_on": "1"})
    source.refresh_from_db()
    assert (source.due_at, source.every_hours) == (clock.at, 168)
    assert list(Event.objects.filter(name__startswith="source.").values_list("name", flat=True)) == [
        "source.paused",
        "source.unpaused",
    ]


def test_a_file_on_the_server_keeps_its_place_whatever_the_page_sends(
    signed_in: Any, hadi: Officer, office: Office, tmp_path: Path, clock: Clock
) -> None:
    path = tmp_path / "daftar.csv"
    path.write_text("kind,title,external_id\n")
    source = Source.objects.create(office=office, kind="file", name="a", config={"path": str(path)})
    browser = signed_in(hadi)
    assert "daftar.csv" in browser.get(f"{PAGE}{source.pk}/").content.decode()
    sent = {"every_hours": "168", "path": "/etc/passwd", "name": "b"}
    assert browser.post(f"{PAGE}{source.pk}/", sent).status_code == 302
    source.refresh_from_db()
    assert (source.config, source.every_hours, source.name) == ({"path": str(path)}, 168, "a")
    assert browser.get(f"{PAGE}baru/file/").status_code == 404


def test_what_a_source_would_bring_is_shown_to_those_who_keep_sources_only(
    signed_in: Any, budi: Officer, dewi: Officer
) -> None:
    for stranger in (budi, dewi):
        assert signed_in(stranger).get(CKAN).status_code in {403, 404}
