"""A data portal is read to its last page; on its bad days the catalogue stays as it was and says why."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation
from pytest_django import Settings

from sapa.catalogue.models import Entry, Source, SourceRun
from sapa.catalogue.sources.base import Page, SourceError
from sapa.catalogue.sources.ckan.datasets import item_of
from sapa.catalogue.sources.ckan.reader import CkanReader
from sapa.catalogue.sources.running import sync
from sapa.offices.models import Office
from tests.conftest import Clock
from tests.simulators.ckan import Portal, data_portal, dataset


@pytest.fixture
def portal(settings: Settings) -> Iterator[Portal]:
    settings.SOURCES_PRIVATE = True
    with data_portal() as running:
        running.datasets = [dataset(number) for number in range(5)]
        yield running


def read(portal: Portal, **told: object) -> tuple[list[Page], list[float]]:
    waits: list[float] = []
    reader = CkanReader(sleep=waits.append)
    with translation.override("en"):
        pages = list(reader.pages({"url": portal.origin + "/", "rows": 2} | told, since=None, cursor={}))
    return pages, waits


def test_a_data_set_becomes_a_table_with_its_producer_forms_and_licence() -> None:
    item = item_of(dataset(3), base="https://data.contoh.go.id")
    assert item is not None
    assert (item.kind, item.external_id) == ("static_table", "d003")
    assert dict(item.values) == {
        "title": "Jumlah UMKM menurut Kecamatan 3, 2019-2023",
        "summary": "Data UMKM dari dinas.\nCSV, XLSX\nCreative Commons Attribution",
        "keywords": "umkm koperasi",
        "producer": "Dinas Koperasi",
        "released_on": date(2024, 2, 3),
        "url": "https://data.contoh.go.id/dataset/jumlah-umkm-3",
        "year_from": 2019,
        "year_until": 2023,
    }


def test_fields_that_changed_their_form_are_left_out_and_what_is_private_too() -> None:
    odd = {"id": "x", "title": 7, "organization": "dinkop", "tags": "a", "resources": None, "notes": []}
    item = item_of(odd, base="")
    assert item is not None
    assert (item.values["title"], item.values["summary"], item.values["producer"]) == ("x", "", "")
    assert item_of(dataset(1, private=True), base="") is None
    assert item_of(dataset(1, state="deleted"), base="") is None
    with pytest.raises(ValueError, match="no number"):
        item_of({"title": "x"}, base="")


def test_all_pages_are_read_and_the_last_one_ends_the_kind(portal: Portal) -> None:
    pages, waits = read(portal, organization="dinkop")
    assert [len(page.items) for page in pages] == [2, 2, 1]
    assert [page.ends for page in pages] == [(), (), ("static_table",)]
    assert (pages[-1].done, pages[-1].total, len(waits)) == (5, 5, 2)
    assert {each["fq"] for each in portal.asked} == {"organization:dinkop"}
    reader = CkanReader(sleep=waits.append)
    [rest] = reader.pages({"url": portal.origin, "rows": 9}, since=date(2026, 1, 2), cursor=pages[1].cursor)
    assert [item.external_id for item in rest.items] == ["d004"]
    assert portal.asked[-1]["fq"] == "metadata_modified:[2026-01-02T00:00:00Z TO *]"


def test_a_portal_that_tells_names_only_is_asked_for_each(portal: Portal) -> None:
    portal.fault = "names"
    pages, _waits = read(portal)
    assert sum(len(page.items) for page in pages) == 5
    assert pages[0].items[0].values["producer"] == "Dinas Koperasi"


def test_the_same_page_for_ever_and_a_wrong_count_withdraw_nothing(portal: Portal) -> None:
    portal.fault = "same"
    pages, _waits = read(portal)
    assert pages[-1].problems == ("The portal gave the same page twice: reading ended there.",)
    portal.fault = "count"
    pages, _waits = read(portal)
    assert pages[-1].problems == ("The portal speaks of 10 data sets and showed 5. Nothing is withdrawn.",)
    assert [page.ends for page in pages if page.ends] == []


@pytest.mark.parametrize(
    ("fault", "said", "permanent"),
    [
        ("html", "web page", False),
        ("half", "breaks off", False),
        ("error", "Search Query is invalid", False),
        ("refused", "refuses", True),
    ],
)
def test_a_portal_that_answers_otherwise_is_left_with_a_sentence(
    portal: Portal, fault: str, said: str, permanent: bool
) -> None:
    portal.fault = fault
    with pytest.raises(SourceError, match=said) as problem:
        read(portal)
    assert problem.value.permanent is permanent


@pytest.mark.parametrize("status", [500, 429])
def test_a_bad_day_is_waited_for(portal: Portal, status: int) -> None:
    portal.status, portal.bad_days = status, 2
    pages, waits = read(portal, rows=10)
    assert len(pages[0].items) == 5
    assert len(waits) == 4
    assert (7.0 in waits) is (status == 429)


def test_what_vanished_from_the_portal_is_withdrawn(portal: Portal, office: Office, clock: Clock) -> None:
    source = Source.objects.create(office=office, kind="ckan", name="provinsi", config={"url": portal.origin})

    def run() -> tuple[str, int, int, int]:
        told: SourceRun = sync(
            source, at=clock.at, reader=CkanReader(sleep=lambda seconds: None), clock=lambda: clock.at
        )
        return told.outcome, told.added, told.unchanged, told.withdrawn

    assert run() == ("done", 5, 0, 0)
    portal.datasets.pop()
    assert run() == ("done", 0, 4, 1)
    portal.fault = "html"
    assert run() == ("failed", 0, 0, 0)
    assert Entry.objects.filter(withdrawn_at=None).count() == 4


def test_a_wrong_configuration_is_explained() -> None:
    reader = CkanReader()
    with translation.override("en"):
        assert reader.check({"url": "https://data.contoh.go.id", "organization": "dinkop", "rows": 50}) == []
        assert len(reader.check({"url": "data.contoh.go.id", "organization": "a b", "rows": 0, "x": 1})) == 4
