"""Knowing when not to answer: how well confidence ranks, and what answering only above a threshold would cost."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.evaluation.intervals import Figure, Floats, figure, resamples


@dataclass(frozen=True)
class Point:
    """Answering only with `confidence` or more answers `coverage` of the questions, `risk` of those wrongly."""

    confidence: float
    coverage: float
    risk: float


@dataclass(frozen=True)
class Curve:
    """The risk-coverage curve (El-Yaniv & Wiener 2010), from the surest question to all; its figures by name."""

    points: tuple[Point, ...]
    figures: dict[str, Figure]


def auroc(positive: Sequence[float], negative: Sequence[float]) -> Figure:
    """How often an answerable question has more confidence than an unanswerable one; ties count half.

    Both samples are drawn again for the interval.
    """
    levels = np.unique([*positive, *negative])

    def area(above: Floats, below: Floats) -> Floats:
        less = np.cumsum(below, axis=1) - below
        wins = (above * (less + below / 2)).sum(axis=1)
        return np.asarray(wins / (above.sum(axis=1) * below.sum(axis=1)))

    def counted(sample: Sequence[float]) -> tuple[Floats, Floats]:
        place = np.searchsorted(levels, sample)
        whole = np.bincount(place, minlength=len(levels)).astype(np.float64)[None, :]
        draws = np.zeros((len(resamples(len(sample))), len(levels)))
        np.add.at(draws.T, place, resamples(len(sample)).T)
        return whole, draws

    above, drawn_above = counted(positive)
    below, drawn_below = counted(list(reversed(negative)))
    value = float(area(above, below)[0])
    return figure(value, area(drawn_above, drawn_below), len(positive) + len(negative))


def risk_coverage(rows: Sequence[tuple[float, bool]]) -> Curve | None:
    """The curve over (confidence, right when answered); None for no rows. Unanswerable questions are never right.

    Figures: `aurc`, the area under it, smaller is better; `risk@50`, `risk@80`: risk at that coverage in percent.
    """
    if not rows:
        return None
    confidence = np.array([row[0] for row in rows])
    wrong = np.array([not row[1] for row in rows], dtype=np.float64)
    order = np.argsort(-confidence, kind="stable")
    confidence, wrong = confidence[order], wrong[order]
    ends = np.append(np.flatnonzero(np.diff(confidence)), len(rows) - 1)  # questions of one confidence come together

    def area(weights: Floats) -> Floats:
        answered, errors = np.cumsum(weights, axis=1)[:, ends], np.cumsum(weights * wrong, axis=1)[:, ends]
        share = np.diff(np.concatenate([np.zeros((len(weights), 1)), answered], axis=1), axis=1)
        risk = np.divide(errors, answered, out=np.zeros_like(errors), where=answered > 0)
        return np.asarray((risk * share).sum(axis=1) / answered[:, -1])

    def risk_at(weights: Floats, coverage: float) -> Floats:
        answered, errors = np.cumsum(weights, axis=1)[:, ends], np.cumsum(weights * wrong, axis=1)[:, ends]
        first = (answered >= coverage * answered[:, -1:]).argmax(axis=1)
        rows_at = np.arange(len(weights))
        return np.asarray(errors[rows_at, first] / answered[rows_at, first])

    whole, drawn = np.ones((1, len(rows))), resamples(len(rows)).astype(np.float64)
    figures = {"aurc": figure(float(area(whole)[0]), area(drawn), len(rows))}
    for percent in (50, 80):
        value = float(risk_at(whole, percent / 100)[0])
        figures[f"risk@{percent}"] = figure(value, risk_at(drawn, percent / 100), len(rows))
    answered, errors = np.arange(1, len(rows) + 1)[ends], np.cumsum(wrong)[ends]
    points = [
        Point(round(float(confidence[end]), 4), round(float(a) / len(rows), 4), round(float(e) / float(a), 4))
        for end, a, e in zip(ends, answered, errors, strict=True)
    ]
    return Curve(tuple(points), figures)
