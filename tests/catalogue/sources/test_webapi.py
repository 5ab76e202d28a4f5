"""Reading the simulated WebAPI: all of it, in both languages, and on its bad days."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings

from sapa.catalogue import figures
from sapa.catalogue.models import Entry, Figures, Source, SourceRun
from sapa.catalogue.search import search
from sapa.catalogue.sources.webapi import extras
from sapa.catalogue.sources.webapi.models import READ
from sapa.catalogue.sources.webapi.reader import WebApi
from tests.catalogue.sources.conftest import Read
from tests.conftest import Clock
from tests.simulators import webapi

Outcome = SourceRun.Outcome
TRADE = {"trade": {"years": [2024], "hs": ["9"]}}


def shown() -> set[str]:
    return set(Entry.objects.filter(withdrawn_at=None).values_list("external_id", flat=True))


def test_everything_is_read_in_both_languages_and_a_second_time_nothing_is_written(
    site: webapi.Site, read: Read, source: Source, clock: Clock
) -> None:
    run = read(*READ, languages=("ind", "eng"), config=TRADE)
    assert (run.outcome, run.problems) == (Outcome.DONE, [])
    counted = {kind: Entry.objects.filter(kind=kind).count() for kind in Entry.Kind}
    assert counted == {
        "dynamic_table": 7,  # three in two languages, exports of a year
        "static_table": 27,  # twelve and one of SIMDASI in two languages, one of the census
        "publication": 1,
        "press_release": 6,
        "indicator": 2,
        "classification_code": 4,
        "glossary_term": 1,
        "infographic": 1,
        "answer": 0,
    }
    again = read(*READ, languages=("ind", "eng"), config=TRADE)
    assert (again.added, again.changed, again.unchanged, again.withdrawn) == (0, 0, 49, 0)
    assert all(agent.startswith("Mozilla/5.0") for agent in site.agents)
    padi = Entry.objects.get(external_id="0112")
    assert padi.parent is not None
    assert (padi.version, padi.parent.external_id, padi.parent.parent_id is not None) == (
        "KBLI 2020",
        "011",
        True,
    )


def test_a_dynamic_table_comes_with_its_numbers(site: webapi.Site, read: Read, source: Source) -> None:
    read("var")
    entry = Entry.objects.get(external_id="31")
    assert (entry.title, entry.unit, entry.level, entry.frequency) == (
        *("Jumlah Penduduk menurut Kecamatan", "Jiwa", "district", "yearly"),
    )
    assert (entry.year_from, entry.year_until, entry.subject, entry.body) == (
        2024,
        2025,
        "Kependudukan",
        "Catatan.",
    )
    assert (entry.area, entry.area_bps, entry.producer) == (
        *("Kabupaten Tulang Bawang", "1808", "BPS Kabupaten Tulang Bawang"),
    )
    cube = figures.of(entry)
    assert cube is not None
    assert cube.value("1808030", "1", "125-0") == Decimal(3126)
    without = Entry.objects.get(external_id="50")
    assert (without.year_from, without.year_until, Figures.objects.count()) == (2018, 2024, 2)
    assert [hit.entry.external_id for hit in search(source.office, "inflasi").entries] == ["40"]


def test_tables_of_simdasi_and_of_a_census_come_with_their_numbers(site: webapi.Site, read: Read) -> None:
    run = read("simdasi", "sensus", languages=("ind", "eng"))
    assert (run.outcome, run.added, run.problems) == ("done", 3, [])
    entry = Entry.objects.get(external_id="simdasi-VGFiZWwx")
    cube = figures.of(entry)
    assert cube is not None
    assert (entry.unit, cube.unit, cube.notes) == ("Orang", "Orang", "-: Tidak ada")
    assert [period.label for period in cube.periods] == ["2022", "2023"]  # of 2021 nothing is told
    assert [column.label for column in cube.columns] == ["Laki-laki", "Perempuan"]
    assert cube.cells["1808020", "Laki-laki", "2023"] == Decimal(4)
    assert cube.cells["1808010", "Perempuan", "2022"] == "-"
    english = figures.of(Entry.objects.get(external_id="simdasi-VGFiZWwx-en"))
    assert english is not None
    assert [column.label for column in english.columns] == ["Male", "Female"]
    counted = figures.of(Entry.objects.get(external_id="sensus-sp2020-1"))
    assert counted is not None
    assert (counted.rows_label, [row.label for row in counted.rows]) == (
        "Kelompok Umur",
        ["0-14", "15-64", "65+"],
    )
    assert counted.cells["65+", "P", "2020"] == Decimal(1005)
    assert counted.notes.splitlines() == ["TULANG BAWANG", "Jumlah Penduduk"]
    assert read("simdasi", "sensus", languages=("ind", "eng")).unchanged == 3


def test_numbers_that_come_in_another_shape_leave_those_of_before(site: webapi.Site, read: Read) -> None:
    read("simdasi", "sensus")
    told = [cube.cube for cube in Figures.objects.order_by("entry")]
    for year in ("2022", "2023"):
        del site.views["simdasi VGFiZWwx", year]["kolom"]
    for row in site.lists["sensus 41 1", "1808"]:
        del row["period"]
    run = read("simdasi", "sensus")
    assert (run.outcome, run.failed, run.withdrawn) == ("partly", 0, 0)
    assert run.problems == [
        "Angka “Jumlah Anggota DPRD menurut Kecamatan” tidak dipahami; tabelnya tetap ada tanpa angka baru."
        " Bagian “kolom” dari tabel tidak ada (simdasi).",
        "Angka “Penduduk menurut Umur” tidak dipahami; tabelnya tetap ada tanpa angka baru."
        " Isian “period” tidak ada (sensus).",
    ]
    assert [cube.cube for cube in Figures.objects.order_by("entry")] == told


def test_numbers_that_are_told_no_more_are_shown_no_more(site: webapi.Site, read: Read) -> None:
    read("simdasi", "sensus")
    site.views.clear()
    site.lists["sensus 41 1", "1808"] = []
    assert read("simdasi", "sensus").changed == 2
    assert Figures.objects.count() == 0


def test_an_area_is_asked_by_its_number_where_its_code_is_not_known(site: webapi.Site, read: Read) -> None:
    site.lists["sensus 41 1", "91700"] = site.lists.pop(("sensus 41 1", "1808"))
    read("sensus")
    assert Figures.objects.count() == 1


def test_the_numbers_of_another_area_are_not_taken(site: webapi.Site, read: Read) -> None:
    for row in site.lists["sensus 41 1", "1808"]:
        row["kode_wilayah"] = "1809"
    assert read("sensus").added == 1
    assert Figures.objects.count() == 0


def test_tables_of_simdasi_are_gone_on_with_after_a_cut(
    site: webapi.Site, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "AT_ONCE", 1)
    [table] = site.lists["simdasi 23", ""]
    site.lists["simdasi 23", ""] = [{**table, "id_tabel": f"T{number}"} for number in range(4)]
    run = read("simdasi", is_enough=lambda: True)
    assert (run.outcome, run.added) == ("running", 1)
    site.break_down("500", "id_tabel/T2")
    run = read("simdasi")
    assert (run.outcome, run.added, run.failed, run.withdrawn) == ("partly", 3, 1, 0)
    site.faults.clear()
    assert read("simdasi").added == 1


def test_an_answer_that_says_inside_that_it_failed_is_told(site: webapi.Site, read: Read) -> None:
    site.views["simdasi VGFiZWwx", "2023"] |= {"condition": "ERROR", "message": "Invalid Parameter"}
    [problem] = read("simdasi").problems
    assert problem.endswith("Invalid Parameter")


def test_a_site_that_wants_years_named_tells_the_same_numbers(
    site: webapi.Site, read: Read, source: Source
) -> None:
    read("var")
    told = figures.of(Entry.objects.get(external_id="31"))
    site.needs_years = True
    site.lists["th", "ind"] = [{"th_id": year, "th": 1900 + year} for year in range(118, 126)]
    site.asked.clear()
    run = read("var")
    assert figures.of(Entry.objects.get(external_id="31")) == told
    asked = [path.split("var/")[1].split("/key")[0] for path in site.asked if "model/data" in path]
    assert asked[:3] == ["31", "31/th/118;119;120;121;122", "31/th/123;124;125"]
    assert "40" not in asked
    assert run.failed == 0


def test_lists_are_read_to_their_last_page_and_escaped_cells_are_found(
    site: webapi.Site, read: Read, source: Source
) -> None:
    read("statictable")
    assert len(shown()) == 12
    assert Entry.objects.get(external_id="12").body == "Menggala | 344,00 km"
    assert [path.split("page/")[1][0] for path in site.asked if "list/model/statictable" in path] == [
        "1",
        "2",
    ]


def test_with_since_only_what_is_newer_is_asked_for(site: webapi.Site, read: Read) -> None:
    read("statictable", since=date(2020, 1, 1))
    assert shown() == {"9", "10", "11", "12"}
    assert sum("view/model" in path for path in site.asked) == 4


def test_what_vanished_there_is_withdrawn_here(site: webapi.Site, read: Read) -> None:
    read("pressrelease", "infographic")
    del site.lists["infographic", "ind"]
    site.lists["pressrelease", "ind"] = site.lists["pressrelease", "ind"][:2]
    run = read("pressrelease", "infographic")
    assert (run.outcome, run.withdrawn, shown()) == (Outcome.DONE, 2, {"91", "92"})


LIST, VIEW = "list/model/statictable", "view/model/statictable"
HERE = "statictable ind, halaman 1"


@pytest.mark.parametrize(
    ("kind", "where", "said", "outcome"),
    [
        (
            "same page",
            LIST,
            "Halaman 2 sama dengan halaman sebelumnya: daftar ditinggalkan di situ (statictable ind).",
            Outcome.PARTLY,
        ),
        ("count", LIST, "Daftar menyebut 17 baris, yang datang 12 (statictable ind).", Outcome.PARTLY),
        ("without", LIST, "Isian “title” tidak ada (statictable).", Outcome.PARTLY),
        ("shape", LIST, f"Bentuk jawabannya tidak seperti yang diharapkan ({HERE}).", Outcome.PARTLY),
        ("error", LIST, f"WebAPI melaporkan kesalahan ({HERE}): There is something wrong!", Outcome.PARTLY),
        ("404", LIST, "WebAPI BPS tidak mengenal ini: statictable ind, halaman 1.", Outcome.PARTLY),
        (
            "error",
            VIEW,
            "WebAPI melaporkan kesalahan (statictable id 1): There is something wrong!",
            Outcome.PARTLY,
        ),
        ("html", LIST, f"WebAPI BPS menjawab dengan halaman web, bukan data ({HERE}).", Outcome.CUT),
        ("half", LIST, f"WebAPI BPS mengirim jawaban yang terputus atau bukan data ({HERE}).", Outcome.CUT),
        ("hangup", LIST, f"WebAPI BPS tidak dapat dihubungi ({HERE}).", Outcome.CUT),
        ("500", LIST, f"WebAPI BPS sedang bermasalah ({HERE}, status 500).", Outcome.CUT),
        ("429", LIST, f"WebAPI BPS meminta permintaan dikurangi ({HERE}, status 429).", Outcome.CUT),
        ("500", VIEW, "WebAPI BPS sedang bermasalah (statictable id 3, status 500).", Outcome.CUT),
        (
            "403",
            LIST,
            f"WebAPI BPS menolak ({HERE}, status 403). Periksa kunci dan alamatnya.",
            Outcome.FAILED,
        ),
        (
            "html",
            "domain/type",
            "WebAPI BPS menjawab dengan halaman web, bukan data (daftar situs).",
            Outcome.FAILED,
        ),
    ],
)
def test_a_bad_day_is_one_sentence_the_catalogue_stays_and_the_next_run_recovers(
    site: webapi.Site,
    read: Read,
    clock: Clock,
    kind: str,
    where: str,
    said: str,
    outcome: SourceRun.Outcome,
) -> None:
    read()
    before = list(Entry.objects.values())
    clock.advance(days=1)
    site.break_down(kind, where, field="title")
    run = read()
    assert run.outcome == outcome
    assert run.problems[0] == said
    assert all(webapi.KEY not in sentence for sentence in run.problems)
    assert list(Entry.objects.values()) == before
    site.faults.clear()
    del site.lists["statictable", "ind"][0]
    clock.advance(hours=25)
    run = read()
    assert (run.outcome, run.problems, run.withdrawn) == (Outcome.DONE, [], 1)


def test_a_source_that_does_not_answer_is_asked_four_times(
    site: webapi.Site, read: Read, settings: Settings
) -> None:
    settings.SOURCES_TIMEOUT = 0.05
    site.break_down("slow", "domain", seconds=0.2)
    run = read()
    assert (run.outcome, len(site.asked)) == (Outcome.FAILED, 4)
    assert run.problems == ["WebAPI BPS tidak menjawab pada waktunya (daftar situs)."]


def test_a_fault_that_passes_is_not_even_told(site: webapi.Site, read: Read, waited: list[float]) -> None:
    site.break_down("429", "list/model/statictable", times=2)
    site.break_down("half", "view/model/statictable", times=1)
    run = read()
    assert (run.outcome, run.added, run.problems) == (Outcome.DONE, 12, [])
    assert [pause for pause in waited if pause] == [7, 7]


def test_calls_keep_their_pace_and_pauses_grow(
    site: webapi.Site, read: Read, waited: list[float], settings: Settings
) -> None:
    settings.SOURCES_PACE = 0.5
    site.break_down("500", "list/model/infographic", times=2)
    read("infographic")
    # Sites; subjects; the list: three times.
    assert waited == [0.5, 0.5, 1.0, 0.5, 2.0, 0.5]


def test_a_row_that_cannot_be_read_does_not_take_the_others_with_it(site: webapi.Site, read: Read) -> None:
    site.lists["statictable", "ind"][3].pop("title")
    site.break_down("error", "view/model/statictable/lang/ind/domain/1808/id/7")
    run = read()
    assert (run.outcome, run.added, run.failed, len(run.problems)) == (Outcome.PARTLY, 10, 2, 2)
    assert shown() == {"1", "2", "3", "5", "6", "8", "9", "10", "11", "12"}


def test_a_list_that_fails_twice_at_the_same_place_does_not_hold_up_the_others(
    site: webapi.Site, read: Read
) -> None:
    site.break_down("500", "list/model/statictable")
    assert read("statictable", "infographic").outcome == Outcome.CUT
    run = read("statictable", "infographic")
    assert (run.outcome, shown()) == (Outcome.PARTLY, {"5"})


def test_a_cut_goes_on_at_its_page(site: webapi.Site, read: Read, clock: Clock) -> None:
    site.break_down("hangup", "view/model/statictable/lang/ind/domain/1808/id/11")
    site.break_down("hangup", "view/model/statictable/lang/ind/domain/1808/id/12")
    # Two that do not come are told; the third would be too many.
    assert read().outcome == Outcome.PARTLY
    site.faults.clear()
    site.break_down("hangup", "page/2/")
    clock.advance(days=2)
    assert read().outcome == Outcome.CUT
    site.faults.clear()
    site.asked.clear()
    run = read()
    assert (run.outcome, run.added, run.unchanged) == (Outcome.DONE, 2, 10)
    assert not any("page/1/" in path for path in site.asked if "statictable" in path)


def test_a_wrong_key_says_so(site: webapi.Site, read: Read, settings: Settings) -> None:
    settings.WEBAPI_KEY = "kunci-lama"
    run = read()
    assert (run.outcome, Entry.objects.count()) == (Outcome.FAILED, 0)
    assert "SAPA_WEBAPI_KEY" in run.problems[0]
    assert "kunci-lama" not in run.problems[0]


def test_a_site_that_bps_does_not_have_is_said(site: webapi.Site, read: Read, source: Source) -> None:
    source.config = {"domain": "1899"}
    run = read()
    assert run.outcome == Outcome.FAILED
    assert "1899" in run.problems[0]


@pytest.mark.parametrize(
    ("config", "wrong"),
    [
        ({"domain": "1808"}, 0),
        ({"domain": "1808", "models": ["var"], "languages": ["eng"]}, 0),
        ({"domain": "1808", "models": ["dataexim"], **TRADE}, 0),
        ({}, 1),
        ({"domain": "tuba"}, 1),
        ({"domain": "1808", "models": []}, 1),
        ({"domain": "1808", "models": ["news"]}, 1),
        ({"domain": "1808", "models": "var"}, 1),
        ({"domain": "1808", "languages": ["id"]}, 1),
        ({"domain": "1808", "model": ["var"]}, 1),
        ({"domain": "1808", "models": ["dataexim"]}, 1),
        ({"domain": "1808", "models": ["dataexim"], "trade": {"years": [2024], "hs": ["kopi"]}}, 1),
    ],
)
def test_settings_are_checked(config: dict[str, Any], wrong: int) -> None:
    assert len(WebApi().check(config)) == wrong


def test_without_a_key_nobody_is_asked(site: webapi.Site, read: Read, settings: Settings) -> None:
    settings.WEBAPI_KEY = ""
    assert (read().outcome, site.asked) == (Outcome.FAILED, [])
