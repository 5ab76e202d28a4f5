"""The numbers of a table: chosen, drawn and cited on a phone, and put into an answer by an officer."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Scene
from tests.browser.conversations import PHONE, answer, case, room, said

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(scenes: dict[str, Scene]) -> Scene:
    return scenes["online"]


def test_a_reader_chooses_draws_and_cites_a_number_with_the_keyboard(scene: Scene, window: Open) -> None:
    page = window("phone", scene=scene, **PHONE)
    # The newest number is in sight, on the table's own page, too, and the names of the rows have stayed in place.
    at_its_end = "each => each.scrollLeft > 0 && each.scrollLeft + each.clientWidth >= each.scrollWidth - 1"
    wrap = page.locator(".figures")
    page.goto(scene.url("katalog/{entry_figures}/"))
    page.wait_for_function(at_its_end, arg=wrap.element_handle())
    page.get_by_role("link", name="Buka angkanya").click()
    expect(page.locator("tbody tr")).to_have_count(16)
    page.wait_for_function(at_its_end, arg=wrap.element_handle())
    name = page.locator("tbody th").first
    assert name.evaluate("each => each.getBoundingClientRect().left >= 0")
    page.locator("[name=kata]").press_sequentially("menggala")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator(".chart .line")).to_have_count(2)
    page.locator("[name=grafik]").select_option("bar")
    expect(page.locator(".chart .bar")).to_have_count(2)
    expect(page).to_have_url(re.compile("kata=menggala&grafik=bar$"))
    # One stop of the tab key for the table, arrows inside.
    first = page.locator("tbody button").first
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.querySelectorAll('tbody button:not([tabindex=\"-1\"])').length") == 1
    page.keyboard.press("Enter")
    cited = page.locator("#kutipan .citation")
    expect(cited).to_contain_text("Menggala Timur, Jumlah")
    expect(cited).to_contain_text("2017")
    expect(page.locator("tbody [aria-current]")).to_be_focused()
    # The address leads back to the same number, also without JavaScript.
    plain = window("phone", scene=scene, java_script_enabled=False)
    plain.goto(page.url)
    expect(plain.locator("#kutipan .citation-value")).to_have_text(
        cited.locator(".citation-value").inner_text()
    )
    plain.locator("tbody button").first.click()
    expect(plain.locator("#kutipan")).to_contain_text("Menggala, Jumlah")


def test_an_officer_cites_a_number_in_an_answer(scene: Scene, window: Open) -> None:
    desk, phone = case(window, scene, "cites"), room(window, scene, "cites")
    desk.locator("#cite summary").first.click()
    desk.locator("#cite-q").press_sequentially("penduduk kecamatan")
    hit = desk.locator("#catalogue-hits .hit", has_text="Jumlah Penduduk menurut Kecamatan")
    hit.get_by_role("button", name="Angka", exact=True).click()
    desk.locator("#pick-kata").fill("menggala")
    desk.locator("#pick-kata").press("Enter")
    expect(desk.locator("#catalogue-hits tbody tr")).to_have_count(2)
    expect(desk.locator("#composer [name=uncite]")).to_have_count(0)  # Enter found rows and cited nothing
    desk.locator("#catalogue-hits tbody tr").first.locator("button").last.click()
    expect(desk.locator("#composer")).to_contain_text("Menggala, Jumlah · 2025")
    answer(desk, "Ini angkanya.")
    expect(said(phone, "Ini angkanya.")).to_be_visible()
    block = phone.locator("#thread .citation").last
    expect(block.locator(".citation-value")).to_have_text(re.compile(r"^[\d.]+\* jiwa$"))
    expect(block).to_contain_text("waykanankab.bps.go.id/id/statistics-table/2/31")
