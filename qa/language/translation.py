"""The bilingual lexicons: from a headword of one language to weighted headwords of another.

Files are `data/<code>-<code>.tsv` with a head line naming the columns; every pair serves both directions. A pair of
weight 0 is a false friend: two words that look alike and must never stand for each other.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from qa.cache import in_use, knowledge, packed, unpacked
from qa.errors import DataError
from qa.language.files import DATA, read_table, shown
from qa.language.phrases import Headwords
from qa.language.registry import LANGUAGES
from qa.language.tokens import fold, words


class Translation(NamedTuple):
    """A rendering in the other language with its weight in (0, 1], or 0 for a false friend."""

    text: str
    weight: float


class Pair(NamedTuple):
    """One row of a lexicon: `left` and `right` in the order of the file's name."""

    left: str
    right: str
    weight: float
    note: str


def lexicon_files() -> Iterator[tuple[Path, str, str]]:
    """(file, left code, right code) of every lexicon between two known languages."""
    for path in sorted(DATA.glob("*-*.tsv")):
        left, _, right = path.stem.partition("-")
        if left in LANGUAGES and right in LANGUAGES:
            yield path, left, right


@cache
def read_lexicon(path: Path) -> tuple[Pair, ...]:
    """The rows of one lexicon file; raises DataError for a broken one."""
    return tuple(_rows(path))


def _rows(path: Path) -> Iterator[Pair]:
    for number, (left, right, weight, note) in read_table(path, ("left", "right", "weight", "note"), optional=1):
        if number == 1:
            continue  # the head line
        try:
            value = float(weight)
        except ValueError:
            value = -1.0
        if not 0 <= value <= 1:
            raise DataError(f"{shown(path)}:{number}: weight {weight!r} is not a number from 0 to 1")
        yield Pair(left, right, value, note)


@cache
def translations(source: str, target: str) -> Headwords[Translation]:
    """The lexicon from `source` to `target`; empty where no file joins the two."""
    return Headwords.kept(f"{source}-{target}", source, lambda: _entries(source, target), Translation._make)


def _entries(source: str, target: str) -> list[tuple[str, Translation]]:
    entries: list[tuple[str, Translation]] = []
    for path, left, right in lexicon_files():
        if {left, right} == {source, target}:
            for pair in read_lexicon(path):
                there, here = (pair.right, pair.left) if left == source else (pair.left, pair.right)
                entries.append((here, Translation(there, pair.weight)))
    return entries


@cache
def vocabulary(code: str) -> frozenset[str]:
    """Every word of the language `code` in any lexicon, accents folded."""
    parts = in_use().kept(f"{code}-vocabulary", knowledge(), lambda: {"words": packed(_vocabulary(code))})
    return frozenset(unpacked(parts["words"]))


def _vocabulary(code: str) -> frozenset[str]:
    listed: set[str] = set()
    for path, left, right in lexicon_files():
        if code in (left, right):
            for pair in read_lexicon(path):
                if pair.weight:
                    listed.update(fold(token.text) for token in words(pair.left if code == left else pair.right))
    return frozenset(listed)
