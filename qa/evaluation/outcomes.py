"""Asking every question of a set and writing down what came: the raw material of all figures about answers."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from time import perf_counter

from qa.answering.answerer import MOST_PASSAGES, Answer, Answerer
from qa.documents.passages import Passage
from qa.errors import InputError
from qa.evaluation.questions import Question, QuestionSet

DEPTH = 100
"""Passages of a ranking in a BEIR folder."""

SHOWN = 5
"""Passages of an answer that the figures for readers look at."""

Ranking = tuple[tuple[str, float], ...]
"""(passage id, score), best first."""


@dataclass(frozen=True)
class Outcome:
    """What one question brought. `answered` and `confidence` are None where only a ranking was asked for.

    `exact` of `shown` passages were exact slices of their source, with highlights and caveat spans inside them.
    """

    id: str
    ranking: Ranking
    answered: bool | None = None
    confidence: float | None = None
    shown: int = 0
    exact: int = 0
    seconds: float = 0.0

    @property
    def refused(self) -> bool:
        """Whether the answer was that the corpus does not say."""
        return self.answered is False

    @property
    def answer(self) -> Ranking:
        """What a reader sees as the answer: the ranking, or nothing after a refusal."""
        return () if self.refused else self.ranking


class Asker:
    """Asks an answerer the questions of a set, and checks what it shows against the files on disk."""

    def __init__(self, answerer: Answerer) -> None:
        self.answerer = answerer
        self._stored: dict[str, str] = {}

    @cached_property
    def passages(self) -> dict[str, Passage]:
        """Passage id → passage."""
        return {passage.id: passage for passage in self.answerer.passages}

    def ask(self, question: Question, deep: bool) -> Outcome:
        """One outcome; a question that is refused as misuse brings an empty ranking."""
        started = perf_counter()
        try:
            if deep:
                hits = self.answerer.search(question.text, None, question.history, DEPTH)
                ranking = tuple((hit.passage.id, round(float(hit.score), 6)) for hit in hits)
                return Outcome(question.id, ranking, seconds=perf_counter() - started)
            answer = self.answerer.ask(question.text, None, MOST_PASSAGES, question.history)
        except InputError:
            return Outcome(question.id, (), None if deep else False, None if deep else 0.0)
        seconds = perf_counter() - started
        return Outcome(
            id=question.id,
            ranking=tuple((found.passage.id, round(float(found.score), 6)) for found in answer.passages),
            answered=answer.answered,
            confidence=round(float(answer.confidence), 4),  # as the API gives it
            shown=len(answer.passages),
            exact=self._exact(answer),
            seconds=seconds,
        )

    def _exact(self, answer: Answer) -> int:
        count = 0
        for found in answer.passages:
            passage, text = found.passage, found.passage.text
            marks = [(mark.start, mark.end) for mark in found.highlights]
            marks += [(s.start, s.end) for c in found.caveats if c.scope == "passage" for s in c.spans]
            stored = self._text(passage)
            inside = all(0 <= start < end <= len(text) for start, end in marks)
            count += bool(text) and stored[passage.start : passage.end] == text and inside
        return count

    def _text(self, passage: Passage) -> str:
        """The source file, read again here, so that a wrong stored text shows; other formats: the stored text."""
        document = passage.document
        if document.id not in self._stored:
            path = self.answerer.corpus.path / document.file
            plain = path.suffix.lower() in (".txt", ".md") and not document.whole
            self._stored[document.id] = path.read_bytes().decode("utf-8") if plain else document.text
        return self._stored[document.id]


@dataclass(frozen=True)
class Asked:
    """The outcomes of a set in its order; `complete` is False when it was interrupted."""

    outcomes: tuple[Outcome, ...]
    complete: bool = True


def ask_all(
    asker: Asker,
    questions: QuestionSet,
    known: Mapping[str, Outcome] | None = None,
    progress: Callable[[Iterable[Question]], Iterable[Question]] = iter,
) -> Asked:
    """Asks what is not `known` yet; Ctrl-C ends early with what was measured until then."""
    outcomes: list[Outcome] = []
    try:
        for question in progress(questions.questions):
            found = (known or {}).get(question.id)
            outcomes.append(found or asker.ask(question, questions.deep))
    except KeyboardInterrupt:
        return Asked(tuple(outcomes), complete=False)
    return Asked(tuple(outcomes))


def paired(questions: QuestionSet, asked: Asked) -> Iterator[tuple[Question, Outcome]]:
    """Each question that was asked with its outcome."""
    yield from zip(questions.questions, asked.outcomes, strict=False)


def languages_of(ranking: Sequence[tuple[str, float]], passages: Mapping[str, Passage]) -> list[str]:
    """The language of each passage of a ranking; "unknown" where it has none."""
    return [
        (passages[identifier].language or "unknown") if identifier in passages else "unknown"
        for identifier, _ in ranking
    ]
