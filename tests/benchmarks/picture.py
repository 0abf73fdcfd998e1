"""Milliseconds over passages, both on logarithmic scales, as a picture that needs no library."""

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests.benchmarks.measuring import Row

_WIDTH, _HEIGHT, _LEFT, _TOP = 560, 320, 60, 20
_COLOURS = ("#0b5", "#063", "#b00", "#48c", "#025", "#a60", "#777", "#a3a", "#333")


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
    ]
    for power in range(low, high + 1):
        at = y(10**power)
        parts.append(f'<path d="M{_LEFT} {at:.1f}h{_WIDTH}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g} ms</text>')
    for size in sizes:
        parts.append(f'<text x="{x(size):.1f}" y="{_TOP + _HEIGHT + 20}" text-anchor="middle">{size:,}</text>')
    for number, name in enumerate(dict.fromkeys(row.name for row in rows)):
        own = sorted((row for row in rows if row.name == name), key=lambda row: row.size)
        colour = _COLOURS[number % len(_COLOURS)]
        points = " ".join(f"{x(row.size):.1f},{y(row.median):.1f}" for row in own)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        last = own[-1]
        parts.append(
            f'<text x="{x(last.size) + 6:.1f}" y="{y(last.median) + 4:.1f}" fill="{colour}">{escape(name)}</text>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"
