"""No pattern, of the data files or of the program, does more work for a text than the text is longer."""

import os
import re

import pytest

from qa.evidence.assessment import assess
from qa.evidence.cues import CueSet
from qa.language.files import DATA
from tests.reliability.linear import LONG, Expression, Rows, expressions, phrase_files, superlinear, worst_texts

SHARE = 1 if int(os.environ.get("FONTE_FUZZ", "0")) >= 1_000 else 12
"""One row of so many is tried; `make fuzz` tries all."""

FILES = list(phrase_files(DATA))


def offenders(every: list[Expression]) -> list[str]:
    """Where an expression stands that takes too long, and the text."""
    return [
        f"{each.place} on {text[:30]!r}…{text[-5:]!r}"
        for each in every
        for text in worst_texts(each.pattern, each.flags)
        if any(superlinear(use, text) for use in each.uses())
    ]


def test_regular_expressions() -> None:
    every = expressions()
    assert len(every) > 50
    for folder in DATA.iterdir():  # those of the data too, of each language
        for line in (folder / "furniture.txt").read_text("utf-8").splitlines() if folder.is_dir() else ():
            assert line.startswith("#") or any(line in each.pattern for each in every), line
    assert offenders(every) == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",  # doubles with each letter
        r"[.!?]['\"]*(?:\[?\d{1,3}[\],-]*)*$",
        r"more\s*[:>]?\s*$",  # grows with the square
        r"\w+-\w+",
        r"([\w.-]+):(?:[ \t]+(.*?)|)[ \t]*\n",
    ],
)
def test_what_grows_faster_is_noticed(pattern: str) -> None:
    compiled = re.compile(pattern)
    assert any(
        superlinear(lambda text: sum(1 for _ in compiled.finditer(text)), text) for text in worst_texts(pattern, 0)
    )


def test_every_file_with_patterns_is_tried() -> None:
    written = {path for path in DATA.rglob("*") if path.is_file() and "patterns =" in path.read_text("utf-8")}
    assert {rows.path for rows in FILES} == written
    assert {rows.path.parent.name for rows in FILES} == {path.name for path in DATA.iterdir() if path.is_dir()}


@pytest.mark.parametrize("rows", FILES, ids=lambda rows: f"{rows.path.parent.name}/{rows.path.name}")
def test_phrases(rows: Rows) -> None:
    """Each row is given what it takes, without its last word, over and over."""
    cues = CueSet(rows.path, categories=rows.categories)
    for example in rows.examples[::SHARE]:
        for unit in (example, example.rpartition(" ")[0] or example):
            text = (f"{unit} " * LONG)[:LONG]
            assert not superlinear(cues.find, text), example


ODD = ["\n", "a", "1", "1,", "l'", "-", ".", "<", "[", "!", "?", "\u00ad", "\u202e", "e\u0301", "\U0001f600", "\ud800"]
ODD += ["\x00", "a.b", "A. ", "no,", "a-a", "1.1", "(1)", " ", "women ", "studi ", "mg/kg ", "no risk "]


@pytest.mark.parametrize("unit", ODD)
def test_a_whole_assessment(unit: str) -> None:
    assert not superlinear(assess, (unit * LONG)[:LONG])
