"""The bell: what somebody is told stands in the open page within a second, and what is typed outlives the page."""

from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actors import next_page
from tests.browser.conftest import Open, Scene
from tests.browser.conversations import case, room, said, say, send

pytestmark = pytest.mark.browser

AT_ONCE: Final = 1_000  # milliseconds between cause and change (issue 3, point 4)
CAUGHT_UP: Final = (
    20_000  # the first time: the office was filled a moment ago, and everybody is being told of that
)


@pytest.fixture
def scene(scenes: dict[str, Scene]) -> Scene:
    return scenes["online"]


def rung(page: Page) -> int:
    """What the bell counts now."""
    count = page.locator("#bell .count")
    return int(count.inner_text()) if count.count() else 0


def expect_rung(page: Page, count: int, *, within: int = AT_ONCE) -> None:
    expect(page.locator("#bell .count")).to_have_text(str(count), timeout=within)
    assert page.evaluate("window.same"), "the page was loaded anew"


def test_the_bell_of_either_side_counts_within_a_second(scene: Scene, window: Open) -> None:
    phone, desk = room(window, scene, "bell"), window("desk", scene=scene, officer="nana")
    desk.goto(scene.url("kotak-masuk/?tampilan=untuk-klien"))
    told = rung(desk)
    expect(desk.locator("body")).to_have_attribute("data-live", "live")
    desk.evaluate("window.same = true")
    say(phone, "Sudah ada kabar?")
    expect_rung(desk, told + 1, within=CAUGHT_UP)
    say(phone, "Saya tunggu.")
    expect_rung(desk, told + 2)

    # The client looks at the list of news meanwhile; the officer answers.
    desk = case(window, scene, "bell")
    phone.goto(scene.origin + "/akun/pemberitahuan/")
    told = rung(phone)
    expect(phone.locator("body")).to_have_attribute("data-live", "live")
    phone.evaluate("window.same = true")
    say(desk, "Sebentar lagi.")
    expect_rung(phone, told + 1)
    with next_page(phone):
        phone.locator("#bell a").click()
    phone.goto(scene.url("konsultasi/{room_bell}/"))
    expect(said(phone, "Sebentar lagi.")).to_be_visible()
    expect(phone.locator("#bell .count")).to_have_count(0)


def test_what_is_typed_outlives_the_page_and_is_gone_once_it_was_sent(scene: Scene, window: Open) -> None:
    phone = room(window, scene, "typed")
    phone.locator("#message-text").press_sequentially("Tahun 2024 dan")
    expect(phone.locator("#kept")).to_contain_text("pukul", timeout=5_000)
    phone.reload()
    expect(phone.locator("#message-text")).to_have_value("Tahun 2024 dan")
    phone.locator("#message-text").fill("Tahun 2024 dan 2025")
    send(phone).click()
    expect(said(phone, "Tahun 2024 dan 2025")).to_have_count(1)
    expect(phone.locator("#kept")).to_be_empty()
    phone.wait_for_timeout(2_500)  # longer than a page waits before it keeps what was typed
    phone.reload()
    expect(phone.locator("#message-text")).to_have_value("")
    expect(said(phone, "Tahun 2024 dan 2025")).to_have_count(1)
