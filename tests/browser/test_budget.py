"""No page weighs more than 40 KB at the first visit, everything included, as it comes over the wire (issue 2)."""

from time import monotonic
from typing import Any, Final

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open, Scene
from tests.browser.pages import STATES, State

pytestmark = pytest.mark.browser

MOST_BYTES: Final = 40_000
# Each address once, in the state that comes without a form being sent first.
PLAIN: Final = list({state.name: state for state in reversed(STATES) if state.act is None}.values())


class Weight:
    """Bytes by address, counted while the page loads. The stream never ends and so is not in it, nor is what the page
    fetches afterwards because somebody took a number meanwhile, nor the pictures that people sent: they come when they
    come into sight, before or after one looks here."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._underway: dict[str, str] = {}  # request -> address
        self._came: dict[str, int] = {}
        listened = page.context.new_cdp_session(page)
        listened.on("Network.requestWillBeSent", self._note_request)
        listened.on("Network.loadingFinished", self._note_answer)
        listened.on("Network.loadingFailed", self._note_failure)
        listened.send("Network.enable")

    def _note_request(self, event: dict[str, Any]) -> None:
        url = event["request"]["url"]
        is_sent_picture = event["type"] == "Image" and "/berkas/" in url
        if event["type"] not in ("XHR", "EventSource") and not is_sent_picture:
            self._underway[event["requestId"]] = url

    def _note_answer(self, event: dict[str, Any]) -> None:
        url = self._underway.pop(event["requestId"], None)
        if url is not None:
            self._came[url] = self._came.get(url, 0) + int(event["encodedDataLength"])

    def _note_failure(self, event: dict[str, Any]) -> None:
        self._underway.pop(event["requestId"], None)

    def of_the_whole_page(self) -> dict[str, int]:
        """Waits for what is still on its way."""
        late = monotonic() + 20
        while self._underway:
            assert monotonic() < late, f"never came: {self._underway}"
            self._page.wait_for_timeout(20)
        return self._came


@pytest.mark.parametrize("state", PLAIN, ids=lambda state: state.name)
def test_first_visit_fits_into_forty_kilobytes(state: State, scenes: dict[str, Scene], window: Open) -> None:
    page = window("desk", scene=scenes["pages"], officer=state.officer)
    weight = Weight(page)
    state.open(page, scenes["pages"])
    weighed = weight.of_the_whole_page()
    total = sum(weighed.values())
    assert len(weighed) > 2, weighed
    assert total <= MOST_BYTES, sorted(weighed.items(), key=lambda each: -each[1])
