"""The colours, read from the tokens as they are shipped: WCAG 2.2 contrast in light and dark."""

import re
from pathlib import Path

import pytest

import sapa.ui

CSS = (Path(sapa.ui.__file__).parent / "static/ui/css/sapa.css").read_text()


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,8});", block))


_BLOCKS = re.findall(r":root(\S*) \{\n\s+color-scheme: (\w+);(.*?)\}", CSS, re.DOTALL)
LIGHT = _tokens(_BLOCKS[0][2])
DARK_BY_SYSTEM, DARK_BY_CHOICE = _tokens(_BLOCKS[1][2]), _tokens(_BLOCKS[2][2])
THEMES = {"light": LIGHT, "dark": LIGHT | DARK_BY_SYSTEM}


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")[:6]
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


GROUNDS = ("paper", "surface", "sunk")
TEXT = [
    *[(ink, ground) for ink in ("ink", "muted", "touch", "touch-strong", "bad") for ground in GROUNDS],
    ("on-touch", "touch"),
    ("on-touch", "touch-strong"),
    *[(tone, f"{tone}-soft") for tone in ("touch", "good", "warn", "bad")],
    *[("ink", f"{tone}-soft") for tone in ("touch", "good", "warn", "bad")],
    ("muted", "touch-soft"),
    *[(tone, "surface") for tone in ("good", "warn")],
]
PARTS = [
    *[(part, ground) for part in ("edge", "focus") for ground in GROUNDS],
    ("touch", "sunk"),
    ("good", "sunk"),
    ("muted", "sunk"),
    ("brand-blue", "surface"),
    ("focus", "touch-soft"),
]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(theme: str, ink: str, ground: str) -> None:
    assert contrast(THEMES[theme][ink], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("part", "ground"), PARTS)
def test_edges_and_focus_can_be_seen(theme: str, part: str, ground: str) -> None:
    assert contrast(THEMES[theme][part], THEMES[theme][ground]) >= 3


@pytest.mark.parametrize("ink", ["board-ink", "board-muted", "board-call"])
def test_the_board_can_be_read_from_afar(ink: str) -> None:
    assert contrast(LIGHT[ink], LIGHT["board-paper"]) >= 7


def test_dark_by_choice_is_the_dark_of_the_system() -> None:
    assert DARK_BY_CHOICE == DARK_BY_SYSTEM
    assert set(DARK_BY_SYSTEM) == {name for name in LIGHT if not name.startswith("board-")}


def test_the_measure_knows_black_on_white() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
