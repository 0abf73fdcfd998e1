"""Figures with their uncertainty: the percentile bootstrap (Efron & Tibshirani 1993), seeded, so always the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

RESAMPLES = 1_000
SEED = 20_190_319
PLACES = 4

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Figure:
    """A measured value, its 95 % interval, and the number of cases it rests on. Rounded to four places."""

    value: float
    low: float
    high: float
    n: int


@lru_cache(maxsize=64)
def resamples(n: int) -> Ints:
    """How often each of `n` cases is drawn in each resample: RESAMPLES rows, every row sums to `n`."""
    drawn = np.random.default_rng((SEED, n)).integers(0, n, (RESAMPLES, n))
    return np.stack([np.bincount(row, minlength=n) for row in drawn])


def figure(value: float, resampled: Floats, n: int) -> Figure:
    """A value with the central 95 % of its resampled values; resamples in which it is undefined (NaN) do not count."""
    defined = resampled[~np.isnan(resampled)]
    low, high = np.percentile(defined, (2.5, 97.5)) if len(defined) else (value, value)
    return Figure(round(float(value), PLACES), round(float(low), PLACES), round(float(high), PLACES), n)


def means(columns: Mapping[str, Sequence[float]]) -> dict[str, Figure]:
    """The mean of each column (all of one length, none empty) with its interval."""
    if not columns or not len(next(iter(columns.values()))):
        return {}
    values = np.array(list(columns.values()), dtype=np.float64)
    n = values.shape[1]
    # einsum without BLAS: its sums come in one order, so two machines' threads cannot differ in the last bit
    drawn = np.einsum("bn,mn->mb", resamples(n).astype(np.float64), values) / n
    return {
        name: figure(float(row.mean()), drawn[at], n)
        for at, (name, row) in enumerate(zip(columns, values, strict=True))
    }


def of_counts(cells: Sequence[int], kinds: int, measure: Callable[[Floats], Floats]) -> Figure:
    """A measure of how often each of `kinds` outcomes occurs, such as F1 of a confusion table.

    `cells` holds each case's outcome (0 to kinds − 1); `measure` takes rows of counts and gives a value a row, NaN
    where it is undefined. Undefined over all cases counts as 0, as the outside judge has it.
    """
    membership = np.zeros((len(cells), kinds))
    membership[np.arange(len(cells)), list(cells)] = 1
    drawn = np.einsum("bn,nk->bk", resamples(len(cells)).astype(np.float64), membership)
    whole = measure(membership.sum(axis=0)[None, :])
    return figure(float(np.nan_to_num(whole)[0]), measure(drawn), len(cells))


def quantiles(values: Sequence[float], shares: Mapping[str, float]) -> dict[str, Figure]:
    """Quantiles by name with their intervals."""
    if not len(values):
        return {}
    sample, n = np.asarray(values, dtype=np.float64), len(values)
    drawn = np.random.default_rng((SEED, n)).integers(0, n, (RESAMPLES, n))
    points = list(shares.values())
    every = np.quantile(sample[drawn], points, axis=1)
    whole = np.quantile(sample, points)
    return {name: figure(float(whole[at]), every[at], n) for at, name in enumerate(shares)}
