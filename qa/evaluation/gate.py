"""Floors under the figures, and which ones fell: from `--min` and `--max`, or pinned beside digests of the data."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import InputError, QuestionSetError
from qa.evaluation.intervals import Figure


@dataclass(frozen=True)
class Bound:
    """A figure's name with the value it must reach (`at_least`) or must not exceed."""

    name: str
    value: float
    at_least: bool = True

    def __str__(self) -> str:
        return f"{self.name} {'≥' if self.at_least else '≤'} {self.value:g}"


@dataclass(frozen=True)
class Fallen:
    """A bound that does not hold, with the figure that breaks it."""

    bound: Bound
    figure: Figure

    def __str__(self) -> str:
        side = "below the floor" if self.bound.at_least else "above the ceiling"
        interval = f"95 % interval {self.figure.low:.3f} to {self.figure.high:.3f}, n = {self.figure.n}"
        return f"{self.bound.name} = {self.figure.value:.4f}, {side} of {self.bound.value:g} ({interval})"


@dataclass(frozen=True)
class Pinned:
    """The bounds of one data file, and the digest that file had when they were pinned."""

    file: str
    sort: str
    sha256: str
    bounds: tuple[Bound, ...]


def parse_bound(text: str, at_least: bool) -> Bound:
    """`hit@3=.85` as a bound; raises InputError for another form."""
    name, equals, value = text.partition("=")
    try:
        if not name.strip() or not equals:
            raise ValueError
        return Bound(name.strip(), float(value), at_least)
    except ValueError:
        raise InputError(f"{text!r} is not NAME=NUMBER, as in hit@3=.85", "min" if at_least else "max") from None


def fallen(figures: Mapping[str, Figure], bounds: Iterable[Bound]) -> list[Fallen]:
    """The bounds that do not hold, names in any case; raises InputError for a name that was not measured."""
    names = {name.lower(): name for name in figures}
    broken = []
    for bound in bounds:
        if bound.name.lower() not in names:
            raise InputError(f"{bound.name!r} was not measured; measured are {', '.join(figures)}", "min")
        figure = figures[names[bound.name.lower()]]
        holds = figure.value >= bound.value if bound.at_least else figure.value <= bound.value
        if not holds:
            broken.append(Fallen(bound, figure))
    return broken


def read_floors(path: Path) -> list[Pinned]:
    """The pinned bounds of a file of floors; raises QuestionSetError that names the table and key that is wrong."""
    try:
        top = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise QuestionSetError(f"{path}: {problem}") from problem
    tables = top.get("pinned", [])
    if set(top) != {"pinned"} or not isinstance(tables, list):
        raise QuestionSetError(f"{path}: expected [[pinned]] tables and nothing else")
    return [_pinned(table, f"{path}: table {number}") for number, table in enumerate(tables, 1)]


def write_floors(pinned: Sequence[Pinned], head: str) -> str:
    """The text of a file of floors; `head` is its opening comment."""
    lines = [f"# {line}".rstrip() for line in head.split("\n")]
    for entry in pinned:
        lines += [
            "",
            "[[pinned]]",
            f'file = "{entry.file}"',
            f'sort = "{entry.sort}"',
            f'sha256 = "{entry.sha256}"',
        ]
        for key, at_least in (("min", True), ("max", False)):
            chosen = [bound for bound in entry.bounds if bound.at_least is at_least]
            if chosen:
                lines += [f"[pinned.{key}]", *(f'"{bound.name}" = {bound.value}' for bound in chosen)]
    return "\n".join(lines) + "\n"


def _pinned(table: Mapping[str, Any], where: str) -> Pinned:
    for key in table:
        if key not in ("file", "sort", "sha256", "min", "max"):
            raise QuestionSetError(f"{where}: unknown key {key!r}, known are file, sort, sha256, min, max")
    for key in ("file", "sort", "sha256"):
        if not isinstance(table.get(key), str):
            raise QuestionSetError(f"{where}: key {key!r} is missing or no text")
    if table["sort"] not in ("questions", "caveats"):
        raise QuestionSetError(f"{where}: key 'sort': {table['sort']!r} is not one of questions, caveats")
    bounds: list[Bound] = []
    for key, at_least in (("min", True), ("max", False)):
        for name, value in table.get(key, {}).items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise QuestionSetError(f"{where}: {key} of {name!r}: {value!r} is not a number")
            bounds.append(Bound(name, float(value), at_least))
    return Pinned(table["file"], table["sort"], table["sha256"], tuple(bounds))
