"""Answered or not? One confidence from how much of the question the best passages cover, and what no text has."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.retrieval.fusion import Hit
from qa.retrieval.query import Query

THRESHOLD = 0.5


@dataclass(frozen=True)
class Verdict:
    """`confidence` that the corpus answers, 0 to 1; `missing`: content words that no passage has in any language."""

    answered: bool
    confidence: float
    missing: tuple[str, ...]


def judge(query: Query, hits: Sequence[Hit], ideal: float, known: set[str]) -> Verdict:
    """`ideal`: the score of a passage that holds all of the query; `known`: the concepts some passage holds."""
    missing = tuple(c.text for c in query.concepts if not c.frame and c.text not in known)
    if not hits or ideal <= 0:
        return Verdict(False, 0.0, missing)
    confidence = min(1.0, hits[0].score / ideal)
    return Verdict(confidence >= THRESHOLD, confidence, missing)
