"""Charts as SVG, drawn here: lines over periods and bars of one period. Pure: values in, markup out.

All looks are classes (a page may hold no inline style), told apart without colour too: by dash and name.
Places are counted for letters of the size that a phone shows; wider screens set them smaller.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from math import ceil
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sapa.ui.dates import NOTHING, number

WIDTH: Final = 480
HEIGHT: Final = 300
LETTER: Final = 9.2  # how wide a letter is, in the middle
ROW: Final = 19  # how far two lines of words stay apart
DASHES: Final = ("", "9 5", "2 4", "12 4 2 4", "22 6", "12 4 2 4 2 4")
_STEPS: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
Numbers = Sequence[Decimal | None]


@dataclass(frozen=True)
class Axis:
    """Round numbers from below the lowest to above the highest value; they are read times ten to the `power`."""

    ticks: tuple[Decimal, ...]
    labels: tuple[str, ...]
    power: int

    @property
    def is_cut(self) -> bool:
        """Whether zero lies beyond it."""
        return self.ticks[0] > 0 or self.ticks[-1] < 0

    def share(self, value: Decimal) -> float:
        """Where the value lies between the first tick (0) and the last (1)."""
        with localcontext(prec=80):
            return float((value - self.ticks[0]) / (self.ticks[-1] - self.ticks[0]))


def axis(values: Numbers, *, from_zero: bool, steps: int = 5) -> Axis:
    """The axis for the values. Zero is on it where bars stand on it, or where it is near."""
    known = [value for value in values if value is not None] or [Decimal(0)]
    with localcontext(prec=80):
        low, high = min(known), max(known)
        if (
            low == high
            or from_zero
            or low * high < 0
            or min(abs(low), abs(high)) <= max(abs(low), abs(high)) / 2
        ):
            low, high = min(low, Decimal(0)), max(high, Decimal(0))
        if low == high:
            high = Decimal(1)
        step = _round_step((high - low) / steps)
        first = (low / step).to_integral_value(ROUND_FLOOR)
        last = (high / step).to_integral_value(ROUND_CEILING)
        ticks = tuple((first + place) * step for place in range(int(last - first) + 1))
        power = _power(max(abs(ticks[0]), abs(ticks[-1])))
        unit = Decimal(1).scaleb(power)
        places = max(0, -int((step / unit).normalize().as_tuple().exponent))
        labels = tuple(number(tick / unit, places) for tick in ticks)
    return Axis(ticks, labels, power)


def scaled(unit: str, power: int) -> str:
    """The unit as the axis says it: "juta jiwa"."""
    words = {6: _("million"), 9: _("billion"), 12: _("trillion")}
    scale = words.get(power) or (f"× 10{str(power).translate(_RAISED)}" if power else "")
    return " ".join(each for each in (scale, unit) if each)


def line_chart(
    named: Sequence[tuple[str, Numbers]], *, periods: Sequence[str], title: str, unit: str, told: str = ""
) -> SafeString:
    """A line for each row of numbers; a gap where there is no datum. Empty where there is nothing to draw."""
    given = [value for _name, values in named for value in values]
    if all(value is None for value in given):
        return SafeString("")
    scale = axis(given, from_zero=False)
    half = LETTER * max(map(len, periods)) / 2
    left = max(10 + LETTER * max(map(len, scale.labels)), half)
    names = _short([name for name, _values in named]) if len(named) > 1 else [""]
    right = min(WIDTH - 12 - LETTER * max(map(len, names)), WIDTH - half)
    top, bottom = 34.0, HEIGHT - 30.0

    def x(place: int) -> float:
        return left + (right - left) * (place / (len(periods) - 1) if len(periods) > 1 else 0.5)

    def y(value: Decimal) -> float:
        return bottom - (bottom - top) * scale.share(value)

    parts = [f'<text class="unit" x="0" y="14">{escape(scaled(unit, scale.power))}</text>']
    for tick, label in zip(scale.ticks, scale.labels, strict=True):
        zero = " zero" if tick == 0 else ""
        parts.append(f'<path class="grid{zero}" d="M{left:.1f} {y(tick):.1f}H{right:.1f}"/>')
        parts.append(_text(label, left - 6, y(tick) + 5, "end"))
    told_at = _spread(len(periods), width=2 * half + 12, room=right - left)
    parts += [_text(periods[place], x(place), HEIGHT - 6, "middle") for place in told_at]
    ends = []
    for place, (_name, values) in enumerate(named):
        drawn, last = _path([(x(at), y(v)) if v is not None else None for at, v in enumerate(values)])
        dash = f' stroke-dasharray="{DASHES[place]}"' if DASHES[place % len(DASHES)] else ""
        parts.append(f'<path class="line l{place + 1}"{dash} d="{drawn}"/>')
        if last is not None:
            parts.append(f'<circle class="end l{place + 1}" cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="4"/>')
            ends.append((last[1], names[place] if len(named) > 1 else ""))
    for at, name in _apart(ends, top, bottom):
        parts.append(_text(name, right + 9, at + 5, "start"))
    return _svg(parts, HEIGHT, title=title, told=told)


def bar_chart(
    bars: Sequence[tuple[str, Decimal | None]], *, title: str, unit: str, told: str = ""
) -> SafeString:
    """A bar for each name, its words above it. Empty where there is nothing to draw."""
    if all(value is None for _name, value in bars):
        return SafeString("")
    scale = axis([value for _name, value in bars], from_zero=True, steps=4)
    margin = LETTER * max(map(len, scale.labels)) / 2
    height = 30 + 42 * len(bars) + 26

    def x(value: Decimal) -> float:
        return margin + (WIDTH - 2 * margin) * scale.share(value)

    parts = [f'<text class="unit" x="0" y="14">{escape(scaled(unit, scale.power))}</text>']
    for tick, label in zip(scale.ticks, scale.labels, strict=True):
        zero = " zero" if tick == 0 else ""
        parts.append(f'<path class="grid{zero}" d="M{x(tick):.1f} 24V{height - 24}"/>')
        parts.append(_text(label, x(tick), height - 6, "middle"))
    for place, (name, value) in enumerate(bars):
        top = 30 + 42 * place
        words = NOTHING if value is None else number(value)
        room = int((WIDTH - LETTER * (len(words) + 2)) / LETTER)
        parts.append(_text(_cut(name, max(room, 8)), 0, top + 15, "start"))
        parts.append(_text(words, WIDTH, top + 15, "end"))
        if value is not None:
            start, end = sorted((x(Decimal(0)), x(value)))
            parts.append(
                f'<rect class="bar" x="{start:.1f}" y="{top + 21}" width="{max(end - start, 1):.1f}" height="12"/>'
            )
    return _svg(parts, height, title=title, told=told)


def _round_step(least: Decimal) -> Decimal:
    unit = Decimal(1).scaleb(least.adjusted())
    return next(step * unit for step in _STEPS if step * unit >= least)


def _power(largest: Decimal) -> int:
    """Numbers up to 999.999 are written in full."""
    size = largest.adjusted()
    return 0 if -4 < size < 6 else size // 3 * 3


def _path(points: Sequence[tuple[float, float] | None]) -> tuple[str, tuple[float, float] | None]:
    """The way through the points, anew after each gap; a point alone is a dot as wide as the line. And the last one."""
    drawn, before = [], None
    for place, point in enumerate(points):
        if point is not None:
            after = points[place + 1] if place + 1 < len(points) else None
            if before is None and after is None:
                drawn.append(f"M{point[0] - 1.5:.1f} {point[1]:.1f}h3")
            else:
                drawn.append(f"{'L' if before else 'M'}{point[0]:.1f} {point[1]:.1f}")
        before = point
    return "".join(drawn), next((point for point in reversed(points) if point is not None), None)


def _apart(ends: Sequence[tuple[float, str]], top: float, bottom: float) -> list[tuple[float, str]]:
    """The names beside their ends, moved so that none covers another."""
    placed: list[tuple[float, str]] = []
    for at, name in sorted(ends):
        placed.append((max(at, placed[-1][0] + ROW) if placed else at, name))
    limit = bottom
    for place in range(len(placed) - 1, -1, -1):
        at = max(min(placed[place][0], limit), top)
        placed[place] = (at, placed[place][1])
        limit = at - ROW
    return placed


def _spread(count: int, *, width: float, room: float) -> range:
    """The places of the labels that fit beside one another, the last one always among them."""
    every = max(1, ceil(width / (room / (count - 1)))) if count > 1 else 1
    return range((count - 1) % every, count, every)


def _short(names: Sequence[str]) -> list[str]:
    """Names that fit at the end of a line; where two would look alike, their middle is left out instead."""
    cut = [_cut(name, 14) for name in names]
    return [
        short if cut.count(short) == 1 or len(name) <= 14 else f"{name[:5].rstrip()}…{name[-8:].lstrip()}"
        for short, name in zip(cut, names, strict=True)
    ]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _text(words: str, x: float, y: float, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(parts: Sequence[str], height: int, *, title: str, told: str) -> SafeString:
    head = f'<title id="chart-title">{escape(title)}</title><desc id="chart-told">{escape(told)}</desc>'
    return mark_safe(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="chart-title chart-told">'
        f"{head}{''.join(parts)}</svg>"
    )
