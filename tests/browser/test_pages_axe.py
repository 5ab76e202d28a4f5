"""No page has barriers: every page in every state, light and dark, on a phone and on a large screen."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import axe_playwright_python
import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.actors import Guest
from tests.browser.conftest import PATIENT, Scene, Watch
from tests.browser.pages import IN_BETWEEN, PARTS, STATES, WALKED, State, idle, open_parts

pytestmark = pytest.mark.browser

AXE: Final = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL_RULES: Final = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
# The theme changes nothing but colours.
COLOURS: Final = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
RUN: Final = """async options => (await axe.run(document, options)).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 160)} (${node.any.concat(node.all, node.none).map(
        check => check.message).join(' ').slice(0, 200)})`))"""
# Elements that stick out of the window, the innermost ones.
TOO_WIDE: Final = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll('body *')]
    .filter(each => each.getBoundingClientRect().right > innerWidth + 1 && !each.closest('svg'))
    .slice(-4).map(each => each.outerHTML.slice(0, 140))"""
SIZES: Final = {
    "page": [(360, 740), (1440, 900)],
    "kiosk": [(768, 1024), (1080, 1920)],
    "board": [(1920, 1080)],
    "paper": [(302, 600)],
}
NARROW: Final = {"page": [320, 360], "kiosk": [320, 360], "board": [], "paper": []}

Window = Callable[..., Page]


@pytest.fixture
def scene(scenes: dict[str, Scene]) -> Scene:
    return scenes["pages"]


@pytest.fixture(scope="module")
def contexts(chromium: Browser) -> Iterator[dict[tuple[str, str], BrowserContext]]:
    """One browser for each officer and language, kept for the next page."""
    kept: dict[tuple[str, str], BrowserContext] = {}
    yield kept
    for context in kept.values():
        context.close()


@pytest.fixture
def look(
    chromium: Browser, contexts: dict[tuple[str, str], BrowserContext], scene: Scene, watch: Watch
) -> Iterator[Window]:
    """A window of the officer, or of a visitor. The page's own policy would keep axe out."""
    opened: list[Page] = []

    def look(officer: str = "", language: str = "id") -> Page:
        key = (officer, language)
        if key not in contexts:
            contexts[key] = chromium.new_context(bypass_csp=True, reduced_motion="reduce", locale="id-ID")
            contexts[key].set_default_timeout(PATIENT)
            cookies = {"sapa_language": language} if language != "id" else {}
            if officer:
                cookies["sapa_session"] = scene.sessions[officer]
            contexts[key].add_cookies(
                [{"name": name, "value": value, "url": scene.origin} for name, value in cookies.items()]
            )
        page = contexts[key].new_page()
        watch.over(page)
        opened.append(page)
        return page

    yield look
    for page in opened:
        page.close()
    assert watch.problems == []


def barriers(page: Page, room: str = "page") -> dict[str, list[str]]:
    """What is wrong with the page as it stands, by the way it is looked at."""
    page.evaluate(AXE)
    found: dict[str, Any] = {}
    for width, height in SIZES[room]:
        page.set_viewport_size({"width": width, "height": height})
        found[f"light at {width}"] = page.evaluate(RUN, ALL_RULES)
    page.emulate_media(color_scheme="dark")
    found["dark"] = page.evaluate(RUN, COLOURS)
    page.emulate_media(color_scheme="light")
    for width in NARROW[room]:
        page.set_viewport_size({"width": width, "height": 740})
        found[f"too wide at {width}"] = page.evaluate(TOO_WIDE)
    if room == "page":
        page.set_viewport_size({"width": 1280, "height": 900})
        letters = page.context.new_cdp_session(page)
        letters.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})  # 200 %
        found["too wide with large letters"] = page.evaluate(TOO_WIDE)
        letters.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
        letters.detach()
    return {how: what for how, what in found.items() if what}


def told(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{how}: {each}" for how, what in found.items() for each in what)


@pytest.mark.parametrize("state", STATES, ids=str)
def test_page_has_no_barriers(state: State, scene: Scene, look: Window) -> None:
    page = look(state.officer)
    width, height = SIZES[state.room][-1]
    page.set_viewport_size({"width": width, "height": height})
    state.open(page, scene)
    found = barriers(page, state.room)
    assert not found, told(found)


ENGLISH: Final = {
    "office",
    "standard",
    "ticket-waiting",
    "rating-empty",
    "complaint-empty",
    "workspace-serving",
}


@pytest.mark.parametrize("state", [each for each in STATES if str(each) in ENGLISH], ids=str)
def test_page_has_no_barriers_in_english(state: State, scene: Scene, look: Window) -> None:
    page = look(state.officer, "en")
    state.open(page, scene)
    assert page.evaluate("document.documentElement.lang") == "en"
    found = barriers(page, state.room)
    assert not found, told(found)


def test_no_question_of_the_kiosk_has_barriers(scene: Scene, look: Window) -> None:
    """Every question, empty and with its mistakes, the warning, and the number at the end."""
    kiosk, guest = look(), Guest(name="Ratna Puspita", phone="0816-1234-1234", email="ratna@contoh.example")
    kiosk.set_viewport_size({"width": 1080, "height": 1920})
    found: dict[str, dict[str, list[str]]] = {}

    def check(name: str) -> None:
        open_parts(kiosk)
        found[name] = barriers(kiosk, "kiosk")
        kiosk.set_viewport_size({"width": 1080, "height": 1920})

    kiosk.goto(scene.url("kios/{kiosk}/"))
    kiosk.locator("button[value=consultation]").click()
    typed = {
        "id_contact": guest.phone,
        "id_name": guest.name,
        "id_email": guest.email,
        "id_birth_year": "2003",
    }
    typed["id_subject"] = guest.subject
    answers = {
        "kontak": ["id_contact"],
        "nama": ["id_name", "id_email"],
        "tentang-anda": ["Perempuan", "id_birth_year"],
        "latar-belakang": ["D4/S1", "Pelajar/mahasiswa"],
        "instansi": ["Lembaga penelitian"],
        "keperluan": ["id_subject", "Tugas sekolah"],
    }
    for step, given in answers.items():
        kiosk.wait_for_url(f"**/langkah/{step}/")
        if step != "kontak":
            kiosk.locator("button[form=step]").click()
            kiosk.locator(".error-summary").wait_for()
        check(step)
        for each in given:
            if each in typed:
                kiosk.locator(f"#{each}").fill(typed[each])
            else:
                kiosk.locator("label.option", has_text=each).first.click()
        kiosk.locator("button[form=step]").click()
    kiosk.wait_for_url("**/langkah/selesai/")
    idle(kiosk)
    check("warning")
    kiosk.locator("idle-reset [data-stay]").click()
    check("selesai")
    kiosk.locator("button[form=step]").click()
    kiosk.wait_for_url("**/nomor/")
    check("nomor")
    kiosk.goto(scene.url("kios/{kiosk}/"))
    wrong = {f"{step}, {how}": what for step, each in found.items() for how, what in each.items()}
    assert not wrong, told(wrong)


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each)
        else:
            yield each


def test_every_address_is_looked_at_or_is_no_page(scene: Scene, look: Window) -> None:
    """A new page without an entry in pages.py fails here: what is not listed there must refuse to be read."""
    listed = {state.name for state in STATES} | WALKED | PARTS | IN_BETWEEN
    readers = {
        "can_administer": "hadi",
        "can_keep_sources": "gita",
        "can_supervise": "gita",
        "can_plan": "gita",
        "can_receive": "rini",
        "can_serve": "rini",
    }
    tokens = {"kiosk": "kiosk", "board": "board", "tablet": "tablet1"}
    unlisted, windows = [], {officer: look(officer) for officer in readers.values()}
    for pattern in patterns(get_resolver()):
        if pattern.name in listed:
            continue
        access = getattr(pattern.callback, "access", None)
        officer = readers.get(access.rule, "rini") if access else "rini"
        route = str(pattern.pattern).replace("<str:office>", scene.code)
        route = route.replace(
            "<str:device>", scene.tokens[tokens.get(access.device if access else "", "kiosk")]
        )
        route = route.replace("<int:client>", scene.tokens["visitor_id"])
        for kind in ("int", "str"):
            while f"<{kind}:" in route:
                start = route.index(f"<{kind}:")
                route = route[:start] + "1" + route[route.index(">", start) + 1 :]
        status = windows[officer].request.get(f"{scene.origin}/{route}", max_redirects=0).status
        if status != 405:
            unlisted.append(f"{pattern.name}: {status} {route}")
    assert not unlisted, "\n".join(unlisted)
