"""Other retrievers in the same table."""

from dataclasses import fields

import pytest
from rank_bm25 import BM25Okapi

from qa import Answerer, load_corpus
from qa.evaluation.baselines import BASELINES, Naked, table
from qa.evaluation.outcomes import Asker, ask_all
from qa.evaluation.questions import Question, QuestionSet, read_questions
from qa.evaluation.relevance import judge_quotes
from qa.retrieval.tuning import Parts


def test_terms_scored_once_give_the_librarys_own_scores(answerer: Answerer, shipped: QuestionSet) -> None:
    ours, theirs = Naked(answerer.passages), BM25Okapi([passage.text.split() for passage in answerer.passages])
    for question in shipped.questions[:20]:
        assert ours.scores(question) == pytest.approx(theirs.get_scores(question.text.split()), abs=1e-9)


@pytest.mark.parametrize("kind", BASELINES)
def test_only_passages_that_share_a_term(kind: type[Naked], answerer: Answerer) -> None:
    if kind.__name__ == "Sparse":
        pytest.importorskip("bm25s", reason="bm25s is not installed")
        pytest.importorskip("Stemmer", reason="PyStemmer is not installed")
    baseline = kind(answerer.passages)
    found = baseline.rank(Question("q", "Mitragyna speciosa", "same", "en"), 10)
    assert found and all("itragyna" in asked_for.text for asked_for in answerer.passages if asked_for.id == found[0][0])
    assert baseline.rank(Question("q", "xylophone zeppelin", "same", "en"), 10) == ()
    assert len(baseline.rank(Question("q", "the pain and the nerves of it", "same", "en"), 3)) <= 3


def test_the_table_has_every_part_switched_off(small: object) -> None:
    corpus = load_corpus(str(small))
    answerer = Answerer(corpus)
    questions = read_questions(corpus.path / "questions.jsonl", corpus)
    asked = ask_all(Asker(answerer), questions)
    judgments = judge_quotes(questions.questions, answerer.passages)
    rows = list(table(answerer, questions, asked, judgments, lambda label: iter))
    names = [row.name for row in rows]
    assert names[: 1 + len(BASELINES)] == ["Fonte", *(kind.name for kind in BASELINES)]
    assert names[1 + len(BASELINES) :] == [f"Fonte without {part.name.replace('_', ' ')}" for part in fields(Parts())]
    assert all(row.figures["nDCG@10"].n == 2 for row in rows if row.figures)
    naked = rows[1]
    assert naked.figures["cross.Success@3"].value == 0 and rows[0].figures["cross.Success@3"].value == 1
    assert rows[0].p is None and naked.p is not None
