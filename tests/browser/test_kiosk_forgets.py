"""Nothing of a visitor stays on the device at the door."""

from contextlib import suppress
from dataclasses import replace

import pytest
from playwright.sync_api import Error, Page, Response, expect

from tests.browser.actors import Guest, begin_at_kiosk, choose, go_on, sign_at_kiosk
from tests.browser.conftest import Open, Scene, Watch

pytestmark = pytest.mark.browser

GUEST = Guest(name="Wulan Firmansyah", phone="0815-7777-8888", email="wulan@contoh.example")
TRACES = ("Wulan", "Firmansyah", "7777", "8888", "wulan@contoh", "1987")
IDLE = 60_000
WARNING = 15_000
NUMBER_SHOWN = 20_000
MAY_BE_KEPT = {"sapa_language", "sapa_csrf"}  # the language, and a random key that belongs to nobody

# Everything a page can keep, and everything that stands in its fields.
KEPT = """async () => ({
    local: Object.entries(localStorage),
    session: Object.entries(sessionStorage),
    caches: await caches.keys(),
    databases: (await indexedDB.databases()).map(each => each.name),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
WRITTEN = """() => document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')]
    .filter(field => !['radio', 'checkbox'].includes(field.type) || field.checked)
    .map(field => `${field.name}=${field.value}`).join(' ')"""
NOTHING = {"local": [], "session": [], "caches": [], "databases": [], "workers": 0}


@pytest.fixture
def scene(scenes: dict[str, Scene]) -> Scene:
    return scenes["kiosk"]


@pytest.fixture
def kiosk(window: Open) -> Page:
    """A kiosk whose clock the test moves."""
    page = window("kiosk")
    page.clock.install()
    return page


def half_filled(kiosk: Page, scene: Scene) -> None:
    """In the middle of the questions, with something typed that was not sent yet."""
    begin_at_kiosk(kiosk, scene, GUEST)
    kiosk.locator("#id_name").fill(GUEST.name)
    kiosk.locator("#id_email").fill(GUEST.email)
    go_on(kiosk)
    choose(kiosk, "Perempuan")
    kiosk.locator("#id_birth_year").fill("1987")


def wait_out(kiosk: Page, scene: Scene, milliseconds: int) -> None:
    """Nobody touches the screen for so long; it has gone back to its start."""
    kiosk.clock.fast_forward(milliseconds)
    kiosk.wait_for_url(scene.url("kios/{kiosk}/"))
    expect(kiosk.get_by_role("button", name="Konsultasi statistik")).to_be_visible()


def assert_forgotten(kiosk: Page) -> None:
    assert kiosk.evaluate(KEPT) == NOTHING
    assert {cookie["name"] for cookie in kiosk.context.cookies()} <= MAY_BE_KEPT
    assert_no_trace(kiosk)


def assert_no_trace(kiosk: Page) -> None:
    written = kiosk.evaluate(WRITTEN)
    assert [trace for trace in TRACES if trace in written] == []


def go_back(kiosk: Page) -> None:
    """One step back in the history, as far as there is one."""
    with kiosk.expect_event("domcontentloaded"), suppress(Error):  # the page leaves while it is asked to
        kiosk.evaluate("history.back()")


def test_a_kiosk_warns_first_and_goes_on_when_touched(scene: Scene, kiosk: Page) -> None:
    half_filled(kiosk, scene)
    kiosk.clock.fast_forward(IDLE - WARNING + 1_000)
    expect(kiosk.get_by_role("dialog")).to_contain_text("Anda masih di sini?")
    kiosk.get_by_role("dialog").get_by_role("button", name="Lanjutkan").tap()
    expect(kiosk.get_by_role("dialog")).to_be_hidden()
    expect(kiosk.locator("#id_birth_year")).to_have_value("1987")


def test_a_visitor_who_walks_away_leaves_nothing_on_the_device(scene: Scene, kiosk: Page) -> None:
    half_filled(kiosk, scene)
    wait_out(kiosk, scene, IDLE + 1_000)
    assert_forgotten(kiosk)
    for _step in range(3):
        go_back(kiosk)
        assert_forgotten(kiosk)


def test_a_visitor_who_has_finished_leaves_nothing_on_the_device(scene: Scene, kiosk: Page) -> None:
    number = sign_at_kiosk(kiosk, scene, replace(GUEST, phone="0815-7777-8880"))
    wait_out(kiosk, scene, NUMBER_SHOWN + 1_000)
    assert_forgotten(kiosk)
    for _step in range(3):
        go_back(kiosk)
        assert number not in kiosk.get_by_role("main").inner_text()
        assert_forgotten(kiosk)


def test_no_page_of_the_kiosk_may_be_kept_by_the_browser(scene: Scene, window: Open) -> None:
    kiosk = window("kiosk")
    kept: list[str] = []

    def note(response: Response) -> None:
        if response.request.resource_type in ("document", "fetch", "xhr"):
            kept.append(f"{response.headers.get('cache-control', '')} {response.url}")

    kiosk.on("response", note)
    sign_at_kiosk(kiosk, scene, replace(GUEST, phone="0815-7777-8881"))
    assert len(kept) > 8
    assert [each for each in kept if "no-store" not in each] == []


def test_without_a_line_the_way_back_shows_no_page_of_the_visitor(
    scene: Scene, kiosk: Page, watch: Watch
) -> None:
    half_filled(kiosk, scene)
    wait_out(kiosk, scene, IDLE + 1_000)
    watch.expects_cut = True
    kiosk.context.set_offline(True)
    go_back(kiosk)
    assert_no_trace(kiosk)
