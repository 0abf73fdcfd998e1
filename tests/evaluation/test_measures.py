"""Retrieval measures: by hand on small rankings, and equal to trec_eval's on a run that was written out."""

from pathlib import Path

import pytest
import pytrec_eval

from qa.evaluation.measures import RANKING, READER, Result, evaluate_rankings
from qa.evaluation.outcomes import Asked, Ranking
from qa.evaluation.questions import QuestionSet
from qa.evaluation.runs import qrels_lines, run_lines
from tests.evaluation.conftest import Judged


def ranking(*passages: str) -> Ranking:
    return tuple((passage, 1.0) for passage in passages)


@pytest.mark.parametrize(
    ("found", "relevant", "values"),
    [
        (ranking("a", "b"), {"a": 1}, {"hit@1": 1, "hit@3": 1, "hit@5": 1, "RR@5": 1}),
        (ranking("b", "c", "a"), {"a": 1}, {"hit@1": 0, "hit@3": 1, "hit@5": 1, "RR@5": 1 / 3}),
        (ranking("b", "c", "d", "a"), {"a": 1}, {"hit@1": 0, "hit@3": 0, "hit@5": 1, "RR@5": 1 / 4}),
        (ranking("b", "c", "d", "e", "f", "a"), {"a": 1}, {"hit@1": 0, "hit@3": 0, "hit@5": 0, "RR@5": 0}),
        (ranking(), {"a": 1}, {"hit@1": 0, "hit@3": 0, "hit@5": 0, "RR@5": 0}),
        (ranking("a"), {}, {"hit@1": 0, "hit@3": 0, "hit@5": 0, "RR@5": 0}),
    ],
)
def test_the_readers_measures(found: Ranking, relevant: dict[str, int], values: dict[str, float]) -> None:
    assert evaluate_rankings({"q": relevant}, {"q": found}, READER)["q"] == pytest.approx(values)


def test_equal_scores_keep_the_order_that_was_shown() -> None:
    values = evaluate_rankings({"q": {"z": 1}}, {"q": ranking("a", "z")}, RANKING)["q"]
    assert (values["Success@1"], values["R@5"]) == (0, 1)
    assert values["nDCG@10"] == pytest.approx(0.6309, abs=1e-4)


def test_trec_eval_agrees_on_a_run_written_out(
    shipped: QuestionSet, asked: Asked, judgments: Judged, result: Result, tmp_path: Path
) -> None:
    rankings = {outcome.id: outcome.ranking for outcome in asked.outcomes}
    (tmp_path / "fonte.run").write_text("\n".join(run_lines(rankings)), "utf-8")
    (tmp_path / "fonte.qrels").write_text("\n".join(qrels_lines(judgments)), "utf-8")
    with (
        (tmp_path / "fonte.qrels").open(encoding="utf-8") as qrels,
        (tmp_path / "fonte.run").open(encoding="utf-8") as run,
    ):
        evaluator = pytrec_eval.RelevanceEvaluator(
            pytrec_eval.parse_qrel(qrels), {"success.1,3,5", "recall.1,5,10", "ndcg_cut.10", "recip_rank"}
        )
        theirs = evaluator.evaluate(pytrec_eval.parse_run(run))
    names = {"Success@1": "success_1", "Success@3": "success_3", "Success@5": "success_5"}
    names |= {"R@1": "recall_1", "R@5": "recall_5", "R@10": "recall_10", "nDCG@10": "ndcg_cut_10"}
    answerable = [question for question in shipped.questions if question.answerable]
    assert len(answerable) == 120
    for question in answerable:
        for ours, name in names.items():
            expected = theirs.get(question.id, {}).get(name, 0.0)
            assert result.values[question.id][ours] == pytest.approx(expected), (question.id, ours)
    for ours, name in names.items():
        mean = sum(theirs.get(question.id, {}).get(name, 0.0) for question in answerable) / len(answerable)
        assert result.figures[ours].value == pytest.approx(mean, abs=5e-5)


def test_a_refusal_finds_nothing_for_the_reader(asked: Asked, result: Result) -> None:
    refused = [outcome.id for outcome in asked.outcomes if outcome.refused and "hit@5" in result.values[outcome.id]]
    for identifier in refused:
        assert result.values[identifier]["hit@5"] == 0 and result.values[identifier]["refused"] == 1


def test_groups_add_up(result: Result) -> None:
    counts = {name: figure.n for name, figure in result.figures.items()}
    kinds = ("same", "cross", "both", "noisy", "followup")
    assert sum(counts[f"{kind}.hit@3"] for kind in kinds) == counts["hit@3"] == 120
    assert counts["en.hit@3"] + counts["it.hit@3"] == 120
    assert sum(n for name, n in counts.items() if "-" in name and name.endswith(".hit@3")) == 120
    assert counts["none.on.refused"] + counts["none.off.refused"] == counts["none.refused"] == 26
    assert sum(result.figures[f"top5.{code}"].value for code in ("en", "it")) == pytest.approx(1, abs=2e-4)


def test_every_passage_shown_is_an_exact_slice(result: Result) -> None:
    assert result.figures["exact"].value == 1 and result.figures["exact"].n > 1_000
