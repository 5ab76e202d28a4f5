"""A file comes in: what is kept, what is refused, and that nothing is left of what was refused."""

import hashlib
import stat
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from django_scopes import scope, scopes_disabled
from PIL import Image
from pytest_django import Settings

from sapa.activity.models import Event
from sapa.core.errors import Refused
from sapa.files import receiving, storage
from sapa.files.claiming import postpone
from sapa.files.models import StoredFile
from sapa.files.receiving import receive
from sapa.offices.models import Office
from sapa.people.models import User
from tests.conftest import Clock
from tests.files import samples
from tests.files.conftest import Send, kept
from tests.files.samples import pdf, picture, sent


def refused(send: Send, name: str, content: bytes) -> tuple[str, str]:
    with translation.override("en"):
        with pytest.raises(Refused) as refusal:
            send(name, content)
        return refusal.value.code, str(refusal.value)


def test_a_file_is_kept_outside_the_static_files_under_a_name_nobody_can_guess(
    send: Send, folder: Path, office: Office, sender: User, clock: Clock
) -> None:
    file = send("../Data Inflasi.csv")
    file.refresh_from_db()
    assert (file.office, file.uploaded_by, file.uploaded_at) == (office, sender, clock.at)
    assert (file.name, file.media_type, file.size) == ("Data Inflasi.csv", "text/csv", 19)
    assert file.sha256 == hashlib.sha256(b"kode,nilai\n1808,12\n").hexdigest()
    assert len(file.token) == 22
    assert file.path == folder / file.token[:2] / file.token
    assert file.path.read_bytes() == b"kode,nilai\n1808,12\n"
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert kept(folder) == [file.token]


def test_without_a_scanner_a_file_may_be_given_out_at_once(send: Send) -> None:
    file = send()
    assert (file.state, file.is_ready, file.scan_due_at, file.scanned_at) == ("clean", True, None, None)


def test_with_a_scanner_a_file_waits_in_quarantine(send: Send, settings: Settings, clock: Clock) -> None:
    settings.CLAMD = "127.0.0.1:1"
    file = send()
    assert (file.state, file.is_ready, file.scan_due_at) == ("quarantined", False, clock.at)


def test_that_a_file_came_in_is_on_record(send: Send, sender: User, clock: Clock) -> None:
    file = send()
    event = Event.objects.get(name="file.received")
    assert (event.subject_id, event.by, event.at) == (file.pk, sender, clock.at)
    assert event.data == {"media_type": "text/csv", "size": 19, "sha256": file.sha256}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("data.pdf", picture("PNG"), "not_what_it_says"),
        ("data.csv", b"MZ\x90\x00\x03", "kind_not_taken"),
        ("foto.png", picture("PNG")[:2_000], "damaged"),
        ("surat.docx", samples.bomb_of_ratio(), "bomb"),
    ],
)
def test_nothing_is_left_of_a_file_that_was_refused(
    send: Send, folder: Path, name: str, content: bytes, code: str
) -> None:
    assert refused(send, name, content)[0] == code
    assert kept(folder) == []
    assert StoredFile.objects.count() == 0
    assert Event.objects.count() == 0


def test_an_empty_file_is_refused(send: Send, folder: Path) -> None:
    assert refused(send, "kosong.txt", b"") == ("empty", "This file is empty. Please choose another one.")
    assert kept(folder) == []


def test_a_file_over_the_limit_is_refused(send: Send, settings: Settings, folder: Path) -> None:
    settings.FILE_LIMIT = 1024 * 1024
    assert refused(send, "besar.txt", b"a" * (1024 * 1024 + 1)) == (
        "too_large",
        "This file is larger than 1 MB. Please send a smaller one, or several parts.",
    )
    assert send("pas.txt", b"a" * 1024 * 1024).size == 1024 * 1024
    assert len(kept(folder)) == 1


def test_a_file_that_says_it_is_smaller_than_it_is_is_stopped_on_the_way(
    office: Office, sender: User, clock: Clock, settings: Settings, folder: Path
) -> None:
    settings.FILE_LIMIT = 1_000
    upload = sent("besar.txt", b"a" * 5_000)
    upload.size = 10
    with pytest.raises(Refused) as refusal:
        receive(upload, office=office, user=sender, at=clock.at)
    assert refusal.value.code == "too_large"
    assert kept(folder) == []


def test_a_full_disk_is_said_before_anything_is_written(
    send: Send, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "FREE_BYTES", 2**62)
    assert refused(send, "data.csv", b"a,b") == (
        "full",
        "We cannot take files just now. Please send your message without it, or try again later.",
    )
    assert kept(folder) == []


def test_whoever_hoards_unsent_files_is_asked_to_send_first(
    send: Send, sender: User, stranger: User, office: Office, clock: Clock
) -> None:
    for number in range(receiving.MOST_UNCLAIMED):
        send(f"data{number}.csv")
    assert refused(send, "lagi.csv", b"a,b") == (
        "too_many",
        "You have chosen many files without sending them. Please send your message first.",
    )
    assert send("lain.csv", user=stranger).state == "clean"
    postpone(
        list(StoredFile.objects.values_list("pk", flat=True)),
        user=sender,
        office=office,
        until=clock.at + timedelta(days=9),
    )
    assert send("lagi.csv").state == "clean"


def test_a_picture_gets_a_small_copy(send: Send) -> None:
    file = send("foto.jpg", picture("JPEG", (1200, 900)))
    assert (file.width, file.height) == (1200, 900)
    assert (file.thumbnail_width, file.thumbnail_height) == (480, 360)
    assert file.thumbnail_size == file.thumbnail_path.stat().st_size
    with Image.open(file.thumbnail_path) as small:
        assert (small.format, small.size) == ("WEBP", (480, 360))


def test_a_small_picture_is_not_blown_up(send: Send) -> None:
    file = send("ikon.png", picture("PNG", (40, 30)))
    assert (file.thumbnail_width, file.thumbnail_height) == (40, 30)


def test_the_small_copy_stands_upright_and_says_nothing_of_where_it_was_taken(send: Send) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by the camera
    exif[0x8825] = {1: "S", 2: (4.0, 30.0, 0.0)}
    file = send("foto.jpg", picture("JPEG", (800, 400), exif=exif, comment=b"rumah"))
    assert (file.thumbnail_width, file.thumbnail_height) == (240, 480)
    with Image.open(file.thumbnail_path) as small:
        assert dict(small.getexif()) == {}
        assert small.info.get("exif") is None
    assert b"rumah" not in file.thumbnail_path.read_bytes()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK", "YCbCr"])
def test_a_picture_of_any_colour_mode_gets_a_small_copy(send: Send, mode: str) -> None:
    kind = "JPEG" if mode in {"CMYK", "YCbCr"} else "PNG"
    written = BytesIO()
    Image.new(mode, (600, 600)).save(written, kind)
    file = send(f"foto.{'jpg' if kind == 'JPEG' else 'png'}", written.getvalue())
    assert (file.thumbnail_width, file.thumbnail_height) == (480, 480)


def test_the_database_refuses_what_no_file_can_be(send: Send) -> None:
    file = send()
    wrong: list[dict[str, object]] = [
        {"discard_at": None},
        {"claimed_at": file.uploaded_at},
        {"state": "quarantined", "scan_due_at": None},
        {"state": "infected", "signature": ""},
        {"size": 0},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            StoredFile.objects.filter(pk=file.pk).update(**values)


def test_files_of_another_office_are_out_of_sight(send: Send, other_office: Office) -> None:
    file = send("laporan.pdf", pdf())
    with scope(office=other_office):
        assert list(StoredFile.objects.all()) == []
    with scopes_disabled():
        assert list(StoredFile.objects.all()) == [file]
