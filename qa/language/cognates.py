"""Words that look alike across languages, and words typed wrong: spelling skeletons and character n-grams.

A skeleton undoes the regular differences of spelling between languages (ph→f, y→i, doubled letters once, final vowels
off), so that `neuropathy` and `neuropatia` meet. Candidates come from an n-gram index over the words that really occur,
so nothing is ever matched to a word that no text holds.
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from heapq import nsmallest
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from qa.language.files import DATA, read_lines
from qa.language.tokens import fold

_LEAST_LETTERS = 4
_LEAST_SIMILARITY = 0.62
_LOOKED_AT = 12  # skeletons that share the most with the one asked for
_REMEMBERED = 5_000  # words whose look-alikes are kept at hand
_LEAST_BONES = 4  # shorter skeletons are alike by chance: `tree` and `traum`, `zone` and `sonn`


class Alike(NamedTuple):
    """A word of the vocabulary that looks like the one asked for; `similarity` is 1 for equal skeletons."""

    word: str
    similarity: float


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[str, str], ...]:
    rules = []
    for _, line in read_lines(DATA / "skeleton.tsv"):
        source, target = line.split("\t")[:2]
        rules.append((source, target))
    return tuple(rules)


@lru_cache(maxsize=100_000)
def skeleton(word: str) -> str:
    """The spelling skeleton of a word or stem."""
    text = fold(word) + "$"
    for source, target in _rules():
        text = text.replace(source, target + "$" if source.endswith("$") else target)
    text = text.rstrip("$")
    once = "".join(letter for at, letter in enumerate(text) if at == 0 or letter != text[at - 1])
    return once.rstrip("aeiou") or once


class LookAlikes:
    """The words of one vocabulary, ready to be asked which of them look like a given word."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._by_skeleton: dict[str, list[str]] = {}
        for word in vocabulary:
            if len(word) >= _LEAST_LETTERS and word.isalpha():
                self._by_skeleton.setdefault(skeleton(word), []).append(word)
        self._skeletons = sorted(self._by_skeleton)
        self._grams: dict[str, list[int]] = {}
        for number, bones in enumerate(self._skeletons):
            for gram in _grams(bones):
                self._grams.setdefault(gram, []).append(number)
        self.like = lru_cache(maxsize=_REMEMBERED)(self._like)

    def _like(self, word: str, limit: int = 4) -> list[Alike]:
        """The words whose skeleton is the same or nearly so, most alike first."""
        if len(word) < _LEAST_LETTERS or not word.isalpha():
            return []
        bones = skeleton(word)
        same = self._by_skeleton.get(bones, ())
        found = [Alike(other, 1.0) for other in same if len(bones) >= _LEAST_BONES or other == word]
        if len(bones) >= 5:
            shared: Counter[int] = Counter()
            grams = _grams(bones)
            for gram in grams:
                shared.update(self._grams.get(gram, ()))
            # Of equals the first by the alphabet, so that every process and every engine takes the same ones.
            for number, count in nsmallest(_LOOKED_AT, shared.items(), key=lambda pair: (-pair[1], pair[0])):
                other = self._skeletons[number]
                similarity = _similarity(bones, other, count, len(grams))
                if other != bones and similarity >= _LEAST_SIMILARITY:
                    found += [Alike(spelled, similarity) for spelled in self._by_skeleton[other]]
        return sorted(found, key=lambda alike: (-alike.similarity, alike.word))[:limit]


def _grams(bones: str) -> set[str]:
    padded = f"^{bones}$"
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def _similarity(left: str, right: str, shared: int, of: int) -> float:
    """Dice over trigrams, averaged with the common beginning: learned words agree at their start."""
    dice = 2 * shared / (of + len(_grams(right)))
    start = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        start += 1
    return (dice + 2 * start / (len(left) + len(right))) / 2


class Spellings:
    """The correct spellings of one language, ready to be asked what a mistyped word may have meant."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = {}
        for word in sorted(vocabulary):
            if len(word) >= _LEAST_LETTERS and word.isalpha():
                self._by_start.setdefault(word[0], []).append(word)

    def nearest(self, word: str, limit: int = 4) -> list[Alike]:
        """The nearest words: one slip of the keyboard away, or two in a word of eight letters and more."""
        if len(word) < _LEAST_LETTERS or not word.isalpha():
            return []
        slips = 1 if len(word) < 8 else 2
        found = process.extract(
            word, self._by_start.get(word[0], ()), scorer=OSA.distance, score_cutoff=slips, limit=limit
        )
        least = min((distance for _, distance, _ in found), default=0)
        return [Alike(other, 1 - distance / len(word)) for other, distance, _ in found if distance == least]
