"""What is live stays true: after a cut, after a restart, on a phone that slept; and what is not live says so."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actors import Guest, next_page, sign_on_phone
from tests.browser.conftest import Open, Scene, Watch
from tests.browser.server import Server

pytestmark = pytest.mark.browser

AT_ONCE = 1_000
GRACE = 2_000  # so long a page waits before it says that it is cut off
SLOWEST_RETURN = 20_000  # pages come back one after the other, up to 15 seconds apart


@pytest.fixture
def scene(scenes: dict[str, Scene]) -> Scene:
    return scenes["live"]


@pytest.fixture
def desk(scene: Scene, window: Open) -> Page:
    """A consultant with a free desk, whatever an earlier test left behind."""
    page = window("desk", scene=scene, officer="sinta")
    page.goto(scene.url("meja/"))
    for rest in ("Meja 1", "Tidak datang"):
        button = page.get_by_role("button", name=rest)
        if button.count():
            with next_page(page):
                button.click()
            expect(button).to_have_count(0)
    expect(page.get_by_text("Meja Anda kosong")).to_be_visible()
    return page


def banner(page: Page) -> str:
    shown = page.locator("[data-live-banner]")
    expect(shown).to_be_visible(timeout=GRACE + AT_ONCE)
    return shown.inner_text()


def call(desk: Page, number: str) -> None:
    """The given number, in or out of turn."""
    desk.get_by_text("Panggil di luar urutan").click()
    chosen = desk.locator("select[name=ticket] option", has_text=number).get_attribute("value")
    desk.locator("select[name=ticket]").select_option(chosen)
    desk.locator("input[name=reason]").fill("untuk uji")
    desk.locator("form:has(select[name=ticket]) [type=submit]").click()
    expect(desk.locator("#work .number-value")).to_have_text(number)


def test_a_board_that_was_cut_off_says_so_and_then_shows_what_it_missed(
    scene: Scene, window: Open, desk: Page, watch: Watch
) -> None:
    board = window("board")
    board.goto(scene.url("papan/{board}/"))
    number = sign_on_phone(window("phone"), scene, Guest())
    board.evaluate("window.same = true")

    watch.expects_cut = True
    board.context.set_offline(True)
    assert "terputus" in banner(board)
    call(desk, number)
    expect(board.locator("body")).not_to_contain_text(number)
    board.context.set_offline(False)
    expect(board.locator(".board-now .number-value")).to_have_text(number, timeout=SLOWEST_RETURN)
    expect(board.locator("[data-live-banner]")).to_be_hidden(timeout=SLOWEST_RETURN)
    assert board.evaluate("window.same"), "the page was loaded anew"


def test_pages_outlive_a_restart_of_the_server(
    scene: Scene, window: Open, desk: Page, watch: Watch, server: Server
) -> None:
    board, phone = window("board"), window("phone")
    board.goto(scene.url("papan/{board}/"))
    number = sign_on_phone(phone, scene, Guest(name="Bayu Saputra", email="bayu@contoh.example"))
    pages = (board, phone, desk)
    for page in pages:
        page.evaluate("window.same = true")

    watch.expects_cut = True
    server.stop()
    try:
        for page in pages:
            assert "terputus" in banner(page)
    finally:
        server.start()
    for page in pages:
        expect(page.locator("[data-live-banner]")).to_be_hidden(timeout=SLOWEST_RETURN)
    call(desk, number)
    expect(board.locator(".board-now .number-value")).to_have_text(number, timeout=AT_ONCE)
    expect(phone.get_by_text("Silakan menuju Meja 1")).to_be_visible(timeout=AT_ONCE)
    assert board.evaluate("window.same")
    assert phone.evaluate("window.same")


def test_a_page_that_hears_nothing_for_long_does_not_pass_for_fresh(
    scene: Scene, window: Open, watch: Watch, server: Server
) -> None:
    board = window("board")
    board.clock.install()
    board.goto(scene.url("papan/{board}/"))
    expect(board.locator("body")).to_have_attribute("data-live", "live")
    watch.expects_cut = True
    server.freeze()
    try:
        board.clock.fast_forward(46_000)
        assert "Tidak ada kabar" in banner(board)
    finally:
        server.thaw()
    board.clock.fast_forward(2_000)
    expect(board.locator("[data-live-banner]")).to_be_hidden(timeout=SLOWEST_RETURN)


def test_a_phone_that_slept_shows_the_call_as_soon_as_it_is_looked_at(
    scene: Scene, window: Open, desk: Page, watch: Watch
) -> None:
    phone = window("phone")
    number = sign_on_phone(phone, scene, Guest(name="Citra Dewi", email="citra.dewi@contoh.example"))
    look = """hidden => {
        Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    watch.expects_cut = True
    phone.evaluate(look, True)
    phone.context.set_offline(True)
    call(desk, number)
    phone.context.set_offline(False)
    phone.evaluate(look, False)
    expect(phone.get_by_text("Silakan menuju Meja 1")).to_be_visible(timeout=AT_ONCE)
