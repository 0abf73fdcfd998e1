"""What was understood of a question, told back to the one who asked: what was searched, and what no text has."""

from collections.abc import Iterable, Sequence

from qa.answering.ellipsis import aside
from qa.language.registry import LANGUAGES
from qa.retrieval.facts import asking, told
from qa.retrieval.fusion import Hit
from qa.retrieval.query import Concept, Query
from qa.retrieval.variants import DIRECT

LOOSE = 0.4  # weight below which the best that stands for a word is no word for it
_LOOKED_AT = 3


def searched(query: Query) -> tuple[str, ...]:
    """The words and phrases that were searched, each once, those of this question first, overlapping ones as one."""
    said = [concept for concept in query.concepts if not concept.frame and not aside(concept.text, query.language)]
    joined: list[tuple[str, int, int]] = []
    for concept in sorted(said, key=lambda concept: concept.earlier):
        text, start, end = joined[-1] if joined else ("", 0, 0)
        shared = end - concept.start
        inside = concept.text[:shared].lower() == text[concept.start - start :][: len(concept.text)].lower()
        if joined and start <= concept.start < end and inside:
            joined[-1] = (text + concept.text[max(shared, 0) :], start, max(end, concept.end))
        else:
            joined.append((concept.text, concept.start, concept.end))
    whole = list(dict.fromkeys(text for text, _, _ in joined))
    return tuple(text for text in whole if not any(text != other and _within(text, other) for other in whole))


def belongs(concept: Concept, text: str) -> bool:
    """Whether a concept is, or is part of, one of the phrases that `searched` tells."""
    return not concept.frame and (concept.text.lower() == text.lower() or _within(concept.text, text))


def missing(query: Query, hits: Sequence[Hit]) -> tuple[str, ...]:
    """The content words that no text has in any language, and those of them that only something loosely related meets.

    A word that names a fact asked for ("dialysis", "children") is missing too where none of the best passages tells
    that fact and none has the word or a synonym. Of earlier questions only where this one has none missing itself.
    """
    silent = _silent_places(query, hits)
    for earlier in (False, True):
        concepts = [concept for concept in query.concepts if concept.earlier == earlier]
        words = [c for c in concepts if " " not in c.text and _is_missing(c, query, silent if not earlier else ())]
        phrases = [c for c in concepts if " " in c.text and not c.variants]
        whole = [phrase for phrase in phrases if _only_of(phrase, concepts, words)]
        kept = whole + [word for word in words if not any(_inside(word, phrase) for phrase in whole)]
        if kept:
            named = {concept.text.lower(): concept.text for concept in sorted(kept, key=lambda each: each.start)}
            return tuple(named.values())
    return ()


def _is_missing(concept: Concept, query: Query, silent: Iterable[tuple[int, int]]) -> bool:
    if concept.frame or aside(concept.text, query.language):
        return False
    variants = [variant for listed in concept.variants.values() for variant in listed]
    if all(variant.weight < LOOSE for variant in variants):
        return True
    near = any(variant.via in DIRECT or variant.via == "synonym" for variant in variants)
    return not near and any(start <= concept.start and concept.end <= end for start, end in silent)


def _silent_places(query: Query, hits: Sequence[Hit]) -> list[tuple[int, int]]:
    """Where the question asks for a fact that none of the best passages tells."""
    codes = (query.language,) if query.language else tuple(LANGUAGES)
    seen = [hit.passage for hit in hits[:_LOOKED_AT] if hit.passage.language]
    facts = {fact for passage in seen for fact in told(passage.text, passage.language or "")}
    return [(start, end) for start, end, fact in asking(query.text, codes) if fact not in facts]


def _only_of(phrase: Concept, concepts: Sequence[Concept], words: Sequence[Concept]) -> bool:
    """Whether a phrase holds two missing words or more, and no other content."""
    content = [each for each in concepts if " " not in each.text and not each.frame and _inside(each, phrase)]
    return len(content) > 1 and all(each in words for each in content)


def _inside(word: Concept, phrase: Concept) -> bool:
    return phrase.start <= word.start and word.end <= phrase.end


def _within(text: str, other: str) -> bool:
    """Whether a text stands in another as whole words. Without an expression, which Python would remember."""
    sought, searched = text.lower(), other.lower()
    at = searched.find(sought)
    while at >= 0:
        end = at + len(sought)
        if not any(sign.isalnum() or sign == "_" for sign in (searched[at - 1 : at], searched[end : end + 1])):
            return True
        at = searched.find(sought, at + 1)
    return False
