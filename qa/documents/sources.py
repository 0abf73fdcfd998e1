"""sources.toml, what is known of each text of a folder: read strictly, and written by an import.

An import marks what it does not know, so that somebody can fill it in.
"""

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from qa.documents.document import Problem
from qa.documents.formats import FileProblem, read_bytes
from qa.errors import CorpusError
from qa.language.registry import FOUND, LANGUAGES

KINDS = ("article", "advertorial", "blog", "clinic", "shop", "press", "guideline", "other")
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


@dataclass(frozen=True)
class Sources:
    """The tables of sources.toml that are right, and every file that any table names."""

    rows: list[dict[str, Any]]
    named: set[str]


def read_sources(path: Path, problems: list[Problem]) -> Sources | None:
    """What sources.toml tells; None where the file does not exist. Wrong tables become problems."""
    if not path.exists():
        return None
    try:
        table = tomllib.loads(read_bytes(path, within=path.parent).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, FileProblem) as problem:
        raise CorpusError(f"{path}: {problem}") from problem
    except RecursionError:
        raise CorpusError(f"{path}: nested too deep") from None
    for key in table:
        if key != "document":
            problems.append(Problem(f"{path}: unknown table {key!r}, expected [[document]]", fatal=True))
    documents = table.get("document", [])
    if not isinstance(documents, list):
        raise CorpusError(f"{path}: 'document' must be written [[document]], a list of tables")
    rows: list[dict[str, Any]] = []
    named: set[str] = set()
    for number, row in enumerate(documents, 1):
        wrong = list(_row_problems(row))
        file = row.get("file") if isinstance(row, dict) else None
        if isinstance(file, str) and file in named:
            wrong.append(f"file {file!r} is named twice")
        if isinstance(file, str):
            named.add(file)
        problems += [Problem(f"{path}: document {number}: {message}", fatal=True) for message in wrong]
        if not wrong:
            rows.append({key: str(value) for key, value in row.items() if value != ""})
    return Sources(rows, named)


def _row_problems(row: object) -> Iterator[str]:
    if not isinstance(row, dict):
        yield f"{repr(row)[:80]} is no table"
        return
    if not isinstance(row.get("file"), str) or not row["file"]:
        yield "'file' is missing"
    for key, value in row.items():
        if key not in FIELDS:
            yield f"unknown field {key!r}, known are {', '.join(sorted(FIELDS))}"
        elif key != "published" and not isinstance(value, str):
            yield f"{key} {value!r} is not a text"
    for key, known in (("language", tuple(LANGUAGES)), ("kind", KINDS)):
        value = row.get(key)
        if isinstance(value, str) and value not in known and (value or key == "kind"):
            further = f"; the setting `languages = {value}` adds it" if key == "language" and value in FOUND else ""
            yield f"{key} {value!r} is not one of {', '.join(known)}{further}"
    published = str(row.get("published", ""))
    if published and not _is_date(published):
        yield f"published {published!r} is not a date like 2019-03-19, 2019-03 or 2019"


def _is_date(text: str) -> bool:
    """A year, a month of a year, or a day that the calendar has."""
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        return False
    try:
        date.fromisoformat(text + "0000-01-01"[len(text) :])
    except ValueError:
        return False
    return True


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
