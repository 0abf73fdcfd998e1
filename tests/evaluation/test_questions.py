"""Strict reading of question sets."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa import Answerer, load_corpus
from qa.errors import QuestionSetError
from qa.evaluation.questions import nearest, read_questions
from qa.evaluation.relevance import judge_quotes
from tests.evaluation.conftest import ROOT, ROWS

GOOD = ROWS[0]
NONE = ROWS[2]


def changed(row: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {name: value for name, value in (row | fields).items() if value is not ...}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        (changed(GOOD, id=...), "field 'id'"),
        (changed(GOOD, id=7), "field 'id'"),
        (changed(GOOD, lang="fr"), "field 'lang': 'fr' is not one of en, it"),
        (changed(GOOD, lang=["en"]), "field 'lang'"),
        (changed(GOOD, kind="samee"), "field 'kind': 'samee'"),
        (changed(GOOD, question=" "), "field 'question'"),
        (changed(GOOD, question="x" * 1_001), "field 'question'"),
        (changed(GOOD, gold=[]), "field 'gold': missing"),
        (changed(GOOD, gold={}), "field 'gold': not a list"),
        (changed(GOOD, gold=["en/ginger"]), "entry 1"),
        (changed(GOOD, gold=[{"doc": "en/gingre", "quote": "Ginger"}]), "doc 'en/gingre' is not in the corpus"),
        (changed(GOOD, gold=[{"doc": "en/ginger", "quote": ""}]), "quote: empty"),
        (changed(GOOD, gold=[{"doc": "en/ginger", "quote": "x", "page": 1}]), "entry 1"),
        (changed(GOOD, topic="on"), "field 'topic': belongs to"),
        (changed(GOOD, note=3), "field 'note'"),
        (changed(GOOD, answer="yes"), "unknown field 'answer'"),
        (changed(GOOD, history="before"), "field 'history'"),
        (changed(GOOD, history=["before"] * 11), "field 'history'"),
        (changed(GOOD, kind="followup"), "a followup needs"),
        (changed(NONE, topic="of"), "field 'topic': 'of'"),
        (changed(NONE, gold=GOOD["gold"]), "has no answer"),
    ],
)
def test_wrong_rows_are_named(row: object, told: str, small: Path, write_rows: Callable[..., Path]) -> None:
    path = write_rows(GOOD | {"id": "first"}, row)
    with pytest.raises(QuestionSetError) as caught:
        read_questions(path, load_corpus(small))
    assert str(caught.value).startswith(f"{path}:2: ") and told in str(caught.value)


def test_every_wrong_line_is_told_at_once(small: Path, write_rows: Callable[..., Path]) -> None:
    path = write_rows(changed(GOOD, lang="fr"), changed(GOOD, kind="x"), GOOD, GOOD)
    with pytest.raises(QuestionSetError) as caught:
        read_questions(path, load_corpus(small))
    lines = str(caught.value).split("\n")
    assert [line.split(":")[1] for line in lines] == ["1", "2", "4"]
    assert "stands in line 3 already" in lines[2]


def test_a_vanished_quote_shows_the_nearest_text(small: Path, write_rows: Callable[..., Path]) -> None:
    gold = [{"doc": "en/ginger", "quote": "Ginger tea eased sickness in a trial of 60 pregnant women."}]
    path = write_rows(changed(GOOD, gold=gold))
    with pytest.raises(QuestionSetError, match=r"does not occur in en/ginger\.txt; nearest there") as caught:
        read_questions(path, load_corpus(small))
    assert "'Ginger tea eased nausea in a trial of 60 pregnant women.'" in str(caught.value)


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("two whole words", "here are two whole wards to find", "two whole wards"),
        ("longer than the text itself", "short text", "short text"),
        ("anything", "", ""),
    ],
)
def test_nearest(quote: str, text: str, found: str) -> None:
    assert nearest(quote, text) == found


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "holds no question"), (b"\n \n", "holds no question"), (b'{"id": "\xe8"}', ":1: not UTF-8 (byte 0xe8)")],
)
def test_unreadable_files(content: bytes, told: str, small: Path, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(content)
    with pytest.raises(QuestionSetError) as caught:
        read_questions(path, load_corpus(small))
    assert told in str(caught.value)


def test_a_missing_file(small: Path, tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="cannot be read: No such file"):
        read_questions(tmp_path / "gone.jsonl", load_corpus(small))


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests" / "data").glob("*questions*.jsonl")), ids=lambda path: path.stem
)
def test_our_own_sets_read_and_every_answer_can_be_reached(path: Path, answerer: Answerer) -> None:
    read = read_questions(path, answerer.corpus)
    judged = judge_quotes(read.questions, answerer.passages)
    assert len(read.questions) >= 20
    assert [question.id for question in read.questions if question.answerable and not judged[question.id]] == []
