"""Without a mouse, and on a narrow screen: everything can be reached, seen and left again."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actors import Guest, next_page, sign_on_phone
from tests.browser.conftest import Open, Scene

pytestmark = pytest.mark.browser

# Where the focus is, whether it can be seen, and whether anything marks it.
FOCUS = """() => {
    const here = document.activeElement, box = here.getBoundingClientRect(), row = here.closest('label, .option');
    const drawn = each => {
        const style = getComputedStyle(each);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
    };
    const inWidth = box.width > 0 && box.right > 0 && box.left < innerWidth;
    const inHeight = box.height > 0 && box.bottom > 0 && box.top < innerHeight;
    return {
        what: here.outerHTML.slice(0, 120),
        over: here === document.body,
        marked: drawn(here) || (row !== null && [row, ...row.children].some(drawn)),
        inside: inWidth && inHeight,
    };
}"""


@pytest.fixture
def scene(scenes: dict[str, Scene]) -> Scene:
    return scenes["keyboard"]


@pytest.fixture
def desk(scene: Scene, window: Open) -> Page:
    page = window("desk", scene=scene, officer="dian")
    page.goto(scene.url("meja/"))
    seat = page.get_by_role("button", name="Meja 1")
    if seat.count():
        with next_page(page):
            seat.click()
    expect(page.get_by_role("button", name="Tinggalkan meja")).to_be_visible()
    return page


def press(page: Page, key: str) -> None:
    """A key that leads to another page; ends when that page and its keys are there."""
    with next_page(page):
        page.keyboard.press(key)


def walk(page: Page, most: int = 80) -> list[str]:
    """Tab through the page once; what was focused without being seen or marked."""
    wrong, seen = [], set()
    for _step in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        if at["over"] or at["what"] in seen:
            break
        seen.add(at["what"])
        if not (at["marked"] and at["inside"]):
            wrong.append(at["what"])
    assert len(seen) > 1
    return wrong


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the element has the focus."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


@pytest.mark.parametrize(
    "path",
    ["", "standar/", "buku-tamu/?layanan=consultation", "pengaduan/", "kios/{kiosk}/", "tablet/{tablet1}/"],
)
def test_the_focus_is_seen_wherever_tab_leads(path: str, scene: Scene, window: Open) -> None:
    page = window("desk")
    page.goto(scene.url(path))
    assert walk(page) == []


def test_the_focus_is_seen_wherever_tab_leads_at_the_desk(desk: Page) -> None:
    assert walk(desk) == []


def test_the_first_tab_offers_the_way_past_the_menu(scene: Scene, window: Open) -> None:
    page = window("desk")
    page.goto(scene.url("standar/"))
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_consultation_is_run_by_keys_alone(scene: Scene, window: Open, desk: Page) -> None:
    number = sign_on_phone(window("phone"), scene, Guest(name="Rina Hakim", email="rina@contoh.example"))
    work = desk.locator("#work")
    expect(desk.get_by_role("button", name="Panggil berikutnya")).to_be_enabled()

    press(desk, "n")
    expect(work.locator(".number-value")).to_have_text(number)
    press(desk, "h")
    expect(work.get_by_text("Meja Anda kosong")).to_be_visible()
    expect(desk.locator("#waiting")).to_contain_text("Ditunda")
    desk.get_by_role("button", name="Sudah kembali").focus()
    press(desk, "Enter")
    expect(desk.get_by_role("button", name="Panggil berikutnya")).to_be_enabled()
    press(desk, "n")
    expect(work.locator("[data-key=r]")).to_be_visible()
    first = work.locator("#announced").get_attribute("hx-get")
    press(desk, "r")
    expect(work.locator("#announced")).not_to_have_attribute("hx-get", str(first))
    press(desk, "s")
    expect(work.locator("#id_answer")).to_be_visible()

    # While one types, the same keys are letters.
    typed = "nsrhf?x"
    work.locator("#id_answer").press_sequentially(typed)
    expect(work.locator("#id_answer")).to_have_value(typed)
    expect(desk.locator("dialog[open]")).to_have_count(0)

    # Nothing was answered: the summary has the focus and leads to the field.
    work.locator("#id_answer").fill("")
    desk.evaluate("document.activeElement.blur()")
    press(desk, "f")
    expect(desk.locator(".error-summary")).to_be_focused()
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(work.locator("#id_answer")).to_be_focused()
    work.locator("#id_answer").fill("Dijawab.")
    tab_to(desk, "#answer-form [data-key=f]")
    desk.keyboard.press("Enter")
    expect(work.get_by_text("Meja Anda kosong")).to_be_visible()


def test_a_question_mark_shows_the_keys_and_escape_hides_them(desk: Page) -> None:
    desk.keyboard.press("?")
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_be_visible()
    desk.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(desk.locator("#work")).to_contain_text("Meja Anda kosong")


def test_the_kiosk_is_answered_by_keys_alone(scene: Scene, window: Open) -> None:
    kiosk = window("kiosk")
    kiosk.goto(scene.url("kios/{kiosk}/"))
    tab_to(kiosk, "button[value=errand]")
    press(kiosk, "Enter")
    tab_to(kiosk, "#id_name")
    kiosk.keyboard.type("Yusuf Hakim")
    tab_to(kiosk, "button[form=step]")
    press(kiosk, "Enter")
    expect(kiosk.locator(".error-summary")).to_be_focused()
    tab_to(kiosk, "#id_errand_text")
    kiosk.keyboard.type("Mengantar surat")
    tab_to(kiosk, "button[form=step]")
    kiosk.keyboard.press("Enter")
    kiosk.wait_for_url("**/langkah/selesai/")
    tab_to(kiosk, "button[form=step]")
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator(".taken .number-value")).to_have_text("T-001")
    tab_to(kiosk, "a.button")
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator("button[value=errand]")).to_be_visible()


def test_an_officer_with_a_phone_can_sit_down_and_leave(scene: Scene, window: Open) -> None:
    phone = window("phone", scene=scene, officer="yani")
    phone.goto(scene.url("meja/"))
    phone.get_by_role("button", name="Meja 2").tap()
    phone.get_by_role("button", name="Tinggalkan meja").tap()
    expect(phone.get_by_role("button", name="Meja 2")).to_be_visible()
