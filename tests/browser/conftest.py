"""Windows of a real browser on the real server. Whatever goes wrong inside a page fails the test that opened it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.browser.server import PASSWORD, Server

# What each person in the play looks at.
SIZES: Final[dict[str, dict[str, Any]]] = {
    "kiosk": {"viewport": {"width": 1080, "height": 1920}, "has_touch": True},
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
    "tablet": {"viewport": {"width": 768, "height": 1024}, "has_touch": True},
    "desk": {"viewport": {"width": 1440, "height": 900}},
    "board": {"viewport": {"width": 1920, "height": 1080}},
}
# Chromium says this of every answer that is not a success; whether such an answer is right is the test's matter.
REFUSALS: Final = "Failed to load resource: the server responded with a status of 4"
# So long the tests wait for what has no bound of its own. A bound that is a promise stands in the test that keeps it;
# everything else may take its time where five pages, three servers and the checks share two cores.
PATIENT: Final = 20_000
expect.set_options(timeout=PATIENT)
# htmx says these of a request that came to nothing. Why it did is heard from the browser (Watch._failed).
CAME_TO_NOTHING: Final = ("htmx:afterRequest,", "htmx:sendError,")
ABORTED: Final = "net::ERR_ABORTED"  # a page was left while it was still fetching


@dataclass(frozen=True)
class Scene:
    """One office: addresses of its devices and pages, sessions of its officers."""

    origin: str
    code: str
    name: str
    tokens: dict[str, str]
    sessions: dict[str, str]

    def url(self, path: str = "") -> str:
        """An address below the office; `{kiosk}` and the like stand for the tokens."""
        return f"{self.origin}/{self.code}/{path.format(**self.tokens)}"


@dataclass
class Watch:
    """Collects what no page may do: script errors, refused styles and scripts, failed requests, server errors."""

    problems: list[str] = field(default_factory=list)
    expects_cut: bool = False  # the test itself takes the line away

    def over(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self._note(f"script error: {error}"))
        page.on("response", self._answered)
        page.on("requestfailed", self._failed)

    def _note(self, what: str) -> None:
        if not self.expects_cut:
            self.problems.append(what)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith((REFUSALS, *CAME_TO_NOTHING)):
            self._note(f"console: {message.text} ({message.location.get('url')})")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self._note(f"{response.status}: {response.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != ABORTED:
            self._note(f"{request.failure}: {request.url}")


Open = Callable[..., Page]


@pytest.fixture(scope="package")
def server() -> Iterator[Server]:
    made = Server()
    try:
        yield made
    finally:
        made.remove()


@pytest.fixture(scope="package")
def scenes(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    """The offices by name; the server runs."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    found = server.fill_like(shared / "filled")
    server.start()
    return {key: Scene(origin=server.url, **scene) for key, scene in found.items()}


@pytest.fixture(scope="package")
def chromium(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        opened = playwright.chromium.launch(
            executable_path=chromium_path,
            args=options,
            # As in every visitor's browser: a page that was left lives on in memory for the way back.
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield opened
        opened.close()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def window(chromium: Browser, watch: Watch) -> Iterator[Open]:
    """`window("phone")` is a page in a browser of its own; with `session`, of an officer who has signed in."""
    opened: list[BrowserContext] = []

    def open_window(size: str, *, scene: Scene | None = None, officer: str = "", **options: Any) -> Page:
        context = chromium.new_context(
            locale="id-ID", timezone_id="Asia/Jakarta", reduced_motion="reduce", **(SIZES[size] | options)
        )
        context.set_default_timeout(PATIENT)
        opened.append(context)
        if scene is not None and officer:
            context.add_cookies(
                [{"name": "sapa_session", "value": scene.sessions[officer], "url": scene.origin}]
            )
        context.on("page", watch.over)
        return context.new_page()

    yield open_window
    for context in opened:
        context.close()
    assert watch.problems == []


def sign_in(page: Page, scene: Scene, name: str) -> None:
    """Through the form, as an officer does in the morning; ends at the officer's desk."""
    page.goto(scene.url("meja/"))
    page.locator("#id_login").fill(f"{name}@bps.example")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url(scene.url("meja/"))  # in full: the sign-in's own address ends with it, too
