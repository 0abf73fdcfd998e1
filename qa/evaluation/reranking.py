"""Trains what belongs to the reranker: `python -m qa.evaluation.reranking CORPUS QUESTIONS… [--public BEIR-FOLDER]`.

Prints the same ten-fold cross-validation (of both views that training.py has of a question) without and with it, then
writes `retrieval/semantic.toml` (the weight of a similarity in the score) and `answering/confidence-semantic.toml`. The
ranking's own weights stay as they are: train them first, with the same arguments. In every fold the similarity's weight
is chosen on the questions learnt from, as they are met.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa.answering.abstention import SIGNS, signs
from qa.answering.answerer import Answerer
from qa.answering.reranked import RERANKED_SIGNS, reranked_signs
from qa.answering.reranked import WEIGHTS as CONFIDENCE
from qa.documents.corpus import load_corpus
from qa.documents.passages import Passage
from qa.evaluation.questions import Question, read_questions
from qa.evaluation.relevance import relevant
from qa.evaluation.training import (
    CONFIDENCE_PENALTY,
    FOLDS,
    MOST_REFUSED,
    THRESHOLD_RULE,
    VIEWS,
    public_examples,
    train_ranking,
    worths,
)
from qa.evidence.training import Bools, Floats, fit, probabilities
from qa.language.detection import guess
from qa.retrieval.fusion import Hit
from qa.retrieval.query import Query
from qa.retrieval.ranking import OBSERVATIONS, mixed
from qa.retrieval.semantic import WEIGHT, Reranker, SemanticReranker, rerank
from qa.retrieval.tuning import Parts

CANDIDATES = 60
CHOICES = (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 15.0)
_HEAD = "# Written by `python -m qa.evaluation.reranking`; do not edit."


class _Example:
    """A question with its candidates and their similarities; it is itself the reranker that knows them."""

    def __init__(self, answerer: Answerer, reranker: Reranker, question: Question) -> None:
        self.question = question
        retriever = answerer.retriever
        self.as_met = retriever.parts == Parts()
        self.query = answerer.query(question.text, guess(question.text, vocabulary=True).code, question.history)
        self.topical, self.asked = retriever.topical(self.query), retriever.asked(self.query)
        self.hits = [hit for hit in retriever.search(self.query, CANDIDATES) if hit.observations]
        passages = [hit.passage for hit in self.hits]
        self.x = np.array([hit.observations for hit in self.hits]).reshape(len(self.hits), len(OBSERVATIONS))
        self.answers: Bools = np.array([relevant(passage, question.gold) for passage in passages], bool)
        self._answering = {passage.id for passage, right in zip(passages, self.answers, strict=True) if right}
        found = reranker.similarities(self.query, passages)
        self._similar = {passage.id: value for passage, value in zip(passages, found, strict=True)}

    def similarities(self, query: Query, passages: Sequence[Passage]) -> Sequence[float]:
        """Those found at the start."""
        return [self._similar[passage.id] for passage in passages]

    def ranked(self, weights: Floats, weight: float | None) -> list[Hit]:
        """The candidates under these weights; with None for the similarity's, without the reranker."""
        scores = self.x @ weights
        hits = [replace(hit, score=float(score)) for hit, score in zip(self.hits, scores, strict=True)]
        if weight is None:
            return mixed(sorted(hits, key=lambda hit: -hit.score))
        return rerank(self.query, hits, self, weight)

    def place(self, hits: Sequence[Hit]) -> int:
        """Place of the first answering passage from 1; 0 where none is in the list."""
        return next((place for place, hit in enumerate(hits, 1) if hit.passage.id in self._answering), 0)

    def signs(self, hits: Sequence[Hit], reranked: bool) -> list[float]:
        """What the confidence goes by."""
        names, look = (RERANKED_SIGNS, reranked_signs) if reranked else (SIGNS, signs)
        values = look(self.query, hits, self.topical, self.asked) if hits else dict.fromkeys(names, 0.0)
        return [values[name] for name in names]


@dataclass
class _Trial:
    """One way of ranking, cross-validated."""

    reranked: bool
    places: npt.NDArray[np.int_]
    confidence: Floats
    chosen: list[float] = field(default_factory=list)

    def threshold(self, answerable: Bools) -> float:
        """The confidence that the allowed share of answerable questions does not reach."""
        return float(np.round(np.quantile(self.confidence[answerable], MOST_REFUSED), 3))

    def area(self, answerable: Bools, which: Bools) -> float:
        """AUROC of the confidence against the unanswerable questions marked in `which`."""
        positive, negative = self.confidence[answerable], self.confidence[~answerable & which]
        return float((positive[:, None] > negative).mean() + (positive[:, None] == negative).mean() / 2)


def main(corpus: Path, paths: Sequence[Path], folder: Path | None = None) -> None:
    """Cross-validates, prints, trains on everything and writes both files."""
    loaded = load_corpus(corpus)
    answerers = [Answerer(loaded, parts=parts) for parts in VIEWS]
    reranker = SemanticReranker(answerers[0].passages)
    questions = [question for path in paths for question in read_questions(path, loaded).questions]
    examples = [_Example(answerer, reranker, question) for answerer in answerers for question in questions]
    public = public_examples(folder) if folder else []
    answerable = np.array([example.question.answerable for example in examples])
    worth = worths([example.question for example in examples])
    fold = np.tile(np.random.default_rng(0).permutation(len(questions)) % FOLDS, len(VIEWS))
    trials = [_Trial(flag, np.zeros(len(examples), int), np.zeros(len(examples))) for flag in (False, True)]
    for number in range(FOLDS):
        held = fold == number
        learnt = [e for e, out in zip(examples, held, strict=True) if not out and e.question.answerable]
        weights = train_ranking([(example.x, example.answers) for example in learnt], public)
        for trial in trials:
            weight = _best_weight(learnt, weights) if trial.reranked else None
            trial.chosen += [weight] if weight is not None else []
            ranked = [example.ranked(weights, weight) for example in examples]
            x = np.array([e.signs(hits, trial.reranked) for e, hits in zip(examples, ranked, strict=True)])
            model = fit(x[~held], answerable[~held], CONFIDENCE_PENALTY, worth[~held])
            trial.confidence[held] = probabilities(x[held], model)
            for place in np.nonzero(held)[0]:
                trial.places[place] = examples[place].place(ranked[place])
    print("\n".join(_table(examples, answerable, trials)))
    able = [example for example in examples if example.question.answerable]
    weights = train_ranking([(example.x, example.answers) for example in able], public)
    weight = _best_weight(able, weights)
    WEIGHT.write_text(f"{_HEAD}\nweight = {weight}\n", "utf-8")
    x = np.array([example.signs(example.ranked(weights, weight), True) for example in examples])
    model = fit(x, answerable, CONFIDENCE_PENALTY, worth)
    lines = [
        _HEAD,
        THRESHOLD_RULE,
        f"threshold = {trials[1].threshold(answerable)}",
        f"bias = {model[-1]:.4f}",
        "",
        "[weights]",
        *(f'"{name}" = {value:.4f}' for name, value in zip(RERANKED_SIGNS, model[:-1], strict=True)),
    ]
    CONFIDENCE.write_text("\n".join(lines) + "\n", "utf-8")


def _best_weight(examples: Sequence[_Example], weights: Floats) -> float:
    """The weight of the similarity under which the first answers stand highest (mean reciprocal rank).

    Of the questions as Fonte meets them: without the everyday words a reranker has more to mend, and gets too much say.
    """
    met = [example for example in examples if example.as_met]

    def reciprocal(weight: float) -> float:
        places = [example.place(example.ranked(weights, weight)) for example in met]
        return sum(1 / place for place in places if place) / len(met)

    return max(CHOICES, key=reciprocal)


def _table(examples: Sequence[_Example], answerable: Bools, trials: Sequence[_Trial]) -> list[str]:
    """A Markdown table, one row a figure, without and with the reranker."""
    kinds = np.array([example.question.kind for example in examples])
    topics = np.array([example.question.topic or "" for example in examples])
    lines = ["| ten-fold cross-validation | n | without | with |", "|---|---|---|---|"]

    def row(name: str, which: Bools, figures: Sequence[float]) -> None:
        lines.append(f"| {name} | {which.sum()} | {figures[0]:.3f} | {figures[1]:.3f} |")

    parts = {"all": answerable} | {kind: kinds == kind for kind in dict.fromkeys(kinds[answerable].tolist())}
    for most in (1, 3):
        for name, which in parts.items():
            row(
                f"hit@{most} {name}",
                which,
                [((t.places[which] > 0) & (t.places[which] <= most)).mean() for t in trials],
            )
    everything: Bools = np.ones(len(examples), bool)
    unanswerable = {"all": everything, "on topic": topics == "on", "off topic": topics == "off"}
    for name, which in unanswerable.items():
        row(f"AUROC {name}", ~answerable & which, [t.area(answerable, which) for t in trials])
    for name, which in {
        "answerable": answerable,
        **{n: ~answerable & w for n, w in unanswerable.items()},
    }.items():
        row(f"refused {name}", which, [(t.confidence[which] < t.threshold(answerable)).mean() for t in trials])
    return [*lines, "", f"weights of the similarity, by fold: {', '.join(map(str, trials[1].chosen))}"]


if __name__ == "__main__":
    arguments = sys.argv[1:]
    beside = Path(arguments.pop(arguments.index("--public") + 1)) if "--public" in arguments else None
    given = [Path(argument) for argument in arguments if argument != "--public"]
    main(given[0], given[1:], beside)
