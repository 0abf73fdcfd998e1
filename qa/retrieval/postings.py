"""Postings: for every term the passages that hold it and how often, in flat arrays, built in a stream."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Offsets = npt.NDArray[np.int64]
Counts = npt.NDArray[np.unsignedinteger]

_CHUNK = 250_000  # postings turned round at a time: bounds what building needs beside the index itself


@dataclass(frozen=True, eq=False)
class Postings:
    """Passages count from 0. Term number t has `passages[starts[t]:starts[t + 1]]`, ascending, with their `counts`.

    `terms` maps a term to its number; `lengths` are terms a passage, repeated ones counted.
    """

    terms: Mapping[str, int]
    starts: Offsets
    passages: Ints
    counts: Counts
    lengths: Ints

    @property
    def size(self) -> int:
        """How many passages there are."""
        return len(self.lengths)

    @property
    def bytes(self) -> int:
        """Bytes of the arrays; the dictionary of terms comes on top."""
        return sum(each.nbytes for each in (self.starts, self.passages, self.counts, self.lengths))


class Vocabulary(Mapping[str, int]):
    """Term → number of passages that hold it, read off the postings."""

    def __init__(self, postings: Postings) -> None:
        self._terms, self._starts = postings.terms, postings.starts.data

    def __getitem__(self, term: str) -> int:
        number = self._terms[term]
        return int(self._starts[number + 1] - self._starts[number])

    def __contains__(self, term: object) -> bool:
        return term in self._terms

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)


class Builder:
    """Takes documents one after the other, as terms, and keeps none; beside the postings it needs one copy of them."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str, int] = defaultdict()
        self._numbers.default_factory = self._numbers.__len__
        self._lengths: array[int] = array("i")
        self._chunks: list[_Chunk] = []
        self._open()

    def add(self, document: Sequence[str]) -> None:
        """One more document; its number is how many came before."""
        tally = Counter(document)
        numbers = self._numbers
        self._terms.extend([numbers[term] for term in tally])
        self._counts.extend(tally.values())
        self._passages.extend([len(self._lengths)] * len(tally))
        self._lengths.append(len(document))
        if len(self._terms) >= _CHUNK:
            self._close()

    def numbers(self, document: Sequence[str]) -> list[int]:
        """The numbers of a document's terms, in order; it must have been added."""
        return [self._numbers[term] for term in document]

    def postings(self) -> Postings:
        """The postings of all that was added; the builder is then empty."""
        self._close()
        chunks, self._chunks = self._chunks, []
        return _joined(dict(self._numbers), chunks, _ints(self._lengths))

    def _open(self) -> None:
        self._terms: array[int] = array("i")
        self._passages: array[int] = array("i")
        self._counts: array[int] = array("i")

    def _close(self) -> None:
        self._chunks.append(_Chunk.of(self._terms, self._passages, self._counts))
        self._open()


def build(documents: Iterable[Sequence[str]]) -> Postings:
    """The postings of a stream of documents."""
    builder = Builder()
    for document in documents:
        builder.add(document)
    return builder.postings()


@dataclass(frozen=True, eq=False)
class _Chunk:
    """Some consecutive passages' postings, by term: `each[i]` of them belong to term `terms[i]`."""

    terms: Ints
    each: Ints
    passages: Ints
    counts: Counts

    @classmethod
    def of(cls, terms: "array[int]", passages: "array[int]", counts: "array[int]") -> "_Chunk":
        of = _ints(terms)
        order = np.argsort(of, kind="stable")
        listed, each = np.unique(of[order], return_counts=True)
        amounts = _ints(counts)
        kind = np.min_scalar_type(int(amounts.max(initial=0)))
        return cls(listed, each.astype(np.int32), _ints(passages)[order], amounts[order].astype(kind))


def _joined(terms: dict[str, int], chunks: list[_Chunk], lengths: Ints) -> Postings:
    """All chunks as one; each is dropped as soon as it has its place."""
    frequencies = np.zeros(len(terms), np.int64)
    for chunk in chunks:
        frequencies[chunk.terms] += chunk.each
    starts = np.concatenate(([0], np.cumsum(frequencies)))
    passages = np.empty(starts[-1], np.int32)
    counts = np.empty(starts[-1], np.result_type(*(chunk.counts for chunk in chunks)))
    free = starts[:-1].copy()
    for at in range(len(chunks)):
        chunk, chunks[at] = chunks[at], _NOTHING
        before = np.cumsum(chunk.each) - chunk.each
        places = np.repeat(free[chunk.terms] - before, chunk.each) + np.arange(len(chunk.passages))
        passages[places], counts[places] = chunk.passages, chunk.counts
        free[chunk.terms] += chunk.each
    return Postings(terms, starts, passages, counts, lengths)


def _ints(values: "array[int]") -> Ints:
    return np.frombuffer(values, np.int32) if values else np.zeros(0, np.int32)


_NOTHING = _Chunk(_ints(array("i")), _ints(array("i")), _ints(array("i")), np.zeros(0, np.uint8))
