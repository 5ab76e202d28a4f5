"""The catalogue for other programs: the same search as on the page, one entry with its citation."""

from datetime import timedelta

import pytest
from django_scopes import scopes_disabled

from sapa.catalogue import figures
from sapa.catalogue.figures import Cube, Item
from sapa.catalogue.models import Absence, Entry
from sapa.catalogue.search.indexing import index
from sapa.offices.models import Office
from tests.api.conftest import Maker, done, problem
from tests.conftest import Clock


@pytest.fixture
def table(office: Office, clock: Clock) -> Entry:
    nation = office.lineage()[-1]
    entry = Entry.objects.create(
        office=nation,
        kind="dynamic_table",
        title="Jumlah Penduduk menurut Kecamatan",
        level="district",
        year_from=2020,
        year_until=2024,
        unit="Jiwa",
        published_at=clock.at,
    )
    figures.keep(entry, Cube((Item("1", "Menggala"),), (Item("0", ""),), (Item("t", "2024"),)), at=clock.at)
    index([entry])
    return entry


def test_the_search_tells_what_there_is_and_what_does_not_exist(
    caller: Maker, office: Office, table: Entry
) -> None:
    absence = Absence.objects.create(
        office=office, indicator="Penduduk menurut kecamatan tiap bulan", reason="Tidak dihitung."
    )
    index([absence])
    found = done(caller("catalogue:read").get("/catalogue", q="jml pendudk kecamatan"))
    assert [(each["id"], each["office"], each["year_until"]) for each in found["items"]] == [
        (table.pk, "0000", 2024)
    ]
    assert found["items"][0]["page"].endswith(f"/1808/katalog/{table.pk}/")
    assert (found["has_more"], found["is_preparing"]) == (False, False)
    missing = done(caller().get("/catalogue", q="penduduk kecamatan tiap bulan kenapa tidak ada"))
    assert [each["reason"] for each in missing["absences"]] == ["Tidak dihitung."]
    narrowed = done(caller().get("/catalogue", q="penduduk", kind="publication"))
    assert (narrowed["items"], narrowed["absences"]) == ([], [])


def test_an_entry_comes_with_its_citation_as_long_as_it_is_shown(
    caller: Maker, table: Entry, clock: Clock
) -> None:
    told = done(caller("catalogue:read").get(f"/catalogue/{table.pk}"))
    assert (told["title"], told["unit"], told["citation"]["years"]) == (table.title, "Jiwa", "2020–2024")
    assert told["numbers_csv"].startswith("http")
    with scopes_disabled():
        Entry.objects.filter(pk=table.pk).update(withdrawn_at=clock.at + timedelta(hours=1))
    assert problem(caller().get(f"/catalogue/{table.pk}")) == (404, "not_found")


def test_what_another_office_keeps_is_not_there(
    caller: Maker, other_office: Office, table: Entry, clock: Clock
) -> None:
    theirs = Entry.objects.create(
        office=other_office, kind="publication", title="Penduduk lain", published_at=clock.at
    )
    index([theirs])
    assert problem(caller().get(f"/catalogue/{theirs.pk}")) == (404, "not_found")
    found = done(caller().get("/catalogue", q="penduduk"))
    assert [each["id"] for each in found["items"]] == [table.pk]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({}, 422, "invalid"),
        ({"q": "   "}, 422, "empty"),
        ({"q": "x" * 201}, 422, "invalid"),
        ({"q": "a", "kind": "buku"}, 422, "invalid"),
        ({"q": "a", "limit": 51}, 422, "invalid"),
    ],
)
def test_what_cannot_be_searched_is_refused(
    caller: Maker, table: Entry, query: dict[str, object], status: int, code: str
) -> None:
    assert problem(caller().get("/catalogue", **query)) == (status, code)


def test_a_token_for_something_else_may_not_search(caller: Maker, table: Entry) -> None:
    assert problem(caller("visits:read").get("/catalogue", q="penduduk")) == (403, "no_scope")
