"""An office's list of what does not exist: read as a source, or handed in through the browser."""

from pathlib import Path
from typing import Any

import pytest

from sapa.catalogue.loading import Loaded, load_file
from sapa.catalogue.models import Absence, Source, SourceRun
from sapa.catalogue.search import search
from sapa.catalogue.sources import administering
from sapa.catalogue.sources.running import sync
from sapa.offices.marked_yaml import FileRefused
from sapa.offices.models import Office
from tests.conftest import Clock

HEAD = "Indikator;Tingkat;Frekuensi;Wilayah;Alasan;Tanyakan ke;Rilis berikutnya;Kata lain;Alamat\n"
PDRB = "PDRB;Kecamatan;Tahunan;Tulang Bawang;Tidak dihitung.;PDRB kabupaten.;;;\n"
GINI = "Gini Ratio;Kabupaten;Semesteran;;Sampel kecil.;BPS Provinsi Lampung.;Februari 2027;;\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "ketiadaan.csv"
    made.write_text(HEAD + PDRB + GINI)
    return made


@pytest.fixture
def source(office: Office, file: Path) -> Source:
    return Source.objects.create(office=office, kind="file", name="ketiadaan", config={"path": str(file)})


def read(source: Source, clock: Clock) -> tuple[Any, ...]:
    run = sync(source, at=clock.at, clock=lambda: clock.at)
    return run.outcome, run.added, run.changed, run.unchanged, run.withdrawn, run.failed


def test_a_list_in_the_words_of_the_office_becomes_absences(source: Source, clock: Clock) -> None:
    assert read(source, clock) == ("done", 2, 0, 0, 0, 0)
    gini = Absence.objects.get(indicator="Gini Ratio")
    assert (gini.level, gini.frequency, gini.next_release) == ("regency", "semesterly", "Februari 2027")
    assert [each.absence.indicator for each in search(source.office, "pdrb kecamatan").absences] == ["PDRB"]


def test_what_is_the_same_is_not_written_again_and_what_vanished_is_withdrawn(
    source: Source, file: Path, clock: Clock
) -> None:
    read(source, clock)
    before = dict(Absence.objects.values_list("indicator", "change"))
    file.write_text(HEAD + PDRB.replace("PDRB;", "pdrb;"))
    assert read(source, clock) == ("done", 0, 1, 0, 1, 0)
    file.write_text(HEAD + PDRB.replace("PDRB;", "pdrb;") + GINI)
    assert read(source, clock) == ("done", 0, 1, 1, 0, 0)
    assert sorted(Absence.objects.filter(withdrawn_at=None).values_list("indicator", flat=True)) == [
        "Gini Ratio",
        "pdrb",
    ]
    after = dict(Absence.objects.values_list("indicator", "change"))
    assert read(source, clock) == ("done", 0, 0, 2, 0, 0)
    assert dict(Absence.objects.values_list("indicator", "change")) == after != before


def test_a_list_with_a_mapping_of_its_own(office: Office, tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "opd.csv"
    file.write_text("apa,kenapa,ke mana\nStunting,Data Dinkes.,Dinas Kesehatan\n")
    mapping = {
        "kind": "absence",
        "columns": {"apa": "indicator", "kenapa": "reason", "ke mana": "where_instead"},
        "defaults": {"level": "regency"},
    }
    config = {"path": str(file), "mapping": mapping}
    source = Source.objects.create(office=office, kind="file", name="opd", config=config)
    assert read(source, clock) == ("done", 1, 0, 0, 0, 0)
    found = Absence.objects.get()
    assert (found.indicator, found.level, found.where_instead) == ("Stunting", "regency", "Dinas Kesehatan")


def test_mistakes_are_told_with_their_lines_and_nothing_is_taken_over(
    source: Source, file: Path, clock: Clock
) -> None:
    read(source, clock)
    file.write_text(HEAD + PDRB.replace("Kecamatan", "Dusun") + GINI.replace("Sampel kecil.", "") + GINI)
    assert read(source, clock) == ("failed", 0, 0, 0, 0, 3)
    assert [each.split(":")[0] for each in SourceRun.objects.latest("id").problems[:3]] == [
        "baris 2, kolom 2",
        "baris 3, kolom 5",
        "baris 4, kolom 1",
    ]
    assert Absence.objects.filter(withdrawn_at=None).count() == 2


def test_what_another_source_or_an_officer_said_is_respected(source: Source, clock: Clock) -> None:
    read(source, clock)
    Absence.objects.filter(indicator="PDRB").update(withdrawn_at=clock.at)  # an officer took it away
    Path(source.config["path"]).write_text(HEAD + PDRB.replace("Tidak", "Belum") + GINI)
    assert read(source, clock) == ("done", 0, 1, 1, 0, 0)
    assert Absence.objects.get(indicator="PDRB").withdrawn_at is not None
    other = Source.objects.create(office=source.office, kind="file", name="lain", config=source.config)
    assert read(other, clock) == ("partly", 0, 0, 0, 0, 2)
    assert set(Absence.objects.values_list("source__name", flat=True)) == {"ketiadaan"}


@pytest.mark.parametrize(("keep", "shown"), [(True, 2), (False, 0)])
def test_a_source_that_is_removed_leaves_its_absences_or_takes_them(
    source: Source, clock: Clock, keep: bool, shown: int
) -> None:
    read(source, clock)
    assert administering.remove(source, keep=keep, by=None, at=clock.at) == 2
    assert Absence.objects.filter(withdrawn_at=None, source=None).count() == shown


def test_a_list_that_is_handed_in_whole_takes_away_what_it_does_not_hold(
    office: Office, source: Source, clock: Clock
) -> None:
    Path(source.config["path"]).write_text(HEAD + GINI)
    read(source, clock)
    assert load_file(office, HEAD + PDRB + PDRB.replace("PDRB;", "Inflasi;"), at=clock.at) == Loaded(2, 0, 0)
    trial = load_file(office, HEAD + PDRB, at=clock.at, replaces=True, dry_run=True)
    assert trial == Loaded(0, 0, 1, withdrawn=1, lost=("Inflasi",))
    assert load_file(office, HEAD + PDRB, at=clock.at, replaces=True) == trial
    shown = Absence.objects.filter(withdrawn_at=None).values_list("indicator", flat=True)
    assert sorted(shown) == ["Gini Ratio", "PDRB"]  # that of the source is the source's


def test_a_column_in_both_languages_stands_there_twice(office: Office, clock: Clock) -> None:
    with pytest.raises(FileRefused) as refused:
        load_file(office, "indikator,alasan,reason\nx,y,z\n", at=clock.at)
    assert [(each.line, each.column) for each in refused.value.problems] == [(1, 3)]
    with pytest.raises(FileRefused) as refused:
        load_file(office, "indikator,tingkat\nx,Desa\n", at=clock.at)
    assert "reason / alasan" in str(refused.value.problems[0])
