"""Follow-up questions: what a question takes over from the earlier ones, without a language model.

How much it leans on them, `ellipsis.py` tells. It takes the topic, the last things named that documents are about,
in full, and what else was said since at a lower weight. A question that asks for a fact of its own ("what does
it cost?") leaves behind the words that asked for another; one that asks for nothing itself ("why?"), or only
puts a new name ("and ketamine?"), asks the old fact again.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from qa.answering.ellipsis import (
    BESIDE_OWN_TOPIC,
    aside,
    codes_of,
    keeps_the_subject,
    leaning,
    opening,
    refers_back,
    topical,
)
from qa.language.detection import guess
from qa.language.files import read_words
from qa.language.registry import LANGUAGES
from qa.language.tokens import fold, words
from qa.retrieval.facts import asked, asking
from qa.retrieval.query import Concept, Query, QueryBuilder

TOPIC = 1.0  # weight of a topic taken over
REST = 0.5  # of the other words of the question it comes from
SINCE = 0.5  # of the words of questions asked since then
LASTING = frozenset({"other_remedy", "other_illness"})  # facts asked by a name: what was named is still talked of
_ALL = 0.25  # share below which a topic alone is taken over, nothing that was said of it
_BARE = 3  # words after an opening up to which a question may only put another name


def resolve(question: str, history: Sequence[str], language: str | None, builder: QueryBuilder) -> Query:
    """The query of a question in its conversation (oldest first)."""
    query = builder.build(question, language)
    if not history:
        return query
    codes = codes_of(language)  # "farla", "evitarli": a word that only refers is nothing that a text could have
    named = tuple(c for c in query.concepts if c.variants or not refers_back(fold(c.text), codes))
    query = replace(query, concepts=named)
    share = leaning(query, builder)
    if not share:
        return query
    asks_as = _asked_before(query, history, builder)
    asks = bool(asked(question, codes))
    taken = _taken_over(query, history, share, asks or not asks_as, builder)
    return Query(question, query.language, (*query.concepts, *taken), asks_as)


def _asked_before(query: Query, history: Sequence[str], builder: QueryBuilder) -> tuple[str, ...]:
    """The earlier question whose fact is asked again, where this one and all since only put another name."""
    if not _bare(query, builder):
        return ()
    for earlier in reversed(history):
        if asked(earlier, tuple(LANGUAGES)):
            return (earlier,)
        if not _bare(builder.build(earlier, guess(earlier, vocabulary=True).code), builder):
            return ()
    return ()


def _bare(query: Query, builder: QueryBuilder) -> bool:
    """Whether a question asks for nothing of its own: "why?", "are you sure?", an opening and a name or two."""
    said = [fold(token.text) for token in words(query.text)]
    codes = codes_of(query.language)
    opened = opening(said, codes)
    asking_words = any(word in _interrogatives(code) for word in said[opened:] for code in codes)
    if asking_words or asked(query.text, codes):
        return False
    content = [c for c in query.concepts if not c.frame and not aside(c.text, query.language)]
    return not content or (0 < opened >= len(said) - _BARE and all(topical(concept, builder) for concept in content))


def _taken_over(query: Query, history: Sequence[str], share: float, asks: bool, builder: QueryBuilder) -> list[Concept]:
    """Concepts of earlier questions, none that the new question has itself.

    Back to the last that names a topic; and beyond, for less, where that one speaks of something said before it.
    """
    had = {concept.text.lower() for concept in query.concepts}
    taken: list[Concept] = []
    for earlier in reversed(history):
        built = builder.build(earlier, guess(earlier, vocabulary=True).code)
        topics = [concept for concept in built.concepts if topical(concept, builder)]
        spans = asking(earlier, codes_of(built.language)) if asks else []
        left = [(start, end) for start, end, fact in spans if fact not in LASTING]
        for concept in built.concepts:
            if concept.frame or concept.text.lower() in had or (share < _ALL and concept not in topics):
                continue
            if concept not in topics and any(a < concept.end and concept.start < b for a, b in left):
                continue
            had.add(concept.text.lower())
            weight = TOPIC if concept in topics else REST if topics else SINCE
            taken.append(replace(concept, weight=concept.weight * weight * share, earlier=True))
        if topics and not keeps_the_subject(built, builder):
            break
        share *= BESIDE_OWN_TOPIC if topics else 1.0
    return taken


@cache
def _interrogatives(code: str) -> frozenset[str]:
    return frozenset(fold(word) for word in read_words(LANGUAGES[code].folder / "interrogatives.txt"))
