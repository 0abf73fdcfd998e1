"""Asking a whole set: long and short answers agree, an interruption keeps what was measured, a resumed run is whole."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from qa import Answerer, load_corpus
from qa.errors import QuestionSetError
from qa.evaluation.measures import measure
from qa.evaluation.outcomes import SHOWN, Asked, Asker, ask_all
from qa.evaluation.questions import Question, QuestionSet
from qa.evaluation.results import Evaluation, read_results, resumable, save, to_json
from tests.evaluation.conftest import Judged


def ctrl_c_after(count: int) -> Callable[[Iterable[Question]], Iterator[Question]]:
    def asked(questions: Iterable[Question]) -> Iterator[Question]:
        for number, question in enumerate(questions):
            if number == count:
                raise KeyboardInterrupt
            yield question

    return asked


def test_a_longer_answer_begins_with_the_shorter_one(answerer: Answerer, shipped: QuestionSet, asked: Asked) -> None:
    for question, outcome in list(zip(shipped.questions, asked.outcomes, strict=True))[::10]:
        short = answerer.ask(question.text, None, SHOWN, question.history)
        assert [found.passage.id for found in short.passages] == [passage for passage, _ in outcome.ranking[:SHOWN]]
        assert short.answered == outcome.answered


def test_an_interrupted_run_resumes_to_the_same_bytes(
    asker: Asker, shipped: QuestionSet, asked: Asked, judgments: Judged, tmp_path: Path
) -> None:
    settings = {"corpus": "c", "questions": {"q": "1"}}

    def evaluation(outcomes: Asked) -> Evaluation:
        return Evaluation(settings, shipped, outcomes, measure(shipped, outcomes, judgments, asker.passages))

    part = ask_all(asker, shipped, progress=ctrl_c_after(5))
    assert not part.complete and len(part.outcomes) == 5
    save(to_json(evaluation(part)), tmp_path / "part.json")
    saved = read_results(tmp_path / "part.json")
    assert not saved.complete and saved.measures["same.hit@1"] >= 0
    known = resumable(saved, settings)
    assert known == {outcome.id: outcome for outcome in part.outcomes}
    whole = ask_all(asker, shipped, known)
    assert whole.complete and to_json(evaluation(whole)) == to_json(evaluation(asked))
    assert list(tmp_path.iterdir()) == [tmp_path / "part.json"]


def test_what_cannot_be_resumed(asker: Asker, shipped: QuestionSet, judgments: Judged, tmp_path: Path) -> None:
    settings = {"corpus": "c", "code": "1"}
    for complete, now, told in (
        (True, settings, "is complete"),
        (False, settings | {"code": "2"}, "have changed since: code"),
    ):
        outcomes = Asked(ask_all(asker, shipped, progress=ctrl_c_after(2)).outcomes, complete)
        result = measure(shipped, outcomes, judgments, asker.passages)
        save(to_json(Evaluation(settings, shipped, outcomes, result)), tmp_path / "r.json")
        with pytest.raises(QuestionSetError, match=told):
            resumable(read_results(tmp_path / "r.json"), now)


def test_a_stored_text_that_is_not_the_file_is_no_exact_slice(small: Path) -> None:
    answerer = Answerer(load_corpus(small))
    (small / "en" / "ginger.txt").write_text("Another text altogether.", "utf-8")
    asker = Asker(answerer)
    outcome = asker.ask(Question("q", "Does ginger help against nausea?", "same", "en"), deep=False)
    shown = {passage.split("#")[0] for passage, _ in outcome.ranking}
    assert "en/ginger" in shown and outcome.exact < outcome.shown


def test_a_question_refused_as_misuse_finds_nothing(asker: Asker) -> None:
    outcome = asker.ask(Question("q", "\u200b", "same", "en"), deep=False)
    assert (outcome.ranking, outcome.answered, outcome.confidence) == ((), False, 0.0)


@pytest.mark.parametrize(
    ("content", "told"),
    [("{", "not the JSON"), ("[]", "field 'measures'"), ('{"measures": {}}', "field 'settings'"),
     ('{"measures": {}, "settings": {}, "complete": true, "items": [1]}', "item 1")],
)  # fmt: skip
def test_results_that_are_none(content: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(content, "utf-8")
    with pytest.raises(QuestionSetError) as caught:
        read_results(path)
    assert told in str(caught.value)
