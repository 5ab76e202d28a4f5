"""Mails through a real server: what stands in them, and what happens when it refuses, is away, or dies half-way."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress

from sapa.consultations.models import Consultation
from sapa.inbox.models import Conversation, Message
from sapa.notifications import deliveries
from sapa.notifications.kinds import TOPICS
from sapa.notifications.models import Delivery, Reader
from sapa.notifications.unsubscribing import wish_of
from sapa.offices.models import Office
from sapa.people.models import Client, Officer, User
from tests.conftest import Clock
from tests.notifications.conftest import Tell, states
from tests.simulators.smtp import Mailbox, mail_server

DUE = "Rabu, 25 November 2026 pukul 15.30 WIB"


def _parts(message: EmailMessage) -> tuple[str, str]:
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


def test_a_mail_says_it_in_text_and_html_with_a_link_and_a_way_out(
    tell: Tell, ani_user: User, mailbox: Mailbox, work: Any
) -> None:
    (notification,) = tell(ani_user)
    work()
    (mail,) = mailbox.taken
    message = mail.message
    text, html = _parts(message)
    link = f"https://layanan.kantor.example/akun/pemberitahuan/{notification.pk}/"
    assert (mail.sender, mail.recipients) == ("sapa@kantor.example", ["ani@contoh.example"])
    assert message["From"] == "BPS Kabupaten Tulang Bawang <sapa@kantor.example>"
    assert message["Subject"] == "Permintaan Anda KST-2222-3333-4444 sudah lengkap"
    assert (text.count(link), html.count(link), DUE in text, DUE in html) == (1, 1, True, True)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["References"] == "<sapa.consultation-1@layanan.kantor.example>"
    assert states() == ["settled sent"]
    delivery = Delivery.objects.get()
    assert message["Message-ID"] == delivery.message_id


def test_the_link_in_the_header_ends_mails_of_that_topic_only(
    tell: Tell, ani_user: User, mailbox: Mailbox, work: Any
) -> None:
    tell(ani_user)
    work()
    signed = mailbox.taken[0].message["List-Unsubscribe"].strip("<>").rstrip("/").rpartition("/")[2]
    wish = wish_of(signed)
    assert wish is not None
    assert (wish.user, wish.topic) == (ani_user, TOPICS["request"])


def test_mails_speak_the_language_of_their_reader(
    tell: Tell, ani_user: User, mailbox: Mailbox, work: Any
) -> None:
    Reader.objects.create(user=ani_user, language="en")
    tell(ani_user)
    work()
    message = mailbox.taken[0].message
    assert message["Subject"] == "Your request KST-2222-3333-4444 is complete"
    assert "Wednesday, 25 November 2026 at 15:30 WIB" in _parts(message)[0]


def test_nobody_is_mailed_at_an_address_that_was_not_confirmed(
    tell: Tell, ani_user: User, mailbox: Mailbox, work: Any
) -> None:
    EmailAddress.objects.update(verified=False)
    tell(ani_user)
    work()
    assert (mailbox.taken, states()) == ([], ["settled no address"])


def test_an_officer_is_mailed_at_the_address_of_the_appointment(
    tell: Tell, budi: Officer, mailbox: Mailbox, work: Any
) -> None:
    EmailAddress.objects.update(verified=False)
    tell(budi.user, what="assigned")
    work()
    assert [each.recipients for each in mailbox.taken] == [["budi@bps.example"]]


def test_we_never_write_to_ourselves(tell: Tell, ani_user: User, mailbox: Mailbox, work: Any) -> None:
    EmailAddress.objects.update(email="sapa@kantor.example")
    tell(ani_user)
    work()
    assert (mailbox.taken, states()) == ([], ["settled no address"])


def test_many_messages_within_minutes_are_one_mail(
    tell: Tell, ani_user: User, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    for _each in range(3):
        tell(ani_user, what="office_wrote")
        clock.advance(seconds=20)
    work()
    assert mailbox.taken == []
    clock.advance(minutes=2)
    work()
    (mail,) = mailbox.taken
    first = Delivery.objects.earliest("id")
    assert mail.message["Subject"] == "3 kabar tentang KST-2222-3333-4444"
    assert states() == ["settled sent", f"settled with {first.pk}", f"settled with {first.pk}"]


def test_between_two_mails_of_a_conversation_there_are_five_minutes(
    tell: Tell, ani_user: User, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    tell(ani_user, what="office_wrote")
    clock.advance(minutes=2)
    work()
    sent_at = clock.at
    clock.advance(seconds=30)
    tell(ani_user, what="office_wrote")
    assert Delivery.objects.latest("id").due_at == sent_at + timedelta(minutes=5)


def test_what_was_seen_in_the_page_is_not_mailed(
    tell: Tell, ani_user: User, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    (notification,) = tell(ani_user, what="office_wrote")
    notification.seen_at = clock.at
    notification.save()
    clock.advance(minutes=3)
    work()
    assert (mailbox.taken, states()) == ([], ["settled seen"])


def test_a_flood_is_held_back_and_comes_as_one(
    tell: Tell, ani_user: User, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    for number in range(15):
        tell(ani_user, what="closed", thread=f"consultation-{number}")
    work()
    assert len(mailbox.taken) == deliveries.MOST_MAILS_AN_HOUR
    clock.advance(hours=1, minutes=1)
    work()
    assert [each.message["Subject"] for each in mailbox.taken[12:]] == ["3 kabar tentang KST-2222-3333-4444"]


def test_what_a_flood_held_back_for_days_is_left_out_and_nothing_is_given_up(
    tell: Tell, ani_user: User, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    """A server that was off for a week: the oldest news stands in the page, and the operator has nothing to mend."""
    for number in range(15):
        tell(ani_user, what="closed", thread=f"consultation-{number}")
    clock.advance(days=8)
    work()
    assert len(mailbox.taken) == deliveries.MOST_MAILS_AN_HOUR
    assert (states().count("settled left out: flood"), deliveries.SOURCE.dead()) == (3, 0)


def test_refused_for_now_is_tried_again_later_and_longer_each_time(
    tell: Tell, ani_user: User, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    mailbox.to_recipient["ani@contoh.example"] = "450 4.2.1 greylisted"
    tell(ani_user)
    work()
    assert states() == ["waits 450 recipient"]
    first = Delivery.objects.get().due_at
    clock.set(first)
    work()
    assert Delivery.objects.get().due_at - clock.at == 2 * (first - datetime(2026, 11, 23, 1, 30, tzinfo=UTC))
    mailbox.to_recipient.clear()
    clock.advance(minutes=2)
    work()
    assert (len(mailbox.taken), states()) == (1, ["settled sent"])


def test_an_address_refused_for_good_is_given_up_and_never_stops_the_others(
    tell: Tell, ani_user: User, budi: Officer, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    mailbox.to_recipient["ani@contoh.example"] = "550 5.1.1 no such user"
    tell(ani_user)
    tell(budi.user, what="assigned")
    work()
    assert [each.recipients for each in mailbox.taken] == [["budi@bps.example"]]
    assert states() == ["dead refused: 550 recipient", "settled sent"]
    # A mistyped address is not the operator's illness; it stands in the list all the same.
    assert (deliveries.SOURCE.dead(), deliveries.dead_of(budi.office).count()) == (0, 1)
    tell(ani_user, what="closed")
    work()
    assert states()[2:] == ["settled address refused before"]


def test_a_delivery_that_was_given_up_can_be_sent_again_or_dropped(
    tell: Tell, ani_user: User, office: Office, hadi: Officer, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    mailbox.to_recipient["ani@contoh.example"] = "550 5.1.1 no such user"
    tell(ani_user)
    work()
    mailbox.to_recipient.clear()
    deliveries.revive(deliveries.dead_of(office)[0], by=hadi.user, at=clock.at)
    work()
    assert (len(mailbox.taken), states()) == (1, ["settled sent"])
    Delivery.objects.update(settled_at=None, dead_at=clock.at)
    deliveries.drop(deliveries.dead_of(office)[0], by=hadi.user, at=clock.at)
    assert states() == ["settled dropped"]


def test_what_is_sent_again_has_all_the_patience_of_a_new_delivery(
    tell: Tell, ani_user: User, office: Office, hadi: Officer, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    mailbox.to_recipient["ani@contoh.example"] = "450 4.2.1 full"
    tell(ani_user)
    for _hour in range(74):
        work()
        clock.advance(hours=1)
    assert states() == ["dead failed: waited too long, 450 recipient"]
    deliveries.revive(deliveries.dead_of(office)[0], by=hadi.user, at=clock.at)
    work()
    clock.advance(hours=70)
    work()
    assert states() == ["waits 450 recipient"]
    clock.advance(hours=3)
    work()
    assert states() == ["dead failed: waited too long, 450 recipient"]


def test_a_mail_server_that_is_away_for_an_hour_loses_nothing(
    tell: Tell, ani_user: User, budi: Officer, settings: Any, work: Any, clock: Clock
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 2
    with mail_server() as box:
        settings.EMAIL_PORT = box.port
    for number in range(5):
        tell(ani_user, what="closed", thread=f"consultation-{number}")
        tell(budi.user, what="assigned", thread=f"consultation-{number}")
    for _minute in range(60):
        work()
        clock.advance(minutes=1)
    assert set(states()) == {"waits ConnectionRefusedError"}
    # One knocks for all: not ten knocks a minute.
    assert sum(Delivery.objects.values_list("attempts", flat=True)) <= 60
    with mail_server(box):
        clock.advance(minutes=16)
        work()
    assert (len(box.taken), set(states())) == (10, {"settled sent"})


def test_a_refused_sender_is_about_us_and_holds_everything(
    tell: Tell, ani_user: User, budi: Officer, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    mailbox.to_mail = "530 5.7.0 authentication required"
    tell(ani_user)
    tell(budi.user, what="assigned")
    work()
    assert (mailbox.sessions, states()) == (1, ["waits SMTPSenderRefused 530"] * 2)


def test_after_three_days_of_refusals_it_is_given_up_and_the_operator_sees_it(
    tell: Tell, ani_user: User, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    mailbox.to_data = "451 4.3.0 try later"
    tell(ani_user)
    work()
    clock.advance(days=3, minutes=1)
    work()
    assert states() == ["dead failed: waited too long, 451 data"]
    assert deliveries.SOURCE.dead() == 1


def test_a_mail_refused_for_its_content_is_given_up_alone(
    tell: Tell, ani_user: User, mailbox: Mailbox, work: Any
) -> None:
    mailbox.to_data = "554 5.7.1 looks like spam"
    tell(ani_user)
    work()
    assert states() == ["dead failed: 554 data"]
    assert Reader.objects.get().refused_address == ""


def test_killed_between_sending_and_settling_it_comes_again_with_the_same_message_id(
    tell: Tell, ani_user: User, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    """At least once, as documented: the server took the mail, we never heard of it."""
    mailbox.cuts_after_data = True
    tell(ani_user)
    work()
    assert (len(mailbox.taken), states()) == (1, ["waits SMTPServerDisconnected"])
    mailbox.cuts_after_data = False
    clock.advance(minutes=1)
    work()
    assert states() == ["settled sent"]
    assert len({each.message["Message-ID"] for each in mailbox.taken}) == 1


def test_a_worker_that_died_with_a_claim_is_relieved_when_its_lease_ends(
    tell: Tell, ani_user: User, mailbox: Mailbox, work: Any, clock: Clock
) -> None:
    tell(ani_user)
    Delivery.objects.update(leased_until=clock.at + deliveries.LEASE, attempts=1)
    work()
    assert mailbox.taken == []
    clock.set(clock.at + deliveries.LEASE)
    work()
    assert (len(mailbox.taken), states()) == (1, ["settled sent"])


@pytest.fixture
def conversation(office: Office, ani: Client, ani_user: User, clock: Clock) -> Conversation:
    ani.user = ani_user
    ani.save()
    consultation = Consultation.objects.create(
        office=office,
        client=ani,
        service=office.services.get(key="consultation"),
        standard=office.standards.get(),
        code="KST-2222-3333-4444",
        door="web",
        subject="<b>Beli sekarang</b> https://jahat.example",
        requested_at=clock.at,
        waiting_for="office",
        turn_at=clock.at,
    )
    return Conversation.objects.create(office=office, consultation=consultation)


def _said(conversation: Conversation, officer: Officer | None, text: str, clock: Clock) -> Message:
    conversation.last_sequence += 1
    conversation.save()
    return Message.objects.create(
        conversation=conversation,
        sequence=conversation.last_sequence,
        key=uuid4(),
        side="office" if officer else "client",
        kind="message",
        officer=officer,
        text=text,
        at=clock.at,
    )


def test_the_client_reads_the_beginning_of_what_the_office_wrote_an_officer_nothing_of_the_client(
    conversation: Conversation,
    budi: Officer,
    ani_user: User,
    tell: Tell,
    mailbox: Mailbox,
    work: Any,
    clock: Clock,
) -> None:
    answer = _said(conversation, budi, "Angka kemiskinan <b>2025</b>:\n" + "x" * 300, clock)
    question = _said(conversation, None, "NIK saya 1808010101010001", clock)
    for user, what, message in ((ani_user, "office_wrote", answer), (budi.user, "client_wrote", question)):
        (notification,) = tell(user, what=what)
        notification.subject_type, notification.subject_id = "message", message.pk
        notification.save()
    clock.advance(minutes=3)
    work()
    text, html = _parts(mailbox.taken[0].message)
    excerpt = "Angka kemiskinan <b>2025</b>: " + "x" * 169 + "…"
    assert (len(excerpt), f"> {excerpt}" in text, "<b>2025" in html, "&lt;b&gt;2025" in html) == (
        200,
        True,
        False,
        True,
    )
    assert [b"NIK" in each.raw for each in mailbox.taken] == [False, False]


def test_what_was_read_in_the_open_conversation_is_not_mailed(
    conversation: Conversation,
    budi: Officer,
    ani_user: User,
    tell: Tell,
    mailbox: Mailbox,
    work: Any,
    clock: Clock,
) -> None:
    answer = _said(conversation, budi, "Sudah ada.", clock)
    (notification,) = tell(ani_user, what="office_wrote")
    notification.subject_type, notification.subject_id = "message", answer.pk
    notification.save()
    Conversation.objects.update(client_delivered=1, client_read=1)
    clock.advance(minutes=3)
    work()
    assert (mailbox.taken, states()) == ([], ["settled seen"])
