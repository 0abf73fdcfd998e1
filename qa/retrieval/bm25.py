"""BM25: rank-bm25's Okapi model over postings in flat arrays.

`PostingsBM25` is a BM25Okapi whose scores equal rank-bm25's own (with Lucene's idf) to 1e-9, but it touches only the
passages that hold a query term. Robertson & Zaragoza 2009 (BM25), Kamphuis et al. 2020 (the idf variants),
Pirkola 1998 (the variants of one concept scored as one term).
"""

import importlib
import importlib.util
import math
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import ModuleType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Okapi

from qa.retrieval.engine import Group
from qa.retrieval.postings import Postings, Vocabulary, build
from qa.retrieval.selection import Floats, Numbers, best, once

K1 = 0.9
B = 0.75
COMPILED_FROM = 20_000  # passages of one language: below, loading numba costs more than it saves
_DENSE = 20_000  # passages up to which adding up over all of them beats keeping account of the touched ones
_STRETCH = 100_000  # postings worked on at a time, so that little memory is needed beside the result
_FEW = 300  # postings of a concept's variants up to which Python's own loop beats numpy's calls

Shares = npt.NDArray[np.float32]
_Own = tuple[Numbers, Floats, Shares]
_Span = tuple[float, int, int, int]  # a variant's weight, its slice of the postings, its term number


def idf(size: int, n: float) -> float:
    """Lucene's idf of what `n` of `size` passages hold; never negative."""
    held = min(n, size)  # weights above 1 can make more of a concept's passages than there are
    return math.log(1 + (size - held + 0.5) / (held + 0.5))


class _Row(NamedTuple):
    """One concept's list: a term's slice of the postings, or with `own` the weighted counts of its variants together.

    `most`: no passage makes more than this share of `gain` out of it.
    """

    start: int
    end: int
    weight: float
    gain: float
    most: float
    own: tuple[Numbers, Floats, Shares] | None = None


class PostingsBM25(BM25Okapi):  # type: ignore[misc]  # rank_bm25 is untyped
    """BM25Okapi with Lucene's idf, ln(1 + (N − n + .5)/(n + .5)), and postings instead of one dict a passage.

    `compiled`: use numba's loops (True), numpy (False), or whichever pays (None). The scores are the same bit for bit.
    """

    def __init__(
        self,
        corpus: Iterable[Sequence[str]] | Postings,
        k1: float = K1,
        b: float = B,
        compiled: bool | None = None,
    ) -> None:
        self._compiled = compiled
        self._scratch = threading.local()
        super().__init__(corpus, k1=k1, b=b)

    def _initialize(self, corpus: Iterable[Sequence[str]] | Postings) -> Vocabulary:
        self.postings = corpus if isinstance(corpus, Postings) else build(corpus)
        self.corpus_size = self.postings.size
        self.doc_len = self.postings.lengths
        self.avgdl = float(self.doc_len.mean(dtype=np.float64)) if self.doc_len.any() else 1.0
        self._terms, self._starts = self.postings.terms, self.postings.starts.data
        return Vocabulary(self.postings)

    def _calc_idf(self, nd: Vocabulary) -> None:
        self.frequencies: Mapping[str, int] = nd
        self.idf = _Idf(self)
        self.norms: Floats = self.k1 * (1 - self.b + self.b * self.doc_len / self.avgdl)

    def idf_of(self, n: float) -> float:
        """Lucene's idf of a term that `n` of the passages hold; never negative."""
        return idf(self.corpus_size, n)

    def get_scores(self, query: Sequence[str]) -> Floats:
        """BM25 of every passage for a bag of terms, as rank-bm25 defines it."""
        listed, added = self._bag(query)
        return self._added_up(listed, added) if listed else np.zeros(self.corpus_size)

    def get_batch_scores(self, query: Sequence[str], doc_ids: Sequence[int]) -> list[float]:
        """BM25 of the passages of these numbers for a bag of terms."""
        return [float(score) for score in self.get_scores(query)[list(doc_ids)]]

    def top(self, query: Sequence[str], limit: int) -> tuple[Numbers, Floats]:
        """(numbers, scores) of the best `limit` passages for a bag of terms, best first, ties by number."""
        if limit <= 0:
            return _NOTHING
        if self._loops is None:
            return self._best_of(*self._bag(query), limit)
        known = [number for term in query if (number := self._terms.get(term)) is not None]
        found: tuple[Numbers, Floats] = self._loops.best_of_terms(
            self.postings.starts,
            self.postings.passages,
            self.postings.counts,
            *self._impacts,
            self.norms,
            self._gains,
            np.array(known, np.int64),
            min(limit, self.corpus_size),
        )
        return found

    def top_of_groups(self, groups: Iterable[Group], limit: int) -> tuple[Numbers, Floats]:
        """The same for weighted groups."""
        rows = [row for group in groups if (row := self._row(group)) is not None]
        if not rows or limit <= 0:
            return _NOTHING
        return self._best_compiled(rows, limit) if self._loops else self._best_of(*self._contributions(rows), limit)

    def _bag(self, query: Sequence[str]) -> tuple[list[Numbers], list[Floats]]:
        """For each term that is known its passages and what it adds to their scores."""
        terms, starts, passages, points = self._terms, self._starts, self.postings.passages, self._points
        listed, added = [], []
        for term in query:
            number = terms.get(term)
            if number is not None:
                place = slice(starts[number], starts[number + 1])
                listed.append(passages[place])
                added.append(points[place])
        return listed, added

    def _row(self, group: Group) -> _Row | None:
        """The list of a concept; None when no passage holds any of it."""
        terms, starts = self._terms, self._starts
        spans = []
        for term, weight in group.variants.items():
            number = terms.get(term)
            if number is not None and weight > 0:
                spans.append((weight, starts[number], starts[number + 1], number))
        if not spans or group.weight <= 0:
            return None
        factor = group.weight * (self.k1 + 1)
        if len(spans) == 1:
            weight, start, end, number = spans[0]
            most = self._peaks[number] if self._peaks and weight <= 1 else 1.0
            return _Row(start, end, weight, factor * self.idf_of(weight * (end - start)), most)
        spans.sort(key=lambda span: -span[0])
        own, fresh, most = self._merge(spans)(spans)
        presence = 0.0  # each passage counts with the strongest variant it holds
        for (weight, *_), new in zip(spans, fresh, strict=True):
            presence += weight * new
        return _Row(0, len(own[0]), 1.0, factor * self.idf_of(presence), most, own)

    def _merge(self, spans: list[_Span]) -> Callable[[list[_Span]], tuple[_Own, list[int], float]]:
        """The quickest of the ways to make one list of several variants; all give the same to the bit."""
        if self._loops:
            return self._merged_compiled
        return self._merged_few if sum(end - start for _, start, end, _ in spans) < _FEW else self._merged

    def _merged_few(self, spans: list[_Span]) -> tuple[_Own, list[int], float]:
        """As `_merged`, posting by posting: quicker while the lists are short, since numpy's calls cost more."""
        passages, counts = self.postings.passages, self.postings.counts
        sums: dict[int, float] = {}
        fresh = []
        for weight, start, end, _ in spans:
            known = len(sums)
            for number, count in zip(passages[start:end].tolist(), counts[start:end].tolist(), strict=True):
                sums[number] = sums.get(number, 0.0) + weight * count
            fresh.append(len(sums) - known)
        found, frequencies = np.fromiter(sums, np.int32, len(sums)), np.fromiter(sums.values(), np.float64, len(sums))
        return (found, frequencies, _NO_SHARES), fresh, 1.0

    def _merged(self, spans: list[_Span]) -> tuple[_Own, list[int], float]:
        """Variants as one list: (passages in no order, weighted counts, passages each variant is first to, bound)."""
        passages, counts = self.postings.passages, self.postings.counts
        sums, seen = self._arrays()
        parts = []
        for weight, start, end, _ in spans:
            numbers = passages[start:end]
            sums[numbers] += weight * counts[start:end]
            fresh = numbers[~seen[numbers]]
            seen[fresh] = True
            parts.append(fresh)
        found = np.concatenate(parts)
        frequencies = sums[found]
        sums[found] = 0.0
        seen[found] = False
        return (found, frequencies, _NO_SHARES), [len(part) for part in parts], 1.0

    def _merged_compiled(self, spans: list[_Span]) -> tuple[_Own, list[int], float]:
        found, frequencies, shares, fresh, most = self._loops.merged(  # type: ignore[union-attr]
            self.postings.passages,
            self.postings.counts,
            self.norms,
            np.array([span[1:3] for span in spans], np.int64),
            np.array([span[0] for span in spans]),
        )
        return (found, frequencies, shares), fresh.tolist(), most

    def _best_of(self, listed: list[Numbers], added: list[Floats], limit: int) -> tuple[Numbers, Floats]:
        if not listed:
            return _NOTHING
        if self.corpus_size <= _DENSE:
            scores = self._added_up(listed, added)
            found = scores.nonzero()[0]
            return best(found, scores[found], limit)
        sums, _ = self._arrays()
        for numbers, gained in zip(listed, added, strict=True):
            sums[numbers] += gained
        every = np.concatenate(listed)
        scores = sums[every]
        sums[every] = 0.0
        return best(*once(every, scores, limit * len(listed)), limit)

    def _added_up(self, listed: list[Numbers], added: list[Floats]) -> Floats:
        return np.bincount(np.concatenate(listed), np.concatenate(added), self.corpus_size).view(np.float64)

    def _contributions(self, rows: list[_Row]) -> tuple[list[Numbers], list[Floats]]:
        """For each row its passages and what it adds to their scores."""
        passages, counts, norms, shares = self.postings.passages, self.postings.counts, self.norms, self._shares
        listed, added = [], []
        for start, end, weight, gain, _, own in rows:
            if own is None and weight == 1.0:
                listed.append(passages[start:end])
                added.append(gain * shares[start:end])
                continue
            numbers, frequencies = own[:2] if own else (passages[start:end], weight * counts[start:end])
            listed.append(numbers)
            added.append(gain * (frequencies / (frequencies + norms[numbers])))
        return listed, added

    def _best_compiled(self, rows: list[_Row], limit: int) -> tuple[Numbers, Floats]:
        places: list[int] = []
        factors: list[float] = []
        merged = [row.own for row in rows if row.own]
        at = 0
        for start, end, weight, gain, most, own in rows:
            factors += (weight, gain, gain * most)
            if own:
                places += (at, at + end, 1)
                at += end
            else:
                places += (start, end, 0)
        owned = [np.concatenate(parts) for parts in zip(*merged, strict=True)] if merged else _NOTHING_OWN
        found: tuple[Numbers, Floats] = self._loops.best(  # type: ignore[union-attr]
            self.postings.passages,
            self.postings.counts,
            self._impacts[0],
            self.norms,
            *owned,
            np.array(places, np.int64).reshape(-1, 3),
            np.array(factors).reshape(-1, 3),
            min(limit, self.corpus_size),
        )
        return found

    def _arrays(self) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """This thread's own zeroes, one a passage; whoever writes to them puts the zeroes back."""
        scratch = self._scratch
        if not hasattr(scratch, "sums"):
            scratch.sums, scratch.seen = np.zeros(self.corpus_size), np.zeros(self.corpus_size, bool)
        return scratch.sums, scratch.seen

    @cached_property
    def _loops(self) -> ModuleType | None:
        """The compiled loops where they are wanted and numba is installed."""
        wanted = self.corpus_size >= COMPILED_FROM if self._compiled is None else self._compiled
        if not wanted or (self._compiled is None and importlib.util.find_spec("numba") is None):
            return None
        return importlib.import_module("qa.retrieval.compiled")

    @cached_property
    def _gains(self) -> Floats:
        """Of each term what a query makes of it: idf times k1 + 1."""
        holding, at = np.unique(np.diff(self.postings.starts), return_inverse=True)
        return np.array([self.idf_of(n) * (self.k1 + 1) for n in holding.tolist()])[at]

    @cached_property
    def _shares(self) -> Floats:
        """count / (count + norm) of every posting: eight bytes each, in return for which no query divides."""
        return self._shared_out()

    @cached_property
    def _points(self) -> Floats:
        """The same for bags of terms: each share times the gain of its term, so that no query multiplies either."""
        points, starts = self._shared_out(), self.postings.starts
        for low in range(0, len(points), _STRETCH):
            high = min(low + _STRETCH, len(points))
            first, last = np.searchsorted(starts, (low, high - 1), "right") - 1  # the terms of the stretch's ends
            each = np.diff(starts[first : last + 2].clip(low, high))
            points[low:high] *= np.repeat(self._gains[first : last + 1], each)
        return points

    def _shared_out(self) -> Floats:
        stored = self.postings
        shares = np.empty(len(stored.passages))
        for low in range(0, len(shares), _STRETCH):
            part = slice(low, low + _STRETCH)
            np.add(stored.counts[part], self.norms[stored.passages[part]], out=shares[part])
            np.divide(stored.counts[part], shares[part], out=shares[part])
        return shares

    @cached_property
    def _impacts(self) -> tuple[Shares, Floats]:
        """(count / (count + norm) of every posting, the largest of each term): what the compiled loops skip by."""
        stored = self.postings
        found: tuple[Shares, Floats] = self._loops.impacts(  # type: ignore[union-attr]
            stored.starts, stored.passages, stored.counts, self.norms
        )
        return found

    @cached_property
    def _peaks(self) -> Sequence[float] | None:
        return self._impacts[1].tolist() if self._loops else None


class _Idf(Mapping[str, float]):
    """Term → idf, as rank-bm25 keeps it, worked out when asked."""

    def __init__(self, model: PostingsBM25) -> None:
        self._model = model

    def __getitem__(self, term: str) -> float:
        return self._model.idf_of(self._model.frequencies[term])

    def __iter__(self) -> Iterator[str]:
        return iter(self._model.frequencies)

    def __len__(self) -> int:
        return len(self._model.frequencies)


_NOTHING: tuple[Numbers, Floats] = (np.zeros(0, np.int32), np.zeros(0))
_NO_SHARES: Shares = np.zeros(0, np.float32)
_NOTHING_OWN = [np.zeros(0, np.int32), np.zeros(0), _NO_SHARES]
