"""The search in use: as one types, narrowed, down to the numbers and what does not exist; and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actors import next_page
from tests.browser.conftest import Open, Scene
from tests.browser.conversations import PHONE, case

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(scenes: dict[str, Scene]) -> Scene:
    return scenes["online"]


def narrow(page: Page, facet: str, value: str) -> None:
    """Choose a value of a facet; ends at the page with what is left."""
    page.locator(".facet summary", has_text=facet).click()
    with page.expect_navigation():
        page.locator(".facet[open] a", has_text=value).first.click()


def test_a_search_goes_from_letters_to_the_numbers_and_to_what_does_not_exist(
    scene: Scene, window: Open
) -> None:
    page = window("phone", scene=scene, **PHONE)
    page.goto(scene.url("cari/"))
    box = page.locator("#q-search")
    # What is suggested is asked for at a rest between letters: the list stands when all of them have been asked for.
    with page.expect_response(lambda answer: "/saran" in answer.url and "2024" in answer.url):
        box.press_sequentially("jumlah pendudk kecamatan 2024")
    expect(page.get_by_text("Ditampilkan hasil untuk “")).to_be_visible()
    expect(page.locator("#results mark").first).to_be_visible()
    chip = page.locator(".understood .chip", has_text="Tahun 2024")
    expect(chip).to_be_visible()
    # Suggestions stand under the box; Escape closes them.
    expect(page.locator("#q-suggestions [role=option]").first).to_be_visible()
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "q-suggestions-0")
    box.press("Escape")
    expect(page.locator("#q-suggestions")).to_be_hidden()
    narrow(page, "Jenis", "Tabel dinamis")
    expect(page).to_have_url(re.compile("jenis=dynamic_table"))
    with next_page(page):
        page.locator(".understood .chip", has_text="Tahun 2024").get_by_role("link").click()
    expect(page.locator("#q-search")).to_have_value(re.compile(r"^jumlah pendudk kecamatan\s*$"))
    expect(page.locator(".understood .chip", has_text="Tabel dinamis")).to_be_visible()
    # "/" and j lead by keys to the first hit.
    page.locator("body").press("j")
    expect(page.locator("#results [data-hit]").first).to_be_focused()
    page.goto(scene.url("katalog/{entry_figures}/"))
    page.get_by_role("link", name="Buka angkanya").click()
    expect(page.locator(".chart svg, svg.chart").first).to_be_visible()
    page.goto(scene.url("cari/?q=inflasi+kabupaten+ada+ga"))
    expect(page.locator("#results .hit").first).to_contain_text("Tidak tersedia karena:")


def test_the_office_page_helps_to_type_and_leads_straight_to_an_entry(scene: Scene, window: Open) -> None:
    page = window("phone", scene=scene, **PHONE)
    page.goto(scene.url(""))
    box = page.get_by_role("combobox")
    box.press_sequentially("kepadatan pendud")
    listbox = page.get_by_role("listbox", name="Saran")
    expect(listbox.get_by_role("group", name="Cari").get_by_role("option").first).to_have_text(
        "kepadatan penduduk"
    )
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press("Backspace")
    straight = listbox.get_by_role("group", name="Langsung ke").get_by_role("option").last
    expect(straight).to_be_visible()
    box.press("ArrowUp")
    expect(box).to_have_attribute("aria-activedescendant", straight.get_attribute("id") or "")
    with page.expect_navigation():
        box.press("Enter")
    expect(page).to_have_url(re.compile(r"/katalog/\d+/\?q=kepadatan"))


def test_escape_stops_suggestions_that_are_on_their_way(scene: Scene, window: Open) -> None:
    page = window("phone", scene=scene, **PHONE)
    page.goto(scene.url(""))
    page.route("**/saran/**", lambda route: None)  # the line is slow: nothing is answered
    box = page.get_by_role("combobox")
    with page.expect_request("**/saran/**"):
        box.press_sequentially("kepadatan")
    with page.expect_event("requestfailed", timeout=5_000):
        box.press("Escape")
    expect(box).to_have_value("kepadatan")
    expect(box).to_have_attribute("aria-expanded", "false")


def test_the_search_is_whole_without_javascript(scene: Scene, window: Open) -> None:
    page = window("phone", scene=scene, java_script_enabled=False)
    page.goto(scene.url("cari/"))
    page.locator("#q-search").fill("penduduk 2024")
    with page.expect_navigation():
        page.locator("#search-form [type=submit]").click()
    found = page.locator("#search-status").inner_text()
    narrow(page, "Jenis", "Publikasi")
    expect(page.locator("#search-status")).not_to_have_text(found)
    expect(page.locator("#results .hit-kind").first).to_contain_text("Publikasi")
    page.locator(".understood .chip", has_text="Publikasi").get_by_role("link").click()
    expect(page.locator("#search-status")).to_have_text(found)
    page.get_by_role("link", name="Berikutnya").click()
    expect(page).to_have_url(re.compile("hal=2"))
    expect(page.locator("#results [data-hit]").first).to_be_visible()


def test_an_officer_sees_how_the_query_was_read_and_what_does_not_exist(scene: Scene, window: Open) -> None:
    desk = case(window, scene, "cites")
    desk.locator("#cite summary").first.click()
    desk.locator("#cite-q").press_sequentially("inflasi kabupaten 2024 ada ga")
    part = desk.locator("#catalogue-hits")
    expect(part).to_contain_text("Dipahami:")
    expect(part).to_contain_text("Tahun 2024")
    expect(part.locator(".notice.warning").first).to_be_visible()
