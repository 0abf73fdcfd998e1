"""Answered or not? One calibrated confidence that the texts answer, from what retrieval saw, and what no text has.

A logistic regression over a dozen shares from 0 to 1, its weights in `confidence.toml`, trained and cross-validated by
`python -m qa.evaluation.training` on the development questions. The threshold stands beside the weights with its rule.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qa.answering.ellipsis import names_a_matter
from qa.answering.interpretation import missing
from qa.errors import DataError
from qa.language.files import read_toml
from qa.language.unknown import UNKNOWN
from qa.retrieval.fusion import Hit
from qa.retrieval.query import Concept, Query
from qa.retrieval.ranking import OBSERVATIONS
from qa.retrieval.variants import DIRECT

WEIGHTS = Path(__file__).parent / "confidence.toml"
_TOP = 3
_MANY = 12

SIGNS: Mapping[str, str] = {
    "reach": "the most of the question that one of the best passages holds, absent words included",
    "closeness": "the most that one sentence of them holds",
    "concepts": "the largest share of its concepts that one of them holds",
    "many concepts": "how many that is",
    "topic share": "the largest share of the question's topics that one of them names",
    "names a topic": "the question names something that documents are about",
    "tells": "a sort of fact is asked that one of them tells",
    "does not tell": "a sort of fact is asked that none of them tells",
    "asks": "a sort of fact is asked at all",
    "missing": "share of the question that no text has in any language",
    "missing words": "how many words those are, up to four",
    "direct": "share of the question that the texts have word for word or in translation",
    "near words": "share met through synonyms or everyday words only",
    "held": "the most of the question's content that one of the best passages holds, near words for their weight",
    "near only": "share of that content that the texts have in near words alone",
    "length": "number of concepts, up to twelve",
    "score": "the best passage's score in the ranking",
    "lead": "how far it leads the fifth",
    "unknown language": "the question's language is unclear",
}


@dataclass(frozen=True)
class Verdict:
    """`confidence` that the corpus answers, 0 to 1; `missing`: content words that no passage has in any language."""

    answered: bool
    confidence: float
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """Weights by sign, bias, and the confidence from which a question counts as answered."""

    weights: Mapping[str, float]
    bias: float
    threshold: float


def judge(query: Query, hits: Sequence[Hit], topical: bool, asked: frozenset[str]) -> Verdict:
    """The verdict on a question and its ranked passages; `topical`: the question names a topic of the documents."""
    absent = missing(query, hits)
    if not names_a_matter(query):
        return Verdict(False, 0.0, absent)  # "and if it doesn't?", "what's it like tomorrow?": of what, nobody knows
    if not hits or not hits[0].observations:
        return Verdict(bool(hits), float(bool(hits)) * 0.5, absent)
    model = load_model()
    values = signs(query, hits, topical, asked)
    total = model.bias + sum(model.weights[name] * value for name, value in values.items())
    confidence = 1 / (1 + math.exp(-total))
    return Verdict(confidence >= model.threshold, confidence, absent)


def signs(query: Query, hits: Sequence[Hit], topical: bool, asked: frozenset[str]) -> dict[str, float]:
    """Every sign of SIGNS for a question and its hits."""
    seen = [dict(zip(OBSERVATIONS, hit.observations, strict=True)) for hit in hits[:_TOP]]
    whole = sum(concept.weight for concept in query.concepts) or 1.0
    absent = [concept for concept in query.concepts if not concept.variants]
    direct = sum(concept.weight for concept in query.concepts if _is_direct(concept))
    content = [concept for concept in query.concepts if not concept.frame]
    said = sum(concept.weight for concept in content) or 1.0
    near = sum(concept.weight for concept in content if concept.variants and not _is_direct(concept))
    fifth = hits[min(4, len(hits) - 1)].score
    return {
        "reach": max(each["reach"] for each in seen),
        "closeness": max(each["closeness"] for each in seen),
        "concepts": max(each["concepts"] for each in seen),
        "many concepts": max(each["many concepts"] for each in seen),
        "topic share": max(each["on topic"] for each in seen) if topical else 0.0,
        "names a topic": float(topical),
        "tells": max(each["tells"] for each in seen),
        "does not tell": min(each["does not tell"] for each in seen),
        "asks": float(bool(asked)),
        "missing": sum(concept.weight for concept in absent) / whole,
        "missing words": min(sum(not concept.frame for concept in absent), 4) / 4,
        "direct": direct / whole,
        "near words": max(each["near words"] for each in seen),
        "held": max(_held(content, hit) for hit in hits[:_TOP]) / said,
        "near only": near / said,
        "length": min(query.content, _MANY) / _MANY,
        "score": hits[0].score / 10,
        "lead": (hits[0].score - fifth) / 10,
        "unknown language": float(query.language is None),
    }


def _is_direct(concept: Concept) -> bool:
    """Whether some text has the concept word for word or in translation."""
    return any(variant.via in DIRECT for listed in concept.variants.values() for variant in listed)


def _held(concepts: Sequence[Concept], hit: Hit) -> float:
    """How much of the concepts a passage holds, each with its weight and that of the strongest variant found."""
    code, terms = hit.passage.language or UNKNOWN, hit.profile.terms
    return sum(
        concept.weight
        * max((variant.weight for variant in concept.variants.get(code, ()) if variant.term in terms), default=0.0)
        for concept in concepts
    )


@cache
def load_model() -> Model:
    """The trained model; raises DataError when the file does not fit the signs."""
    table = read_toml(WEIGHTS)
    weights = table.get("weights", {})
    if set(weights) != set(SIGNS) or not {"bias", "threshold"} <= set(table):
        wrong = ", ".join(sorted(set(weights) ^ set(SIGNS))) or "bias or threshold"
        raise DataError(f"{WEIGHTS.name}: does not fit the signs ({wrong}); train again")
    return Model(weights, float(table["bias"]), float(table["threshold"]))
