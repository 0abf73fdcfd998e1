"""Answered or not, where a reranker has looked too: the same signs and its similarity, with weights of their own.

A reranker changes the scores that the plain confidence was trained on, so its weights and threshold would no longer
mean what they say. These are in `confidence-semantic.toml`, trained by `python -m qa.evaluation.reranking`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from qa.answering.abstention import SIGNS, Model, Verdict, judge, signs
from qa.errors import DataError
from qa.language.files import read_toml
from qa.retrieval.fusion import Hit
from qa.retrieval.query import Query
from qa.retrieval.semantic import RerankedHit

WEIGHTS = Path(__file__).parent / "confidence-semantic.toml"
_TOP = 3

RERANKED_SIGNS: Mapping[str, str] = {
    **SIGNS,
    "similarity": "the nearest that one of the best passages is to the question in meaning",
}


def judge_reranked(query: Query, hits: Sequence[Hit], topical: bool, asked: frozenset[str]) -> Verdict:
    """The verdict on a question whose passages a reranker has ordered; the plain one where none did."""
    plain = judge(query, hits, topical, asked)
    if not hits or not isinstance(hits[0], RerankedHit) or not plain.confidence:
        return plain  # a confidence of 0 is for a question that names no matter, however near a passage comes
    model = load_model()
    values = reranked_signs(query, hits, topical, asked)
    total = model.bias + sum(model.weights[name] * value for name, value in values.items())
    confidence = 1 / (1 + math.exp(-total))
    return replace(plain, answered=confidence >= model.threshold, confidence=confidence)


def reranked_signs(query: Query, hits: Sequence[Hit], topical: bool, asked: frozenset[str]) -> dict[str, float]:
    """Every sign of RERANKED_SIGNS for a question and its hits."""
    seen = [hit.similarity for hit in hits[:_TOP] if isinstance(hit, RerankedHit)]
    return signs(query, hits, topical, asked) | {"similarity": max(seen, default=0.0)}


@cache
def load_model() -> Model:
    """The trained model; raises DataError when the file does not fit the signs."""
    table = read_toml(WEIGHTS)
    weights = table.get("weights", {})
    if set(weights) != set(RERANKED_SIGNS) or not {"bias", "threshold"} <= set(table):
        wrong = ", ".join(sorted(set(weights) ^ set(RERANKED_SIGNS))) or "bias or threshold"
        raise DataError(f"{WEIGHTS.name}: does not fit the signs ({wrong}); train again")
    return Model(weights, float(table["bias"]), float(table["threshold"]))
