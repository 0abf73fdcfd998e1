"""Headwords of one language, single words and phrases, found in running text through their stems.

Opening a lexicon of many thousand rows costs next to nothing: from the cache, the headwords of a word are unpacked when
it is first looked up; without one, stems are made when a word with the same two first letters is.
"""

import marshal
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from qa.cache import in_use, knowledge, packed, unpacked
from qa.language.analysis import stem
from qa.language.registry import LANGUAGES
from qa.language.tokens import fold, normalize, words

Value = TypeVar("Value")
_Listed: TypeAlias = dict[tuple[str, ...], list[Value]]  # stems of a headword → its values


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
        self._ready: dict[str, _Listed[Value]] = {}
        self._lengths: dict[str, list[int]] = {}
        self._packed: dict[str, bytes] = {}
        self._making = Lock()
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
        parts = cache.kept(name, knowledge(), lambda: {"headwords": packed(cls(code, entries(), least)._all())})
        headwords = cls(code, (), least)
        headwords._packed, headwords._restore = unpacked(parts["headwords"]), restore
        return headwords

    def at(self, sequence: Sequence[str], position: int) -> Iterator[Found[Value]]:
        """Every headword that begins at `position` of a sequence of stems."""
        first = sequence[position]
        listed = self._beginning(first)
        if not listed:
            return
        if first not in self._lengths:
            self._lengths[first] = sorted({len(whole) for whole in listed})
        for length in self._lengths[first]:
            if position + length > len(sequence):
                break
            for value in listed.get(tuple(sequence[position : position + length]), ()):
                yield Found(length, value)

    def of(self, text: str) -> list[Value]:
        """The values of one headword, as written in the lexicon or inflected."""
        return self.whole(stems(text, self._code))

    def whole(self, sequence: tuple[str, ...]) -> list[Value]:
        """The values of one headword, given by the stems of its words."""
        return self._beginning(sequence[0]).get(sequence, []) if sequence else []

    def _beginning(self, first: str) -> _Listed[Value]:
        """The headwords whose first stem is `first`."""
        if first[:2] in self._raw or first in self._packed:
            with self._making:  # another thread may be at it, and what is half made must not be taken for all
                if first[:2] in self._raw:
                    self._make(first[:2])
                elif first in self._packed:
                    plain = marshal.loads(self._packed[first])
                    self._ready[first] = {whole: list(map(self._restore, values)) for whole, values in plain.items()}
                    del self._packed[first]
        return self._ready.get(first) or {}

    def _make(self, bucket: str) -> None:
        for text, value in self._raw[bucket]:
            whole = stems(text, self._code)
            if len(whole) >= self._least:
                self._ready.setdefault(whole[0], {}).setdefault(whole, []).append(value)
        del self._raw[bucket]  # last: until then whoever looks waits

    def _all(self) -> dict[str, bytes]:
        """First stem → its headwords as plain data, each packed by itself, so that reading one reads no other."""
        for bucket in list(self._raw):
            self._make(bucket)
        return {first: marshal.dumps(_plain(listed)) for first, listed in self._ready.items()}


def _plain(value: Any) -> Any:
    """Named tuples as tuples, all through."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return tuple(_plain(inner) for inner in value) if isinstance(value, tuple) else value


_FIRST_WORD = re.compile(r"[^\W\d_]+")


def _bucket(text: str, code: str) -> str:
    """The first two letters that the stem of the first word will have: those of its dictionary form."""
    found = _FIRST_WORD.match(text)
    if not found:  # "0,2 cc"
        return next(iter(stems(text, code)), "")[:2]
    first = normalize(found.group())
    return fold(LANGUAGES[code].forms.get(first, first))[:2]


def index_term(whole: Sequence[str]) -> str:
    """The one index term of a headword: its stem, or for a phrase its stems joined by low lines."""
    return "_".join(whole)
