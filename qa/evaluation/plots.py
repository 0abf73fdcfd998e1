"""Plots as plain SVG, drawn here so that the report needs nothing from elsewhere; colours come from its style sheet.

Every plot carries its reading as title and description, and the same numbers stand in a table of the report.
"""

import math
from collections.abc import Sequence
from html import escape

from qa.evaluation.abstention import Curve
from qa.evaluation.intervals import Figure

WIDTH = 720
_LABEL = 150  # left margin for the names of rows
_RIGHT = 24

Dots = Sequence[tuple[str, Sequence[Figure]]]


def dots(title: str, series: Sequence[str], rows: Dots) -> str:
    """A row for each group, a dot with its 95 % interval for each series, on a scale from 0 to 1."""
    step, gap = 14, 14
    height = 30 + sum(step * len(series) + gap for _ in rows) + 24
    parts, y = _scale(height - 24, 24), 30
    for label, figures in rows:
        middle = y + step * (len(figures) - 1) / 2
        parts.append(f'<text x="{_LABEL - 12}" y="{middle + 4:.1f}" class="end">{escape(label)}</text>')
        for at, figure in enumerate(figures):
            line = y + at * step
            reading = f"{label}, {series[at]}: {figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f}), n = {figure.n}"
            parts.append(
                f'<g class="s{at}"><title>{escape(reading)}</title>'
                f'<line x1="{_x(figure.low):.1f}" x2="{_x(figure.high):.1f}" y1="{line}" y2="{line}" class="whisker"/>'
                f'{_mark(at, _x(figure.value), line)}</g>'
            )
        y += step * len(series) + gap
    key = "".join(
        f'<g class="s{at}">{_mark(at, _LABEL + 8 + at * 100, 8)}</g><text x="{_LABEL + 20 + at * 100}" y="12">{escape(name)}</text>'
        for at, name in enumerate(series)
    ) if len(series) > 1 else ""  # fmt: skip
    described = "; ".join(f"{label}: " + ", ".join(f"{s} {f.value:.2f}" for s, f in zip(series, figures, strict=True)) for label, figures in rows)
    return _svg(title, described, height, key + "".join(parts))


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


def _scale(bottom: float, top: float) -> list[str]:
    parts = []
    for tick in (0, 0.25, 0.5, 0.75, 1):
        parts.append(f'<line x1="{_x(tick):.1f}" x2="{_x(tick):.1f}" y1="{top}" y2="{bottom}" class="grid"/>')
        parts.append(f'<text x="{_x(tick):.1f}" y="{bottom + 16}" class="middle soft">{tick:g}</text>')
    return parts


def risk_coverage(curve: Curve, coverage: float, risk: float) -> str:
    """Risk over coverage; the ring marks where Fonte's own threshold stands."""
    height, left, bottom, top = 300, 60, 250, 16
    wide = WIDTH - left - _RIGHT
    highest = max(0.1, math.ceil(max([risk, *(point.risk for point in curve.points)]) * 10) / 10)

    def place(point_coverage: float, point_risk: float) -> tuple[float, float]:
        return left + point_coverage * wide, bottom - point_risk / highest * (bottom - top)

    parts = []
    for tick in range(0, 5):
        x, _ = place(tick / 4, 0)
        _, y = place(0, highest * tick / 4)
        parts.append(f'<line x1="{left}" x2="{left + wide}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" class="end soft">{highest * tick / 4:.0%}</text>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" class="middle soft">{tick / 4:.0%}</text>')
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(p.coverage, p.risk) for p in curve.points))
    x, y = place(coverage, risk)
    label_class = "end" if coverage > 0.6 else ""
    label_x = x - 12 if coverage > 0.6 else x + 12
    parts += [
        f'<polyline points="{line}" class="curve"/>',
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" class="ring"/>',
        f'<text x="{label_x:.1f}" y="{max(y - 12, 14):.1f}" class="{label_class} strong">threshold in force: {coverage:.0%} answered, {risk:.0%} of them wrongly</text>',
        f'<text x="{left + wide / 2}" y="{height - 8}" class="middle">share of all questions answered, surest first</text>',
        f'<text transform="translate(14 {(top + bottom) / 2}) rotate(-90)" class="middle">wrong among answered</text>',
    ]
    described = f"At the threshold in force {coverage:.0%} of the questions are answered, {risk:.0%} of them wrongly."
    return _svg("Risk and coverage", described, height, "".join(parts))


def confusion(rows: Sequence[tuple[str, tuple[int, int, int, int]]]) -> str:
    """For each caveat two bars: passages that call for it (warned, missed) and that do not (silent, false alarm)."""
    step, height = 62, 24 + 62 * len(rows) + 6
    full = WIDTH - _LABEL - 110 - _RIGHT
    parts = [
        f'<rect x="{_LABEL + 110}" y="2" width="10" height="10" class="good"/><text x="{_LABEL + 126}" y="12">right</text>'
        f'<rect x="{_LABEL + 180}" y="2" width="10" height="10" class="bad"/><text x="{_LABEL + 196}" y="12">wrong</text>'
    ]
    for at, (label, (tp, fp, fn, tn)) in enumerate(rows):
        y = 26 + at * step
        parts.append(f'<text x="{_LABEL - 12}" y="{y + 26}" class="end">{escape(label)}</text>')
        for row, (name, right, wrong, words) in enumerate(
            (("called for", tp, fn, "missed"), ("not called for", tn, fp, "false alarms"))
        ):
            line, total = y + row * 24, max(right + wrong, 1)
            good = full * right / total
            parts.append(f'<text x="{_LABEL + 100}" y="{line + 14}" class="end soft">{name}</text>')
            parts.append(f'<rect x="{_LABEL + 110}" y="{line}" width="{good:.1f}" height="20" class="good"><title>{escape(label)}, {name}: {right} right</title></rect>')
            parts.append(f'<rect x="{_LABEL + 110 + good:.1f}" y="{line}" width="{full - good:.1f}" height="20" class="bad"><title>{escape(label)}, {name}: {wrong} {words}</title></rect>')
            if right:
                parts.append(f'<text x="{_LABEL + 118}" y="{line + 14}" class="inside">{right}</text>')
            if wrong:
                parts.append(f'<text x="{_LABEL + 102 + full}" y="{line + 14}" class="inside end">{wrong} {words}</text>')
    described = "; ".join(f"{label}: {tp} rightly warned, {fn} missed, {fp} false alarms, {tn} rightly silent" for label, (tp, fp, fn, tn) in rows)
    return _svg("Caveats: right and wrong", described, height, "".join(parts))


def histogram(milliseconds: Sequence[float], median: float, p95: float) -> str:
    """How long questions took; the slowest hundredth is gathered in the last bar."""
    ordered = sorted(milliseconds)
    top = max(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], p95, 1e-3)
    bins, height, left, bottom = 40, 220, 60, 170
    counts = [0] * bins
    for value in ordered:
        counts[min(bins - 1, int(value / top * bins))] += 1
    wide, tallest = WIDTH - left - _RIGHT, max(counts)
    parts = []
    for at, count in enumerate(counts):
        tall = count / tallest * (bottom - 30)
        reading = f"{top * at / bins:.1f} to {top * (at + 1) / bins:.1f} ms: {count} questions"
        parts.append(f'<rect x="{left + wide * at / bins + 1:.1f}" y="{bottom - tall:.1f}" width="{wide / bins - 2:.1f}" height="{tall:.1f}" class="bar"><title>{reading}</title></rect>')
    for tick in range(5):
        parts.append(f'<text x="{left + wide * tick / 4:.1f}" y="{bottom + 18}" class="middle soft">{top * tick / 4:.1f}</text>')
    crowded = abs(p95 - median) / top < 0.2
    for name, value, line in (("median", median, 12), ("95 %", p95, 26 if crowded else 12)):
        x = left + wide * min(value / top, 1)
        side, shift = ("end", -5) if x > WIDTH * 0.8 else ("", 5)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{line - 8}" y2="{bottom}" class="marker"/><text x="{x + shift:.1f}" y="{line}" class="{side} strong">{name} {value:.1f} ms</text>')
    parts.append(f'<line x1="{left}" x2="{left + wide}" y1="{bottom}" y2="{bottom}" class="axis"/><text x="{left + wide / 2}" y="{height - 12}" class="middle">milliseconds a question</text>')
    return _svg("Time per question", f"Median {median:.1f} ms, 95 % of the questions within {p95:.1f} ms.", height, "".join(parts))


def _svg(title: str, described: str, height: float, body: str) -> str:
    name = "".join(c for c in title.lower() if c.isalnum())
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(described)}</desc>{body}</svg>'
    )
