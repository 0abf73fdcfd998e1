"""Headwords of one language, single words and phrases, found in running text through their stems.

Stems are computed bucket by bucket, when a word with the same two first letters is first looked up, so that opening a
lexicon of many thousand rows costs next to nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from qa.language.analysis import stem
from qa.language.tokens import fold, words

Value = TypeVar("Value")


class Found(NamedTuple, Generic[Value]):
    """A headword at a position of a text: how many words it covers, and what the lexicon says of it."""

    length: int
    value: Value


def stems(text: str, code: str) -> tuple[str, ...]:
    """The stem of every word of `text`, function words too."""
    if text.isascii() and text.replace(" ", "").isalpha():  # nearly all headwords; spares a search for words
        return tuple(stem(word, code) for word in text.lower().split())
    return tuple(stem(token.text, code) for token in words(text))


class Headwords(Generic[Value]):
    """Headword → value, in the language `code`; several values may stand under one headword."""

    def __init__(self, code: str, entries: Iterable[tuple[str, Value]], least: int = 1) -> None:
        """Takes (headword, value) pairs; headwords of fewer than `least` words are left out."""
        self._code, self._least = code, least
        self._raw: dict[str, list[tuple[str, Value]]] = {}
        self._ready: dict[str, dict[str, list[tuple[tuple[str, ...], Value]]]] = {}
        for text, value in entries:
            self._raw.setdefault(_bucket(text), []).append((text, value))

    def at(self, sequence: Sequence[str], position: int) -> Iterator[Found[Value]]:
        """Every headword that begins at `position` of a sequence of stems."""
        first = sequence[position]
        for whole, value in self._bucket_of(first).get(first, ()):
            length = len(whole)
            if length == 1 or tuple(sequence[position : position + length]) == whole:
                yield Found(length, value)

    def of(self, text: str) -> list[Value]:
        """The values of one headword, as written in the lexicon or inflected."""
        whole = stems(text, self._code)
        return [value for length, value in self.at(whole, 0) if length == len(whole)] if whole else []

    def _bucket_of(self, first: str) -> dict[str, list[tuple[tuple[str, ...], Value]]]:
        name = first[:2]
        ready = self._ready.get(name)
        if ready is None:
            ready = {}
            for text, value in self._raw.pop(name, ()):
                whole = stems(text, self._code)
                if len(whole) >= self._least:
                    ready.setdefault(whole[0], []).append((whole, value))
            self._ready[name] = ready
        return ready


def _bucket(text: str) -> str:
    return text[:2].lower() if text[:2].isascii() and text[:2].isalpha() else fold(text[:2])


def index_term(whole: Sequence[str]) -> str:
    """The one index term of a headword: its stem, or for a phrase its stems joined by low lines."""
    return "_".join(whole)
