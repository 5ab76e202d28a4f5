"""The overview: at its hour, on open days, only when something waits, once."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sapa.notifications import digests, readers
from sapa.notifications.models import Notification, Reader
from sapa.offices.models import Office
from sapa.people.models import Client, Officer, User
from tests.conftest import Clock
from tests.notifications.conftest import Tell
from tests.simulators.smtp import Mailbox

WIB = ZoneInfo("Asia/Jakarta")
TUESDAY = datetime(2026, 11, 24, 7, 30, tzinfo=WIB)


@pytest.fixture
def waiting(office: Office, ani: Client, clock: Clock) -> None:
    """Two requests wait for the office; nobody has taken them; one is overdue on Tuesday morning."""
    for number, due in enumerate((None, datetime(2026, 11, 23, 8, 30, tzinfo=UTC))):
        office.consultations.create(
            client=ani,
            service=office.services.get(key="consultation"),
            standard=office.standards.get(),
            code=f"KST-{number}",
            door="web",
            requested_at=clock.at,
            accepted_at=clock.at if due else None,
            waiting_for="office",
            turn_at=clock.at,
            due_at=due,
        )


def _text(mailbox: Mailbox) -> str:
    (mail,) = mailbox.taken
    part = mail.message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_an_officer_reads_in_the_morning_what_waits(
    budi: Officer, waiting: None, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    readers.reader_of(budi.user, at=clock.at)
    work()
    assert mailbox.taken == []
    clock.set(TUESDAY)
    work()
    work()
    text = _text(mailbox)
    assert mailbox.taken[0].message["Subject"] == "Yang menunggu Anda di BPS Kabupaten Tulang Bawang"
    assert ("1 janji sudah lewat waktu" in text, "2 permintaan belum ditangani" in text) == (True, True)
    assert "https://layanan.kantor.example/1808/kotak-masuk/" in text
    assert Reader.objects.get().digest_due_at == datetime(2026, 11, 25, 7, 30, tzinfo=WIB)


def test_where_nothing_waits_nothing_is_sent(
    budi: Officer, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    readers.reader_of(budi.user, at=clock.at)
    clock.set(TUESDAY)
    work()
    assert (mailbox.taken, Notification.objects.count()) == ([], 0)


def test_on_a_day_off_officers_are_left_alone(
    budi: Officer, office: Office, waiting: None, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    office.holidays.create(on=TUESDAY.date(), name_id="HUT", name_en="HUT", kind="local")
    readers.reader_of(budi.user, at=clock.at)
    clock.set(TUESDAY)
    work()
    assert (mailbox.taken, Reader.objects.get().digest_due_at) == (
        [],
        datetime(2026, 11, 25, 7, 30, tzinfo=WIB),
    )


def test_a_worker_that_stood_still_for_a_week_sends_one_overview(
    budi: Officer, waiting: None, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    readers.reader_of(budi.user, at=clock.at)
    clock.set(datetime(2026, 12, 1, 9, 0, tzinfo=WIB))
    work()
    assert len(mailbox.taken) == 1


def test_clients_have_none_unless_they_ask_for_it(
    ani_user: User, tell: Tell, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    reader = readers.reader_of(ani_user, at=clock.at)
    assert reader.digest_time is None
    readers.change(
        reader,
        language="id",
        quiet_from=None,
        quiet_until=None,
        quiet_weekends=False,
        digest_time=time(7, 30),
        at=clock.at,
    )
    tell(ani_user)
    work()
    mailbox.taken.clear()
    clock.set(TUESDAY)
    work()
    assert "Permintaan Anda KST-2222-3333-4444 sudah lengkap" in _text(mailbox)


def test_an_overview_is_not_counted_by_the_bell_nor_listed(
    budi: Officer, waiting: None, work: Any, clock: Clock, signed_in: Any
) -> None:
    readers.reader_of(budi.user, at=clock.at)
    clock.set(TUESDAY)
    work()
    page = signed_in(budi).get("/akun/pemberitahuan/").content.decode()
    assert ("Yang menunggu Anda" in page, "tidak ada yang baru" in page) == (False, True)


def test_an_officer_who_left_has_none(
    budi: Officer, waiting: None, work: Any, clock: Clock, mailbox: Mailbox
) -> None:
    readers.reader_of(budi.user, at=clock.at)
    Officer.objects.update(is_active=False)
    clock.set(TUESDAY)
    work()
    assert (mailbox.taken, digests.SOURCE.dead()) == ([], 0)


def test_whoever_does_not_answer_has_no_overview(
    fajar: Officer, hadi: Officer, waiting: None, work: Any, clock: Clock, mailbox: Mailbox
) -> None:
    """Front desk and administrator do not see the inbox."""
    for officer in (fajar, hadi):
        readers.reader_of(officer.user, at=clock.at)
    clock.set(TUESDAY)
    work()
    assert mailbox.taken == []
