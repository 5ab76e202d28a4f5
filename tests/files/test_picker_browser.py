"""The field by which files are chosen, in a real browser: what is too much is said before anything is sent."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template import engines
from pytest_django import Settings

import sapa.files

pytestmark = pytest.mark.browser
playwright_api = pytest.importorskip("playwright.sync_api")
expect = playwright_api.expect

SCRIPT = Path(sapa.files.__file__).parent / "static" / "files" / "file-picker.js"


@pytest.fixture(scope="module")
def chromium(chromium_path: str) -> Iterator[Any]:
    with playwright_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(chromium: Any, settings: Settings) -> Iterator[Any]:
    settings.FILE_LIMIT, settings.BODY_LIMIT = 1024 * 1024, 2 * 1024 * 1024 + 1_000_000
    field = engines["django"].from_string("{% load files %}<form>{% file_picker %}</form>").render({})
    shown = chromium.new_page()
    shown.set_content(field.partition("<script")[0] + "<button>Kirim</button></form>")
    shown.add_script_tag(path=SCRIPT, type="module")
    shown.wait_for_function("!!customElements.get('file-picker')")
    yield shown
    shown.close()


def choose(page: Any, *sizes: int) -> None:
    files = [
        {"name": f"data{number}.csv", "mimeType": "text/csv", "buffer": b"a" * size}
        for number, size in enumerate(sizes)
    ]
    page.set_input_files("input[type=file]", files)


@pytest.mark.parametrize(
    ("sizes", "sentence"),
    [
        ((1_100_000,), "data0.csv lebih besar dari 1 MB. Silakan pilih berkas yang lebih kecil."),
        ((10,) * 6, "Satu pesan memuat paling banyak 5 berkas. Silakan kirim sisanya dengan pesan lain."),
        (
            (1_000_000,) * 3,
            "Berkas-berkas ini secara keseluruhan terlalu besar. Silakan kirim sebagian dengan pesan lain.",
        ),
    ],
    ids=["one too large", "too many", "too large together"],
)
def test_what_is_too_much_is_said_before_it_is_sent(page: Any, sizes: tuple[int, ...], sentence: str) -> None:
    choose(page, *sizes)
    expect(page.get_by_role("alert")).to_have_text(sentence)
    assert not page.evaluate("document.forms[0].checkValidity()")
    choose(page, 10)
    expect(page.get_by_role("alert")).to_be_hidden()
    assert page.evaluate("document.forms[0].checkValidity()")


def test_several_chosen_files_are_named(page: Any) -> None:
    choose(page, 10, 20)
    expect(page.locator("[data-chosen]")).to_have_text("data0.csv, data1.csv")
    assert page.evaluate("document.forms[0].checkValidity()")
    page.evaluate("document.forms[0].reset()")
    expect(page.locator("[data-chosen]")).to_have_text("")
