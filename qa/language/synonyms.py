"""Synonyms and lay terms of one language: groups of headwords that people use for the same thing.

`data/<code>/synonyms.txt` holds one group a line, members apart by ` | `; a member after `~` is a weaker relation.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from qa.errors import DataError
from qa.language.files import read_lines, shown
from qa.language.phrases import Headwords
from qa.language.registry import LANGUAGES


class Member(NamedTuple):
    """A headword of a group; `near` when it is only related, not the same."""

    text: str
    near: bool


def read_groups(path: Path) -> Iterator[list[Member]]:
    """The groups of one file; raises DataError for a group of one or an empty member."""
    for number, line in read_lines(path):
        members = [Member(cell.strip().lstrip("~ "), cell.strip().startswith("~")) for cell in line.split("|")]
        if len(members) < 2 or not all(member.text for member in members):
            raise DataError(f"{shown(path)}:{number}: a group needs two members or more, none of them empty")
        yield members


@cache
def synonym_entries(code: str) -> tuple[tuple[str, tuple[Member, Member]], ...]:
    """(headword, (itself as a member, another member of its group)) for every pair within a group."""
    return tuple(
        (member.text, (member, other))
        for group in read_groups(LANGUAGES[code].folder / "synonyms.txt")
        for member in group
        for other in group
        if other is not member
    )


@cache
def synonyms(code: str) -> Headwords[tuple[Member, Member]]:
    """Headword → (itself as a member, each other member of its groups)."""
    return Headwords.kept(
        f"{code}-synonyms",
        code,
        lambda: synonym_entries(code),
        lambda pair: (Member._make(pair[0]), Member._make(pair[1])),
    )
