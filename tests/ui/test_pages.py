"""What holds for every template and every first visit."""

import gzip
import re
from pathlib import Path
from typing import Any

import brotli
import polib
import pytest
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

import sapa.ui
from sapa.ui import views
from sapa.ui.language import LanguageMiddleware
from sapa.ui.packing import JOINED

UI = Path(sapa.ui.__file__).parent
STATIC = UI / "static/ui"
# A mail is no page: no policy of ours holds there, and mail programs know no style sheets.
TEMPLATES = sorted(each for each in UI.parent.rglob("templates/**/*.html") if each.name != "mail.html")
ROOMS = ["public", "desk", "board", "kiosk", "slip", "rating"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: str(one.relative_to(UI.parent)))
def test_no_template_holds_inline_script_or_style(template: Path) -> None:
    text = template.read_text()
    assert re.findall(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|\shx-on", text) == []
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", text, re.DOTALL)
    assert [body for given, body in scripts if "src=" not in given and "application/json" not in given] == []


def _packed(*paths: Path) -> int:
    return sum(len(brotli.compress(one.read_bytes())) for one in paths)


def test_the_styles_stay_light() -> None:
    assert _packed(STATIC / "css/sapa.css") <= 5_500
    assert _packed(STATIC / "css/rare.css") <= 2_500
    for room in ("board", "desk", "kiosk"):
        assert _packed(STATIC / f"css/{room}.css") <= 2_000


@pytest.mark.parametrize("room", ROOMS)
def test_a_first_visit_fits_into_forty_kilobytes(room: str, rf: RequestFactory, settings: Any) -> None:
    settings.DEBUG = True
    html = views.styleguide(rf.get("/", {"room": room})).content.decode()
    asked = {one.split("#")[0] for one in re.findall(r'(?:href|src)="/static/(ui/[^"]+)"', html)}
    # Hashed names in a built installation; the files are the same.
    files = {UI / "static" / re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", one.split("#")[0]) for one in asked}
    assert STATIC / "css/sapa.css" in files
    assert _packed(*files) + len(gzip.compress(html.encode())) <= 40_000


@pytest.mark.parametrize("room", ROOMS)
def test_the_style_guide_shows_every_room_in_both_languages(
    room: str, rf: RequestFactory, settings: Any
) -> None:
    settings.DEBUG = True
    for tongue in ("id", "en"):
        with translation.override(tongue):
            page = views.styleguide(rf.get("/", {"room": room})).content.decode()
        assert f'<html lang="{tongue}"' in page
        assert page.count("<main") == page.count("<h1") == 1


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    known = {
        name
        for sprite in STATIC.glob("icons*.svg")
        for name in re.findall(r'<symbol id="([\w-]+)"', sprite.read_text())
    }
    used = {
        name
        for template in TEMPLATES
        for name in re.findall(r'(?:\bicon(?:_end)?=|\{% icon )"([\w-]+)"', template.read_text())
    }
    assert used - known == set()
    listed = (UI / "ELEMENTS.md").read_text().split("## Icons")[1].split()
    assert set(listed) == known


def test_every_behaviour_named_in_a_template_exists() -> None:
    asked = [
        (kind, name if "/" in name else f"ui/{kind}/{name}")
        for template in TEMPLATES
        for kind, call in re.findall(r"\{% (js|css) ([^%]*)%\}", template.read_text())
        for name in re.findall(r'"([\w/-]+)"', call)
    ]
    assert {kind for kind, _name in asked} == {"js", "css"}
    names = {part for kind, name in asked for part in JOINED.get(f"{name}.{kind}", (f"{name}.{kind}",))}
    assert [name for name in names if finders.find(name) is None] == []
    assert set(JOINED) <= {f"{name}.{kind}" for kind, name in asked}


def test_every_element_is_in_the_list_for_page_builders() -> None:
    listed = (UI / "ELEMENTS.md").read_text()
    elements = [
        one.stem for one in (UI / "templates/ui/elements").glob("*.html") if not one.stem.startswith("_")
    ]
    assert [one for one in elements if f"`{one}`" not in listed and f'"{one}"' not in listed] == []


def test_the_catalogue_is_complete() -> None:
    catalogue = polib.pofile(str(UI / "locale/id/LC_MESSAGES/django.po"))
    assert [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy] == []


def test_the_worst_page_needs_nothing_that_may_be_broken() -> None:
    page = get_template("500.html").render()
    assert 'href="/"' in page
    assert "{%" not in (UI / "templates/500.html").read_text()


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404"])
def test_every_refusal_offers_a_way_out(name: str, rf: RequestFactory) -> None:
    with translation.override("id"):
        page = get_template(f"{name}.html").render({}, rf.get("/x/"))
    assert "Ke halaman depan" in page


def test_the_reader_s_choice_decides_the_language_and_indonesian_is_the_default(rf: RequestFactory) -> None:
    heard: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        heard.append(translation.get_language() or "")
        return HttpResponse()

    middleware = LanguageMiddleware(view)
    for cookie in ("", "en", "id", "xx"):
        request = rf.get("/", headers={"accept-language": "en"})
        if cookie:
            request.COOKIES["sapa_language"] = cookie
        response = middleware(request)
        assert "Cookie" in response.headers["Vary"]
    assert heard == ["id", "en", "id", "id"]


def test_the_style_guide_is_closed_to_the_public(rf: RequestFactory) -> None:
    with pytest.raises(Http404):
        views.styleguide(rf.get("/"))
