"""Plots."""

import re

import pytest

from qa.evaluation import plots
from qa.evaluation.abstention import risk_coverage
from qa.evaluation.intervals import Figure

HALF = Figure(0.5, 0.25, 0.75, 12)


def numbers(svg: str, pattern: str) -> list[float]:
    return [float(found) for found in re.findall(pattern, svg)]


def test_dots_stand_where_their_values_are() -> None:
    svg = plots.dots("Hits", ("a",), [("zero", [Figure(0, 0, 0, 1)]), ("half", [HALF]), ("one", [Figure(1, 1, 1, 1)])])
    left, middle, right = numbers(svg, r'<circle cx="([\d.]+)"')
    assert middle - left == pytest.approx(right - middle) and right < plots.WIDTH
    assert "half, a: 0.500 (0.250 to 0.750, n = 12)" in svg


def test_names_are_escaped() -> None:
    assert "<b>" not in plots.dots("Hits", ("a",), [("<b>", [HALF])])


def test_bars_of_the_confusion_fill_their_row() -> None:
    svg = plots.confusion([("promotional", (3, 1, 1, 5)), ("safety", (0, 0, 0, 4))])
    widths = numbers(svg, r'width="([\d.]+)" height="20.0"')
    assert widths[0] == pytest.approx(widths[1] * 3, rel=0.01)  # 3 warned, 1 missed
    assert widths[0] + widths[1] == pytest.approx(widths[-1], abs=0.2)
    assert "not called for: 4 right" in svg and "called for: 0 right" not in svg


def test_the_curve_begins_and_ends_with_its_points() -> None:
    curve = risk_coverage([(0.9, True), (0.8, False), (0.1, False)])
    assert curve is not None
    svg = plots.risk_coverage(curve, 0.5, 0.5)
    points = re.findall(r'points="([^"]+)"', svg)[0].split()
    assert len(points) == 3 and "50% answered, 50% of them wrongly" in svg


@pytest.mark.parametrize("times", [[1.0], [1.0, 2.0, 300.0], [0.001] * 50])
def test_the_histogram_counts_every_question(times: list[float]) -> None:
    svg = plots.histogram(times, 1.0, 2.0)
    assert sum(numbers(svg, r"ms: (\d+) questions")) == len(times)
