"""The online half as people use it: the client's room on a phone, the officer's case on a desk."""

import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open, Scene
from tests.browser.server import Server

PHONE: Final = {"viewport": {"width": 390, "height": 844}}
DATABASE: Final = "sapa.sqlite3"
TEN_O_CLOCK: Final = timedelta(hours=3)  # in UTC, of 10.00 WIB: nobody rests


def room(window: Open, scene: Scene, name: str, **options: bool) -> Page:
    """The client's phone with the conversation."""
    phone = window("phone", scene=scene, officer=name, **PHONE, **options)
    phone.goto(scene.url(f"konsultasi/{{room_{name}}}/"))
    return phone


def case(window: Open, scene: Scene, name: str, officer: str = "nana", **options: bool) -> Page:
    """The officer's desk with the same conversation."""
    desk = window("desk", scene=scene, officer=officer, **options)
    desk.goto(scene.url(f"kotak-masuk/{{case_{name}}}/"))
    return desk


def composer(page: Page) -> Locator:
    return page.locator("#composer")


def send(page: Page) -> Locator:
    return page.locator("#composer .composer-row button")


def say(page: Page, text: str) -> None:
    """Typed and sent; ends when the page itself shows it."""
    page.locator("#message-text").fill(text)
    send(page).click()
    expect(said(page, text)).to_have_count(1)


def said(page: Page, text: str) -> Locator:
    return page.locator("#thread .msg-text", has_text=re.compile(f"^{re.escape(text)}$"))


def answer(desk: Page, text: str) -> None:
    """The answer: what meets the promise."""
    desk.locator("#composer [name=kind][value=answer]").check()
    say(desk, text)


def places(page: Page) -> list[int]:
    """The numbers of the messages in the order in which they stand on the page."""
    found: list[int] = page.locator("#thread [id^=pesan-]").evaluate_all(
        "lines => lines.map(line => Number(line.id.replace('pesan-', '')))"
    )
    return found


def kept(server: Server, token: str) -> list[tuple[int, str]]:
    """Number and text of every message in the database."""
    with closing(sqlite3.connect(f"file:{server.folder / DATABASE}?mode=ro", uri=True)) as database:
        rows = database.execute(
            "SELECT m.sequence, m.text FROM inbox_message m"
            " JOIN inbox_conversation v ON v.id = m.conversation_id"
            " JOIN consultations_consultation c ON c.id = v.consultation_id"
            " WHERE c.token = ? ORDER BY m.sequence",
            [token],
        )
        return list(rows)


def expect_whole(server: Server, token: str, pages: Sequence[Page], texts: Sequence[str]) -> None:
    """Every page shows each message once, in the order of the database, and these texts were kept once each."""
    found = kept(server, token)
    numbers = [number for number, _text in found]
    assert numbers == list(range(1, len(found) + 1))
    assert [text for _number, text in found if text in texts] == list(texts)
    for page in pages:
        expect(page.locator("#thread [id^=pesan-]")).to_have_count(len(found))
        assert places(page) == numbers


@contextmanager
def held(server: Server, *, seconds: float) -> Iterator[None]:
    """Another program holds the database's write lock for so long, whatever happens inside meanwhile."""
    hold = (
        "import sqlite3, sys, time\n"
        "database = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "database.execute('BEGIN IMMEDIATE')\n"
        "print('held', flush=True)\n"
        "time.sleep(float(sys.argv[2]))\n"
    )
    command = [sys.executable, "-c", hold, str(server.folder / DATABASE), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield


def mails(server: Server, to: str) -> list[str]:
    """What was mailed to the address, as the console of the demonstration shows it, oldest first."""
    written = server.log.read_text(errors="replace").split("\n@ ")
    return [each for each in written if each.startswith(f"{to}: ")]


def look_away(page: Page, hidden: bool) -> None:
    """The phone is put into the pocket, or taken out of it."""
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


class LaterServer(Server):
    """A copy of a server's data that lives on other days."""

    def __init__(self, origin: Server) -> None:
        super().__init__()
        leave_out = shutil.ignore_patterns("log", f"{DATABASE}*")
        shutil.copytree(origin.folder, self.folder, dirs_exist_ok=True, ignore=leave_out)
        with (
            closing(sqlite3.connect(origin.folder / DATABASE)) as source,
            closing(sqlite3.connect(self.folder / DATABASE)) as copy,
        ):
            source.backup(copy)
        self.environment |= {"SAPA_DEMO": "1"}
        today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        is_past = datetime.now(UTC) - today > TEN_O_CLOCK - timedelta(minutes=2)
        self._next_ten = today + TEN_O_CLOCK + timedelta(days=is_past)

    def live_on(self, days: int) -> None:
        """At least so many days have gone by and it is ten o'clock; what fell due meanwhile is worked off."""
        self.stop()
        self.environment["SAPA_DEMO_NOW"] = (self._next_ten + timedelta(days=days)).isoformat()
        self.start()
