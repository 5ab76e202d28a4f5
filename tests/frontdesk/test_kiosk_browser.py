"""The kiosk in a real browser: it forgets by itself, the way back leads nowhere, and no page has barriers."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client as Browser

from sapa.frontdesk.arrivals import arrive
from sapa.frontdesk.models import Visit, VisitDraft
from sapa.frontdesk.views import kiosk as kiosk_views
from sapa.offices.models import Device, Office
from sapa.people.models import Officer
from tests.conftest import Clock
from tests.frontdesk.visitors import entry

playwright_api = pytest.importorskip("playwright.sync_api")
expect = playwright_api.expect
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def chromium(chromium_path: str) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch, playwright_api.sync_playwright() as playwright:
        # Playwright runs an event loop in this thread; the tests themselves stay synchronous.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        opened = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def screen(chromium: Any) -> Iterator[Any]:
    """A touch screen in portrait, with nothing in its memory."""
    context = chromium.new_context(viewport={"width": 768, "height": 1024}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture
def start(live_server: Any, office: Office, kiosk: Device, clock: Clock) -> str:
    return f"{live_server.url}/{office.code}/kios/{kiosk.token}/"


def press(screen: Any, button: str) -> None:
    """A page asks whether somebody answers before it goes: what follows looks at the next page, not at this one."""
    with screen.expect_navigation():
        screen.click(button)


def go_on(screen: Any) -> None:
    press(screen, "button[form=step]")


def fill_in(screen: Any, start: str) -> None:
    screen.goto(start)
    press(screen, "button[value=consultation]")
    screen.fill("#id_contact", "0812-3456-7890")
    go_on(screen)
    screen.fill("#id_name", "Ani Lestari")
    screen.fill("#id_email", "ani@contoh.example")


def nothing_is_left(screen: Any, start: str) -> None:
    for _ in range(8):
        screen.go_back()
        page = screen.content()
        for trace in ("Ani", "Lestari", "3456", "contoh.example"):
            assert trace not in page
        values = screen.eval_on_selector_all(
            "input:not([type=hidden]), textarea", "all => all.map(each => each.value).join('')"
        )
        assert "Ani" not in values
        assert "3456" not in values
        if screen.url == "about:blank":
            break
    storage = screen.evaluate(
        "() => location.protocol == 'about:' ? 0 : localStorage.length + sessionStorage.length"
    )
    assert storage == 0
    assert {each["name"] for each in screen.context.cookies()} <= {"sapa_csrf"}


def test_a_visitor_who_walks_away_leaves_nothing_behind(
    screen: Any, start: str, settings: LazySettings
) -> None:
    fill_in(screen, start)
    screen.fill("#id_email", "")
    settings.KIOSK_IDLE_SECONDS = 2
    go_on(screen)  # comes back with a mistake to mend and the name filled in
    screen.wait_for_url(start, timeout=20_000)
    assert VisitDraft.objects.count() == 0
    nothing_is_left(screen, start)


def test_a_visitor_who_is_still_there_may_stay(screen: Any, start: str, settings: LazySettings) -> None:
    fill_in(screen, start)
    screen.fill("#id_email", "")
    settings.KIOSK_IDLE_SECONDS = 16  # the warning comes 15 seconds before the end
    go_on(screen)
    screen.click("[data-stay]")
    expect(screen.locator("#id_name")).to_have_value("Ani Lestari")


def test_a_visitor_who_cancels_leaves_nothing_behind(screen: Any, start: str) -> None:
    fill_in(screen, start)
    screen.click(".kiosk-footer >> text=Batal")
    screen.wait_for_url(start)
    nothing_is_left(screen, start)


def test_the_number_goes_away_by_itself_and_does_not_come_back(
    screen: Any, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kiosk_views, "SHOWN_SECONDS", 6)
    fill_in(screen, start)
    go_on(screen)
    screen.click("text=Perempuan")
    screen.fill("#id_birth_year", "2003")
    go_on(screen)
    screen.click("text=D4/S1")
    screen.click("text=Pelajar/mahasiswa")
    go_on(screen)
    screen.click("text=Lembaga penelitian")
    go_on(screen)
    screen.click("text=Penelitian")
    go_on(screen)
    screen.dblclick("button[form=step]")
    expect(screen.locator(".taken .number-value")).to_have_text("K-001")
    assert Visit.objects.count() == 1
    screen.wait_for_url(start, timeout=20_000)
    screen.go_back()
    assert "K-001" not in screen.content()
    nothing_is_left(screen, start)


def test_every_target_on_the_kiosk_is_large_enough_for_a_finger(screen: Any, start: str) -> None:
    screen.goto(start)
    sizes = [_targets(screen)]
    press(screen, "button[value=consultation]")
    sizes.append(_targets(screen))
    go_on(screen)
    sizes.append(_targets(screen))
    assert [small for page in sizes for small in page if small[1] < 64] == []


def _targets(screen: Any) -> list[tuple[str, float]]:
    script = """all => all.filter(each => each.offsetParent)
        .map(each => [each.textContent.trim().slice(0, 40) || each.name,
                      Math.round(each.getBoundingClientRect().height)])"""
    return [
        (str(name), float(height))
        for name, height in screen.eval_on_selector_all(
            "button, a.button, .option, input[type=text], input[type=tel], input[type=email]", script
        )
    ]


def without_barriers(screen: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(screen).response["violations"]
    assert [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found] == []


def test_the_kiosk_has_no_barriers(screen: Any, start: str) -> None:
    screen.goto(start)
    without_barriers(screen)
    press(screen, "button[value=consultation]")
    without_barriers(screen)
    go_on(screen)
    go_on(screen)  # with mistakes
    without_barriers(screen)
    screen.fill("#id_name", "Ani")
    screen.fill("#id_email", "ani@contoh.example")
    for _ in range(2):
        go_on(screen)
        without_barriers(screen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phone_and_front_office_have_no_barriers(
    screen: Any, live_server: Any, office: Office, fajar: Officer, clock: Clock, scheme: str
) -> None:
    arrive(office, entry=entry(), door=Visit.Door.KIOSK, by=None, at=clock.at, submission_key=uuid4())
    browser = Browser()
    browser.force_login(fajar.user)
    screen.context.add_cookies(
        [{"name": "sapa_session", "value": browser.cookies["sapa_session"].value, "url": live_server.url}]
    )
    screen.emulate_media(color_scheme=scheme)
    for path in ("buku-tamu/", "buku-tamu/?layanan=consultation", "buku-tamu/?layanan=errand", "loket/"):
        screen.goto(f"{live_server.url}/{office.code}/{path}")
        without_barriers(screen)
    screen.fill("input[name=q]", "lestari")
    press(screen, "button:has-text('Cari')")
    without_barriers(screen)
    press(screen, "button:has-text('Pilih ini')")
    without_barriers(screen)
    press(screen, "button:has-text('Simpan')")
    without_barriers(screen)
    screen.goto(f"{live_server.url}/akun/")
    without_barriers(screen)
