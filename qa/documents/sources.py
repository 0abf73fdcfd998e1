"""Writing sources.toml: a table for each new document, what is not known marked so that somebody can fill it in."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from qa.documents.corpus import KINDS

FIELDS = (
    "file",
    "language",
    "title",
    "author",
    "published",
    "url",
    "kind",
    "note",
    "original",
    "original_sha256",
)
_ASKED = ("title", "author", "published", "url")  # an empty value is read as not known
_HEAD = """# What is known of each text. An empty field is not known: fill in what you know, leave the rest.
# published: 2019, 2019-03 or 2019-03-19. kind: {kinds}.
"""


def table(row: Mapping[str, str]) -> str:
    """One `[[document]]` table; fields that `row` lacks are marked unknown."""
    lines = ["", "[[document]]"]
    for field in FIELDS:
        if value := row.get(field):
            lines.append(f"{field} = {_quoted(value)}")
        elif field in _ASKED:
            lines.append(f'{field} = ""  # unknown')
        elif field == "kind":
            lines.append('kind = "other"  # unknown')
        elif field == "language":
            lines.append("# language: none that Fonte knows, or unclear")
    return "\n".join(lines) + "\n"


def append_tables(path: Path, rows: list[Mapping[str, str]]) -> None:
    """Adds tables at the end of sources.toml, which is made where it is not there; what stands in it stays as it is."""
    with path.open("a+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        lead = "" if file.read() == b"\n" else "\n" if size else _HEAD.format(kinds=", ".join(KINDS))
        file.write((lead + "".join(table(row) for row in rows)).encode("utf-8"))


def _quoted(value: str) -> str:
    """A TOML basic string; JSON's escapes are TOML's, but for the one character that JSON leaves as it is."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
