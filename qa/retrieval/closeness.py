"""How much of a question stands together in one sentence of a passage: a second look at BM25's best passages.

BM25 counts words wherever they stand. An answer usually has them in one sentence, so the idf-weighted share of the
query that the best sentence covers is added to the score.
"""

from collections.abc import Sequence
from functools import lru_cache

from qa.documents.passages import Passage
from qa.language.sentences import sentences
from qa.retrieval.engine import Group
from qa.retrieval.terms import index_terms

WEIGHT = 0.75


def closeness(passage: Passage, groups: Sequence[Group], gains: Sequence[float]) -> float:
    """The gain of the best sentence: for each group the gain times the weight of its strongest variant there."""
    code = passage.language
    if code is None:
        return 0.0
    return max((_gain(terms, groups, gains) for terms in sentence_terms(passage.text, code)), default=0.0)


def coverage(passage: Passage, groups: Sequence[Group], gains: Sequence[float]) -> float:
    """The same over the whole passage."""
    code = passage.language
    if code is None:
        return 0.0
    return _gain(frozenset().union(*sentence_terms(passage.text, code)), groups, gains)


def _gain(terms: frozenset[str], groups: Sequence[Group], gains: Sequence[float]) -> float:
    return sum(
        gain * max((weight for term, weight in group.variants.items() if term in terms), default=0.0)
        for group, gain in zip(groups, gains, strict=True)
    )


@lru_cache(maxsize=20_000)
def sentence_terms(text: str, code: str) -> tuple[frozenset[str], ...]:
    """The index terms of each sentence of a passage."""
    return tuple(frozenset(index_terms(text[start:end], code)) for start, end in sentences(text, code))
