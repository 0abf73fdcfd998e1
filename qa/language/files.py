"""Strict readers for the data files of a language; every complaint names file, line and value."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qa.errors import DataError

DATA = Path(__file__).parent / "data"


def shown(path: Path) -> str:
    """The path as people should read it in a message: from the data folder on."""
    return str(path.relative_to(DATA.parent)) if path.is_relative_to(DATA) else str(path)


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """(line number from 1, text) of every line that is neither blank nor a comment."""
    try:
        content = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise DataError(f"{shown(path)}: cannot be read: {problem}") from problem
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line


def read_words(path: Path) -> frozenset[str]:
    """All blank-separated words of a file."""
    return frozenset(word for _, line in read_lines(path) for word in line.split())


def read_table(path: Path, columns: tuple[str, ...], optional: int = 0) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of a tab-separated file; the last `optional` columns may be left out or empty."""
    least = len(columns) - optional
    for number, line in read_lines(path):
        cells = [cell.strip() for cell in line.split("\t")]
        if not least <= len(cells) <= len(columns):
            raise DataError(f"{shown(path)}:{number}: {len(cells)} columns, expected {' '.join(columns)}")
        cells += [""] * (len(columns) - len(cells))
        for name, cell in zip(columns[:least], cells, strict=False):
            if not cell:
                raise DataError(f"{shown(path)}:{number}: column {name!r} is empty")
        yield number, cells


def read_toml(path: Path) -> dict[str, Any]:
    """The parsed file."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise DataError(f"{shown(path)}: {problem}") from problem


def only_keys(table: dict[str, Any], known: set[str], where: str) -> None:
    """Raises DataError when `table` has a key that is not in `known`."""
    for key in table:
        if key not in known:
            raise DataError(f"{where}: unknown key {key!r}, known are {', '.join(sorted(known))}")
