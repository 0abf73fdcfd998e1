"""Profiles: where in a passage the terms of a query stand, for the second look.

The index keeps the terms of every passage with their sentences and places: no text is cut into words for a question.
Where that index is another program's (OpenSearch), they are written beside the passage's text.
"""

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from qa.retrieval.postings import Ints, Offsets
from qa.retrieval.terms import NOWHERE

_MOST = np.iinfo(np.int16).max  # sentences that are told apart


@dataclass(slots=True)
class Where:
    """Where a passage holds a term: its sentences, one bit each, and its places, in words from the beginning."""

    sentences: int
    places: list[int]


class Profile(NamedTuple):
    """Index term → where a passage holds it; and how many sentences the passage has."""

    terms: Mapping[str, Where]
    size: int


NO_PROFILE = Profile({}, 0)


def _add(found: dict[str, Where], term: str, sentence: int, place: int) -> None:
    where = found.get(term)
    if where is None:
        found[term] = Where(1 << sentence, [place])
    else:
        where.sentences |= 1 << sentence
        where.places.append(place)


def parsed(text: str, sought: Collection[str]) -> Profile:
    """What `Forward.written` wrote of a passage, as to the terms sought."""
    size, *lines = text.split("\n")
    found: dict[str, Where] = {}
    for term, sentence, place in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
        if term in sought:
            _add(found, term, int(sentence), int(place))
    return Profile(found, int(size))


@dataclass(frozen=True, eq=False)
class Forward:
    """The terms of passage p, by their numbers in its language, are `terms[ends[p - 1]:ends[p]]`, in order.

    Beside each stand its sentence and its place (`terms.Located`); `sizes` are sentences a passage.
    """

    terms: Ints
    sentences: npt.NDArray[np.int16]
    places: Ints
    ends: Offsets
    sizes: Ints

    def of(self, passage: int) -> slice:
        """Where the terms of a passage are."""
        return slice(self.ends[passage - 1] if passage else 0, self.ends[passage])

    def written(self, passage: int, terms: Sequence[str]) -> str:
        """Where all terms of a passage stand, in lines; `parsed` reads it.

        `terms` are those of its language, in the order of their numbers.
        """
        part = self.of(passage)
        columns = (self.terms[part].tolist(), self.sentences[part].tolist(), self.places[part].tolist())
        lines = [
            f"{terms[term]}\n{sentence}\n{place}"
            for term, sentence, place in zip(*columns, strict=True)
            if sentence != NOWHERE
        ]
        return "\n".join([str(self.sizes[passage]), *lines])

    def profiles(self, passages: Sequence[int], sought: Mapping[int, str]) -> list[Profile]:
        """Of some passages of one language, as to the terms sought: number → term."""
        if not passages:
            return []
        if not sought:
            return [Profile({}, size) for size in self.sizes[list(passages)].tolist()]
        parts = [self.of(passage) for passage in passages]
        terms, sentences, places = (
            np.concatenate([column[part] for part in parts]) for column in (self.terms, self.sentences, self.places)
        )
        wanted = np.zeros(max(int(terms.max(initial=0)), *sought) + 1, bool)
        wanted[list(sought)] = True
        met = (wanted[terms] & (sentences != NOWHERE)).nonzero()[0]
        ends = np.cumsum([part.stop - part.start for part in parts])
        found: list[dict[str, Where]] = [{} for _ in passages]
        rows = (np.searchsorted(ends, met, "right"), terms[met], sentences[met], places[met])
        for at, term, sentence, place in zip(*(column.tolist() for column in rows), strict=True):
            _add(found[at], sought[term], sentence, place)
        return [Profile(*row) for row in zip(found, self.sizes[list(passages)].tolist(), strict=True)]


class ForwardBuilder:
    """Takes passages one after the other."""

    def __init__(self) -> None:
        self._terms, self._sentences, self._places = array("i"), array("h"), array("i")
        self._ends, self._sizes = array("q"), array("i")

    def add(self, numbers: Iterable[int], sentences: Iterable[int], places: Iterable[int], size: int) -> None:
        """One more passage: the numbers of its terms with where they stand, and how many sentences it has."""
        self._terms.extend(numbers)
        self._sentences.extend(min(sentence, _MOST - 1) for sentence in sentences)
        self._places.extend(places)
        self._ends.append(len(self._terms))
        self._sizes.append(min(size, _MOST))

    def forward(self) -> Forward:
        """All of them."""
        return Forward(
            np.array(self._terms, np.int32),
            np.array(self._sentences, np.int16),
            np.array(self._places, np.int32),
            np.array(self._ends, np.int64),
            np.array(self._sizes, np.int32),
        )
