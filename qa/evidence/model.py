"""A small linear model over the cues: one logistic regression a label, its weights in `weights.toml`, to be read.

Trained by `python -m qa.evidence.training` on labelled passages; nothing in it but cue categories and their pairs, so
that every label can be explained by the words that set it off.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa.errors import DataError
from qa.evidence.features import names
from qa.language.files import read_toml
from qa.language.registry import LANGUAGES

Floats = npt.NDArray[np.float64]

WEIGHTS = Path(__file__).parent / "weights.toml"
LABELS = ("sell", "tone", "lacks_human", "human", "animal", "in_vitro", "unnamed", "benefit", "harm", "absolute_safety")


@dataclass(frozen=True)
class Label:
    """One label's bias, weights by feature, and for each language the probability from which it is given.

    Languages differ in how many of their wordings the cues know; a language not trained on has the thresholds' mean,
    or the share of it that its folder tells.
    """

    bias: float
    weights: Mapping[str, float]
    thresholds: Mapping[str, float]

    def given(self, values: Mapping[str, float], code: str) -> bool:
        """Whether a text in the language `code` with these features has the label."""
        return self._log_odds(values) >= self.least_log_odds(code)

    def least_log_odds(self, code: str) -> float:
        """The log odds from which a text in the language `code` has the label."""
        mean = sum(self.thresholds.values()) / len(self.thresholds)
        share = LANGUAGES[code].share if code in LANGUAGES else 1.0
        threshold = self.thresholds.get(code, mean * share)
        return math.log(threshold / (1 - threshold))

    def probability(self, values: Mapping[str, float]) -> float:
        """The probability, 0 to 1, that a text with these features has the label."""
        return 1 / (1 + math.exp(-self._log_odds(values)))

    def _log_odds(self, values: Mapping[str, float]) -> float:
        return self.bias + sum(self.weights.get(name, 0.0) * value for name, value in values.items())


def log_odds(values: Mapping[str, float]) -> dict[str, float]:
    """Label → its log odds for a text with these features: all labels in one product."""
    weights, biases, index = _matrix()
    x = np.zeros(len(index))
    x[[index[name] for name in values]] = list(values.values())
    return dict(zip(LABELS, (weights @ x + biases).tolist(), strict=True))


def labels_given(odds: Mapping[str, float], code: str) -> dict[str, bool]:
    """Label → whether a text in the language `code` with these log odds has it."""
    return {label: odds[label] >= least for label, least in _least(code).items()}


@cache
def _matrix() -> tuple[Floats, Floats, dict[str, int]]:
    """(weights, labels by features; biases; feature → column)."""
    order = names()
    weights = np.array([[label.weights.get(name, 0.0) for name in order] for label in model().values()])
    return weights, np.array([label.bias for label in model().values()]), {name: at for at, name in enumerate(order)}


@cache
def _least(code: str) -> dict[str, float]:
    """For each label the log odds from which it is given in the language `code`."""
    return {name: label.least_log_odds(code) for name, label in model().items()}


@cache
def model() -> Mapping[str, Label]:
    """The trained labels; raises DataError when the file lacks one or names an unknown feature."""
    table = read_toml(WEIGHTS)
    known = set(names())
    labels = {}
    for name in LABELS:
        row = table.get(name)
        if not isinstance(row, dict) or "bias" not in row or not row.get("thresholds"):
            raise DataError(f"{WEIGHTS.name}: label {name!r} lacks its bias or thresholds")
        weights = row.get("weights", {})
        for feature in weights:
            if feature not in known:
                raise DataError(f"{WEIGHTS.name}: label {name!r}: unknown feature {feature!r}; train again")
        labels[name] = Label(float(row["bias"]), weights, row["thresholds"])
    return labels
