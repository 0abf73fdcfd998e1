"""The interface's strings: every language has the same keys, blanks and plural forms."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.documents.sources import KINDS
from qa.errors import DataError
from web.words import known, words_of

WEB = Path(__file__).parents[2] / "web"


def leaves(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{above}{key}.")
        else:
            yield above + key, value


def test_both_languages_are_there() -> None:
    assert list(known()) == ["en", "it"]


def test_every_language_has_the_same_keys_and_blanks() -> None:
    tables = {code: dict(leaves(words.table)) for code, words in known().items()}
    first = tables["en"]
    for code, table in tables.items():
        assert table.keys() == first.keys(), code
        for key, text in table.items():
            assert re.findall(r"\{\w*\}", text) == re.findall(r"\{\w*\}", first[key]), (code, key)
            assert text.strip(), (code, key)


def test_plural_forms_come_in_pairs() -> None:
    for code, words in known().items():
        keys = dict(leaves(words.table)).keys()
        singular = {key[:-4] for key in keys if key.endswith(".one")}
        assert singular, code
        assert singular == {
            key[:-6]
            for key in keys
            if key.endswith(".other") and key != "kinds.other" and not key.startswith("errors.")
        }


def test_every_kind_of_document_has_a_name() -> None:
    for words in known().values():
        assert all(words(f"kinds.{kind}") for kind in KINDS)


CHOSEN = {
    "nav.ask": '"index", "ask", ',
    "nav.documents": '"api.documents", "documents", ',
    "nav.check": '"check", "check", ',
    "nav.how": '"how_to_read", "how", ',
    "answer.caution": '"answer." ~ label.level',
    "thousands": '"thousands"',
    "decimal": "'decimal'",
}
"""Keys that a template puts together, and where."""

FAMILIES = ("because.via.", "because.points.", "languages.", "kinds.", "errors.", "check.", "how.", "picture.")
"""Keys chosen by a value that is not known before: a language, a status, a label."""


def test_no_string_is_left_over() -> None:
    """Every key stands in a template or in the code."""
    sources = "".join(path.read_text("utf-8") for path in [*WEB.rglob("*.html"), *WEB.glob("*.py")])
    for key, _ in leaves(known()["en"].table):
        name = key.removesuffix(".one").removesuffix(".other")
        assert name in sources or CHOSEN.get(key, "no place") in sources or key.startswith(FAMILIES), key


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("en", 0, "0 words"),
        ("en", 1, "1 word"),
        ("en", 1234, "1,234 words"),
        ("it", 1, "1 parola"),
        ("it", 1234, "1.234 parole"),
    ],
)
def test_counting(code: str, number: int, text: str) -> None:
    assert words_of(code).count("words_count", number) == text


def test_a_missing_string_is_a_fault() -> None:
    with pytest.raises(DataError, match=r"no string 'ask\.nothing'"):
        words_of("it")("ask.nothing")


def test_a_language_without_strings_falls_back() -> None:
    assert words_of("fr").code == "en"
    assert words_of(None).code == "en"
