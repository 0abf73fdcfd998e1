"""The embedded engine: rank-bm25's Okapi model over postings in flat arrays.

`PostingsBM25` is a BM25Okapi whose scores equal rank-bm25's own (with Lucene's idf) to 1e-9, but it touches only the
passages that hold a query term. Robertson & Zaragoza 2009 (BM25), Kamphuis et al. 2020 (the idf variants),
Pirkola 1998 (the variants of one concept scored as one term).
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Okapi

from qa.retrieval.engine import Entry, Group, ScoredEntry

K1 = 0.9
B = 0.75

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]


class PostingsBM25(BM25Okapi):  # type: ignore[misc]  # rank_bm25 is untyped
    """BM25Okapi with Lucene's idf, ln(1 + (N − n + .5)/(n + .5)), and postings instead of one dict a passage."""

    def __init__(self, corpus: Iterable[Sequence[str]], k1: float = K1, b: float = B) -> None:
        self.term_ids: dict[str, int] = {}
        super().__init__(corpus, k1=k1, b=b)

    def _initialize(self, corpus: Iterable[Sequence[str]]) -> dict[str, int]:
        ids, terms, passages, counts, lengths = self.term_ids, array("i"), array("i"), array("i"), array("i")
        for number, document in enumerate(corpus):
            tally: dict[str, int] = {}
            for term in document:
                tally[term] = tally.get(term, 0) + 1
            for term, count in tally.items():
                terms.append(ids.setdefault(term, len(ids)))
                passages.append(number)
                counts.append(count)
            lengths.append(len(document))
        self.doc_len = np.frombuffer(lengths, dtype=np.int32) if lengths else np.zeros(0, np.int32)
        self.corpus_size = len(lengths)
        self.avgdl = float(self.doc_len.mean()) if self.corpus_size and self.doc_len.any() else 1.0
        of = np.frombuffer(terms, dtype=np.int32) if terms else np.zeros(0, np.int32)
        order = np.argsort(of, kind="stable")
        frequencies = np.bincount(of, minlength=len(ids))
        self.starts: npt.NDArray[np.int64] = np.concatenate(([0], np.cumsum(frequencies)))
        self.passages: Ints = (np.frombuffer(passages, np.int32) if passages else np.zeros(0, np.int32))[order]
        self.counts: Ints = (np.frombuffer(counts, np.int32) if counts else np.zeros(0, np.int32))[order]
        return dict(zip(ids, frequencies.tolist(), strict=True))

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self.frequencies = nd
        self.idf = {term: float(self.idf_of(n)) for term, n in nd.items()}
        self.norms: Floats = self.k1 * (1 - self.b + self.b * self.doc_len / self.avgdl)

    def idf_of(self, n: float) -> float:
        """Lucene's idf of a term that `n` of the passages hold; never negative."""
        return float(np.log(1 + (self.corpus_size - n + 0.5) / (n + 0.5)))

    def postings(self, term: str) -> tuple[Ints, Ints]:
        """(passage numbers ascending, how often each holds the term)."""
        number = self.term_ids.get(term)
        if number is None:
            return self.passages[:0], self.counts[:0]
        span = slice(self.starts[number], self.starts[number + 1])
        return self.passages[span], self.counts[span]

    def group_scores(self, group: Group) -> tuple[Ints, Floats]:
        """(passage numbers, scores) of one concept: weighted counts of its variants summed, then scored as one term."""
        parts = [(self.postings(term), weight) for term, weight in group.variants.items()]
        parts = [part for part in parts if len(part[0][0])]
        if not parts:
            return self.passages[:0], np.zeros(0)
        if len(parts) == 1:
            (found, counts), weight = parts[0]
            frequency, presence = weight * counts, weight * len(found)
        else:
            every = np.concatenate([numbers for (numbers, _), _ in parts])
            found, place = np.unique(every, return_inverse=True)
            weights = np.concatenate([np.full(len(numbers), weight) for (numbers, _), weight in parts])
            amounts = np.concatenate([counts for (_, counts), _ in parts]) * weights
            frequency = np.bincount(place, amounts)
            strongest = np.zeros(len(found))
            np.maximum.at(strongest, place, weights)
            presence = float(strongest.sum())
        gain = group.weight * self.idf_of(presence) * (self.k1 + 1)
        return found, gain * frequency / (frequency + self.norms[found])

    def get_scores(self, query: Sequence[str]) -> Floats:
        """BM25 of every passage for a bag of terms, as rank-bm25 defines it."""
        scores = np.zeros(self.corpus_size)
        for term in query:
            numbers, counts = self.postings(term)
            if len(numbers):
                scores[numbers] += self.idf[term] * (counts * (self.k1 + 1) / (counts + self.norms[numbers]))
        return scores


class EmbeddedEngine:
    """The engine that needs nothing but memory: one PostingsBM25 a language."""

    name = "rank-bm25"

    def __init__(self, k1: float = K1, b: float = B) -> None:
        self._k1, self._b = k1, b
        self._models: dict[str, PostingsBM25] = {}
        self._numbers: dict[str, Ints] = {}

    def index(self, entries: Iterable[Entry]) -> None:
        """Builds one model a language; an empty collection is a valid one."""
        by_language: dict[str, list[Entry]] = {}
        for entry in entries:
            by_language.setdefault(entry.language, []).append(entry)
        self._models = {
            code: PostingsBM25((entry.terms for entry in listed), self._k1, self._b)
            for code, listed in by_language.items()
        }
        self._numbers = {
            code: np.array([entry.number for entry in listed], np.int32) for code, listed in by_language.items()
        }

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
        if model is None or limit <= 0:
            return []
        found = [model.group_scores(group) for group in groups]
        if not found or not any(len(numbers) for numbers, _ in found):
            return []
        every, place = np.unique(np.concatenate([numbers for numbers, _ in found]), return_inverse=True)
        totals = np.bincount(place, np.concatenate([scores for _, scores in found]))
        every, totals = _best(every, totals, limit)
        return [
            ScoredEntry(int(self._numbers[language][number]), float(score))
            for number, score in zip(every, totals, strict=True)
        ]

    def close(self) -> None:
        """Drops the models."""
        self._models, self._numbers = {}, {}


def _best(numbers: Ints, scores: Floats, limit: int) -> tuple[Ints, Floats]:
    """The `limit` best, by falling score, then rising number; sorts no more than it must."""
    if len(scores) > limit:
        edge = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        kept = scores >= edge
        numbers, scores = numbers[kept], scores[kept]
    order = np.lexsort((numbers, -scores))[:limit]
    return numbers[order], scores[order]
