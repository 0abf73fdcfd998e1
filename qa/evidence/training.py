"""Trains the label model: `python -m qa.evidence.training LABELLED.jsonl…` cross-validates and writes weights.

Logistic regression with an L2 penalty by Newton's method (iteratively reweighted least squares), which on a few hundred
passages and features takes a second and gives the same weights every time.
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from qa.evidence.assessment import found
from qa.evidence.features import features, names
from qa.evidence.model import WEIGHTS

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

PENALTY = 4.0
FOLDS = 10
MOST_FALSE_ALARMS = {"lacks_human": 0.10, "absolute_safety": 0.015}

Row = dict[str, Any]


def lacks_human(row: Row) -> bool:
    """The passage claims a benefit and brings no evidence from people."""
    return "human" not in row["evidence"] and row["claim"] in ("benefit", "both")


TARGETS: dict[str, tuple[Callable[[Row], bool], Callable[[Row], bool]]] = {
    # label: (is it given?, is the row fit to learn from?)
    "sell": (lambda r: r["promotional"] == "sell", lambda r: "promotional" not in r.get("disputed", ())),
    "tone": (lambda r: r["promotional"] == "tone", lambda r: "promotional" not in r.get("disputed", ())),
    "lacks_human": (lacks_human, lambda r: "unclear" not in r["evidence"] and "evidence" not in r.get("disputed", ())),
    "human": (lambda r: "human" in r["evidence"], lambda r: "evidence" not in r.get("disputed", ())),
    "animal": (lambda r: "animal" in r["evidence"], lambda r: "evidence" not in r.get("disputed", ())),
    "in_vitro": (lambda r: "in_vitro" in r["evidence"], lambda r: "evidence" not in r.get("disputed", ())),
    "unnamed": (lambda r: "unnamed" in r["evidence"], lambda r: "evidence" not in r.get("disputed", ())),
    "benefit": (lambda r: r["claim"] in ("benefit", "both"), lambda r: True),
    "harm": (lambda r: r["claim"] in ("harm", "both"), lambda r: True),
    "absolute_safety": (lambda r: r.get("safety") == "yes", lambda r: r.get("safety") != "weak"),
}


def fit(x: Floats, y: Bools, penalty: float = PENALTY, worth: Floats | None = None) -> Floats:
    """Weights (bias last) of the penalised logistic regression; x is passages by features.

    `worth`: what each passage counts for, 1 by default.
    """
    design = np.hstack([x, np.ones((len(x), 1))])
    worth = np.ones(len(x)) if worth is None else worth
    ridge = np.full(design.shape[1], penalty)
    ridge[-1] = 1e-6
    weights = np.zeros(design.shape[1])
    for _ in range(50):
        probability = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (worth * (probability - y)) + ridge * weights
        curvature = worth * probability * (1 - probability)
        hessian = (design * curvature[:, None]).T @ design + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def probabilities(x: Floats, weights: Floats) -> Floats:
    """The probability of the label for each passage."""
    return np.asarray(1 / (1 + np.exp(-(x @ weights[:-1] + weights[-1]))))


def cross_validated(x: Floats, y: Bools, fold: npt.NDArray[np.int64]) -> Floats:
    """Each passage's probability by a model that has not seen it."""
    out = np.zeros(len(y))
    for number in range(FOLDS):
        held = fold == number
        out[held] = probabilities(x[held], fit(x[~held], y[~held]))
    return out


def best_threshold(probability: Floats, y: Bools, most_alarms: float) -> float:
    """The threshold with the best F1 among those that give at most `most_alarms` of the others the label.

    The lowest, where several are as good: a caveat that is missed is worse than one too many.
    """
    grid = np.round(np.arange(0.2, 0.81, 0.01), 2)
    scores = np.array([_f1(y, probability >= threshold) for threshold in grid])
    alarms = np.array([(probability[~y] >= threshold).mean() for threshold in grid])
    allowed = alarms <= max(most_alarms, float(alarms.min()))
    good = grid[allowed & (scores >= scores[allowed].max() - 0.006)]
    return float(np.round(good.min(), 2))


def _f1(y: Bools, given: Bools) -> float:
    both = int((y & given).sum())
    return 2 * both / max(int(y.sum()) + int(given.sum()), 1)


def read(paths: Sequence[Path]) -> list[Row]:
    """The labelled passages of all files."""
    return [json.loads(line) for path in paths for line in path.read_text("utf-8").split("\n") if line.strip()]


def matrix(rows: Sequence[Row]) -> Floats:
    """Passages by features."""
    order = names()
    values = [features(row["text"], found(row["text"], row["lang"])) for row in rows]
    return np.array([[each.get(name, 0.0) for name in order] for each in values])


def folds(rows: Sequence[Row]) -> npt.NDArray[np.int64]:
    """The fold of each row; copies of a text and the two languages of a pair share one, lest one tell on the other."""
    keys = [row.get("pair") or row["text"] for row in rows]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    fold_of = np.random.default_rng(0).permutation(len(numbers)) % FOLDS
    return np.array([fold_of[numbers[key]] for key in keys], np.int64)


def main(paths: Sequence[Path]) -> None:
    """Prints the cross-validated figures of each label, then writes the weights trained on everything."""
    rows = read(paths)
    x = matrix(rows)
    languages = np.array([row["lang"] for row in rows])
    fold = folds(rows)
    lines = [
        "# Weights of the label model, by falling size. Written by `python -m qa.evidence.training`; do not edit.",
        f"# Trained on {len(rows)} labelled passages.",
    ]
    for label, (given, usable) in TARGETS.items():
        fit_for = np.array([usable(row) for row in rows])
        y = np.array([given(row) for row in rows])[fit_for]
        probability = cross_validated(x[fit_for], y, fold[fit_for])
        most = MOST_FALSE_ALARMS.get(label, 0.08)
        thresholds = {}
        figures = ""
        for code in sorted(set(languages)):
            here = languages[fit_for] == code
            thresholds[code] = best_threshold(probability[here], y[here], most)
            given_here = probability[here] >= thresholds[code]
            alarms = given_here[~y[here]].mean()
            figures += (
                f"  {code} at {thresholds[code]:.2f}: F1 {_f1(y[here], given_here):.3f} false alarms {alarms:.3f}"
            )
        print(f"{label:16} n={int(y.sum())}/{len(y)}{figures}")
        weights = fit(x[fit_for], y)
        lines += ["", f"[{label}]", f"bias = {weights[-1]:.4f}", f"[{label}.thresholds]"]
        lines += [f"{code} = {threshold:.2f}" for code, threshold in thresholds.items()]
        lines += [f"[{label}.weights]"]
        ranked = sorted(zip(names(), weights[:-1], strict=True), key=lambda pair: (-abs(pair[1]), pair[0]))
        lines += [f'"{name}" = {weight:.4f}' for name, weight in ranked if abs(weight) >= 0.00005]
    WEIGHTS.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
