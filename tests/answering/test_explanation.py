"""Why a passage was chosen: shares that add up, variants that really stand where they are said to."""

import json

import pytest

from qa.answering.answerer import Answerer
from qa.answering.explanation import GROUPS, MEANING, apportioned, explain, written
from qa.language.sentences import sentences
from qa.retrieval.ranking import OBSERVATIONS
from qa.settings import SHIPPED_CORPUS

ROWS = [json.loads(line) for line in (SHIPPED_CORPUS / "questions.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS[::6], ids=lambda row: row["id"])
def test_it_adds_up(answerer: Answerer, row: dict[str, str]) -> None:
    answer = answerer.ask(row["question"], history=row.get("history", ()))
    explanations = explain(answer, answerer)
    assert [each.passage for each in explanations] == list(answer.passages)
    for each in explanations:
        assert sum(part.share for part in each.concepts) == pytest.approx(1)
        assert sum(value for _, value in each.parts) == pytest.approx(each.passage.score)
        assert sum(each.groups.values()) == pytest.approx(each.passage.score, abs=0.2)
        assert MEANING not in each.groups  # no reranker
        for part in each.concepts:
            assert (part.share > 0) == bool(part.found)


@pytest.mark.parametrize("question", ["Il magnesio aiuta contro la sciatica?", "Does ketamine help with fibromyalgia?"])
def test_what_was_found_stands_there(answerer: Answerer, question: str) -> None:
    seen = 0
    for each in explain(answerer.ask(question), answerer):
        passage = each.passage.passage
        spans = sentences(passage.text, passage.language or "")
        for part in each.concepts:
            for found in part.found:
                if found.sentences == (0,):
                    continue  # in a heading above the passage
                seen += 1
                assert found.text in passage.text
                assert found.variant.weight > 0
                low, high = spans[found.sentences[0] - 1]
                assert found.text in passage.text[low:high] or len(found.sentences) > 1
    assert seen > 5


def test_every_observation_is_in_one_group() -> None:
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(OBSERVATIONS)


def test_apportioned() -> None:
    assert apportioned([1, 3], 100) == [25, 75]
    assert apportioned([0, 0], 1) == [0, 0]
    assert apportioned([], 1) == []


def test_in_the_terminal(answerer: Answerer) -> None:
    lines = written(explain(answerer.ask("Il magnesio aiuta contro la sciatica?"), answerer)[0]).splitlines()
    assert lines[0].startswith("1. it/magnesio-e-dolore-ai-nervi#4  score ")
    assert any("sciatica: sciatica (word 1.00, sentence 1, 2, 4, 5)" in line for line in lines)


def test_nothing_found_has_nothing_to_explain(answerer: Answerer) -> None:
    assert explain(answerer.ask("ciao"), answerer) == []
