"""BEIR folders."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from qa import Answerer, load_corpus
from qa.errors import QuestionSetError
from qa.evaluation.beir import read_beir
from qa.evaluation.measures import measure
from qa.evaluation.outcomes import Asker, ask_all

CORPUS = [
    {"_id": "d1", "title": "", "text": "Ginger tea eased nausea in a trial of sixty pregnant women."},
    {"_id": "d2", "title": "", "text": "Willow bark was used against back pain in antiquity by many people."},
    {"_id": "d3", "title": "", "text": "Lo zenzero calma la nausea del mattino nelle donne incinte."},
]
QUERIES = [
    {"_id": "q1", "text": "Does ginger help against the nausea of pregnant women?"},
    {"_id": "q2", "text": "What did people use against back pain in antiquity?"},
    {"_id": "q3", "text": "never judged"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td3\t2\nq2\td2\t1\nq2\td1\t0\n"


@pytest.fixture
def beir(tmp_path: Path) -> Callable[..., Path]:
    def write(queries: object = QUERIES, qrels: str = QRELS) -> Path:
        assert isinstance(queries, list)
        folder = tmp_path / "beir"
        (folder / "qrels").mkdir(parents=True)
        (folder / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in CORPUS), "utf-8")
        (folder / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in queries), "utf-8")
        (folder / "qrels" / "test.tsv").write_text(qrels, "utf-8")
        return folder

    return write


def test_rows_are_passages_and_grades_count(beir: Callable[..., Path]) -> None:
    folder = beir()
    answerer = Answerer(load_corpus(folder))
    questions = read_beir(folder, "test", answerer.corpus)
    assert [(q.id, q.kind, q.language) for q in questions.questions] == [("q1", "both", "en"), ("q2", "same", "en")]
    assert questions.judgments == {"q1": {"d1": 1, "d3": 2}, "q2": {"d2": 1}}
    asker = Asker(answerer)
    result = measure(questions, ask_all(asker, questions), questions.judgments, asker.passages)
    assert result.figures["hit@1"].value == 1 and result.figures["en-en+it.R@100"].value == 1
    assert result.curve is None and "answerable.refused" not in result.figures


@pytest.mark.parametrize(
    ("queries", "qrels", "told"),
    [
        ([{"text": "no id"}], QRELS, "queries.jsonl:1: field '_id'"),
        ([{"_id": "q1", "text": ""}], QRELS, "queries.jsonl:1: field 'text'"),
        ([*QUERIES, QUERIES[0]], QRELS, "queries.jsonl:4: field '_id': 'q1' stands twice"),
        (QUERIES, "q1\td1\n", "test.tsv:1: 2 columns"),
        (QUERIES, "q1\td1\tmany\n", "test.tsv:1: field 'score': 'many'"),
        (QUERIES, "q1\td9\t1\n", "test.tsv:1: field 'corpus-id': 'd9'"),
        (QUERIES, "q9\td1\t1\n", "query-id 'q9' is not in queries.jsonl"),
        (QUERIES, "query-id\tcorpus-id\tscore\n", "judges no query"),
    ],
)
def test_wrong_folders(queries: list[dict[str, str]], qrels: str, told: str, beir: Callable[..., Path]) -> None:
    folder = beir(queries, qrels)
    with pytest.raises(QuestionSetError) as caught:
        read_beir(folder, "test", load_corpus(folder))
    assert told in str(caught.value)


def test_an_unknown_split_names_the_known_ones(beir: Callable[..., Path]) -> None:
    folder = beir()
    with pytest.raises(QuestionSetError, match="splits of this folder: test"):
        read_beir(folder, "dev", load_corpus(folder))
