"""Milliseconds over passages, both on logarithmic scales, as a picture that needs no library."""

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from tests.benchmarks.measuring import Row

_WIDTH, _HEIGHT, _LEFT, _TOP = 560, 320, 80, 20
_LINE = 13.0  # from one name to the next
_COLOURS = ("#0b5", "#063", "#b00", "#48c", "#025", "#a60", "#777", "#a3a", "#333", "#9a2")


def drawn(rows: Sequence[Row]) -> str:
    """An SVG with a line for each retriever; empty axes where there is nothing to show."""
    sizes = sorted({row.size for row in rows}) or [1, 10]
    low = math.floor(math.log10(min((row.median for row in rows), default=0.01)))
    high = math.ceil(math.log10(max((row.median for row in rows), default=1.0)))
    wide, tall = math.log10(sizes[-1] / sizes[0]) or 1.0, (high - low) or 1

    def x(size: int) -> float:
        return _LEFT + _WIDTH * math.log10(size / sizes[0]) / wide

    def y(value: float) -> float:
        return _TOP + _HEIGHT * (high - math.log10(value)) / tall

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 160} {_TOP + _HEIGHT + 40}" '
        'font-family="sans-serif" font-size="12"><title>Median milliseconds a question over passages</title>'
        '<rect width="100%" height="100%" fill="#fff"/>'
    ]
    for power in range(low, high + 1):
        at = y(10**power)
        parts.append(f'<path d="M{_LEFT} {at:.1f}h{_WIDTH}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g} ms</text>')
    for size in sizes:
        parts.append(f'<text x="{x(size):.1f}" y="{_TOP + _HEIGHT + 20}" text-anchor="middle">{size:,}</text>')
    named = dict.fromkeys(row.name for row in rows)
    ends = {name: max((row for row in rows if row.name == name), key=lambda row: row.size) for name in named}
    heights = _apart({name: y(row.median) for name, row in ends.items()})
    for number, name in enumerate(named):
        own = sorted((row for row in rows if row.name == name), key=lambda row: row.size)
        colour = _COLOURS[number % len(_COLOURS)]
        points = " ".join(f"{x(row.size):.1f},{y(row.median):.1f}" for row in own)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(
            f'<text x="{x(own[-1].size) + 6:.1f}" y="{heights[name] + 4:.1f}" fill="{colour}">{escape(name)}</text>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _apart(heights: Mapping[str, float]) -> dict[str, float]:
    """The same heights, each at least a line below the one above it."""
    moved: dict[str, float] = {}
    last = -_LINE
    for name, height in sorted(heights.items(), key=lambda item: item[1]):
        last = moved[name] = max(height, last + _LINE)
    return moved
