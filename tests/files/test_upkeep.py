"""What the operator does for files: settings that fit, scans once more, a folder without leftovers."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from sapa.files import checks, storage, tidying
from sapa.files.models import StoredFile
from tests.conftest import Clock
from tests.files.conftest import Send, kept
from tests.files.samples import picture


def lay(path: Path, *, at: datetime) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"sisa")
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def test_the_settings_as_they_come_fit_together() -> None:
    assert checks.settings_of_files(None) == []


def test_a_body_limit_below_the_file_limit_is_named(settings: Settings) -> None:
    settings.BODY_LIMIT = 10_000_000
    assert [problem.id for problem in checks.settings_of_files(None)] == ["files.E001"]


def test_a_scanner_nowhere_is_named(settings: Settings) -> None:
    settings.CLAMD = "clamav"
    assert [problem.id for problem in checks.settings_of_files(None)] == ["files.E002"]


def test_contents_without_a_file_are_deleted_after_a_day(send: Send, folder: Path, clock: Clock) -> None:
    own, other = send("foto.png", picture("PNG")), send("buruk.csv")
    StoredFile.objects.filter(pk=other.pk).update(state="infected", signature="x")
    old = clock.at - timedelta(days=2)
    for path in (own.path, own.thumbnail_path, other.path):
        os.utime(path, (old.timestamp(), old.timestamp()))
    lay(folder / "arriving" / "a", at=old)
    lay(folder / "zz" / "zz-tidak-ada", at=old)
    lay(folder / "zz" / "zz-tidak-ada.kecil", at=old)
    lay(folder / "zz" / "zz-baru", at=clock.at)
    assert tidying.tidy(clock.at) == tidying.Tidied(4, [])
    assert kept(folder) == sorted([own.token, f"{own.token}.kecil", "zz-baru"])


def test_files_without_content_are_named(
    send: Send, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = send()
    storage.remove(lost)
    with pytest.raises(CommandError) as problem:
        call_command("files", "tidy")
    assert str(problem.value) == f"Isi berkas berikut hilang; kembalikan dari cadangan: {lost.pk}"
    assert capsys.readouterr().out == "Isi yang dihapus: 0.\n"


def test_before_the_first_file_there_is_nothing_to_tidy(db: None, clock: Clock) -> None:
    assert tidying.tidy(clock.at) == tidying.Tidied(0, [])


def test_scanning_again_needs_a_scanner(db: None) -> None:
    with pytest.raises(CommandError) as problem:
        call_command("files", "rescan")
    assert str(problem.value) == "Tidak ada pemindai. Atur dahulu SAPA_CLAMD (docs/operator.md)."


def test_files_of_the_last_days_are_scanned_again(
    send: Send, settings: Settings, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    old = send("lama.csv")
    clock.advance(days=40)
    new = send("baru.csv")
    settings.CLAMD = "127.0.0.1:1"
    call_command("files", "rescan", "--days", "30")
    assert capsys.readouterr().out == "1 berkas akan dipindai oleh `sapa work`.\n"
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.scan_due_at, new.scan_due_at, new.state) == (None, clock.at, "clean")


@pytest.mark.parametrize("days", ["0", "-1", "x", "99999"])
def test_a_wrong_number_of_days_is_refused(days: str) -> None:
    with pytest.raises(CommandError):
        call_command("files", "rescan", f"--days={days}")
