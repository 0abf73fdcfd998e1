"""The way of a question, from its words to an answer, on one screen: `Answerer.ask`."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.answering.abstention import judge
from qa.answering.choice import evidence_first
from qa.answering.followup import resolve
from qa.answering.highlights import Highlight, highlights
from qa.answering.interpretation import searched
from qa.answering.reranked import judge_reranked
from qa.answering.smalltalk import REPLIES, is_doubt, smalltalk
from qa.cache import in_use
from qa.documents.corpus import Corpus
from qa.documents.passages import Passage
from qa.errors import InputError
from qa.evidence.alerts import EMERGENCY, alert
from qa.evidence.assessment import Assessment
from qa.evidence.assessments import Assessments
from qa.evidence.caveats import Caveat
from qa.evidence.document_scope import document_caveats
from qa.language.detection import guess
from qa.language.messages import DEFAULT
from qa.language.registry import LANGUAGES
from qa.language.unknown import UNKNOWN
from qa.retrieval.cache import open_index
from qa.retrieval.embedded import EmbeddedEngine
from qa.retrieval.engine import Engine
from qa.retrieval.fusion import Hit
from qa.retrieval.query import Query
from qa.retrieval.retriever import Retriever
from qa.retrieval.semantic import Reranker
from qa.retrieval.stored import Stored
from qa.retrieval.tuning import Parts

LONGEST_QUESTION = 1_000
MOST_HISTORY = 10
MOST_PASSAGES = 10
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
STILL_URGENT = 2  # questions for which an emergency stays in sight after it was told: "e adesso?", "what do I do?"
NEAR_MISS = 0.08  # confidence from which what was found is worth showing, though it does not answer


@dataclass(frozen=True)
class AnswerPassage:
    """A passage of an answer: `score` orders within the answer only; highlights count in the passage's text.

    `observations` are what the score is made of, in the order of `ranking.OBSERVATIONS`.
    """

    passage: Passage
    rank: int
    score: float
    highlights: tuple[Highlight, ...]
    assessment: Assessment
    caveats: tuple[Caveat, ...]
    observations: tuple[float, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What Fonte found. Not answered: `passages` are near misses. `language`: of the reply's own words.

    `reason` says why nothing was searched or found: None, "not_found", "foreign", "nothing_to_search",
    or a kind of talk (`smalltalk.REPLIES`): "hello", "thanks", "about", …
    """

    question: str
    language: str
    interpreted: str
    answered: bool
    confidence: float
    missing: tuple[str, ...]
    alert: str | None
    passages: tuple[AnswerPassage, ...]
    reason: str | None
    query: Query


class Answerer:
    """Answers questions over one corpus. Building it indexes the corpus; afterwards it never changes.

    `reranker`, None by default, is made with all passages (`retrieval.semantic.RERANKERS`) and orders the best anew.
    `prefer_evidence`: of equal passages the one with evidence from people comes first (`answering.choice`).
    With `stored`, of the same engine, nothing of the corpus is read (`of_settings.open_answerer` finds it).
    """

    def __init__(
        self,
        corpus: Corpus,
        engine: Engine | None = None,
        parts: Parts | None = None,
        reranker: Callable[[Sequence[Passage]], Reranker] | None = None,
        prefer_evidence: bool = True,
        stored: Stored | None = None,
    ) -> None:
        self.prefer_evidence = prefer_evidence
        self.corpus = corpus
        self.engine: Engine = engine or EmbeddedEngine()
        self._stored = stored
        index = stored.index if stored else open_index(corpus, parts or Parts(), in_use())
        self.passages: tuple[Passage, ...] = index.passages
        self.retriever = Retriever(self.engine, index, parts, reranker(self.passages) if reranker else None)

    def ask(self, question: str, language: str | None = None, limit: int = 3, history: Sequence[str] = ()) -> Answer:
        """The best passages for a question, or the reason why there are none; raises InputError for misuse."""
        question, history = check_question(question), [check_question(earlier, "history") for earlier in history]
        check_limits(language, limit, history)
        kind, code = smalltalk(question) or (None, None)
        if kind in REPLIES:
            return self._nothing(question, language or code or DEFAULT, kind, history)
        guessed = guess(question, vocabulary=True)
        reply = language or code or guessed.code or DEFAULT
        if guessed.foreign and not kind and not self.engine.size(UNKNOWN):
            return self._nothing(question, reply, "foreign", history)
        query = self.query(question, UNKNOWN if guessed.foreign else guessed.code, history)
        if not query.content:
            return self._nothing(question, reply, "nothing_to_search", history)
        asked = self.retriever.asked(query)
        hits = self.retriever.search(query, asked=asked)
        decide = judge_reranked if self.retriever.reranker else judge
        verdict = decide(query, hits, self.retriever.topical(query), asked)
        shown = evidence_first(hits[:MOST_PASSAGES], self.assessments) if self.prefer_evidence else hits
        if verdict.confidence < NEAR_MISS:
            shown = []
        return Answer(
            question=question,
            language=reply,
            interpreted=interpreted(query),
            answered=verdict.answered,
            confidence=verdict.confidence,
            missing=verdict.missing,
            alert=alert_of(question, history),
            passages=tuple(self._presented(hit, rank, query) for rank, hit in enumerate(shown[:limit], 1)),
            reason=None if verdict.answered else "not_found",
            query=query,
        )

    def query(self, question: str, language: str | None = None, history: Sequence[str] = ()) -> Query:
        """What is searched for a question in its conversation; `language` is the question's, or `UNKNOWN`.

        A doubt ("are you sure?") asks the question before it again. Talk in between leaves no trace.
        """
        earlier = [each for each in history if smalltalk(each) is None]
        if is_doubt(question):
            question = earlier.pop() if earlier else ""
            guessed = guess(question, vocabulary=True)
            language = UNKNOWN if guessed.foreign else guessed.code
        return resolve(question, earlier, language, self.retriever.builder)

    def _nothing(self, question: str, language: str, reason: str, history: Sequence[str]) -> Answer:
        """An answer without passages, for what was no question to the texts; an alert is given all the same."""
        empty = Query(question, language, ())
        return Answer(question, language, "", False, 0.0, (), alert_of(question, history), (), reason, empty)

    def search(
        self, question: str, language: str | None = None, history: Sequence[str] = (), limit: int = 100
    ) -> list[Hit]:
        """The ranking alone, deeper than an answer shows; `language` is the question's, detected by default."""
        guessed = guess(question, vocabulary=True)
        code = language or (UNKNOWN if guessed.foreign and self.engine.size(UNKNOWN) else guessed.code)
        return self.retriever.search(self.query(question, code, history), limit)

    @cached_property
    def assessments(self) -> Mapping[str, Assessment]:
        """Passage id → assessment, made once."""
        if self._stored:
            return self._stored.assessments
        return Assessments(self.passages, self.corpus.digest, in_use())

    def caveats(self, passage: Passage) -> tuple[Caveat, ...]:
        """The caveats of a passage, its document's included."""
        own = self.assessments[passage.id]
        others = [(other, self.assessments[other.id]) for other in self.passages_of(passage.document.id)]
        return own.caveats + document_caveats(passage, own, others)

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of one document in order; empty for an unknown id."""
        return self._by_document.get(document_id, ())

    @cached_property
    def _by_document(self) -> dict[str, tuple[Passage, ...]]:
        listed: dict[str, list[Passage]] = {}
        for passage in self.passages:
            listed.setdefault(passage.document.id, []).append(passage)
        return {identifier: tuple(passages) for identifier, passages in listed.items()}

    def _presented(self, hit: Hit, rank: int, query: Query) -> AnswerPassage:
        passage = hit.passage
        return AnswerPassage(
            passage,
            rank,
            hit.score,
            highlights(passage, query),
            self.assessments[passage.id],
            self.caveats(passage),
            hit.observations,
        )


def interpreted(query: Query) -> str:
    """The words and phrases that were searched, in one line."""
    return " ".join(searched(query))


def alert_of(question: str, history: Sequence[str] = ()) -> str | None:
    """What a question calls for; an emergency told in one of the last two before it is not over yet."""
    if any(alert(earlier) == EMERGENCY for earlier in history[-STILL_URGENT:]):
        return EMERGENCY
    return alert(question)


def language_of(question: str) -> str | None:
    """The language a question is asked in, None where that is unclear."""
    said = smalltalk(question)
    return said[1] if said else guess(question, vocabulary=True).code


def check_question(question: object, field: str = "question") -> str:
    """The trimmed question; raises InputError when it is no text of 1 to 1,000 characters with something in it."""
    if not isinstance(question, str):
        raise InputError(f"{field} must be a text", field)
    trimmed = question.strip()
    if not any(map(visible, trimmed)):
        raise InputError(f"{field} is empty", field)
    if len(trimmed) > LONGEST_QUESTION:
        raise InputError(f"{field} has {len(trimmed):,} characters, at most {LONGEST_QUESTION:,} are read", field)
    if any(0xD800 <= ord(c) <= 0xDFFF for c in trimmed):
        raise InputError(f"{field} is not valid Unicode", field)
    return trimmed


def visible(character: str) -> bool:
    """Whether a character shows: no blank, no control or format character, no half of a surrogate pair.

    One that this Python's Unicode tables do not know yet counts as visible: next year's emoji.
    """
    return unicodedata.category(character) not in _INVISIBLE


def check_limits(language: str | None, limit: int, history: Sequence[str]) -> None:
    """Raises InputError for an unknown language, a limit outside 1 to 10, or too long a history."""
    if language is not None and language not in LANGUAGES:
        raise InputError(f"language {language!r} is not one of {', '.join(LANGUAGES)}", "language")
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MOST_PASSAGES:
        raise InputError(f"limit must be a whole number from 1 to {MOST_PASSAGES}", "limit")
    if len(history) > MOST_HISTORY:
        raise InputError(f"history has {len(history)} questions, at most {MOST_HISTORY} are read", "history")
