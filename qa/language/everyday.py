"""Everyday words for what texts say otherwise: people ask "how long", "the loo", "tried everything".

`data/<code>/everyday.txt` holds one word of texts a line: `text word <- asked | asked phrase | ~weaker`. It works in
one direction: who asks for the right side may want a passage with the left side.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from qa.errors import DataError
from qa.language.files import read_lines, shown
from qa.language.phrases import Headwords
from qa.language.registry import LANGUAGES


class Told(NamedTuple):
    """The word texts use; `near` when it is only loosely what was asked."""

    text: str
    near: bool


def read_everyday(path: Path) -> Iterator[tuple[str, Told]]:
    """(asked, told) pairs of one file; raises DataError for a line without `<-` or with an empty side."""
    for number, line in read_lines(path):
        told, arrow, asked = line.partition("<-")
        cells = [cell.strip() for cell in asked.split("|")]
        if not arrow or not told.strip() or not all(cell.lstrip("~ ") for cell in cells):
            raise DataError(f"{shown(path)}:{number}: expected `text word <- asked | asked`, got {line!r}")
        for cell in cells:
            yield cell.lstrip("~ "), Told(told.strip(), cell.startswith("~"))


@cache
def everyday_entries(code: str) -> tuple[tuple[str, Told], ...]:
    """All (asked, told) pairs of a language."""
    return tuple(read_everyday(LANGUAGES[code].folder / "everyday.txt"))


@cache
def everyday(code: str) -> Headwords[Told]:
    """Asked word or phrase → the words of texts it may be about."""
    return Headwords.kept(f"{code}-everyday", code, lambda: everyday_entries(code), Told._make)
