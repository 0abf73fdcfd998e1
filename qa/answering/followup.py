"""Follow-up questions: what a question takes over from the earlier ones, without a language model.

Only an elliptical question takes anything over: one that names nothing the documents are about, or that points back
("and for how long?", "ma l'hanno provato sulle persone?"). It takes the topic, the last things named that documents are
about, nearly in full, and what else was said since at a lower weight. A question that names a topic of its own and does
not point back is a change of subject and takes nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from qa.language.detection import guess
from qa.language.files import read_lines, read_words
from qa.language.registry import LANGUAGES
from qa.language.tokens import fold, words
from qa.retrieval.query import TOPIC_CERTAINTY, Concept, Query, QueryBuilder

TOPIC = 1.0  # weight of a topic taken over
REST = 0.5  # of the other words of the question it comes from
SINCE = 0.5  # of the words of questions asked since then
BESIDE_OWN_TOPIC = 0.4  # of all of these where the question names a topic itself but points back
_SHORT = 7  # words up to which an opening ("and", "what about") makes a question elliptical


def resolve(question: str, history: Sequence[str], language: str | None, builder: QueryBuilder) -> Query:
    """The query of a question in its conversation (oldest first)."""
    query = builder.build(question, language)
    if not history:
        return query
    own_topic = any(_topical(concept, builder) for concept in query.concepts)
    back = points_back(question, language)
    if own_topic and not back:
        return query
    share = BESIDE_OWN_TOPIC if own_topic else 1.0
    return Query(question, language, (*query.concepts, *_taken_over(query, history, share, builder)))


def points_back(question: str, language: str | None) -> bool:
    """Whether a question goes on from the one before it by its opening or by a word that refers to something said."""
    said = [fold(token.text) for token in words(question)]
    codes = [language] if language else list(LANGUAGES)
    for code in codes:
        if any(word in _references(code) for word in said):
            return True
        if len(said) <= _SHORT and any(said[: len(opening)] == list(opening) for opening in _openings(code)):
            return True
    return False


def _taken_over(query: Query, history: Sequence[str], share: float, builder: QueryBuilder) -> list[Concept]:
    """Concepts of earlier questions, back to the last that names a topic; none that the new question has itself."""
    known = {concept.text.lower() for concept in query.concepts}
    taken: list[Concept] = []
    for earlier in reversed(history):
        built = builder.build(earlier, guess(earlier, vocabulary=True).code)
        topical = [concept for concept in built.concepts if _topical(concept, builder)]
        for concept in built.concepts:
            if concept.frame or concept.text.lower() in known:
                continue
            known.add(concept.text.lower())
            weight = TOPIC if concept in topical else REST if topical else SINCE
            taken.append(replace(concept, weight=concept.weight * weight * share))
        if topical:
            break
    return taken


def _topical(concept: Concept, builder: QueryBuilder) -> bool:
    return any(
        variant.term in builder.topics.get(code, ()) and variant.weight >= TOPIC_CERTAINTY
        for code, listed in concept.variants.items()
        for variant in listed
    )


@cache
def _references(code: str) -> frozenset[str]:
    return frozenset(fold(word) for word in read_words(LANGUAGES[code].folder / "references.txt"))


@cache
def _openings(code: str) -> tuple[tuple[str, ...], ...]:
    lines = read_lines(LANGUAGES[code].folder / "openings.txt")
    return tuple(tuple(fold(word) for word in line.split()) for _, line in lines)
