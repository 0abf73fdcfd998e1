"""TREC files, out and in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from qa.errors import QuestionSetError
from qa.evaluation.runs import qrels_lines, read_qrels, read_run, run_lines

QUERIES = ["q 1", "q2"]
PASSAGES = ["en/a b#1", "en/c#1", "it/d#2"]
RANKINGS = {"q 1": (("en/c#1", 2.5), ("en/a b#1", 2.5), ("it/d#2", 2.49999)), "q2": ()}


def test_written_scores_fall_strictly_so_that_order_survives() -> None:
    lines = run_lines(RANKINGS)
    assert lines[0] == "q%201 Q0 en/c#1 1 2.5000 fonte"
    scores = [float(line.split()[4]) for line in lines]
    assert scores == sorted(set(scores), reverse=True) and len(scores) == 3


def test_a_run_reads_back_in_its_order(write_rows: Callable[..., Path]) -> None:
    read = read_run(write_rows(*run_lines(RANKINGS)), QUERIES, PASSAGES)
    assert {query: [passage for passage, _ in found] for query, found in read.items()} == {
        "q 1": ["en/c#1", "en/a b#1", "it/d#2"],
        "q2": [],
    }


def test_a_foreign_run_is_read_as_trec_eval_does(write_rows: Callable[..., Path]) -> None:
    path = write_rows("q2 Q0 en/c#1 1 1.0 x", "q2 Q0 it/d#2 2 1.0 x", "q2 Q0 other 3 7 x", "q9 Q0 en/c#1 1 1 x")
    assert [passage for passage, _ in read_run(path, QUERIES, PASSAGES)["q2"]] == ["other", "it/d#2", "en/c#1"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["q2 Q0 en/c#1 1 1.0"], ":1: 5 columns"),
        (["q2 Q0 en/c#1 1 high x"], ":1: field 'score': 'high'"),
        (["q2 Q0 en/c#1 1 2 x", "q2 Q0 en/c#1 2 1 x"], ":2: passage 'en/c#1' stands twice"),
        (["q7 Q0 en/c#1 1 2 x"], "none of its queries"),
        ([], "none of its queries"),
    ],
)
def test_wrong_runs(lines: list[str], told: str, write_rows: Callable[..., Path]) -> None:
    with pytest.raises(QuestionSetError) as caught:
        read_run(write_rows(*lines), QUERIES, PASSAGES)
    assert told in str(caught.value)


def test_qrels_read_back(write_rows: Callable[..., Path]) -> None:
    judged = {"q 1": {"en/a b#1": 1, "it/d#2": 2}, "q2": {"en/c#1": 1}}
    assert read_qrels(write_rows(*qrels_lines(judged)), QUERIES, PASSAGES) == judged


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["q2 0 en/c#1"], ":1: 3 columns"),
        (["q2 0 nowhere 1"], "'nowhere' is not in the corpus"),
        (["q2 0 en/c#1 yes"], "field 'grade': 'yes'"),
        (["q2 0 en/c#1 0"], "judges none"),
    ],
)
def test_wrong_qrels(lines: list[str], told: str, write_rows: Callable[..., Path]) -> None:
    with pytest.raises(QuestionSetError) as caught:
        read_qrels(write_rows(*lines), QUERIES, PASSAGES)
    assert told in str(caught.value)
