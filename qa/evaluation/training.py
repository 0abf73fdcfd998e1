"""Trains the ranking and the confidence: `python -m qa.evaluation.training CORPUS
QUESTIONS.jsonl… [--public BEIR-FOLDER]`.

Prints what ten-fold cross-validation says of both, then writes `retrieval/ranking.toml` and `answering/confidence.toml`
trained on all the questions. The ranking learns from pairs (a passage that answers beside one that does not, Joachims
2002); the confidence is a logistic regression. Both by Newton's method: a second, and the same weights every time.

Both learn from two views of every question: as Fonte meets it, and as it would without the everyday words. Those were
written down with these very questions in view; a question that nobody has seen finds fewer of them.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa.answering.abstention import SIGNS, signs
from qa.answering.abstention import WEIGHTS as CONFIDENCE
from qa.answering.answerer import Answerer
from qa.documents.corpus import load_corpus
from qa.evaluation.beir import read_beir
from qa.evaluation.questions import Question, read_questions
from qa.evaluation.relevance import relevant
from qa.evidence.training import Bools, Floats, fit, probabilities
from qa.language.detection import guess
from qa.retrieval.fusion import Hit
from qa.retrieval.ranking import OBSERVATIONS, mixed
from qa.retrieval.ranking import WEIGHTS as RANKING
from qa.retrieval.tuning import Parts

FOLDS = 10
RANKING_PENALTY = 0.5
CONFIDENCE_PENALTY = 1.0
MOST_REFUSED = 0.05  # share of answerable questions, in either view, that the threshold may refuse in cross-validation
NEAR_WORTH = (
    0.5  # of an unanswerable question near the texts' matter beside any other: it is a lesser harm to answer it
)
PUBLIC_WORTH = 0.75  # of a public question beside one view of our own
VIEWS = (Parts(), Parts(everyday=False))
THRESHOLD_RULE = (
    f"# threshold: in cross-validation {MOST_REFUSED:.1%} of the answerable development questions fall below it,\n"
    "# each asked twice: with the everyday words and without."
)
_RIVALS = 12  # passages that do not answer, the best-looking ones, that each answering one is set beside
_BEST = 3  # answering passages of one question that are learnt from
_EVERY = 6


def train_ranking(
    examples: Sequence[tuple[Floats, Bools]],
    public: Sequence[tuple[Floats, Bools]] = (),
    penalty: float = RANKING_PENALTY,
) -> Floats:
    """Weights that put answering passages before others; each example is (passages by observations, which answer).

    `public` examples count for less each: they keep the weights from fitting a handful of texts alone.
    """
    differences, shares = [], []
    for (x, answers), worth in [*((each, 1.0) for each in examples), *((each, PUBLIC_WORTH) for each in public)]:
        if not answers.any() or answers.all():
            continue
        rivals = x[~answers][np.argsort(-x[~answers].sum(axis=1), kind="stable")[:_RIVALS]]
        best = x[answers][np.argsort(-x[answers].sum(axis=1), kind="stable")[:_BEST]]
        for one in best:
            differences.append(one - rivals)
            shares.append(np.full(len(rivals), worth / len(rivals) / len(best)))
    pairs, share = np.vstack(differences), np.concatenate(shares)
    weights = np.zeros(pairs.shape[1])
    for _ in range(50):
        wrong = 1 / (1 + np.exp(pairs @ weights))
        gradient = -(pairs * (wrong * share)[:, None]).sum(axis=0) + penalty * weights
        curvature = wrong * (1 - wrong) * share
        hessian = (pairs * curvature[:, None]).T @ pairs + penalty * np.eye(len(weights))
        step = np.linalg.solve(hessian, gradient)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def public_examples(folder: Path) -> list[tuple[Floats, Bools]]:
    """Every sixth question of a BEIR folder as examples; the others stay unseen, for measuring."""
    corpus = load_corpus(folder)
    data = read_beir(folder, "test", corpus)
    answerer = Answerer(corpus)
    found = []
    for question in data.questions[::_EVERY]:
        hits = answerer.search(question.text, limit=60)
        gold = (data.judgments or {}).get(question.id, {})
        answers: Bools = np.array([hit.passage.id in gold for hit in hits], np.bool_)
        x: Floats = np.array([hit.observations for hit in hits], np.float64).reshape(len(hits), len(OBSERVATIONS))
        found.append((x, answers))
    return found


class _Example:
    """A question with what retrieval saw of its candidates."""

    def __init__(self, answerer: Answerer, question: Question) -> None:
        self.question = question
        code = guess(question.text, vocabulary=True).code
        self.query = answerer.query(question.text, code, question.history)
        retriever = answerer.retriever
        self.topical, self.asked = retriever.topical(self.query), retriever.asked(self.query)
        self.hits = [hit for hit in retriever.search(self.query, 60) if hit.observations]
        self.x = np.array([hit.observations for hit in self.hits]).reshape(len(self.hits), len(OBSERVATIONS))
        self.answers: Bools = np.array([relevant(hit.passage, question.gold) for hit in self.hits], bool)

    @property
    def answerable(self) -> bool:
        """Whether the texts answer the question."""
        return self.question.kind != "none"

    def ranked(self, weights: Floats) -> list[Hit]:
        """The candidates as these weights would rank them."""
        scores = self.x @ weights
        order = np.argsort(-scores, kind="stable")
        return mixed([replace(self.hits[i], score=float(scores[i])) for i in order])

    def rank(self, weights: Floats) -> int:
        """Place of the first answering passage from 1; 0 where none is in the list."""
        answering = {hit.passage.id for hit, answers in zip(self.hits, self.answers, strict=True) if answers}
        places = [place for place, hit in enumerate(self.ranked(weights), 1) if hit.passage.id in answering]
        return places[0] if places else 0

    def signs(self, weights: Floats) -> list[float]:
        """What the confidence goes by, under this ranking."""
        ranked = self.ranked(weights)
        values = signs(self.query, ranked, self.topical, self.asked) if ranked else dict.fromkeys(SIGNS, 0.0)
        return [values[name] for name in SIGNS]


def main(corpus: Path, paths: Sequence[Path], folder: Path | None = None) -> None:
    """Cross-validates, prints, trains on everything and writes both files."""
    loaded = load_corpus(corpus)
    questions = [question for path in paths for question in read_questions(path, loaded).questions]
    answerers = [Answerer(loaded, parts=parts) for parts in VIEWS]
    examples = [_Example(answerer, question) for answerer in answerers for question in questions]
    public = public_examples(folder) if folder else []
    fold = np.tile(np.random.default_rng(0).permutation(len(questions)) % FOLDS, len(VIEWS))
    answerable = np.array([example.answerable for example in examples])
    worth = worths([example.question for example in examples])
    ranks = np.zeros(len(examples), int)
    confidence = np.zeros(len(examples))
    for number in range(FOLDS):
        held = fold == number
        learnt = [example for example, out in zip(examples, held, strict=True) if not out]
        weights = train_ranking([(example.x, example.answers) for example in learnt if example.answerable], public)
        x = np.array([example.signs(weights) for example in examples])
        model = fit(x[~held], answerable[~held], CONFIDENCE_PENALTY, worth[~held])
        confidence[held] = probabilities(x[held], model)
        for place in np.nonzero(held)[0]:
            ranks[place] = examples[place].rank(weights)
    threshold = float(np.round(np.quantile(confidence[answerable], MOST_REFUSED), 3))
    for name, view in (("as met", slice(len(questions))), ("without everyday words", slice(len(questions), None))):
        _print(name, examples[view], ranks[view], confidence[view], threshold)
    weights = train_ranking([(example.x, example.answers) for example in examples if example.answerable], public)
    head = "# Written by `python -m qa.evaluation.training`; do not edit."
    lines = [head, *(f'"{name}" = {weight:.4f}' for name, weight in zip(OBSERVATIONS, weights, strict=True))]
    RANKING.write_text("\n".join(lines) + "\n", "utf-8")
    model = fit(np.array([example.signs(weights) for example in examples]), answerable, CONFIDENCE_PENALTY, worth)
    lines = [
        head,
        THRESHOLD_RULE,
        f"threshold = {threshold}",
        f"bias = {model[-1]:.4f}",
        "",
        "[weights]",
        *(f'"{name}" = {weight:.4f}' for name, weight in zip(SIGNS, model[:-1], strict=True)),
    ]
    CONFIDENCE.write_text("\n".join(lines) + "\n", "utf-8")


def worths(questions: Sequence[Question]) -> Floats:
    """What each question counts for when the confidence learns."""
    return np.array([NEAR_WORTH if question.topic == "on" else 1.0 for question in questions])


def _print(
    name: str, examples: Sequence[_Example], ranks: npt.NDArray[np.int_], confidence: Floats, threshold: float
) -> None:
    kinds = np.array([example.question.kind for example in examples])
    topics = np.array([example.question.topic or "" for example in examples])
    print(f"cross-validated, {name}, by kind: hit@1 hit@3 (ranking alone), refused")
    for kind in dict.fromkeys(kinds.tolist()):
        here = kinds == kind
        refused = (confidence[here] < threshold).mean()
        if kind == "none":
            for topic in ("off", "on"):
                part = here & (topics == topic)
                print(f"  none/{topic:4} n={part.sum():4} refused {(confidence[part] < threshold).mean():.3f}")
        else:
            first, third = (ranks[here] == 1).mean(), ((ranks[here] > 0) & (ranks[here] <= 3)).mean()
            print(f"  {kind:9} n={here.sum():4} {first:.3f} {third:.3f}, refused {refused:.3f}")
    positive, negative = confidence[kinds != "none"], confidence[kinds == "none"]
    wins = (positive[:, None] > negative).mean() + (positive[:, None] == negative).mean() / 2
    print(f"confidence: AUROC {wins:.3f}, threshold {threshold}; reliability (predicted: observed share answerable)")
    for low in np.arange(0, 1, 0.2):
        part = (confidence >= low) & (confidence < low + 0.2)
        if part.any():
            print(f"  {confidence[part].mean():.2f}: {(kinds[part] != 'none').mean():.2f} n={part.sum()}")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    beside = Path(arguments.pop(arguments.index("--public") + 1)) if "--public" in arguments else None
    given = [Path(argument) for argument in arguments if argument != "--public"]
    main(given[0], given[1:], beside)
