"""What could not be delivered, as an administrator meets it."""

import re
from typing import Any

from sapa.notifications.models import Delivery
from sapa.offices.models import Office
from sapa.people.models import Officer, User
from tests.cast import make_officer
from tests.notifications.conftest import Tell, states
from tests.simulators.smtp import Mailbox

PAGE = "/1808/pengaturan/pekerjaan/"


def _given_up(tell: Tell, user: User, mailbox: Mailbox, work: Any) -> int:
    mailbox.to_recipient[user.email] = "550 5.1.1 <ani@contoh.example> no such user"
    tell(user)
    work()
    return Delivery.objects.get().pk


def test_the_page_names_case_and_reason_but_not_the_person(
    tell: Tell, ani_user: User, hadi: Officer, mailbox: Mailbox, work: Any, signed_in: Any
) -> None:
    _given_up(tell, ani_user, mailbox, work)
    page = re.sub(r"<[^>]+>", " ", signed_in(hadi).get(PAGE).content.decode())
    assert ("KST-2222-3333-4444" in page, "refused: 550 recipient" in page) == (True, True)
    assert ("ani@contoh.example" in page, "Ani Lestari" in page) == (False, False)


def test_it_is_tried_again_or_dropped_once(
    tell: Tell, ani_user: User, hadi: Officer, mailbox: Mailbox, work: Any, signed_in: Any
) -> None:
    number = _given_up(tell, ani_user, mailbox, work)
    browser = signed_in(hadi)
    mailbox.to_recipient.clear()
    assert browser.post(f"{PAGE}kiriman/{number}/percobaan/").status_code == 302
    work()
    assert (len(mailbox.taken), states()) == (1, ["settled sent"])
    answer = browser.post(f"{PAGE}kiriman/{number}/pembuangan/", follow=True)
    assert ("Ini sudah dikirim ulang." in answer.content.decode(), states()) == (True, ["settled sent"])


def test_another_office_neither_sees_nor_touches_it(
    tell: Tell, ani_user: User, other_office: Office, mailbox: Mailbox, work: Any, signed_in: Any
) -> None:
    number = _given_up(tell, ani_user, mailbox, work)
    browser = signed_in(make_officer(other_office, "doni", Officer.Role.ADMIN))
    assert "KST-2222" not in browser.get("/1812/pengaturan/pekerjaan/").content.decode()
    for office in ("1812", "1808"):
        for verb in ("percobaan", "pembuangan"):
            address = f"/{office}/pengaturan/pekerjaan/kiriman/{number}/{verb}/"
            assert browser.post(address).status_code == 404
    assert states() == ["dead refused: 550 recipient"]
