"""Codes: the way to them, what lies below, and the same number with another meaning in another version."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from sapa.activity.models import Event
from sapa.catalogue import classifications, correspondences
from sapa.catalogue.classifications import differ, elsewhere_of, name_of, path_of, versions_of
from sapa.catalogue.models import Correspondence, Entry
from sapa.catalogue.search import search
from sapa.core.errors import Refused, Stale
from sapa.core.work import work
from sapa.offices.models import Office
from sapa.people.models import Officer
from tests.catalogue.conftest import MakeEntry
from tests.conftest import Clock

MakeCode = Callable[..., Entry]
Relation = Correspondence.Relation


@pytest.fixture
def code(make_entry: MakeEntry) -> MakeCode:
    def make(number: str, name: str, version: str = "KBLI 2020", **fields: Any) -> Entry:
        given = {"kind": Entry.Kind.CLASSIFICATION_CODE, "version": version, "external_id": number} | fields
        return make_entry(f"{number} {name}", **given)

    return make


@pytest.mark.parametrize(
    ("one", "other", "is_other"),
    [
        ("Restoran", "Penyediaan makanan di bangunan permanen", True),
        ("Warung makan", "Penyediaan jasa makanan di bangunan tidak permanen", True),
        ("Angkutan bus pariwisata", "Angkutan bus antarkota antarprovinsi (AKAP)", True),
        ("Perdagangan eceran obat di apotik", "Perdagangan eceran farmasi di apotek", False),
        (
            "Perdagangan eceran barang dan obat farmasi untuk manusia di apotik",
            "Perdagangan eceran farmasi",
            False,
        ),
        ("Pertanian Jagung", "Pertanian jagung", False),
        ("Reparasi dan perawatan sepeda motor", "Perawatan dan Reparasi Sepeda Motor", False),
        ("Aktivitas penatu", "Penatu", False),
        ("", "Penatu", False),
    ],
)
def test_rewording_is_told_from_another_meaning(one: str, other: str, is_other: bool) -> None:
    assert (differ(one, other), differ(other, one)) == (is_other, is_other)


def test_the_way_leads_from_section_to_class_in_one_query(office: Office, code: MakeCode) -> None:
    section = code("I", "Akomodasi")
    group = code("56", "Makan minum", parent=section)
    leaf = code("56101", "Restoran", parent=group)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        steps = path_of(leaf)
    assert [(step.code, step.name) for step in steps] == [
        ("I", "Akomodasi"),
        ("56", "Makan minum"),
        ("56101", "Restoran"),
    ]
    assert len(queries) == 1
    assert [step.code for step in classifications.below(section)] == ["56"]
    assert [step.code for step in path_of(section)] == ["I"]


def test_a_name_is_told_without_its_version_and_code(office: Office, code: MakeCode) -> None:
    assert name_of(code("56101", "Restoran")) == "Restoran"
    assert (
        name_of(Entry(title="KBLI 2020 56101 Restoran", version="KBLI 2020", external_id="56101"))
        == "Restoran"
    )
    assert name_of(Entry(title="56101", version="KBLI 2020", external_id="56101")) == "56101"


def test_the_same_number_elsewhere_says_whether_it_means_something_else(
    office: Office, code: MakeCode, budi: Officer, clock: Clock
) -> None:
    old = code("56101", "Restoran")
    new = code("56101", "Makanan di bangunan permanen", "KBLI 2025")
    code("56101", "Restoran dan rumah makan", "KBLI 2015")
    code("56101", "Koki", "KBJI 2014")
    found = versions_of(old, office.lineage())
    assert [(each.entry.version, each.is_reused, each.is_confirmed) for each in found] == [
        ("KBLI 2025", True, False),
        ("KBLI 2015", False, False),
    ]
    Correspondence.objects.create(
        here=new, there=old, relation=Relation.SAME, confirmed_at=clock.at, confirmed_by=budi.user
    )
    assert [(each.is_reused, each.is_confirmed) for each in versions_of(old, office.lineage())] == [
        (False, True),
        (False, False),
    ]


def test_the_same_number_elsewhere_is_not_looked_for_through_the_whole_catalogue(
    office: Office, code: MakeCode
) -> None:
    asked = [code("56101", "Restoran"), code("56102", "Warung"), code("56103", "Kedai")]
    code("56101", "Restoran", "KBLI 2025")
    with CaptureQueriesContext(connection) as queries:
        elsewhere_of(asked, office.lineage())
    assert len(queries) == 2
    if connection.vendor == "sqlite":  # what PostgreSQL takes depends on how many rows there are
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {queries[0]['sql']}")
            assert "entry_by_code" in cursor.fetchone()[3]


def test_likely_counterparts_are_suggested_once(
    office: Office, code: MakeCode, citra: Officer, clock: Clock
) -> None:
    laundry = code("96200", "Aktivitas penatu")
    restaurant = code("56101", "Restoran")
    repair = code("45407", "Reparasi dan perawatan sepeda motor")
    washing = code("96100", "Aktivitas penatu dan pencucian", "KBLI 2025")
    reused = code("56101", "Makanan di bangunan permanen", "KBLI 2025")
    moved = code("95320", "Perawatan dan reparasi sepeda motor", "KBLI 2025")

    def compare() -> int:
        return correspondences.suggest(office, here="KBLI 2020", there="KBLI 2025")

    assert compare() == 3
    rows = {(row.here_id, row.there_id): row.relation for row in Correspondence.objects.all()}
    assert rows == {
        (laundry.pk, washing.pk): Relation.PART,
        (restaurant.pk, reused.pk): Relation.REUSED,
        (repair.pk, moved.pk): Relation.SAME,
    }
    row = Correspondence.objects.get(here=laundry)
    correspondences.refuse(row, by=citra, at=clock.at)
    assert compare() == 0
    with pytest.raises(Stale):
        correspondences.confirm(row, relation=Relation.SAME, by=citra, at=clock.at)
    row = Correspondence.objects.get(here=repair)
    correspondences.confirm(row, relation=Relation.SAME, by=citra, at=clock.at)
    assert [other for other, _row in classifications.successors_of(repair)] == [moved]
    assert [other for other, _row in classifications.successors_of(moved)] == [repair]
    with pytest.raises(Stale):
        correspondences.refuse(row, by=citra, at=clock.at)
    assert correspondences.versions_in(office) == ["KBLI 2020", "KBLI 2025"]


def test_the_worker_compares_some_codes_at_a_time_and_tells_how_far_it_is(
    office: Office, code: MakeCode, citra: Officer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correspondences, "AT_ONCE", 2)
    for number in range(5):
        code(f"4540{number}", f"Reparasi sepeda {number}")
        code(f"9532{number}", f"Reparasi sepeda {number}", "KBLI 2025")
    correspondences.request(office, here="KBLI 2020", there="KBLI 2025", by=citra, at=clock.at)
    with pytest.raises(Stale) as twice:
        correspondences.request(office, here="KBLI 2020", there="KBLI 2025", by=citra, at=clock.at)
    work(clock.at)
    steps = Event.objects.filter(name__startswith="correspondences.").order_by("id")
    assert [(each.name.partition(".")[2], each.data["place"]) for each in steps] == [
        *(("requested", 0), ("continued", 2), ("continued", 4)),
        ("compared", 6),
    ]
    assert (twice.value.code, steps[3].data["found"]) == ("under_way", Correspondence.objects.count())
    assert not correspondences.is_under_way(office, at=clock.at)
    correspondences.request(office, here="KBLI 2025", there="KBLI 2020", by=citra, at=clock.at)
    assert [correspondences.is_under_way(office, at=clock.at + timedelta(hours=each)) for each in (0, 2)] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("one", "other"), [("", ""), ("KBLI 2020", "KBLI 2020"), ("KBLI 2020", "KBLI 1900"), ("x" * 9_999, "🙂")]
)
def test_only_two_different_versions_that_are_there_are_compared(
    office: Office, code: MakeCode, citra: Officer, clock: Clock, one: str, other: str
) -> None:
    code("01111", "Pertanian Jagung")
    with pytest.raises(Refused) as refused:
        correspondences.request(office, here=one, there=other, by=citra, at=clock.at)
    assert refused.value.code == "versions"


def test_the_page_of_a_code_shows_its_way_and_warns_of_another_meaning(
    office: Office, code: MakeCode, client: Browser
) -> None:
    group = code("56", "Makan minum")
    old = code("56101", "Restoran", parent=group, summary="Makan di tempat.\n\nJuga kafe.")
    new = code("56101", "Makanan di bangunan permanen", "KBLI 2025")
    shown = client.get(f"/1808/katalog/{old.pk}/").content.decode()
    assert 'class="breadcrumb"' in shown
    assert f'href="/1808/katalog/{group.pk}/"' in shown
    assert "<p>Juga kafe.</p>" in shown
    assert "Dalam KBLI 2025 kode 56101 kemungkinan berarti lain: “Makanan di bangunan permanen”." in shown
    assert f'href="/1808/katalog/{new.pk}/"' in shown
    below = client.get(f"/1808/katalog/{group.pk}/").content.decode()
    assert f'href="/1808/katalog/{old.pk}/"' in below


def test_a_supervisor_looks_at_suggestions_one_by_one(
    office: Office, code: MakeCode, citra: Officer, client: Browser, clock: Clock
) -> None:
    client.force_login(citra.user)
    page = "/1808/pengaturan/klasifikasi/"
    code("01111", "Pertanian Jagung")
    code("45407", "Reparasi dan perawatan sepeda motor")
    code("01111", "Pertanian jagung", "KBLI 2025")
    code("95320", "Perawatan dan reparasi sepeda motor", "KBLI 2025")
    same = client.post(page + "usulan/", {"dari": "KBLI 2020", "ke": "KBLI 2020"}, follow=True)
    assert "dua versi yang berbeda" in same.content.decode()
    told = client.post(page + "usulan/", {"dari": "KBLI 2020", "ke": "KBLI 2025"}, follow=True)
    assert "sedang dibandingkan dengan KBLI 2025: 0 kode sudah dilihat" in told.content.decode()
    assert not Correspondence.objects.exists()
    work(clock.at)
    assert "KBLI 2020 dengan KBLI 2025, 2 usulan baru" in client.get(page).content.decode()
    maize, repair = Correspondence.objects.order_by("here__external_id")
    told = client.post(f"{page}{maize.pk}/konfirmasi/", {"hubungan": "part"}, follow=True)
    assert "Dipastikan" in told.content.decode()
    maize.refresh_from_db()
    assert (maize.relation, maize.confirmed_by_id) == (Relation.PART, citra.user.pk)
    assert "sudah memutuskan" in client.post(f"{page}{maize.pk}/penolakan/", follow=True).content.decode()
    client.post(f"{page}{repair.pk}/penolakan/", {"page": "1"})
    assert list(Correspondence.objects.all()) == [maize]
    assert client.post(f"{page}{maize.pk}/konfirmasi/", {"hubungan": "x"}).status_code == 404


def test_what_an_office_above_confirmed_is_read_and_found_but_not_changed(
    office: Office, code: MakeCode, citra: Officer, eko: Officer, client: Browser, clock: Clock
) -> None:
    nation = eko.office
    told = {"relation": Relation.SAME, "confirmed_at": clock.at}
    one = Correspondence.objects.create(
        here=code("45407", "Reparasi motor", office=nation),
        there=code("95320", "Perawatan motor", "KBLI 2025", office=nation),
        **told,
    )
    two = Correspondence.objects.create(
        here=code("01111", "Jagung"), there=code("01111", "Jagung", "KBLI 2025"), **told
    )
    three = code("99", "Lain", office=nation)
    Correspondence.objects.create(here=three, there=one.there, relation=Relation.PART)  # nobody has looked
    client.force_login(citra.user)
    page = "/1808/pengaturan/klasifikasi/"
    assert list(client.get(page + "pasti/").context["page"]) == [two, one]
    for query, found in (
        ("9532", [one]),
        ("perawatan", [one]),
        ("0111", [two]),
        ("%", []),
        (" ", [two, one]),
    ):
        assert list(client.get(page + "pasti/", {"q": query}).context["page"]) == found
    assert client.get(page).context["confirmed"] == 2
    assert client.post(f"{page}{one.pk}/penolakan/").status_code == 404


def test_without_two_versions_to_compare_a_supervisor_is_led_to_the_files(
    office: Office, code: MakeCode, citra: Officer, client: Browser
) -> None:
    code("01111", "Pertanian Jagung")
    client.force_login(citra.user)
    text = client.get("/1808/pengaturan/klasifikasi/").content.decode()
    assert "Belum ada dua versi untuk dibandingkan" in text
    assert 'href="/1808/pengaturan/sumber/berkas/"' in text


def test_a_stranger_to_the_office_decides_nothing_about_its_codes(
    office: Office, code: MakeCode, dewi: Officer, client: Browser
) -> None:
    row = Correspondence.objects.create(
        here=code("01", "A"), there=code("01", "B", "KBLI 2025"), relation=Relation.SAME
    )
    client.force_login(dewi.user)
    page = "/1808/pengaturan/klasifikasi/"
    answers = [
        client.get(page),
        client.post(f"{page}{row.pk}/konfirmasi/"),
        client.post(f"{page}{row.pk}/penolakan/"),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    own = f"/{dewi.office.code}/pengaturan/klasifikasi/"
    assert client.post(f"{own}{row.pk}/konfirmasi/").status_code in {403, 404}
    row.refresh_from_db()
    assert row.confirmed_at is None


def test_a_code_is_never_listed_without_its_version(office: Office, code: MakeCode, client: Browser) -> None:
    code("56101", "Restoran")
    assert "<strong>KBLI 2020</strong>" in client.get("/1808/cari/?q=restoran").content.decode()


def test_a_version_that_two_offices_loaded_is_told_once(
    office: Office, make_entry: MakeEntry, client: Browser
) -> None:
    nation = office.lineage()[-1]
    code = {"kind": "classification_code", "external_id": "56101"}
    real = make_entry("56101 Restoran", version="KBLI 2020", **code)
    make_entry("KBLI 2020 56101 Restoran", version="KBLI 2020", office=nation, is_demo=True, **code)
    new = make_entry("56101 Penyediaan makanan di bangunan tetap", version="KBLI 2025", office=nation, **code)
    with scope(office=office.lineage()):
        assert [each.entry for each in versions_of(new, office.lineage())] == [real]
    found = search(office, "56101")
    assert ({hit.entry for hit in found.entries}, found.total) == ({real, new}, 2)
    listed = client.get(f"/{office.code}/cari/", {"q": "56101"}).content.decode()
    told = [listed.count(f"makna lain di {version}") for version in ("KBLI 2020", "KBLI 2025")]
    assert told == [1, 1]
    text = client.get(f"/{office.code}/katalog/{new.pk}/").content.decode()
    assert text.count("kemungkinan berarti lain") == 1
    assert "Dalam versi lain" not in text
