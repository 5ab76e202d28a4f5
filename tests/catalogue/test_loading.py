"""Catalogue files: all of it or nothing, and every mistake with its line."""

import io
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from sapa.activity.models import Event
from sapa.catalogue.loading import Loaded, load_file
from sapa.catalogue.management.commands import catalogue
from sapa.catalogue.models import Absence, Entry
from sapa.catalogue.search import search
from sapa.catalogue.sources.files import rows
from sapa.offices.marked_yaml import FileRefused
from sapa.offices.models import Office
from sapa.people.models import Officer
from tests.catalogue.conftest import MakeEntry
from tests.conftest import Clock

GOOD = "kind,title,external_id,year_from,year_until\nstatic_table,Luas panen padi,t1,2010,2025\n"


def places(office: Office, text: str | bytes, clock: Clock) -> list[tuple[int, int]]:
    with pytest.raises(FileRefused) as refused:
        load_file(office, text, at=clock.at)
    assert (Entry.objects.count(), Absence.objects.count()) == (0, 0)
    return [(problem.line, problem.column) for problem in refused.value.problems]


def test_the_demonstration_has_enough_to_be_worth_a_search(demo_catalogue: Office) -> None:
    assert Entry.objects.count() >= 80
    assert Absence.objects.count() >= 15
    assert not Entry.objects.filter(is_demo=False).exists()
    assert {kind for kind in Entry.Kind if Entry.objects.filter(kind=kind).exists()} >= {
        *("dynamic_table", "static_table", "publication", "press_release", "indicator"),
        *("glossary_term", "infographic", "answer"),
    }


def test_a_file_is_loaded_once_and_then_only_what_changed(office: Office, clock: Clock) -> None:
    assert load_file(office, GOOD, at=clock.at) == Loaded(1, 0, 0)
    assert load_file(office, GOOD, at=clock.at) == Loaded(0, 0, 1)
    assert Event.objects.filter(name="catalogue.loaded").count() == 1
    assert load_file(office, GOOD.replace("padi", "jagung"), at=clock.at) == Loaded(0, 1, 0)
    assert [hit.entry.title for hit in search(office, "jagung").entries] == ["Luas panen jagung"]
    assert len(search(office, "padi")) == 0


def test_what_was_withdrawn_comes_back_with_its_file(office: Office, budi: Officer, clock: Clock) -> None:
    from sapa.catalogue.publishing import withdraw

    load_file(office, GOOD, at=clock.at)
    withdraw(Entry.objects.get(), by=budi, at=clock.at)
    assert load_file(office, GOOD, at=clock.at) == Loaded(0, 1, 0)
    assert len(search(office, "padi")) == 1


def test_semicolons_a_byte_order_mark_and_lines_in_cells_are_read(office: Office, clock: Clock) -> None:
    text = '\ufeffkind;title;external_id;body;released_on\r\nanswer;Apa itu P0?;a1;"Satu.\r\nDua.";2026-01-31\r\n'
    load_file(office, text.encode(), at=clock.at)
    entry = Entry.objects.get()
    assert (entry.body, entry.released_on) == ("Satu.\r\nDua.", date(2026, 1, 31))


def test_absences_are_known_by_their_first_line(office: Office, clock: Clock) -> None:
    load_file(office, "indicator,reason\nPDRB kecamatan,Tidak dihitung.\n", at=clock.at)
    assert [each.absence.indicator for each in search(office, "pdrb kecamatan").absences] == [
        "PDRB kecamatan"
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", [(0, 0)]),
        ("\n\n", [(0, 0)]),
        ("kind,title\n", [(1, 1)]),
        ("kind,title,external_id\n", [(0, 0)]),
        ("kind,title,external_id,colour\n", [(1, 4)]),
        ("kind,title,external_id,title\n", [(1, 4)]),
        ("kind,title,,external_id\n", [(1, 3)]),
        ("kind,title,external_id\nnovel,x,1\n", [(2, 1)]),
        ("kind,title,external_id\nstatic_table,,1\nstatic_table,y,\n", [(2, 2), (3, 3)]),
        ("kind,title,external_id\nstatic_table,x,1\nstatic_table,y,1\n", [(3, 1)]),
        ("kind,title,external_id\nstatic_table,x,1,2\n", [(2, 4)]),
        ("kind,title,external_id,year_from\nstatic_table,x,1,²⁰\n", [(2, 4)]),
        ("kind,title,external_id,year_from,year_until\nstatic_table,x,1,2020,2010\n", [(2, 5)]),
        ("kind,title,external_id,url\nstatic_table,x,1,javascript:alert(1)\n", [(2, 4)]),
        ("kind,title,external_id,released_on\nstatic_table,x,1,31/12/2025\n", [(2, 4)]),
        ("kind,title,external_id\nstatic_table," + "x" * 501 + ",1\n", [(2, 2)]),
        ('kind,title,external_id\nstatic_table,"x"y,1\n', [(2, 1)]),
        ("kind,title,external_id\nanswer,x,1\n", [(2, 1)]),
        ("kind,title,external_id\nstatic_table,a\0b,1\n", [(2, 1)]),
        (b"kind,title,external_id\nstatic_table,caf\xe9,1\n", [(2, 1)]),
        ("indicator,reason\nPDRB,\n", [(2, 2)]),
        ("<html><body>404</body></html>", [(1, 1)]),
    ],
)
def test_every_mistake_is_named_with_its_place_and_nothing_is_kept(
    office: Office, clock: Clock, text: str | bytes, wrong: list[tuple[int, int]]
) -> None:
    assert places(office, text, clock) == wrong


def test_a_file_without_end_is_refused(office: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_ROWS", 3)
    lines = "".join(f"static_table,x,{number}\n" for number in range(5))
    assert places(office, "kind,title,external_id\n" + lines, clock) == [(5, 1)]
    monkeypatch.setattr(rows, "LARGEST", 10)
    assert places(office, GOOD, clock) == [(0, 0)]


def test_the_command_loads_a_file_and_says_what_is_wrong_in_it(
    office: Office,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    clock: Clock,
    settings: Settings,
) -> None:
    settings.SEARCH_FOLDER = tmp_path / "search"
    file = tmp_path / "katalog.csv"
    file.write_text(GOOD)
    call_command("catalogue", "load", str(file), "--office", "1808")
    assert "1 ditambahkan, 0 diubah, 0 tetap" in capsys.readouterr().out
    call_command("catalogue", "index")
    assert "1 baris" in capsys.readouterr().out
    file.write_text(GOOD.replace("2025", "1999"))
    with pytest.raises(CommandError, match=r"katalog\.csv: baris 2, kolom 5"):
        call_command("catalogue", "load", str(file), "--office", "1808")
    with pytest.raises(CommandError, match="tidak-ada"):
        call_command("catalogue", "load", str(tmp_path / "tidak-ada.csv"), "--office", "1808")
    with pytest.raises(CommandError, match="9999"):
        call_command("catalogue", "load", str(file), "--office", "9999")


def test_whoever_stops_the_command_is_told_how_the_rest_comes(
    office: Office, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(io.StringIO):
        """A terminal at which somebody presses Ctrl-C while the first thousand rows are told."""

        def write(self, text: str) -> int:
            if "1000 dari 1001" in text:
                raise KeyboardInterrupt
            return super().write(text)

    monkeypatch.setattr(catalogue, "TOLD_EVERY", 1000)
    file = tmp_path / "katalog.csv"
    rows_of_it = "".join(f"static_table,Tabel {number},t{number}\n" for number in range(1001))
    file.write_text("kind,title,external_id\n" + rows_of_it)
    with pytest.raises(CommandError, match="muat berkas yang sama sekali lagi"):
        call_command("catalogue", "load", str(file), "--office", "1808", stderr=Interrupted())
    assert Entry.objects.count() == 1000
    call_command("catalogue", "load", str(file), "--office", "1808", stderr=io.StringIO())
    assert Entry.objects.count() == 1001


def test_a_classification_is_loaded_with_its_steps_and_keeps_what_the_file_does_not_tell(
    office: Office, clock: Clock, make_entry: MakeEntry
) -> None:
    make_entry(
        "KBLI 2020 01112 Gandum",
        kind=Entry.Kind.CLASSIFICATION_CODE,
        version="KBLI 2020",
        external_id="01112",
        keywords="terigu",
        is_demo=True,
    )
    text = "kategori,digit,kode,judul,deskripsi\nA,5,01112,Gandum,\nA,2,01,Tanaman,\nA,1,A,Pertanian,\n"
    assert load_file(office, text, at=clock.at) == Loaded(2, 1, 0)
    code = Entry.objects.select_related("parent__parent").get(external_id="01112")
    assert (code.title, code.keywords, code.is_demo) == ("01112 Gandum", "terigu", False)
    assert code.parent is not None
    assert code.parent.parent is not None
    assert [code.parent.external_id, code.parent.parent.external_id] == ["01", "A"]
    assert load_file(office, text, at=clock.at) == Loaded(0, 0, 3)


def test_a_trial_says_what_would_change_and_changes_nothing(office: Office, clock: Clock) -> None:
    told: list[str] = []
    trial = load_file(office, GOOD, at=clock.at, dry_run=True, tell=lambda what, *_numbers: told.append(what))
    assert (trial, told) == (Loaded(1, 0, 0), ["compared"])
    assert (Entry.objects.count(), Event.objects.filter(name="catalogue.loaded").count()) == (0, 0)


def test_the_command_withdraws_codes_only_when_it_is_told_to(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kbli.csv"
    head = "kategori,digit,kode,judul,deskripsi\nA,1,A,Pertanian,\n"
    given = ["load", str(file), "--office", "1808"]
    file.write_text(head + "A,2,01,Tanaman,\n")
    call_command("catalogue", *given)
    file.write_text(head)
    call_command("catalogue", *given)
    call_command("catalogue", *given, "--replace", "--dry-run")
    assert Entry.objects.filter(withdrawn_at=None).count() == 2
    assert "1 baris akan ditarik" in capsys.readouterr().out
    call_command("catalogue", *given, "--replace")
    assert Entry.objects.filter(withdrawn_at=None).count() == 1


def test_the_command_reads_a_mapping_and_tries_first(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, mapping = tmp_path / "daftar.csv", tmp_path / "daftar.yaml"
    file.write_text("No;Judul\n1;Lahan sawah\n")
    mapping.write_text("kind: publication\ncolumns:\n  No: external_id\n  Judul: title\n")
    given = ["load", str(file), "--office", "1808", "--mapping", str(mapping)]
    call_command("catalogue", *given, "--dry-run")
    assert "1 akan ditambahkan" in capsys.readouterr().out
    call_command("catalogue", *given)
    assert [each.title for each in Entry.objects.all()] == ["Lahan sawah"]
    mapping.write_text("kind: publication\ncolumns:\n  No: warna\nx: 1\n")
    with pytest.raises(CommandError, match=r"daftar\.yaml: baris 4"):
        call_command("catalogue", *given)


@pytest.mark.shared_data
def test_a_whole_classification_stands_in_the_catalogue_with_every_step(
    office: Office, clock: Clock, shared_data: Path
) -> None:
    file = shared_data / "classifications" / "kbki2013-services.csv"
    loaded = load_file(office, file, at=clock.at)
    assert (loaded.added, len(loaded.notes)) == (1847, 2)
    tops = Entry.objects.filter(parent=None).values_list("external_id", flat=True)
    assert sorted(tops) == ["5", "6", "7", "8", "9"]
    again = load_file(office, file, at=clock.at)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1847)


def test_when_a_file_was_read_is_known_and_no_reason_to_write_anew(office: Office, clock: Clock) -> None:
    load_file(office, GOOD, at=clock.at)
    clock.advance(days=3)
    assert load_file(office, GOOD, at=clock.at) == Loaded(0, 0, 1)
    assert Entry.objects.get().fetched_on == date(2026, 11, 23)
    load_file(office, GOOD.replace("padi", "jagung"), at=clock.at)
    assert Entry.objects.get().fetched_on == date(2026, 11, 26)
    told = "kind,title,external_id,fetched_on\nstatic_table,Luas panen jagung,t1,2026-01-02\n"
    load_file(office, told, at=clock.at)
    assert Entry.objects.get().fetched_on == date(2026, 1, 2)


def test_a_load_that_was_cut_is_finished_by_loading_the_same_file_again(office: Office, clock: Clock) -> None:
    lines = "".join(f"static_table,Tabel {number},t{number}\n" for number in range(1200))

    def cut(what: str, done: int, total: int) -> None:
        if what == "written":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_file(office, "kind,title,external_id\n" + lines, at=clock.at, tell=cut)
    assert Entry.objects.count() == 1000
    again = load_file(office, "kind,title,external_id\n" + lines, at=clock.at)
    assert (again, len(search(office, "tabel 1199"))) == (Loaded(200, 0, 1000), 1)


def test_a_code_that_moves_below_another_one_is_moved(office: Office, clock: Clock) -> None:
    head = "kategori,digit,kode,judul,deskripsi\nA,1,A,Pertanian,\nB,1,B,Pertambangan,\n"
    load_file(office, head + "A,2,02,Garam,\n", at=clock.at)
    assert load_file(office, head + "B,2,02,Garam,\n", at=clock.at).changed == 1
    moved = Entry.objects.get(external_id="02")
    assert moved.parent is not None
    assert moved.parent.external_id == "B"
