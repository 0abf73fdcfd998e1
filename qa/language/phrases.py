"""Headwords of one language, single words and phrases, found in running text through their stems.

Stems are computed bucket by bucket, when a word with the same two first letters is first looked up, so that opening a
lexicon of many thousand rows costs next to nothing.
"""

import marshal
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

from qa.cache import in_use, knowledge, packed, unpacked
from qa.language.analysis import stem
from qa.language.registry import LANGUAGES
from qa.language.tokens import fold, normalize, words

Value = TypeVar("Value")


class Found(NamedTuple, Generic[Value]):
    """A headword at a position of a text: how many words it covers, and what the lexicon says of it."""

    length: int
    value: Value


@lru_cache(maxsize=200_000)
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
        self._packed: dict[str, bytes] = {}
        self._restore: Callable[[Any], Value] = lambda value: value
        for text, value in entries:
            self._raw.setdefault(_bucket(text, code), []).append((text, value))

    @classmethod
    def kept(
        cls,
        name: str,
        code: str,
        entries: Callable[[], Iterable[tuple[str, Value]]],
        restore: Callable[[Any], Value],
        least: int = 1,
    ) -> "Headwords[Value]":
        """The same with every stem made, from the cache; `restore` makes a value of its plain form.

        Where nothing can be kept, stems are made when they are needed, as ever.
        """
        cache = in_use()
        if not cache.writable and cache.read(name, knowledge()) is None:
            return cls(code, entries(), least)
        parts = cache.kept(name, knowledge(), lambda: {"buckets": packed(cls(code, entries(), least)._all())})
        headwords = cls(code, (), least)
        headwords._packed, headwords._restore = unpacked(parts["buckets"]), restore
        return headwords

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
            ready = self._ready[name] = self._unpacked(name) if name in self._packed else self._made(name)
        return ready

    def _made(self, name: str) -> dict[str, list[tuple[tuple[str, ...], Value]]]:
        ready: dict[str, list[tuple[tuple[str, ...], Value]]] = {}
        for text, value in self._raw.pop(name, ()):
            whole = stems(text, self._code)
            if len(whole) >= self._least:
                ready.setdefault(whole[0], []).append((whole, value))
        return ready

    def _unpacked(self, name: str) -> dict[str, list[tuple[tuple[str, ...], Value]]]:
        found: dict[str, list[tuple[tuple[str, ...], Any]]] = marshal.loads(self._packed.pop(name))
        return {first: [(whole, self._restore(value)) for whole, value in listed] for first, listed in found.items()}

    def _all(self) -> dict[str, bytes]:
        """Every bucket as plain data, each packed by itself, so that reading one reads no other."""
        return {name: marshal.dumps(_plain(self._bucket_of(name))) for name in list(self._raw)}


def _plain(value: Any) -> Any:
    """Named tuples as tuples, all through."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return tuple(_plain(inner) for inner in value) if isinstance(value, tuple) else value


_FIRST_WORD = re.compile(r"[^\W\d_]+|\d+")


def _bucket(text: str, code: str) -> str:
    """The first two letters that the stem of the first word will have: those of its dictionary form."""
    found = _FIRST_WORD.search(text)
    first = normalize(found.group()) if found else ""
    return fold(LANGUAGES[code].forms.get(first, first))[:2]


def index_term(whole: Sequence[str]) -> str:
    """The one index term of a headword: its stem, or for a phrase its stems joined by low lines."""
    return "_".join(whole)
