"""Files become part of a message, all or none; what nobody sends is deleted."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from sapa.core.errors import Refused
from sapa.files.claiming import claim, discard, postpone, release
from sapa.files.forgetting import forget
from sapa.files.models import StoredFile
from sapa.files.receiving import receive
from sapa.offices.models import Office
from sapa.people.models import User
from tests.conftest import Clock
from tests.files.conftest import Send, kept
from tests.files.samples import picture, sent

GONE = "Salah satu berkas sudah tidak ada. Silakan pilih lagi, lalu kirim pesan Anda."


def test_a_message_holds_its_files_in_the_order_they_were_chosen(
    send: Send, sender: User, office: Office, clock: Clock
) -> None:
    first, second = send("a.csv"), send("b.csv")
    found = claim([second.pk, first.pk, second.pk], user=sender, office=office, at=clock.at, topic="room:7")
    assert [file.name for file in found] == ["b.csv", "a.csv"]
    assert {(file.claimed_at, file.discard_at, file.topic) for file in found} == {(clock.at, None, "room:7")}


def test_a_message_without_files_holds_none(sender: User, office: Office, clock: Clock) -> None:
    assert claim([], user=sender, office=office, at=clock.at) == []


def test_a_file_belongs_to_one_message_only(send: Send, sender: User, office: Office, clock: Clock) -> None:
    file = send()
    claim([file.pk], user=sender, office=office, at=clock.at)
    with pytest.raises(Refused) as refusal:
        claim([file.pk], user=sender, office=office, at=clock.at)
    assert str(refusal.value) == GONE


def test_all_files_or_none(send: Send, sender: User, office: Office, clock: Clock) -> None:
    file = send()
    with pytest.raises(Refused):
        claim([file.pk, 999_999], user=sender, office=office, at=clock.at)
    file.refresh_from_db()
    assert file.claimed_at is None


def test_the_file_of_another_person_or_office_cannot_be_taken(
    send: Send, sender: User, stranger: User, office: Office, other_office: Office, clock: Clock
) -> None:
    file = send()
    elsewhere = receive(sent("b.csv", b"a,b"), office=other_office, user=sender, at=clock.at)
    for ids, user in (([file.pk], stranger), ([elsewhere.pk], sender)):
        with pytest.raises(Refused) as refusal:
            claim(ids, user=user, office=office, at=clock.at)
        assert refusal.value.code == "file_gone"


@pytest.mark.parametrize("state", ["infected", "refused", "erased"])
def test_a_file_that_was_removed_cannot_be_sent(
    send: Send, sender: User, office: Office, clock: Clock, state: str
) -> None:
    file = send()
    StoredFile.objects.filter(pk=file.pk).update(state=state, signature="x")
    with pytest.raises(Refused):
        claim([file.pk], user=sender, office=office, at=clock.at)


def test_a_file_in_quarantine_can_be_sent(
    send: Send, sender: User, office: Office, clock: Clock, settings: Settings
) -> None:
    settings.CLAMD = "127.0.0.1:1"
    file = send()
    assert claim([file.pk], user=sender, office=office, at=clock.at) == [file]


def test_a_sixth_file_is_too_many(send: Send, sender: User, office: Office, clock: Clock) -> None:
    files = [send(f"{number}.csv") for number in range(6)]
    with pytest.raises(Refused) as refusal:
        claim([file.pk for file in files], user=sender, office=office, at=clock.at)
    assert (
        str(refusal.value)
        == "Satu pesan memuat paling banyak 5 berkas. Silakan kirim sisanya dengan pesan lain."
    )
    assert len(claim([file.pk for file in files[:5]], user=sender, office=office, at=clock.at)) == 5


def test_a_message_that_was_not_kept_holds_no_file(
    send: Send, sender: User, office: Office, clock: Clock
) -> None:
    file = send()
    with transaction.atomic():
        claim([file.pk], user=sender, office=office, at=clock.at)
        transaction.set_rollback(True)
    file.refresh_from_db()
    assert file.claimed_at is None


def test_a_file_that_nobody_sends_is_deleted_after_a_day(
    send: Send,
    sender: User,
    office: Office,
    clock: Clock,
    folder: Path,
    work: Callable[[], int],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    left, taken = send("sisa.csv"), send("kirim.csv")
    claim([taken.pk], user=sender, office=office, at=clock.at)
    clock.advance(hours=23, minutes=59)
    work()
    assert StoredFile.objects.count() == 2
    clock.advance(minutes=1)
    with django_capture_on_commit_callbacks(execute=True):
        work()
    assert list(StoredFile.objects.all()) == [taken]
    assert kept(folder) == [taken.token]
    assert not left.path.exists()


def test_a_file_taken_off_a_draft_is_deleted_a_day_later(
    send: Send, sender: User, office: Office, clock: Clock, work: Callable[[], int]
) -> None:
    file = send()
    claim([file.pk], user=sender, office=office, at=clock.at)
    clock.advance(days=3)
    release([file.pk], user=sender, office=office, at=clock.at)
    work()
    assert StoredFile.objects.count() == 1
    clock.advance(days=1)
    work()
    assert StoredFile.objects.count() == 0


def test_a_file_of_an_answer_that_waits_for_approval_is_kept_until_then(
    send: Send, sender: User, stranger: User, office: Office, clock: Clock, work: Callable[[], int]
) -> None:
    waiting, other = send("a.csv"), send("b.csv")
    until = clock.at + timedelta(days=30)
    postpone([waiting.pk], user=sender, office=office, until=until)
    postpone([waiting.pk], user=sender, office=office, until=clock.at)
    postpone([other.pk], user=stranger, office=office, until=until)
    clock.advance(days=29)
    work()
    assert claim([waiting.pk], user=sender, office=office, at=clock.at) == [waiting]
    assert list(StoredFile.objects.all()) == [waiting]


def test_a_file_can_be_thrown_away_before_it_is_sent_but_not_after(
    send: Send,
    sender: User,
    stranger: User,
    office: Office,
    clock: Clock,
    folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    unsent, message = send("a.csv"), send("b.csv")
    claim([message.pk], user=sender, office=office, at=clock.at)
    with django_capture_on_commit_callbacks(execute=True):
        discard(unsent.pk, user=stranger, office=office)
        assert StoredFile.objects.count() == 2
        for _twice in range(2):
            discard(unsent.pk, user=sender, office=office)
            discard(message.pk, user=sender, office=office)
    assert list(StoredFile.objects.all()) == [message]
    assert kept(folder) == [message.token]


def test_a_file_of_somebody_who_asked_to_be_forgotten_is_erased(
    send: Send,
    sender: User,
    office: Office,
    clock: Clock,
    folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    file, other = send("Kartu keluarga Ani.png", picture("PNG")), send("b.csv")
    claim([file.pk, other.pk], user=sender, office=office, at=clock.at)
    with django_capture_on_commit_callbacks(execute=True):
        forget([file.pk], at=clock.at)
        forget([file.pk], at=clock.at)
    file.refresh_from_db()
    assert (file.state, file.name, file.sha256, file.has_thumbnail) == ("erased", "", "", False)
    assert file.is_gone
    assert kept(folder) == [other.token]


def test_what_was_forgotten_stays_when_forgetting_fails_half_way(
    send: Send, clock: Clock, folder: Path
) -> None:
    file = send("a.csv")
    with transaction.atomic():
        forget([file.pk], at=clock.at)
        transaction.set_rollback(True)
    file.refresh_from_db()
    assert (file.state, kept(folder)) == ("clean", [file.token])
