"""A browser that was woken: it fetches with its reader's session, and says nothing to whoever holds the phone later."""

from typing import Any, Final

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import Open, Scene

pytestmark = pytest.mark.browser

CHOICES: Final = "/akun/pemberitahuan/pilihan/"
REGISTER: Final = """async () => {
    await navigator.serviceWorker.register(document.querySelector('push-opt-in').dataset.worker);
    await navigator.serviceWorker.ready;
}"""
SHOWN: Final = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
    .map(({ title, body, tag, data }) => [title, body, tag, data.url])"""


@pytest.fixture
def scene(scenes: dict[str, Scene]) -> Scene:
    return scenes["pages"]


class Phone:
    """A window whose browser can be woken, without any push service outside."""

    def __init__(self, page: Page, scene: Scene) -> None:
        self.page, self.origin = page, scene.origin
        page.context.grant_permissions(["notifications"], origin=scene.origin)
        page.goto(scene.origin + CHOICES)
        self._ids: list[str] = []
        self._devtools: CDPSession = page.context.new_cdp_session(page)
        self._devtools.on("ServiceWorker.workerRegistrationUpdated", self._registered)
        self._devtools.send("ServiceWorker.enable")
        page.evaluate(REGISTER)

    def _registered(self, event: dict[str, Any]) -> None:
        self._ids += [each["registrationId"] for each in event["registrations"]]

    def wake(self, more: int) -> list[list[str]]:
        """A push without payload arrives; what the phone shows as soon as there are so many."""
        values = {"origin": self.origin, "registrationId": self._ids[-1], "data": ""}
        self._devtools.send("ServiceWorker.deliverPushMessage", values)
        shown: list[list[str]] = []
        for _tenth in range(100):
            shown = self.page.evaluate(SHOWN)
            if len(shown) >= more:
                break
            self.page.wait_for_timeout(100)
        return shown


def test_a_woken_phone_shows_the_latest_to_its_reader_and_a_neutral_sentence_when_signed_out(
    scene: Scene, window: Open
) -> None:
    phone = Phone(window("phone", scene=scene, officer="rini"), scene)
    ((title, _body, _tag, address),) = phone.wake(1)
    assert title == "Sisa satu hari kerja untuk KST-7KQ4-M2XW-9TRB"
    assert address.startswith("/akun/pemberitahuan/")
    phone.page.context.clear_cookies()
    assert [
        "Sapa",
        "Ada kabar baru. Buka Sapa untuk membacanya.",
        "sapa",
        "/akun/pemberitahuan/",
    ] in phone.wake(2)


def test_a_browser_that_was_forbidden_says_what_to_do(scene: Scene, window: Open) -> None:
    page = window("phone", scene=scene, officer="rini")
    page.goto(scene.origin + CHOICES)
    # A headless browser asks nobody: without a grant it has refused.
    page.get_by_role("button", name="Beri tahu saya di perangkat ini").click()
    expect(page.locator("push-opt-in [role=status]")).to_contain_text("Peramban Anda tidak mengizinkannya.")
