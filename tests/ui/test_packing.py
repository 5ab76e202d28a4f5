"""Style sheets and scripts as they are sent: smaller, together, and the same."""

import json
import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.core.management import call_command
from django.template import engines

from sapa.ui import packing
from sapa.ui.templatetags.ui import RARE_ICONS

UI = Path(packing.__file__).parent
STATIC = UI / "static/ui"
PACKAGES = UI.parent


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("static")
    return made


@pytest.fixture
def collected(folder: Path, settings: Any) -> dict[str, str]:
    """What `collectstatic` made: the names by which pages ask, and the files that they get."""
    settings.STATIC_ROOT = folder
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "sapa.ui.packing.PackedStorage"}}
    if not (folder / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    paths: dict[str, str] = json.loads((folder / "staticfiles.json").read_text())["paths"]
    return paths


def render(source: str) -> str:
    return engines["django"].from_string("{% load ui %}" + source).render({}).replace("/static/ui/", "")


def test_remarks_and_indentation_are_not_sent_and_nothing_else_is_lost() -> None:
    text = '/* What it is,\n   in two lines. */\nconst a = "https://x";\n  // why\n  go("/*", a); // stays\n\n}\n'
    assert packing.slim(text) == 'const a = "https://x";\ngo("/*", a); // stays\n}\n'


def test_no_script_has_words_over_several_lines_which_packing_would_change() -> None:
    broken = [
        script.name
        for script in PACKAGES.glob("*/static/**/*.js")
        if "vendor" not in script.parts
        and any(line.count("`") % 2 for line in script.read_text().splitlines())
    ]
    assert broken == []


def test_what_a_room_loads_together_comes_in_one_file(collected: dict[str, str]) -> None:
    assert set(packing.JOINED) <= set(collected)
    assert (
        render('{% css "staff" %}') == f'<link rel="stylesheet" href="{_sent(collected, "css/staff.css")}">'
    )
    assert render('{% js "staff" %}') == _script(_sent(collected, "js/staff.js"))


def test_before_collecting_the_parts_are_loaded_one_by_one() -> None:
    assert render('{% js "live" %}') == "\n".join(map(_script, ("js/live-region.js", "js/count-down.js")))
    assert render('{% js "files/file-picker" %}') == _script("/static/files/file-picker.js")


def test_a_script_is_loaded_once_however_often_a_page_asks_for_it(collected: dict[str, str]) -> None:
    assert render('{% js "live-region" %}{% js "live-region" %}') == _script(
        _sent(collected, "js/live-region.js")
    )
    assert render('{% js "staff" %}{% js "live" "submit-once" %}') == render('{% js "staff" %}')
    assert render('{% js "count-down" %}{% js "live" %}') == render('{% js "count-down" %}') + render(
        '{% js "live-region" %}'
    )


def test_a_joined_script_holds_each_part_in_a_scope_of_its_own(
    collected: dict[str, str], folder: Path
) -> None:
    sent = (folder / collected["ui/js/live.js"]).read_text()
    parts = [packing.slim((STATIC / f"js/{name}.js").read_text()) for name in ("live-region", "count-down")]
    assert sent == "".join(f"try{{\n{part}}}catch(e){{setTimeout(()=>{{throw e}})}}\n" for part in parts)


def test_what_is_not_ours_is_sent_as_it_came(collected: dict[str, str], folder: Path) -> None:
    htmx = "vendor/htmx.min.js"
    assert (folder / collected[f"ui/{htmx}"]).read_bytes() == (STATIC / htmx).read_bytes()


def test_collecting_again_changes_nothing(collected: dict[str, str], folder: Path) -> None:
    call_command("collectstatic", interactive=False, verbosity=0)
    assert json.loads((folder / "staticfiles.json").read_text())["paths"] == collected
    packed = folder / (collected["ui/js/staff.js"] + ".br")
    assert brotli.decompress(packed.read_bytes()) == (folder / collected["ui/js/staff.js"]).read_bytes()


def test_rare_icons_are_those_of_the_second_sprite() -> None:
    symbols = (STATIC / "icons-rare.svg").read_text().split('<symbol id="')[1:]
    assert {symbol.partition('"')[0] for symbol in symbols} == RARE_ICONS
    assert "icons-rare.svg#ticket" in render('{% load ui %}{% icon "ticket" %}')
    assert "icons.svg#clock" in render('{% icon "clock" %}')


def test_the_pages_of_a_conversation_use_no_element_whose_rules_they_do_not_load() -> None:
    lean = packing.JOINED["ui/css/talk.css"] + packing.JOINED["ui/css/case.css"]
    rare = _classes("ui/css/rare.css") - _classes(*lean)
    assert {"stat-value", "table-wrap", "timeline"} <= rare
    # A field can also be a scale or a stepper; the forms of a conversation have none.
    templates = _templates(
        "inbox/inbox.html", "inbox/case/show.html", "inbox/case/find.html", "inbox/room/show.html"
    )
    fields = templates.pop("ui/elements/field.html")
    assert _used(fields) & rare == {"rating-face", "stepper"}
    assert {name: _used(text) & rare for name, text in templates.items() if _used(text) & rare} == {}


def _classes(*names: str) -> set[str]:
    rules = "".join(packing.slim((UI / "static" / name).read_text()) for name in names)
    return set(re.findall(r"\.([a-z][\w-]*)", rules))


def _used(template: str) -> set[str]:
    return {
        word for given in re.findall(r'class="([^>]*)', template) for word in re.findall(r"[\w-]+", given)
    }


def _templates(*names: str) -> dict[str, str]:
    """These templates, those that they extend and include, and the elements in them."""
    found: dict[str, str] = {}
    wanted = list(names)
    while wanted:
        name = wanted.pop()
        if name not in found:
            text = found[name] = next(PACKAGES.glob(f"*/templates/{name}")).read_text()
            wanted += re.findall(r'{% (?:extends|include) "([^"]+)"', text)
            wanted += [f"ui/elements/{each}.html" for each in re.findall(r'{% el(?:block)? "(\w+)"', text)]
    return found


def _sent(collected: dict[str, str], name: str) -> str:
    return collected[f"ui/{name}"].removeprefix("ui/")


def _script(src: str) -> str:
    return f'<script type="module" src="{src}"></script>'
