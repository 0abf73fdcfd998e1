"""The embedded engine: one BM25 model a language, in memory or mapped from the cache."""

from array import array
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from qa.retrieval.bm25 import K1, B, PostingsBM25
from qa.retrieval.engine import Entry, Group, ScoredEntry
from qa.retrieval.postings import Builder, Ints, Postings


class EmbeddedEngine:
    """The engine that needs nothing but memory: one PostingsBM25 a language.

    `compiled`: with numba (True), without (False), or where it pays and is installed (None).
    """

    name = "rank-bm25"

    def __init__(self, k1: float = K1, b: float = B, compiled: bool | None = None) -> None:
        self.k1, self.b, self._compiled = k1, b, compiled
        self._models: dict[str, PostingsBM25] = {}
        self._numbers: dict[str, Ints] = {}

    def index(self, entries: Iterable[Entry]) -> None:
        """Builds one model a language from a stream; an empty collection is a valid one."""
        builders: dict[str, Builder] = {}
        numbers: dict[str, array[int]] = {}
        for entry in entries:
            language = entry.language
            if language not in builders:
                builders[language], numbers[language] = Builder(), array("i")
            builders[language].add(entry.terms)
            numbers[language].append(entry.number)
        self.open({code: (builder.postings(), np.array(numbers[code], np.int32)) for code, builder in builders.items()})

    def open(self, indexed: Mapping[str, tuple[Postings, Ints]]) -> None:
        """Takes postings made before, each with the numbers its passages have in the collection."""
        self._models = {
            code: PostingsBM25(postings, self.k1, self.b, self._compiled) for code, (postings, _) in indexed.items()
        }
        self._numbers = {code: numbers for code, (_, numbers) in indexed.items()}

    def indexed(self) -> dict[str, tuple[Postings, Ints]]:
        """What `open` takes."""
        return {code: (model.postings, self._numbers[code]) for code, model in self._models.items()}

    def vocabulary(self, language: str) -> Mapping[str, int]:
        """Index term → number of passages of that language that hold it."""
        model = self._models.get(language)
        return model.frequencies if model else {}

    def size(self, language: str) -> int:
        """How many passages of that language are indexed."""
        model = self._models.get(language)
        return model.corpus_size if model else 0

    def search(self, groups: Sequence[Group], language: str, limit: int) -> list[ScoredEntry]:
        """The best `limit` passages that share a term with the query, best first, ties by number."""
        model = self._models.get(language)
        if model is None:
            return []
        places, scores = model.top_of_groups(groups, limit)
        return list(map(ScoredEntry, self._numbers[language][places].tolist(), scores.tolist()))

    def close(self) -> None:
        """Drops the models."""
        self._models, self._numbers = {}, {}
