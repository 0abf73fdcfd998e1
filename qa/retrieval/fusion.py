"""One ranked list per passage language becomes one ranked list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.documents.passages import Passage
from qa.retrieval.engine import ScoredEntry


@dataclass(frozen=True)
class Hit:
    """A passage retrieved for a query, with its score."""

    passage: Passage
    score: float


def fuse(lists: Mapping[str, Sequence[ScoredEntry]], passages: Sequence[Passage]) -> list[Hit]:
    """All hits, best first; ties by the order of the corpus."""
    every = [entry for listed in lists.values() for entry in listed]
    every.sort(key=lambda entry: (-entry.score, entry.number))
    return [Hit(passages[entry.number], entry.score) for entry in every]
