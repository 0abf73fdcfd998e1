"""Kinds, levels, order and folding of caveats."""

import itertools

import pytest

from qa.evidence.caveats import LEVELS, QUESTIONS, Caveat, Place, Span, folded, ordered

CAUTIONS = {"absolute_safety", "promotional", "animal_evidence", "laboratory_evidence"}


def test_levels() -> None:
    assert {kind for kind, level in LEVELS.items() if level == "caution"} == CAUTIONS
    assert {kind for kind, level in LEVELS.items() if level == "note"} == {
        "one_sided",
        "unnamed_studies",
        "uncited_claim",
    }
    assert all(Caveat(kind).level == level for kind, level in LEVELS.items())


def test_every_kind_answers_one_of_three_questions() -> None:
    assert QUESTIONS.keys() == LEVELS.keys()
    assert list(dict.fromkeys(QUESTIONS[kind] for kind in LEVELS)) == ["safety", "selling", "evidence"]


def test_order_is_safety_selling_evidence_and_the_passage_before_its_document() -> None:
    advert = Caveat("promotional", (), "document", Place(3, 9))
    listed = [Caveat(kind, (Span(0, 1),)) for kind in ("absolute_safety", "one_sided", "animal_evidence")]
    for shuffled in itertools.permutations([advert, *listed]):
        assert ordered(shuffled) == (*listed, advert)


@pytest.mark.parametrize(
    ("kinds", "later"),
    [
        (["animal_evidence", "laboratory_evidence"], ["laboratory_evidence"]),  # only a second evidence caveat folds
        (["laboratory_evidence", "animal_evidence"], ["laboratory_evidence"]),
        (["absolute_safety", "promotional", "uncited_claim"], []),
        (["absolute_safety", "one_sided", "animal_evidence", "laboratory_evidence"], ["laboratory_evidence"]),
        ([], []),
    ],
)
def test_folding(kinds: list[str], later: list[str]) -> None:
    assert [caveat.kind for caveat in folded(Caveat(kind) for kind in kinds)] == later


def test_a_caveat_of_document_scope_neither_folds_nor_makes_fold() -> None:
    advert = Caveat("promotional", (), "document", Place(0, 1))
    assert folded([advert, Caveat("one_sided")]) == ()
