"""From text to index terms: stems, phrases as terms of their own, headings."""

import pytest

from qa.documents.document import Document
from qa.documents.passages import Passage, split
from qa.retrieval.terms import index_terms, passage_terms, phrases_at, titles


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("it", "Gli effetti collaterali del magnesio", ["effett", "collateral", "magnes", "effett_collateral"]),
        ("en", "Side effects of kratom", ["side", "effect", "kratom", "side_effect"]),
        ("en", "side by side", ["side", "side"]),  # no phrase of the lexicons
        ("it", "di il la", []),
        ("it", "", []),
    ],
)
def test_index_terms(code: str, text: str, expected: list[str]) -> None:
    found = index_terms(text, code)
    assert found[: len(expected)] == expected
    assert all("_" in term for term in found[len(expected) :])


def test_phrases_are_found_by_their_stems() -> None:
    assert 2 in phrases_at(("effett", "collateral"), 0, "it")
    assert phrases_at(("effett", "magnes"), 0, "it") == set()


def document(**known: object) -> Document:
    text = "Un testo che parla dei nervi e di altre cose ancora.\n"
    return Document("it/sul-magnesio", "it/sul-magnesio.txt", text, "it", **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "section", "expected"),
    [
        ({"title": "Magnesio e nervi"}, None, ["Magnesio e nervi"]),
        ({"title": "Magnesio e nervi"}, "Rischi", ["Magnesio e nervi", "Rischi"]),
        ({"title": "sul-magnesio", "titled": False}, None, ["sul magnesio"]),  # the file's name, as words
        ({"title": "it/sul-magnesio", "titled": False, "whole": True}, None, []),  # a row's number says nothing
    ],
)
def test_titles(known: dict[str, object], section: str | None, expected: list[str]) -> None:
    assert titles(Passage(document(**known), 1, section, 0, 20)) == expected


def test_a_passage_is_found_by_what_it_stands_under() -> None:
    (passage,) = split(document(title="Magnesio"))
    assert "magnes" in passage_terms(passage, "it")
    assert "magnes" not in passage_terms(passage, "it", headings=False)
    assert "nerv" in passage_terms(passage, "it", headings=False)
