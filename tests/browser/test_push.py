"""News on a device: the button, the worker that is woken, and a browser that does not allow it.

A browser without a screen reaches no push service: its answer to `subscribe` is written here, everything after it is
real. That a push wakes the worker is the browser's own part and is not tried.
"""

import re
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page, Worker, expect

from tests.browser.actors import next_page
from tests.browser.conftest import Open, Scene

pytestmark = pytest.mark.browser

CHOICES: Final = "/akun/pemberitahuan/pilihan/"
SUBSCRIBES: Final = """
  PushManager.prototype.getSubscription = async () => null;
  PushManager.prototype.subscribe = async (options) => {
    window.asked = [options.userVisibleOnly, options.applicationServerKey.length];
    const keys = { p256dh: "B".repeat(87), auth: "A".repeat(22) };
    return { toJSON: () => ({ endpoint: "https://push.contoh.example/%s", keys }) };
  };
"""
REFUSES: Final = """PushManager.prototype.getSubscription = async () => null;
  PushManager.prototype.subscribe = async () => { throw new DOMException("no service", "AbortError"); };"""
WORKER: Final = "async () => (await navigator.serviceWorker.ready).active.scriptURL"


@pytest.fixture
def scene(scenes: dict[str, Scene]) -> Scene:
    return scenes["pages"]


def button(page: Page) -> Locator:
    return page.get_by_role("button", name="Beri tahu saya di perangkat ini")


def phone(window: Open, scene: Scene, *, officer: str, script: str) -> Page:
    """The choices, in a browser that allows notifications and answers to a subscription like `script`."""
    page = window("phone", scene=scene, officer=officer)
    page.context.grant_permissions(["notifications"], origin=scene.origin)
    page.add_init_script(script)
    page.goto(scene.origin + CHOICES)
    return page


def latest(worker: Worker) -> dict[str, Any]:
    """What the worker would show if it were woken now."""
    found: dict[str, Any] = worker.evaluate("newest()")
    return found


def test_a_browser_that_was_forbidden_says_what_to_do(scene: Scene, window: Open) -> None:
    page = window("phone", scene=scene, officer="rini")
    page.goto(scene.origin + CHOICES)
    # A headless browser asks nobody: without a grant it has refused.
    button(page).click()
    expect(page.locator("push-opt-in [role=status]")).to_contain_text("Peramban Anda tidak mengizinkannya.")


def test_one_press_adds_the_device_and_another_one_removes_it(scene: Scene, window: Open) -> None:
    page = phone(window, scene, officer="wawan", script=SUBSCRIBES % "satu")
    expect(page.locator("[data-impossible]")).to_be_hidden()
    devices = page.locator("ul:has(+ push-opt-in) > li")
    expect(devices).to_have_count(0)
    button(page).click()
    expect(page.get_by_text("Mulai sekarang perangkat ini memberi tahu Anda.")).to_be_visible()
    expect(devices).to_have_count(1)
    expect(devices).to_contain_text(re.compile("Chrome"))
    assert page.evaluate(WORKER) == f"{scene.origin}/sw.js?bahasa=id"
    with next_page(page):
        button(page).click()  # the same browser again is the same device
    expect(devices).to_have_count(1)
    devices.get_by_role("button").click()
    expect(devices).to_have_count(0)


def test_a_browser_without_a_push_service_says_so_and_keeps_the_button(scene: Scene, window: Open) -> None:
    page = phone(window, scene, officer="rini", script=REFUSES)
    button(page).click()
    expect(page.locator("push-opt-in [role=status]")).to_have_text("Belum berhasil. Silakan coba lagi nanti.")
    expect(button(page)).to_be_enabled()


def test_a_woken_device_tells_its_reader_and_says_nothing_to_whoever_holds_it_later(
    scene: Scene, window: Open
) -> None:
    page = phone(window, scene, officer="rini", script=SUBSCRIBES % "dua")
    button(page).click()
    expect(page.locator("ul:has(+ push-opt-in) > li")).to_have_count(1)
    assert page.evaluate(WORKER) == f"{scene.origin}/sw.js?bahasa=id"
    known = page.context.service_workers
    worker = known[0] if known else page.context.wait_for_event("serviceworker")
    told = latest(worker)
    assert (told["title"] == "Sapa", re.fullmatch(r"/akun/pemberitahuan/\d+/", told["url"]) is None) == (
        False,
        False,
    )
    page.context.clear_cookies()
    assert latest(worker) == {
        "title": "Sapa",
        "body": "Ada kabar baru. Buka Sapa untuk membacanya.",
        "url": "/akun/pemberitahuan/",
        "tag": "sapa",
    }
