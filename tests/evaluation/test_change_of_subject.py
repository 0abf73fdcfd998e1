"""A question that stands by itself is answered as well in the middle of a conversation about something else."""

import random

from qa.answering.answerer import Answerer
from qa.evaluation.questions import Question, read_questions
from qa.evaluation.relevance import relevant
from qa.language.detection import guess
from tests.evaluation.conftest import ROOT

SETS = (ROOT / "corpus" / "questions.jsonl", ROOT / "tests" / "data" / "questions-own.jsonl")
ALONE = ("same", "cross", "noisy")
PAIRS = 300
MOST_LOST = 0.02  # of the questions with an answer among the first three; it was .057 when "it" anywhere leant back


def found(answerer: Answerer, question: Question, before: str = "") -> bool:
    query = answerer.query(question.text, guess(question.text, vocabulary=True).code, [before] if before else ())
    return any(relevant(hit.passage, question.gold) for hit in answerer.retriever.search(query, 3))


def test_a_change_of_subject_costs_little(answerer: Answerer) -> None:
    questions = [q for path in SETS for q in read_questions(path, answerer.corpus).questions if q.kind in ALONE]
    draw = random.Random(1)
    alone = after = 0
    for question in draw.sample(questions, PAIRS):
        about = {gold.document for gold in question.gold}
        others = [
            other
            for other in questions
            if other.language == question.language
            and other.kind != "noisy"
            and not about & {gold.document for gold in other.gold}
        ]
        alone += found(answerer, question)
        after += found(answerer, question, draw.choice(others).text)
    assert alone >= 0.9 * PAIRS
    assert after >= alone - MOST_LOST * PAIRS
