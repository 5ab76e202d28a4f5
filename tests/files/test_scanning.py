"""Quarantine: nothing is given out before a scanner has seen it, and a scanner that fails loses nothing."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from sapa.activity import push
from sapa.activity.models import Event
from sapa.files import clamd, scanning
from sapa.files.claiming import claim
from sapa.files.models import StoredFile
from sapa.offices.models import Office
from sapa.people.models import User
from tests.conftest import Clock
from tests.files.conftest import Send, kept
from tests.files.samples import EICAR, picture
from tests.files.samples import office as office_file
from tests.simulators.clamd import answer, hang, hang_up, scanner

Work = Callable[[], int]


def state(file: StoredFile) -> str:
    file.refresh_from_db()
    return file.state


@pytest.fixture
def real(settings: Settings, clamd_socket: str) -> None:
    """A real ClamAV daemon scans."""
    settings.CLAMD = clamd_socket


@pytest.mark.clamd
def test_a_harmless_file_leaves_quarantine(send: Send, real: None, work: Work, clock: Clock) -> None:
    file = send()
    assert state(file) == "quarantined"
    clock.advance(seconds=1)
    work()
    assert state(file) == "clean"
    assert file.scanned_at == clock.at
    event = Event.objects.get(name="file.cleared")
    assert (event.subject_id, event.by, event.data) == (file.pk, None, {"sha256": file.sha256})


@pytest.mark.clamd
@pytest.mark.parametrize(
    ("name", "content", "signature"),
    [
        ("uji.txt", EICAR, "Eicar-Test-Signature.UNOFFICIAL"),
        ("surat.docx", office_file(word__isi_xml=b"sapa-harmful-for-tests"), "Sapa.Test.Harmful.UNOFFICIAL"),
    ],
    ids=["the test file of all scanners", "inside a Word document"],
)
def test_a_harmful_file_is_deleted_and_its_name_and_fingerprint_are_kept(
    send: Send,
    real: None,
    work: Work,
    clock: Clock,
    folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    name: str,
    content: bytes,
    signature: str,
) -> None:
    file = send(name, content)
    with django_capture_on_commit_callbacks(execute=True):
        work()
    assert state(file) == "infected"
    assert (file.name, file.signature, file.scanned_at, file.scan_due_at) == (name, signature, clock.at, None)
    assert kept(folder) == []
    event = Event.objects.get(name="file.infected")
    assert event.data == {"sha256": file.sha256, "signature": signature}


@pytest.mark.clamd
def test_the_small_copy_of_a_harmful_picture_is_deleted_too(
    send: Send,
    real: None,
    work: Work,
    folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    file = send("foto.jpg", picture("JPEG", comment=b"sapa-harmful-for-tests"))
    assert len(kept(folder)) == 2
    with django_capture_on_commit_callbacks(execute=True):
        work()
    assert state(file) == "infected"
    assert not file.has_thumbnail
    assert kept(folder) == []


@pytest.mark.clamd
def test_a_file_larger_than_the_scanner_takes_is_removed_and_not_tried_for_ever(
    send: Send,
    real: None,
    work: Work,
    folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    file = send("besar.txt", b"angka inflasi\n" * 200_000)
    with django_capture_on_commit_callbacks(execute=True):
        work()
    assert state(file) == "refused"
    assert file.signature == "too large for the scanner"
    assert kept(folder) == []
    assert Event.objects.filter(name="file.refused").count() == 1


@pytest.mark.clamd
def test_a_clean_file_is_looked_at_again_every_day_for_two_weeks(
    send: Send, real: None, work: Work, clock: Clock, sender: User, office: Office
) -> None:
    file = send()
    claim([file.pk], user=sender, office=office, at=clock.at)
    scanned = []
    for _day in range(20):
        work()
        file.refresh_from_db()
        scanned.append(file.scanned_at)
        clock.advance(days=1)
    assert len(set(scanned)) == 15
    assert file.scan_due_at is None
    assert Event.objects.filter(name="file.cleared").count() == 1


@pytest.mark.clamd
def test_what_was_harmless_yesterday_can_be_known_as_harmful_today(
    send: Send, settings: Settings, clamd_socket: str, work: Work, clock: Clock, sender: User, office: Office
) -> None:
    file = send("uji.txt", EICAR)
    claim([file.pk], user=sender, office=office, at=clock.at)
    assert state(file) == "clean"
    settings.CLAMD = clamd_socket
    clock.advance(days=30)
    assert work() == 0
    assert scanning.rescan(since=clock.at - timedelta(days=31), at=clock.at) == 1
    work()
    assert state(file) == "infected"


@pytest.mark.clamd
def test_whoever_reads_the_conversation_is_told_when_the_scan_is_over(
    send: Send,
    real: None,
    work: Work,
    clock: Clock,
    sender: User,
    office: Office,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    heard: list[tuple[tuple[str, ...], str]] = []
    file = send()
    claim([file.pk], user=sender, office=office, at=clock.at, topic="room:7")
    before = push.use(lambda topics, signal: heard.append((topics, signal.name)))
    try:
        with django_capture_on_commit_callbacks(execute=True):
            work()
    finally:
        push.use(before)
    assert heard == [((f"office:{office.pk}", "room:7"), "file.cleared")]


def test_while_the_scanner_is_away_files_stay_in_quarantine_and_their_age_shows(
    send: Send, settings: Settings, work: Work, clock: Clock
) -> None:
    settings.CLAMD = "127.0.0.1:1"
    began = clock.at
    file = send()
    for _minute in range(60):
        work()
        clock.advance(minutes=1)
    assert state(file) == "quarantined"
    assert scanning.SOURCE.oldest() == began
    assert 5 <= file.scan_attempts <= 10


@pytest.mark.clamd
def test_files_leave_quarantine_when_the_scanner_is_back(
    send: Send, settings: Settings, work: Work, clock: Clock, clamd_socket: str
) -> None:
    settings.CLAMD = str(Path(clamd_socket).with_name("nobody"))
    files = [send(f"{number}.csv") for number in range(7)]
    work()
    settings.CLAMD = clamd_socket
    clock.advance(minutes=1)
    work()
    assert [state(file) for file in files] == ["clean"] * 7
    assert scanning.SOURCE.oldest() is None


@pytest.mark.parametrize(
    "behave",
    [
        hang,
        hang_up,
        answer(b"stream: kacau\0"),
        answer(b"\0"),
        answer(b""),
        answer(b"x" * 10_000),
        answer(b"UNKNOWN COMMAND\0"),
        answer(b"\xff\xfe: OK\0"),
    ],
    ids=[
        "hangs",
        "hangs up",
        "nonsense",
        "nothing",
        "silent",
        "talks for ever",
        "knows no INSTREAM",
        "no text",
    ],
)
def test_a_scanner_that_fails_gives_no_verdict_and_costs_one_time_out(
    send: Send,
    settings: Settings,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
    behave: Callable[..., None],
) -> None:
    monkeypatch.setattr(clamd, "ANSWER_SECONDS", 0.2)
    with scanner(behave) as away:
        settings.CLAMD = away.address
        files = [send(f"{number}.csv") for number in range(3)]
        work()
        assert away.calls == 1
    assert [state(file) for file in files] == ["quarantined"] * 3


def test_an_unnamed_find_is_still_a_find(send: Send, settings: Settings, work: Work) -> None:
    with scanner(answer(b"stream:  FOUND\0")) as odd:
        settings.CLAMD = odd.address
        file = send()
        work()
    assert (state(file), file.signature) == ("infected", "unnamed")


def test_when_scanning_is_switched_off_what_waited_is_let_out(
    send: Send, settings: Settings, work: Work
) -> None:
    settings.CLAMD = "127.0.0.1:1"
    file = send()
    settings.CLAMD = ""
    work()
    assert (state(file), file.scanned_at, file.scan_due_at) == ("clean", None, None)


def test_a_file_whose_content_is_missing_is_not_waited_for(
    send: Send, settings: Settings, work: Work
) -> None:
    settings.CLAMD = "127.0.0.1:1"
    file = send()
    file.path.unlink()
    work()
    assert (state(file), file.signature) == ("refused", "missing")


def test_two_workers_do_not_scan_one_file_at_once(send: Send, settings: Settings, clock: Clock) -> None:
    with scanner(answer(b"stream: OK\0")) as simple:
        settings.CLAMD = simple.address
        file = send()
        StoredFile.objects.filter(pk=file.pk).update(scan_due_at=clock.at + scanning.LEASE)
        scanning.scan(file.pk, clock.at)
        assert simple.calls == 0
        scanning.scan(file.pk, clock.at + scanning.LEASE)
        assert simple.calls == 1
    assert state(file) == "clean"


@pytest.mark.parametrize(
    ("setting", "found"),
    [
        ("/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
        ("127.0.0.1:3310", ("127.0.0.1", 3310)),
        ("[::1]:3310", ("::1", 3310)),
        ("pemindai.kantor.example:3310", ("pemindai.kantor.example", 3310)),
    ],
)
def test_where_the_scanner_is(setting: str, found: clamd.Target) -> None:
    assert clamd.target(setting) == found


@pytest.mark.parametrize(
    "setting", ["clamd", "localhost", "localhost:", ":3310", "localhost:99999", "host:x"]
)
def test_a_wrong_address_of_the_scanner_is_named(setting: str) -> None:
    with pytest.raises(ImproperlyConfigured) as problem:
        clamd.target(setting)
    assert str(problem.value) == f"SAPA_CLAMD must be the path of a socket or host:port; it is {setting!r}."
