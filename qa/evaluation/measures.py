"""How well passages are found: measures of ir-measures for every question, averaged by kind, language and pair.

Two views of the same answers. For the reader (`hit@k`, `RR@5`) a refusal to answer finds nothing, whatever lay beneath.
For the ranking (`Success@k`, `R@k`, `nDCG@10`) the near misses of a refusal count as well. In a BEIR folder, where only
rankings are asked for, both views are one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import ir_measures
from ir_measures import RR, R, Success, nDCG

from qa.documents.passages import Passage
from qa.evaluation.abstention import Curve, auroc, risk_coverage
from qa.evaluation.intervals import Figure, means, quantiles
from qa.evaluation.outcomes import SHOWN, Asked, Outcome, Ranking, languages_of, paired
from qa.evaluation.questions import Question, QuestionSet
from qa.evaluation.relevance import Judgments

READER = {"hit@1": Success @ 1, "hit@3": Success @ 3, "hit@5": Success @ 5, "RR@5": RR @ 5}
RANKING = {
    "Success@1": Success @ 1,
    "Success@3": Success @ 3,
    "Success@5": Success @ 5,
    "R@1": R @ 1,
    "R@5": R @ 5,
    "R@10": R @ 10,
    "nDCG@10": nDCG @ 10,
}
DEEP = {"R@100": R @ 100}
LOWER_IS_BETTER = ("answerable.refused", "false_alarms", "ms.")
"""Parts of the names of figures that should be small."""

Values = dict[str, float]


@dataclass(frozen=True)
class Result:
    """All figures of a run over a question set. `values`: question id → measure → value, for comparing runs."""

    figures: Mapping[str, Figure]
    values: Mapping[str, Values]
    curve: Curve | None


def evaluate_rankings(
    judgments: Judgments, rankings: Mapping[str, Ranking], chosen: Mapping[str, ir_measures.Measure]
) -> dict[str, Values]:
    """Question id → measure → value through ir-measures; 0 where nothing was found or nothing is relevant."""
    judged = {query: dict(grades) for query, grades in judgments.items() if query in rankings and grades}
    run = {query: in_order(ranking) for query, ranking in rankings.items() if ranking}
    found: dict[str, Values] = {query: dict.fromkeys(chosen, 0.0) for query in rankings}
    names = {measure: name for name, measure in chosen.items()}
    if judged and run:
        for metric in ir_measures.iter_calc(list(chosen.values()), judged, run):
            if metric.query_id in found:
                found[metric.query_id][names[metric.measure]] = float(metric.value)
    return found


def in_order(ranking: Ranking) -> dict[str, float]:
    """Passage id → a score that falls by rank: trec_eval reorders equal scores by id, which is not what was shown."""
    return {identifier: float(len(ranking) - rank) for rank, (identifier, _) in enumerate(ranking)}


def measure(questions: QuestionSet, asked: Asked, judgments: Judgments, passages: Mapping[str, Passage]) -> Result:
    """All figures that do not depend on the clock."""
    rows = list(paired(questions, asked))
    values = question_values(rows, judgments, passages, questions.deep)
    figures: dict[str, Figure] = {}
    for group, members in groups(rows, judgments, passages).items():
        figures |= _named(group, [values[question.id] for question, _ in members])
    figures |= _abstention(rows)
    figures |= _language_shares(rows, passages)
    shown = [1.0] * sum(o.exact for _, o in rows) + [0.0] * sum(o.shown - o.exact for _, o in rows)
    figures |= means({"exact": shown})
    curve = None
    if not questions.deep:
        curve = risk_coverage([(o.confidence or 0.0, _right(values[q.id])) for q, o in rows])
        figures |= curve.figures if curve else {}
    return Result(figures, values, curve)


def question_values(
    rows: Sequence[tuple[Question, Outcome]],
    judgments: Judgments,
    passages: Mapping[str, Passage],
    deep: bool,
) -> dict[str, Values]:
    """What each question scores: the retrieval measures of answerable ones, `refused` of all."""
    answerable = [(question, outcome) for question, outcome in rows if question.answerable]
    rankings = {question.id: outcome.ranking for question, outcome in answerable}
    if deep:  # both views are one, so it is measured once
        ranking = evaluate_rankings(judgments, rankings, RANKING | DEEP | {"RR@5": READER["RR@5"]})
        reader = {
            query: {name: found[name.replace("hit", "Success")] for name in READER} for query, found in ranking.items()
        }
    else:
        ranking = evaluate_rankings(judgments, rankings, RANKING)
        reader = evaluate_rankings(judgments, {q.id: o.answer[:SHOWN] for q, o in answerable}, READER)
    values: dict[str, Values] = {}
    for question, outcome in rows:
        values[question.id] = {**reader.get(question.id, {}), **ranking.get(question.id, {})}
        if outcome.answered is not None:
            values[question.id]["refused"] = float(outcome.refused)
        if question.kind == "both" and not deep:
            right = [p for p in outcome.answer[:SHOWN] if p[0] in judgments.get(question.id, {})]
            values[question.id]["languages@5"] = float(len(set(languages_of(right, passages))) > 1)
    return values


def groups(
    rows: Iterable[tuple[Question, Outcome]], judgments: Judgments, passages: Mapping[str, Passage]
) -> dict[str, list[tuple[Question, Outcome]]]:
    """Group name → its questions: "" (all answerable), kinds, languages asked in, language pairs "en-it", topics."""
    found: dict[str, list[tuple[Question, Outcome]]] = {}
    for row in rows:
        question = row[0]
        names = [question.kind]
        if question.answerable:
            gold = {passages[p].language for p in judgments.get(question.id, {}) if p in passages}
            gold_codes = "+".join(sorted(code or "unknown" for code in gold))
            names = ["", question.kind, question.language or "unknown"]
            if gold_codes:
                names.append(f"{question.language or 'unknown'}-{gold_codes}")
        elif question.topic:
            names.append(f"none.{question.topic}")
        for name in names:
            found.setdefault(name, []).append(row)
    return dict(sorted(found.items()))


def _named(group: str, rows: Sequence[Values]) -> dict[str, Figure]:
    columns = {name: [row[name] for row in rows] for name in rows[0] if all(name in row for row in rows)}
    prefix = f"{group}." if group else ""
    return {
        ("answerable.refused" if name == "refused" and not group else prefix + name): found
        for name, found in means(columns).items()
    }


def _abstention(rows: Sequence[tuple[Question, Outcome]]) -> dict[str, Figure]:
    """AUROC of the confidence, over all unanswerable questions and each topic of them."""
    positive = [o.confidence for q, o in rows if q.answerable and o.confidence is not None]
    figures: dict[str, Figure] = {}
    for name, topics in (("auroc", ("on", "off", None)), ("auroc.on", ("on",)), ("auroc.off", ("off",))):
        negative = [
            o.confidence for q, o in rows if not q.answerable and q.topic in topics and o.confidence is not None
        ]
        if positive and negative:
            figures[name] = auroc(positive, negative)
    return figures


def _language_shares(rows: Sequence[tuple[Question, Outcome]], passages: Mapping[str, Passage]) -> dict[str, Figure]:
    """`top5.it`: share of Italian among the first five passages; `en.top5.it`: the same for English questions."""
    codes = sorted({passage.language or "unknown" for passage in passages.values()})
    shares: dict[str, dict[str, list[float]]] = {}
    for question, outcome in rows:
        found = languages_of(outcome.ranking[:SHOWN], passages)
        for group in ("", f"{question.language or 'unknown'}."):
            columns = shares.setdefault(group, {code: [] for code in codes})
            if found:
                for code in codes:
                    columns[code].append(found.count(code) / len(found))
    return {f"{group}top5.{code}": fig for group, columns in shares.items() for code, fig in means(columns).items()}


def latency(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    """Milliseconds an answer takes, as percentiles."""
    names = {"ms.median": 0.5, "ms.p90": 0.9, "ms.p95": 0.95, "ms.p99": 0.99}
    return quantiles([outcome.seconds * 1_000 for outcome in outcomes if outcome.seconds], names)


def _right(values: Values) -> bool:
    return values.get("Success@3", 0.0) == 1.0
