"""A form that was refused says first in the page what to mend, in the order of its fields, and leads to each."""

from typing import Final

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Scene
from tests.browser.pages import STATES, State

pytestmark = pytest.mark.browser

REFUSED: Final = [state for state in STATES if "errors" in state.what or state.name == "complaint_find"]
FIRST: Final = """() => {
    const main = document.querySelector('main')
    return main.firstElementChild.querySelector('.error-summary') && main.querySelectorAll('.error-summary').length
}"""
# The targets of the links, as they are told and as they stand in the page.
TOLD: Final = (
    "() => [...document.querySelectorAll('.error-summary a')].map(link => link.getAttribute('href').slice(1))"
)
STAND: Final = """told => told.map(id => document.getElementById(id)).sort((one, other) =>
    one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1).map(each => each.id)"""


@pytest.mark.parametrize("state", REFUSED, ids=str)
def test_what_to_mend_comes_first_and_leads_to_each_field(
    state: State, scenes: dict[str, Scene], window: Open
) -> None:
    page = window("phone", scene=scenes["pages"], officer=state.officer)
    state.open(page, scenes["pages"])
    assert page.evaluate(FIRST) == 1
    expect(page.locator("main .error-summary")).to_be_focused()
    told = page.evaluate(TOLD)
    assert told == page.evaluate(STAND, told)
    for place, target in enumerate(told):
        page.locator(".error-summary a").nth(place).click()
        expect(page.locator(f"[id='{target}']")).to_be_focused()


def test_a_wide_table_is_read_without_scrolling_sideways_on_a_phone(
    scenes: dict[str, Scene], window: Open
) -> None:
    for name, officer in (("petugas", "hadi"), ("perangkat", "hadi"), ("hari-libur", "hadi")):
        page = window("phone", scene=scenes["pages"], officer=officer)
        page.goto(scenes["pages"].url(f"pengaturan/{name}/"))
        hidden = (
            "[...document.querySelectorAll('.table-wrap')].map(each => each.scrollWidth - each.clientWidth)"
        )
        assert set(page.evaluate(hidden)) == {0}, name
