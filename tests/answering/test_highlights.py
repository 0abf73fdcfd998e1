"""Highlights: the words that matched, through translation too, and the closest sentence, exactly where they stand."""

import itertools

import pytest

from qa.answering.answerer import Answerer
from qa.answering.highlights import highlights
from qa.documents.passages import Passage


def marked(passage: Passage, answerer: Answerer, question: str, code: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"term": [], "sentence": []}
    for mark in highlights(passage, answerer.query(question, code)):
        found[mark.kind].append(passage.text[mark.start : mark.end])
    return found


@pytest.mark.parametrize(
    ("question", "code", "document", "ordinal", "terms", "sentence"),
    [
        (
            "Il magnesio contro la sciatica?",
            "it",
            "it/magnesio-e-dolore-ai-nervi",
            4,
            {"sciatico", "sciatica"},
            "sciatic",
        ),
        ("Il magnesio dà la diarrea?", "it", "it/magnesio-e-dolore-ai-nervi", 5, {"diarrea", "magnesio"}, "La diarrea"),
        (
            "magnesio e infiammazione",
            "it",
            "en/magnesium-and-neuropathy",
            3,
            {"magnesium", "inflammation"},
            "inflammation",
        ),
        ("glutamate", "en", "it/ketamina-per-fibromialgia", 6, {"glutammato"}, "glutammato"),
    ],
)
def test_words_and_sentence(
    answerer: Answerer, question: str, code: str, document: str, ordinal: int, terms: set[str], sentence: str
) -> None:
    passage = answerer.passages_of(document)[ordinal - 1]
    found = marked(passage, answerer, question, code)
    assert terms & {term.lower() for term in found["term"]}
    assert len(found["sentence"]) == 1
    assert sentence.lower() in found["sentence"][0].lower()


def test_marks_are_whole_words_in_order_and_the_sentence_last(answerer: Answerer) -> None:
    query = answerer.query("effetti collaterali del magnesio e dolore ai nervi", "it")
    for passage in answerer.passages:
        marks = highlights(passage, query)
        terms = [mark for mark in marks if mark.kind == "term"]
        assert [m.start for m in terms] == sorted(m.start for m in terms)
        assert all(a.end <= b.start for a, b in itertools.pairwise(terms))
        for mark in terms:
            piece = passage.text[mark.start : mark.end]
            assert piece == piece.strip()
            assert not passage.text[mark.start - 1 : mark.start].isalpha()
            assert not passage.text[mark.end : mark.end + 1].isalpha()
        assert [mark.kind for mark in marks[len(terms) :]] == (["sentence"] if terms else [])


def test_what_shares_nothing_has_no_marks(answerer: Answerer) -> None:
    passage = answerer.passages_of("it/mesoterapia-antalgica")[0]
    assert highlights(passage, answerer.query("qwertx zxcvbn", "it")) == ()
    assert highlights(passage, answerer.query("", "it")) == ()
