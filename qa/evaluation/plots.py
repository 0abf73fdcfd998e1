"""Plots as plain SVG, drawn here so that the report needs nothing from elsewhere; colours come from its style sheet.

Every plot carries its reading as title and description, and the same numbers stand in a table of the report.
"""

import math
from collections.abc import Iterable, Sequence
from html import escape

from qa.evaluation.abstention import Curve
from qa.evaluation.intervals import Figure

WIDTH = 720
_LABEL = 172  # left margin for the names of rows
_RIGHT = 24
_BINS = 40

Dots = Sequence[tuple[str, Sequence[Figure]]]
Cells = tuple[int, int, int, int]


def dots(title: str, series: Sequence[str], rows: Dots) -> str:
    """A row for each group, a dot with its 95 % interval for each series, on a scale from 0 to 1."""
    step, gap, y = 14, 14, 32
    height = y + (step * len(series) + gap) * len(rows) + 20
    parts = list(_key(series)) if len(series) > 1 else []
    for tick in (0, 0.25, 0.5, 0.75, 1):
        parts.append(_line(_x(tick), 22, _x(tick), height - 22, "grid"))
        parts.append(_text(_x(tick), height - 6, f"{tick:g}", "middle soft"))
    for label, figures in rows:
        parts.append(_text(_LABEL - 12, y + step * (len(figures) - 1) / 2 + 4, label, "end"))
        for at, figure in enumerate(figures):
            line = y + at * step
            interval = f"{figure.low:.3f} to {figure.high:.3f}, n = {figure.n}"
            reading = f"{label}, {series[at]}: {figure.value:.3f} ({interval})"
            whisker = _line(_x(figure.low), line, _x(figure.high), line, "whisker")
            parts.append(f'<g class="s{at}">{_title(reading)}{whisker}{_mark(at, _x(figure.value), line)}</g>')
        y += step * len(series) + gap
    told = [
        f"{label}: " + ", ".join(f"{name} {figure.value:.2f}" for name, figure in zip(series, figures, strict=True))
        for label, figures in rows
    ]
    return _svg(title, "; ".join(told), height, parts)


def _key(series: Sequence[str]) -> Iterable[str]:
    for at, name in enumerate(series):
        left = _LABEL + 8 + at * 100
        yield f'<g class="s{at}">{_mark(at, left, 8)}</g>'
        yield _text(left + 12, 12, name)


def _mark(series: int, x: float, y: float) -> str:
    """Shapes differ as well as colours, for readers who cannot tell the colours apart."""
    shapes = (
        f'<circle cx="{x:.1f}" cy="{y}" r="5"/>',
        f'<rect x="{x - 4.5:.1f}" y="{y - 4.5}" width="9" height="9"/>',
        f'<path d="M{x:.1f} {y - 6}L{x + 6:.1f} {y + 5}H{x - 6:.1f}Z"/>',
    )
    return shapes[series % len(shapes)]


def _x(value: float) -> float:
    return _LABEL + value * (WIDTH - _LABEL - _RIGHT)


def risk_coverage(curve: Curve, coverage: float, risk: float) -> str:
    """Risk over coverage; the ring marks where Fonte's own threshold stands."""
    height, left, bottom, top = 300, 64, 250, 24
    wide = WIDTH - left - _RIGHT
    highest = max(0.1, math.ceil(max([risk, *(point.risk for point in curve.points)]) * 10) / 10)

    def place(covered: float, wrong: float) -> tuple[float, float]:
        return left + covered * wide, bottom - wrong / highest * (bottom - top)

    parts = []
    for tick in (0, 0.25, 0.5, 0.75, 1):
        x, y = place(tick, highest * tick)
        parts.append(_line(left, y, left + wide, y, "grid"))
        parts.append(_text(left - 8, y + 4, f"{highest * tick:.0%}", "end soft"))
        parts.append(_text(x, bottom + 18, f"{tick:.0%}", "middle soft"))
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(p.coverage, p.risk) for p in curve.points))
    x, y = place(coverage, risk)
    side, shift = ("end", -12) if coverage > 0.5 else ("", 12)
    words = f"threshold in force: {coverage:.0%} answered, {risk:.0%} of them wrongly"
    middle = (top + bottom) / 2
    parts += [
        f'<polyline points="{points}" class="curve"/>',
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" class="ring"/>',
        _text(x + shift, max(y - 14, 14), words, f"{side} strong halo"),
        _text(left + wide / 2, height - 8, "share of all questions answered, surest first", "middle"),
        f'<text transform="translate(14 {middle}) rotate(-90)" class="middle">wrong among answered</text>',
    ]
    told = f"At the threshold in force {coverage:.0%} of the questions are answered, {risk:.0%} of them wrongly."
    return _svg("Risk and coverage", told, height, parts)


def confusion(rows: Sequence[tuple[str, Cells]]) -> str:
    """For each caveat two bars: passages that call for it (warned, missed) and that do not (silent, false alarm)."""
    step, left = 62, _LABEL + 110
    full = WIDTH - left - _RIGHT
    parts = [
        _rect(left, 2, 10, 10, "good", "right") + _text(left + 16, 12, "right"),
        _rect(left + 70, 2, 10, 10, "bad", "wrong") + _text(left + 86, 12, "wrong"),
    ]
    for at, (label, (tp, fp, fn, tn)) in enumerate(rows):
        y = 26 + at * step
        parts.append(_text(_LABEL - 12, y + 26, label, "end"))
        for row, (name, right, wrong, words) in enumerate(
            (("called for", tp, fn, "missed"), ("not called for", tn, fp, "false alarms"))
        ):
            line = y + row * 24
            good = full * right / max(right + wrong, 1)
            parts.append(_text(left - 10, line + 14, name, "end soft"))
            if right:
                parts.append(_rect(left, line, good, 20, "good", f"{label}, {name}: {right} right"))
                parts.append(_text(left + 8, line + 14, str(right), "inside"))
            if wrong:
                parts.append(_rect(left + good, line, full - good, 20, "bad", f"{label}, {name}: {wrong} {words}"))
                parts.append(_wrong(left + full, line + 14, full - good, wrong, words))
    told = [f"{name}: {a} rightly warned, {c} missed, {b} false alarms, {d} silent" for name, (a, b, c, d) in rows]
    return _svg("Caveats: right and wrong", "; ".join(told), 30 + step * len(rows), parts)


def _wrong(right: float, y: float, width: float, count: int, words: str) -> str:
    """How many are wrong: inside the bar where it is wide enough, else beside it."""
    if width > 110:
        return _text(right - 8, y, f"{count} {words}", "inside end")
    return _text(right - 8, y, str(count), "inside end") if width > 24 else _text(right + 5, y, str(count))


def histogram(milliseconds: Sequence[float], median: float, p95: float) -> str:
    """How long questions took; the slowest hundredth is gathered in the last bar."""
    ordered = sorted(milliseconds)
    top = max(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], p95, 1e-3)
    height, left, bottom = 220, 40, 170
    wide = WIDTH - left - _RIGHT
    counts = [0] * _BINS
    for value in ordered:
        counts[min(_BINS - 1, int(value / top * _BINS))] += 1
    parts = []
    for at, count in enumerate(counts):
        tall = count / max(counts) * (bottom - 34)
        reading = f"{top * at / _BINS:.1f} to {top * (at + 1) / _BINS:.1f} ms: {count} questions"
        parts.append(_rect(left + wide * at / _BINS + 1, bottom - tall, wide / _BINS - 2, tall, "bar", reading))
    for tick in (0, 0.25, 0.5, 0.75, 1):
        parts.append(_text(left + wide * tick, bottom + 18, f"{top * tick:.1f}", "middle soft"))
    crowded = abs(p95 - median) / top < 0.25
    for name, value, y in (("median", median, 12), ("95 % within", p95, 28 if crowded else 12)):
        x = left + wide * min(value / top, 1)
        side, shift = ("end", -5) if x > WIDTH * 0.7 else ("", 5)
        parts.append(
            _line(x, y - 8, x, bottom, "marker") + _text(x + shift, y, f"{name} {value:.1f} ms", f"{side} strong")
        )
    parts.append(_line(left, bottom, left + wide, bottom, "axis"))
    parts.append(_text(left + wide / 2, height - 10, "milliseconds a question", "middle"))
    told = f"Median {median:.1f} ms, 95 % of the questions within {p95:.1f} ms."
    return _svg("Time per question", told, height, parts)


def _text(x: float, y: float, words: str, css: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{css}">{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{css}"/>'


def _rect(x: float, y: float, width: float, height: float, css: str, reading: str) -> str:
    size = f'width="{width:.1f}" height="{height:.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} class="{css}">{_title(reading)}</rect>'


def _title(reading: str) -> str:
    return f"<title>{escape(reading)}</title>"


def _svg(title: str, told: str, height: float, parts: Iterable[str]) -> str:
    name = "".join(c for c in title.lower() if c.isalnum())
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(told)}</desc>{"".join(parts)}</svg>'
    )
