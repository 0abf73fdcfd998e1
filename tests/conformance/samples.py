"""The collections and queries that every engine is asked, and what the definition says to them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.retrieval.bm25 import K1, B
from qa.retrieval.engine import Entry, Group

_TERMS = [
    "pain",
    "nerve",
    "magnesium",
    "kratom",
    "dolore",
    "nervo",
    "gamba",
    "x",
    "a_phrase",
    "caffè",
    "1.5",
    "zero",
]
LANGUAGES = ("en", "it", "fr", "und")  # what a process reads, what it may read, and what it does not know
_WEIGHTS = [1.0, 0.8, 0.5, 0.3, 0.12]


@dataclass(frozen=True)
class Collection:
    """Entries by name, with the queries to ask."""

    name: str
    entries: tuple[Entry, ...]
    queries: tuple[tuple[Group, ...], ...]


def random_collection(seed: int) -> Collection:
    """Passages of several languages, some alike or empty, and weighted queries over their terms and absent ones."""
    draw = np.random.default_rng(seed)
    ranks = [np.minimum(draw.zipf(1.4, draw.integers(0, 25)), len(_TERMS)) - 1 for _ in range(draw.integers(1, 200))]
    codes = draw.choice(LANGUAGES, len(ranks))
    entries = tuple(Entry(at, str(codes[at]), [_TERMS[rank] for rank in row]) for at, row in enumerate(ranks))
    queries = tuple(_query(draw) for _ in range(6))
    return Collection(f"random {seed}", entries, queries)


def _query(draw: np.random.Generator) -> tuple[Group, ...]:
    groups = []
    for _ in range(draw.integers(1, 5)):
        terms = draw.choice([*_TERMS, "absent"], draw.integers(1, 5), replace=False)
        weights = draw.choice(_WEIGHTS, len(terms))
        variants = {str(term): float(weight) for term, weight in zip(terms, weights, strict=True)}
        groups.append(Group(variants, float(draw.choice([1.0, 0.5, 1.5]))))
    return tuple(groups)


def ranked(entries: Sequence[Entry], query: Sequence[Group], language: str) -> dict[int, float]:
    """Passage number → score by the definition, one passage after the other, best first, ties by number."""
    own = [entry for entry in entries if entry.language == language]
    size = len(own)
    if not size:
        return {}
    mean = sum(len(entry.terms) for entry in own) / size or 1.0
    totals: dict[int, float] = {}
    counted = [{term: entry.terms.count(term) for term in set(entry.terms)} for entry in own]
    for group in query:
        presence = sum(max((w for t, w in group.variants.items() if t in row), default=0.0) for row in counted)
        idf = math.log(1 + (size - presence + 0.5) / (presence + 0.5))
        for entry, row in zip(own, counted, strict=True):
            count = sum(weight * row.get(term, 0) for term, weight in group.variants.items())
            if count:
                norm = K1 * (1 - B + B * len(entry.terms) / mean)
                gained = group.weight * idf * count * (K1 + 1) / (count + norm)
                totals[entry.number] = totals.get(entry.number, 0.0) + gained
    return dict(sorted(totals.items(), key=lambda total: (-total[1], total[0])))
