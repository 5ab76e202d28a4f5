"""The index of a node is never the record: late, lost, damaged or of another form, it comes back from the database."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from sapa.catalogue import publishing
from sapa.catalogue.search import keeping, search
from sapa.offices.models import Office
from tests.catalogue.conftest import MakeEntry
from tests.conftest import Clock


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """The index on disk, as a server has it."""
    settings.SEARCH_FOLDER = tmp_path / "search"
    keeping.close()
    yield tmp_path / "search"
    keeping.close()


def titles(office: Office, text: str) -> list[str]:
    return [hit.entry.title for hit in search(office, text).entries]


def generations(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if each.is_dir())


def test_the_first_search_makes_the_index(office: Office, make_entry: MakeEntry, folder: Path) -> None:
    make_entry("Kepadatan penduduk")
    assert titles(office, "kepadatan") == ["Kepadatan penduduk"]
    assert generations(folder) == [(folder / keeping.CURRENT).read_text()]


def test_a_change_is_taken_in_once_and_a_withdrawal_too(
    office: Office, make_entry: MakeEntry, folder: Path, clock: Clock
) -> None:
    make_entry("Kepadatan penduduk")
    search(office, "kepadatan")
    entry = make_entry("Kepadatan lalu lintas")
    assert [keeping.catch_up(), keeping.catch_up()] == [1, 0]
    assert sorted(titles(office, "kepadatan")) == ["Kepadatan lalu lintas", "Kepadatan penduduk"]
    publishing.withdraw(entry, by=None, at=clock.at)
    assert keeping.catch_up() == 1
    assert titles(office, "kepadatan") == ["Kepadatan penduduk"]


def test_what_is_written_together_is_taken_in_together(
    office: Office, make_entry: MakeEntry, folder: Path
) -> None:
    make_entry("Kepadatan penduduk")
    search(office, "kepadatan")
    before = keeping.upto()
    with keeping.later():
        for number in range(3):
            make_entry(f"Kepadatan {number}")
            keeping.wake()
        assert keeping.upto() == before
    assert (keeping.upto(), len(titles(office, "kepadatan"))) == (before + 3, 4)
    with keeping.later():
        pass  # nothing was written: nothing is looked for
    make_entry("Kepadatan lalu lintas")
    keeping.wake()
    assert keeping.upto() == before + 4


def test_a_withdrawn_entry_is_not_shown_even_before_the_index_knows(
    office: Office, make_entry: MakeEntry, folder: Path, clock: Clock
) -> None:
    entry = make_entry("Kepadatan penduduk")
    search(office, "kepadatan")
    publishing.withdraw(entry, by=None, at=clock.at)
    assert titles(office, "kepadatan") == []


def test_a_rebuilt_index_takes_the_place_of_the_old_one(
    office: Office, make_entry: MakeEntry, folder: Path
) -> None:
    make_entry("Kepadatan penduduk")
    search(office, "kepadatan")
    before = generations(folder)
    assert keeping.rebuild() == 1
    assert generations(folder) != before
    assert len(generations(folder)) == 1
    assert titles(office, "kepadatn ") == ["Kepadatan penduduk"]


def test_searches_go_on_while_the_index_is_made_anew(
    office: Office, make_entry: MakeEntry, folder: Path
) -> None:
    """Who has the old generation open goes on with it, though its files are gone."""
    make_entry("Kepadatan penduduk")
    held = keeping.current()
    keeping.rebuild()
    assert held.knows("kepadatan")
    assert keeping.current() is not held


@pytest.mark.parametrize("harm", ["truncated", "garbage", "no number", "another form", "gone", "half gone"])
def test_a_damaged_index_heals_by_itself(
    office: Office, make_entry: MakeEntry, folder: Path, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    make_entry("Kepadatan penduduk")
    search(office, "kepadatan")
    keeping.close()
    (name,) = generations(folder)
    docs = folder / name / "docs"
    if harm == "truncated":
        largest = max(docs.iterdir(), key=lambda file: file.stat().st_size)
        largest.write_bytes(largest.read_bytes()[: largest.stat().st_size // 2])
    elif harm == "garbage":
        (docs / "meta.json").write_text("{nothing")
    elif harm == "no number":
        (folder / name / keeping.UPTO).write_text("many")
    elif harm == "another form":
        (folder / name).rename(folder / "0-older")
        (folder / keeping.CURRENT).write_text("0-older")
    elif harm == "gone":
        (folder / keeping.CURRENT).unlink()
    else:
        for file in docs.glob("*.idx"):
            file.unlink()
    assert titles(office, "kepadatan") == ["Kepadatan penduduk"]
    assert len(generations(folder)) == 1


def test_a_large_first_index_is_made_beside_and_the_search_says_so(
    office: Office, make_entry: MakeEntry, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_entry("Kepadatan penduduk")
    monkeypatch.setattr(keeping, "WAITED_FOR", 0)
    told = threading.Event()
    monkeypatch.setattr(keeping, "_build_beside", told.set)
    results = search(office, "kepadatan")
    assert (results.is_preparing, len(results)) == (True, 0)
    assert told.wait(5)
    keeping.rebuild()
    assert titles(office, "kepadatan") == ["Kepadatan penduduk"]


def test_writers_wait_for_each_other(office: Office, make_entry: MakeEntry, folder: Path) -> None:
    """The lock of the folder is held by one at a time, whoever asks: here a thread, elsewhere another process."""
    make_entry("Kepadatan penduduk")
    search(office, "kepadatan")
    order: list[str] = []
    inside = threading.Event()

    def hold() -> None:
        with keeping.alone(folder):
            inside.set()
            threading.Event().wait(0.2)
            order.append("holder")

    holder = threading.Thread(target=hold)
    holder.start()
    assert inside.wait(5)
    keeping.catch_up()
    order.append("writer")
    holder.join()
    assert order == ["holder", "writer"]
