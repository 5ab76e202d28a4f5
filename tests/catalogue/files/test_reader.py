"""A file as a source: read on a timetable, all of it or nothing, and what vanished from it is withdrawn."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from sapa.catalogue.models import Entry, Source, SourceRun
from sapa.catalogue.sources.files import reader as reading
from sapa.catalogue.sources.files.reader import READER
from sapa.catalogue.sources.running import sync
from sapa.offices.models import Office
from tests.conftest import Clock

KBLI = "kategori,digit,kode,judul,deskripsi\nA,1,A,Pertanian,\nA,2,01,Tanaman,\nA,2,02,Kehutanan,\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "kbli.csv"
    made.write_text(KBLI)
    return made


def read(office: Office, file: Path, clock: Clock, **config: Any) -> SourceRun:
    source, _made = Source.objects.get_or_create(
        office=office, kind="file", name="kbli", defaults={"config": {"path": str(file)} | config}
    )
    return sync(source, at=clock.at, clock=lambda: clock.at)


def counts(run: SourceRun) -> tuple[str, int, int, int, int, int]:
    return run.outcome, run.added, run.changed, run.unchanged, run.withdrawn, run.failed


def test_a_file_is_read_and_what_vanished_from_it_is_withdrawn(
    office: Office, file: Path, clock: Clock
) -> None:
    assert counts(read(office, file, clock)) == ("done", 3, 0, 0, 0, 0)
    parents = Entry.objects.filter(parent__external_id="A").values_list("external_id", flat=True)
    assert sorted(parents) == ["01", "02"]
    assert counts(read(office, file, clock)) == ("done", 0, 0, 3, 0, 0)
    file.write_text(KBLI.replace("A,2,02,Kehutanan,\n", "").replace("Tanaman", "Tanaman pangan"))
    assert counts(read(office, file, clock)) == ("done", 0, 1, 1, 1, 0)
    assert Entry.objects.get(withdrawn_at__isnull=False).external_id == "02"


def test_a_file_with_mistakes_leaves_the_catalogue_as_it_was(
    office: Office, file: Path, clock: Clock
) -> None:
    read(office, file, clock)
    file.write_text(KBLI.replace("Tanaman", "").replace("Kehutanan", "Hutan"))
    run = read(office, file, clock)
    assert counts(run) == ("failed", 0, 0, 0, 0, 1)
    assert run.problems == [
        "baris 3, kolom 4: title: wajib diisi.",
        "Berkas kbli.csv mengandung kesalahan: tidak ada yang diambil darinya. Perbaiki, lalu baca lagi.",
    ]
    assert sorted(Entry.objects.values_list("title", flat=True)) == [
        "01 Tanaman",
        "02 Kehutanan",
        "A Pertanian",
    ]


def test_reading_goes_on_where_it_was_cut_also_across_parents(
    office: Office, file: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 1)
    source = Source.objects.create(office=office, kind="file", name="kbli", config={"path": str(file)})
    for done in (1, 2):
        run = sync(source, at=clock.at, is_enough=lambda: True, clock=lambda: clock.at)
        assert (run.outcome, run.added) == ("running", done)
    run = sync(source, at=clock.at, clock=lambda: clock.at)
    assert counts(run) == ("done", 3, 0, 0, 0, 0)
    assert SourceRun.objects.count() == 1
    assert Entry.objects.filter(parent__external_id="A").count() == 2


def test_a_long_list_goes_on_without_being_looked_through_again(tmp_path: Path) -> None:
    file = tmp_path / "daftar.csv"
    file.write_text(
        "kind,title,external_id\n" + "".join(f"static_table,x,{number}\n" for number in range(1500))
    )
    first, *_rest = READER.pages({"path": str(file)}, since=None, cursor={})
    [last] = READER.pages({"path": str(file)}, since=None, cursor=first.cursor)
    assert (len(first.items), len(last.items), last.items[0].external_id) == (1000, 500, "1000")
    assert (first.ends, set(last.ends)) == ((), {*Entry.Kind.values, "absence"})
    file.write_text("kind,title,external_id\nstatic_table,x,1\n")
    [anew] = READER.pages({"path": str(file)}, since=None, cursor=first.cursor)
    assert len(anew.items) == 1


def test_a_source_says_what_is_wrong_with_its_configuration(file: Path) -> None:
    with translation.override("en"):
        assert READER.check({"path": str(file)}) == []
        assert READER.check({}) == ["“path” says where the file lies."]
        assert READER.check({"path": str(file) + "x"}) == [
            "There is no file kbli.csvx. Put it there, or upload it anew."
        ]
        absences = {"kind": "absence", "columns": {"a": "indicator", "b": "reason"}}
        assert READER.check({"path": str(file), "mapping": absences}) == []
