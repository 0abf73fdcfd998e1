"""Each miss explained: what came instead of the answer, and what every word of the question gave to either."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.answering.answerer import Answerer
from qa.documents.passages import Passage
from qa.evaluation.outcomes import Asked, Outcome, paired
from qa.evaluation.questions import Question, QuestionSet
from qa.evaluation.relevance import Judgments
from qa.language.detection import guess
from qa.retrieval.query import Concept, Query
from qa.retrieval.terms import passage_terms

WITHIN = 3
"""A question is a miss when no relevant passage is among so many."""


@dataclass(frozen=True)
class Share:
    """A concept of the question in one passage: its score there, 0 where absent, and the variants that stand in it."""

    score: float
    variants: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A concept of the question, its weight, its share in each passage shown; `frame`: a word of asking only."""

    text: str
    weight: float
    frame: bool
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Shown:
    """A passage in an explanation: its rank, None beyond what was ranked, and whether it answers."""

    passage: Passage
    rank: int | None
    score: float | None
    relevant: bool


@dataclass(frozen=True)
class Miss:
    """Why a question counts as a miss; `what` says so in words: "refused; …", "rank 7", "not found", "answered, …"."""

    question: Question
    what: str
    confidence: float | None
    shown: tuple[Shown, ...]
    parts: tuple[Part, ...]


def miss_json(miss: Miss) -> dict[str, Any]:
    """A miss as JSON: what `--misses` adds to `--json`."""
    shown = [
        {"passage": s.passage.id, "rank": s.rank, "score": s.score, "relevant": s.relevant, "text": s.passage.text}
        for s in miss.shown
    ]
    words = [
        {"text": part.text, "weight": round(part.weight, 4), "asking": part.frame}
        | {"shares": [{"score": share.score, "variants": list(share.variants)} for share in part.shares]}
        for part in miss.parts
    ]
    return {"id": miss.question.id, "what": miss.what, "shown": shown, "words": words}


def is_miss(question: Question, outcome: Outcome, judgments: Judgments) -> str | None:
    """What went wrong with a question, in words; None when nothing did."""
    if not question.answerable:
        return "answered, though nothing answers" if outcome.answered else None
    rank = first_relevant(outcome, judgments.get(question.id, {}))
    if outcome.refused:
        return f"refused; the answer was at rank {rank}" if rank else "refused; the answer was not found"
    if rank is not None and rank <= WITHIN:
        return None
    return f"rank {rank}" if rank else "not found"


def first_relevant(outcome: Outcome, grades: Mapping[str, int]) -> int | None:
    """Rank of the first relevant passage, None beyond the ranking."""
    return next((rank for rank, (passage, _) in enumerate(outcome.ranking, 1) if passage in grades), None)


def misses(
    answerer: Answerer, questions: QuestionSet, asked: Asked, judgments: Judgments, most: int | None = None
) -> Iterator[Miss]:
    """The misses in the order of the set, at most `most` of them."""
    explainer = _Explainer(answerer)
    found = ((q, o, what) for q, o in paired(questions, asked) if (what := is_miss(q, o, judgments)))
    for number, (question, outcome, what) in enumerate(found):
        if number == most:
            return
        yield explainer.explain(question, outcome, what, judgments.get(question.id, {}))


def count_misses(questions: QuestionSet, asked: Asked, judgments: Judgments) -> int:
    """How many there are."""
    return sum(is_miss(q, o, judgments) is not None for q, o in paired(questions, asked))


class _Explainer:
    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer
        self._numbers = {passage.id: number for number, passage in enumerate(answerer.passages)}
        self._indexed: dict[str, frozenset[str]] = {}

    def explain(self, question: Question, outcome: Outcome, what: str, grades: Mapping[str, int]) -> Miss:
        ranks = {passage: (rank, score) for rank, (passage, score) in enumerate(outcome.ranking, 1)}
        chosen = [passage for passage, _ in outcome.ranking[:1]]
        best = sorted(grades, key=lambda p: (ranks[p][0] if p in ranks else len(ranks) + 1, self._numbers.get(p, -1)))
        chosen += [passage for passage in best[:1] if passage not in chosen]
        shown = tuple(
            Shown(self._answerer.passages[self._numbers[p]], place, score, p in grades)
            for p, (place, score) in ((p, ranks.get(p, (None, None))) for p in chosen)
            if p in self._numbers
        )
        query = self._query(question)
        parts = tuple(self._part(concept, [s.passage for s in shown]) for concept in query.concepts)
        return Miss(question, what, outcome.confidence, shown, parts)

    def _query(self, question: Question) -> Query:
        """The query that ranked the passages; asking again would also compose an answer, for nothing."""
        code = guess(question.text, vocabulary=True).code
        return self._answerer.query(question.text, code, question.history)

    def _part(self, concept: Concept, passages: Sequence[Passage]) -> Part:
        return Part(concept.text, concept.weight, concept.frame, tuple(self._share(concept, p) for p in passages))

    def _share(self, concept: Concept, passage: Passage) -> Share:
        """The concept scored alone by the engine; what no single word gives (closeness, balance) is not in it."""
        code = passage.language
        group = concept.group(code) if code else None
        if group is None or code is None:
            return Share(0.0, ())
        number, every = self._numbers[passage.id], len(self._numbers)
        score = {e.number: e.score for e in self._answerer.engine.search([group], code, every)}.get(number, 0.0)
        present = [
            f"{variant.term} ({variant.via}, {variant.weight:.2f})"
            for variant in concept.variants[code]
            if variant.term in self._terms(passage, code)
        ]
        return Share(round(score, 3), tuple(present))

    def _terms(self, passage: Passage, code: str) -> frozenset[str]:
        if passage.id not in self._indexed:
            self._indexed[passage.id] = frozenset(passage_terms(passage, code))
        return self._indexed[passage.id]
