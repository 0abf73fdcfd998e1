"""Bootstrap intervals and the randomisation test."""

import numpy as np
import pytest

from qa.evaluation.intervals import RESAMPLES, Figure, means, of_counts, quantiles, resamples
from qa.evaluation.significance import p_value


@pytest.mark.parametrize("n", [1, 2, 26, 500])
def test_every_resample_draws_n_cases(n: int) -> None:
    assert resamples(n).shape == (RESAMPLES, n)
    assert set(resamples(n).sum(axis=1)) == {n}


def test_the_interval_of_a_mean_is_that_of_theory() -> None:
    values = [1.0] * 300 + [0.0] * 100
    figure = means({"hit": values})["hit"]
    spread = 1.96 * (0.75 * 0.25 / 400) ** 0.5
    assert figure.value == 0.75 and figure.n == 400
    assert figure.low == pytest.approx(0.75 - spread, abs=0.006)
    assert figure.high == pytest.approx(0.75 + spread, abs=0.006)


@pytest.mark.parametrize(
    ("values", "figure"),
    [([1.0], Figure(1, 1, 1, 1)), ([0.0] * 9, Figure(0, 0, 0, 9)), ([0.5, 0.5], Figure(0.5, 0.5, 0.5, 2))],
)
def test_what_never_varies_has_no_spread(values: list[float], figure: Figure) -> None:
    assert means({"x": values}) == {"x": figure}


def test_nothing_measured_has_no_figure() -> None:
    assert means({"x": []}) == {} and quantiles([], {"median": 0.5}) == {}


def test_measures_of_counts() -> None:
    figure = of_counts([0, 0, 1, 1, 1, 1, 1, 1], 2, lambda counts: counts[:, 0] / counts.sum(axis=1))
    assert figure.value == 0.25 and figure.n == 8 and 0 <= figure.low < 0.25 < figure.high <= 0.75


def test_quantiles_lie_in_their_intervals() -> None:
    values = list(np.random.default_rng(7).exponential(5, 300))
    for name, figure in quantiles(values, {"median": 0.5, "p95": 0.95}).items():
        assert figure.low < figure.value < figure.high, name


@pytest.mark.parametrize(
    ("before", "after", "p"),
    [
        ([1, 0, 1], [1, 0, 1], 1.0),
        ([0], [1], 1.0),  # one question says nothing, whichever way
        ([0, 0, 0, 0, 0], [1, 1, 1, 1, 1], 2 / 32),
        ([0, 0, 0, 0, 1], [1, 1, 1, 1, 0], 12 / 32),
        ([0.0] * 40, [1.0] * 40, 1 / 10_001),
    ],
)
def test_p_values(before: list[float], after: list[float], p: float) -> None:
    assert p_value(before, after) == pytest.approx(p, abs=5e-5)
    assert p_value(after, before) == p_value(before, after)
