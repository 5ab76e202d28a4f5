"""Every kind of news, in both languages, with nothing untranslated and no value missing."""

import re
from email.message import EmailMessage
from typing import Any, Final

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from sapa.notifications import words
from sapa.notifications.kinds import KINDS, TOPICS
from sapa.notifications.models import Notification, Reader
from sapa.notifications.words import SAID, say
from sapa.offices.models import Office
from sapa.people.models import User
from tests.conftest import Clock
from tests.notifications.conftest import Tell
from tests.simulators.smtp import Mailbox

PARAMS: Final = {
    "code": "KST-2222-3333-4444",
    "due": "2026-11-25T08:30:00+00:00",
    "begins": "2026-11-26T03:00:00+00:00",
    "name": "Citra",
    "on": "2026-11-25",
    "return_on": "2026-11-27",
}
ALL: Final = sorted(SAID)


def _params(key: str) -> dict[str, str]:
    _what, _colon, variant = key.partition(":")
    return PARAMS | ({"variant": variant} if variant else {})


def test_every_kind_has_words_a_topic_and_a_place_among_the_choices() -> None:
    assert set(KINDS) - {each.partition(":")[0] for each in SAID} == set()
    assert {each.topic for each in KINDS.values()} == set(TOPICS)


@pytest.mark.parametrize("key", ALL)
def test_every_kind_is_said_completely_in_both_languages(key: str, office: Office) -> None:
    said = {}
    for language in ("id", "en"):
        with translation.override(language):
            found = say(key.partition(":")[0], _params(key), office)
        said[language] = found
        text = f"{found.title} {found.text} {found.action}"
        assert re.findall(r"%\(|\{|–|None", text) == []
    for part in ("title", "text", "action"):
        assert getattr(said["id"], part) != getattr(said["en"], part), f"{part} is not translated"


def test_dates_are_said_on_the_wall_clock_of_the_office(office: Office) -> None:
    office.zone_name = Office.Zone.WIT
    with translation.override("id"):
        assert (
            say("accepted", PARAMS, office).text
            == "Anda dijawab paling lambat Rabu, 25 November 2026 pukul 17.30 WIT."
        )


def test_an_old_row_without_a_value_still_reads(office: Office) -> None:
    with translation.override("id"):
        assert say("accepted", {"due": ""}, office).title == "Permintaan Anda – sudah lengkap"


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_kind_makes_a_mail_without_holes(
    language: str, tell: Tell, ani_user: User, mailbox: Mailbox, work: Any, clock: Clock, settings: Any
) -> None:
    Reader.objects.create(user=ani_user, language=language)
    # In two floods, for the mail in which a flood comes together names only so many.
    for part in (0, 1):
        for number, what in enumerate(KINDS):
            if number % 2 == part:
                # Told as one that is a few minutes old, so that nothing of it waits.
                tell(ani_user, what=what, thread=f"consultation-{number}", params=PARAMS)
        for _hour in range(4):
            clock.advance(minutes=61)
            work()
    subjects = [each.message["Subject"] for each in mailbox.taken]
    texts = [_text(each.message) for each in mailbox.taken]
    # One about a rating that does not exist is not sent; the rest of a flood comes together.
    told = sum(text.count("/akun/pemberitahuan/") - 3 for text in texts)
    assert (told, [text for text in texts if re.search(r"%\(|\{\{|None", text)], "" in subjects) == (
        len(KINDS) - 1,
        [],
        False,
    )


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_frame_of_a_mail_is_translated(language: str, office: Office) -> None:
    """Words that stand in both languages alike would be words that somebody forgot."""
    context = {"office": office, "language": language, "items": [], "more": 2, "intro": ""}
    frames = {}
    for each in ("id", "en"):
        with translation.override(each):
            frames[each] = render_to_string("notifications/mail.txt", context)
    lines = [
        [line.partition(":")[0] for line in frames[each].splitlines() if line.strip(" -")]
        for each in ("id", "en")
    ]
    assert set(lines[0]) & set(lines[1]) == {office.name}


def test_markup_in_a_value_is_only_text_in_the_page(
    office: Office, ani_user: User, clock: Clock, signed_in: Any
) -> None:
    Notification.objects.create(
        user=ani_user,
        office=office,
        what="accepted",
        path="/akun/",
        params={"code": "<script>alert(1)</script>"},
        created_at=clock.at,
    )
    page = signed_in(ani_user).get("/akun/pemberitahuan/").content.decode()
    assert ("<script>alert" in page, "&lt;script&gt;alert" in page) == (False, True)
    assert words.say("accepted", {}, office).action != ""
