"""News on a device: a browser that does not allow it says what to do."""

from typing import Final

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Scene

pytestmark = pytest.mark.browser

CHOICES: Final = "/akun/pemberitahuan/pilihan/"


@pytest.fixture
def scene(scenes: dict[str, Scene]) -> Scene:
    return scenes["pages"]


def test_a_browser_that_was_forbidden_says_what_to_do(scene: Scene, window: Open) -> None:
    page = window("phone", scene=scene, officer="rini")
    page.goto(scene.origin + CHOICES)
    # A headless browser asks nobody: without a grant it has refused.
    page.get_by_role("button", name="Beri tahu saya di perangkat ini").click()
    expect(page.locator("push-opt-in [role=status]")).to_contain_text("Peramban Anda tidak mengizinkannya.")
