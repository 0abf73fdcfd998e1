"""Other people's retrievers on the same questions, and ours with each of its parts switched off: one table.

All rows are measured as rankings, whatever would be refused: the others never refuse.
"""

import importlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Okapi  # here the naked library is the opponent

from qa.answering.answerer import MOST_PASSAGES, Answerer
from qa.documents.passages import Passage
from qa.evaluation.intervals import Figure, Floats, means
from qa.evaluation.measures import groups, question_values
from qa.evaluation.outcomes import DEPTH, Asked, Asker, Outcome, Ranking, ask_all, paired
from qa.evaluation.questions import Question, QuestionSet
from qa.evaluation.relevance import Judgments
from qa.evaluation.significance import p_value
from qa.language.analysis import analyze
from qa.language.messages import DEFAULT
from qa.language.registry import LANGUAGES
from qa.retrieval.bm25 import K1, B
from qa.retrieval.tuning import Parts

TABLE = ("Success@1", "Success@3", "Success@5", "R@10", "nDCG@10", "cross.Success@3")
"""Columns of the table, as far as a question set has them."""

Progress = Callable[[Iterable[Question]], Iterable[Question]]


@dataclass(frozen=True)
class Row:
    """A retriever's figures, or none, and then `about` says why. `p`: chance that its nDCG@10 equals ours after all."""

    name: str
    about: str
    figures: Mapping[str, Figure]
    p: float | None = None


class Baseline(ABC):
    """A retriever that is not ours: `rank` gives passages that share a term with the question, best first."""

    name = ""
    about = ""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.passages = passages
        self.codes = [passage.language or DEFAULT for passage in passages]

    def rank(self, question: Question, depth: int) -> Ranking:
        """The ranking for a question; ties in the order of the corpus."""
        scores = self.scores(question)
        order = np.argsort(-scores, kind="stable")[:depth]
        return tuple((self.passages[at].id, float(scores[at])) for at in order if scores[at] > 0)

    @abstractmethod
    def scores(self, question: Question) -> Floats:
        """The score of every passage."""


class Naked(Baseline):
    """rank_bm25's Okapi with its defaults over words as blanks part them."""

    name = "rank-bm25, text.split()"
    about = "BM25Okapi with its defaults over words as blanks part them"
    constants: Mapping[str, float] = {}

    def __init__(self, passages: Sequence[Passage]) -> None:
        super().__init__(passages)
        texts = [self.terms(passage.text, passage.language) for passage in passages]
        self._model = BM25Okapi(texts, **self.constants)
        self._columns: dict[str, tuple[npt.NDArray[np.intp], Floats]] = {}

    def terms(self, text: str, code: str | None) -> list[str]:
        """The terms of a text."""
        return text.split()

    def scores(self, question: Question) -> Floats:
        """A score is the sum of its terms' scores, so the library scores each term once, not once a question."""
        total = np.zeros(len(self.passages))
        for term in self.terms(question.text, question.language):
            if term not in self._columns:
                whole = np.asarray(self._model.get_scores([term]), dtype=np.float64)
                places = np.flatnonzero(whole)
                self._columns[term] = (places, whole[places])
            places, values = self._columns[term]
            total[places] += values
        return total


class Stemmed(Naked):
    """The same over Snowball stems without stop words, each text by its own language, with Fonte's k1 and b."""

    name = "rank-bm25, stop words + Snowball"
    about = "BM25Okapi with Fonte's k1 and b over stems, stop words and elisions off"
    constants: Mapping[str, float] = {"k1": K1, "b": B}

    def terms(self, text: str, code: str | None) -> list[str]:
        """Stems of content words in the text's language."""
        return [term.term for term in analyze(text, LANGUAGES[code or DEFAULT])]


class Sparse(Baseline):
    """bm25s (Lù 2024) with PyStemmer, where both are installed."""

    name = "bm25s, stop words + stemmer"
    about = "bm25s, method lucene, with its own stop words and PyStemmer"

    def __init__(self, passages: Sequence[Passage]) -> None:
        super().__init__(passages)
        self._bm25s, self._stemmer = importlib.import_module("bm25s"), importlib.import_module("Stemmer")
        self._model = self._bm25s.BM25(method="lucene")
        self._model.index(
            [self.terms(p.text, code) for p, code in zip(passages, self.codes, strict=True)],
            show_progress=False,
        )

    def terms(self, text: str, code: str | None) -> list[str]:
        """bm25s's own tokens in the text's language."""
        code = code or DEFAULT
        try:
            stop = self._bm25s.tokenization._infer_stopwords(code)
        except ValueError:
            stop = sorted(LANGUAGES[code].stopwords)
        stemmer = self._stemmer.Stemmer(LANGUAGES[code].stemmer)
        listed = self._bm25s.tokenize(
            [text], stopwords=list(stop), stemmer=stemmer, return_ids=False, show_progress=False
        )
        return list(listed[0])

    def scores(self, question: Question) -> Floats:
        """The model's scores."""
        terms = [term for term in self.terms(question.text, question.language) if term in self._model.vocab_dict]
        return np.asarray(self._model.get_scores(terms), dtype=np.float64) if terms else np.zeros(len(self.passages))


BASELINES: tuple[type[Baseline], ...] = (Naked, Stemmed, Sparse)


def table(
    answerer: Answerer,
    questions: QuestionSet,
    asked: Asked,
    judgments: Judgments,
    progress: Callable[[str], Progress],
) -> Iterator[Row]:
    """Our row, then the others', then ours with each part switched off; `progress` makes a bar from a label.

    `asked` must be complete. Ctrl-C ends the table after its last whole row, with KeyboardInterrupt.
    """
    passages = {passage.id: passage for passage in answerer.passages}
    answerable = replace(questions, questions=tuple(q for q in questions.questions if q.answerable))
    depth = DEPTH if questions.deep else MOST_PASSAGES

    def values(outcomes: Asked) -> dict[str, dict[str, float]]:
        return question_values(list(paired(answerable, outcomes)), judgments, passages, deep=True)

    def row(name: str, about: str, outcomes: Asked) -> Row:
        if not outcomes.complete:
            raise KeyboardInterrupt
        found = values(outcomes)
        figures = _figures(answerable, outcomes, found, judgments, passages)
        return Row(name, about, figures, p_value(_column(ours), _column(found)))

    by_id = {outcome.id: outcome for outcome in asked.outcomes}
    own = Asked(tuple(by_id[q.id] for q in answerable.questions if q.id in by_id))
    ours = values(own)
    yield Row("Fonte", "as it is", _figures(answerable, own, ours, judgments, passages))
    for kind in BASELINES:
        try:
            baseline = kind(answerer.passages)
        except ImportError as problem:
            yield Row(kind.name, f"not installed: {problem.name}", {})
            continue
        bar = progress(kind.name)
        yield row(
            kind.name,
            kind.about,
            Asked(tuple(Outcome(q.id, baseline.rank(q, depth)) for q in bar(answerable.questions))),
        )
    whole = Parts()
    for part in fields(whole):
        if getattr(whole, part.name) is True:
            name = f"Fonte without {part.name.replace('_', ' ')}"
            reduced = Asker(Answerer(answerer.corpus, parts=replace(whole, **{part.name: False})))
            yield row(name, "one part switched off", ask_all(reduced, answerable, progress=progress(name)))


def _column(values: Mapping[str, Mapping[str, float]]) -> list[float]:
    return [value["nDCG@10"] for value in values.values()]


def _figures(
    questions: QuestionSet,
    asked: Asked,
    values: Mapping[str, Mapping[str, float]],
    judgments: Judgments,
    passages: Mapping[str, Passage],
) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    for group, members in groups(paired(questions, asked), judgments, passages).items():
        prefix = f"{group}." if group else ""
        names = [name.removeprefix(prefix) for name in TABLE if name.startswith(prefix)]
        columns = {name: [values[q.id][name] for q, _ in members] for name in names if "." not in name}
        figures |= {prefix + name: figure for name, figure in means(columns).items()}
    return figures
