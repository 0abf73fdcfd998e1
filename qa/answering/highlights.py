"""Where a passage meets the question: the words that matched, and the sentence closest to it."""

from collections.abc import Collection
from functools import lru_cache
from math import fsum
from typing import NamedTuple

from qa.documents.passages import Passage
from qa.language.analysis import stem
from qa.language.sentences import sentences
from qa.language.tokens import Token, words
from qa.language.unknown import UNKNOWN
from qa.retrieval.query import Query

_MARKED = 0.2  # weight from which a variant is near enough to the question to be marked


class Highlight(NamedTuple):
    """A piece of a passage's text, in code points of that text; `kind` is "term" or "sentence"."""

    start: int
    end: int
    kind: str


def highlights(passage: Passage, query: Query) -> tuple[Highlight, ...]:
    """The words that matched, through stem, translation or synonym too, then the closest sentence, if any."""
    code = passage.language or UNKNOWN
    weights: dict[str, float] = {}
    for concept in query.concepts:
        for variant in concept.variants.get(code, ()):
            if variant.weight >= _MARKED:
                value = concept.weight * variant.weight
                weights[variant.term] = max(value, weights.get(variant.term, 0.0))
    every, sequence, spans, places = _read(passage.text, code)
    lengths: dict[str, list[int]] = {}  # first stem → how many words the terms have that begin with it, longest first
    for term in sorted(weights, key=lambda term: -term.count("_")):
        lengths.setdefault(term.partition("_")[0], []).append(term.count("_") + 1)
    found: list[tuple[int, int, str]] = []
    free = 0  # the first word that no term has taken yet
    for at in sorted(place for first in lengths.keys() & places.keys() for place in places[first]):
        for length in lengths[sequence[at]] if at >= free else ():
            term = "_".join(sequence[at : at + length])
            if term in weights:
                free = at + term.count("_") + 1
                found.append((every[at].start, every[free - 1].end, term))
                break
    marks = [Highlight(start, end, "term") for start, end, _ in found]
    best, best_value = None, 0.0
    for start, end in spans:
        inside = {term for low, high, term in found if start <= low and high <= end}
        value = fsum(weights[term] for term in inside)
        if value > best_value:
            best, best_value = (start, end), value
    if best:
        marks.append(Highlight(best[0], best[1], "sentence"))
    return tuple(marks)


def occurrences(text: str, code: str, terms: Collection[str]) -> list[tuple[int, int, str]]:
    """(start, end, term) of every place of every one of the index terms, overlapping ones too, in order."""
    every, sequence, _, _ = _read(text, code)
    lengths = sorted({term.count("_") + 1 for term in terms})
    return [
        (every[at].start, every[at + length - 1].end, term)
        for at in range(len(every))
        for length in lengths
        if at + length <= len(every) and (term := "_".join(sequence[at : at + length])) in terms
    ]


@lru_cache(maxsize=5_000)
def _read(text: str, code: str) -> tuple[list[Token], list[str], list[tuple[int, int]], dict[str, list[int]]]:
    """The words of a passage, their stems, its sentences, and the places of each stem among the words."""
    every = words(text)
    sequence = [stem(token.text, code) for token in every]
    places: dict[str, list[int]] = {}
    for at, found in enumerate(sequence):
        places.setdefault(found, []).append(at)
    return every, sequence, sentences(text, code), places
