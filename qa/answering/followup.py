"""Follow-up questions: what a question takes over from the earlier ones, without a language model.

Only an elliptical question takes anything over: one that names nothing the documents are about, or that points back
("and for how long?", "ma l'hanno provato sulle persone?"). It takes the topic, the last things named that documents are
about, nearly in full, and what else was said since at a lower weight. A question that names a topic of its own and does
not point back is a change of subject and takes nothing. A question that asks for a fact of its own ("what does it
cost?") leaves behind the words that asked for another; one that asks for nothing itself ("are you sure?"), or only puts
a new name ("and ketamine?"), asks the old fact again.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from qa.language.detection import guess
from qa.language.files import read_lines, read_words
from qa.language.registry import LANGUAGES
from qa.language.tokens import fold, words
from qa.retrieval.facts import asked, asking
from qa.retrieval.query import TOPIC_CERTAINTY, Concept, Query, QueryBuilder

TOPIC = 1.0  # weight of a topic taken over
REST = 0.5  # of the other words of the question it comes from
SINCE = 0.5  # of the words of questions asked since then
BESIDE_OWN_TOPIC = 0.4  # of all of these where the question names a topic itself but points back
BESIDE_THE_UNKNOWN = 0.3  # of all of these where the question is about what no text has
LASTING = frozenset({"other_remedy", "other_illness"})  # facts asked by a name: what was named is still talked of
_SHORT = 7  # words up to which an opening ("and", "what about") makes a question elliptical
_BARE = 3  # words after an opening up to which a question may only put another name
_LEAST_LETTERS = 3  # of a word worth naming: less is a number, a slip, "no"
_STEM = 2  # letters that stand at least before an ending that points back


def resolve(question: str, history: Sequence[str], language: str | None, builder: QueryBuilder) -> Query:
    """The query of a question in its conversation (oldest first)."""
    query = builder.build(question, language)
    if not history:
        return query
    codes = _codes(language)  # "farla", "evitarli": a word that only refers is nothing that a text could have
    named = tuple(c for c in query.concepts if c.variants or not refers_back(fold(c.text), codes))
    query = replace(query, concepts=named)
    own_topic = any(_topical(concept, builder) for concept in query.concepts)
    back = points_back(question, language)
    if own_topic and not back:
        return query
    share = BESIDE_OWN_TOPIC if own_topic else BESIDE_THE_UNKNOWN if _about_the_unknown(query) else 1.0
    asks_as = _asked_before(query, history, builder)
    asks = bool(asked(question, _codes(language)))
    taken = _taken_over(query, history, share, asks or not asks_as, builder)
    return Query(question, query.language, (*query.concepts, *taken), asks_as)


def points_back(question: str, language: str | None) -> bool:
    """Whether a question goes on from the one before it by its opening or by a word that refers to something said."""
    said = [fold(token.text) for token in words(question)]
    codes = _codes(language)
    return (len(said) <= _SHORT and _opening(said, codes) > 0) or any(refers_back(word, codes) for word in said)


def refers_back(word: str, codes: Sequence[str]) -> bool:
    """Whether a folded word stands for something said before: "it", "ne", "prenderlo"."""
    return any(
        word in listed or any(word.endswith(end) and len(word) >= len(end) + _STEM for end in endings)
        for listed, endings in map(_references, codes)
    )


def aside(text: str, language: str | None) -> bool:
    """Whether a word says nothing of the matter by itself: it refers back, denies ("niente"), or is short."""
    word, codes = fold(text), _codes(language)
    listed = any(word in _asides(code) for code in codes)
    return listed or refers_back(word, codes) or sum(c.isalpha() for c in word) < _LEAST_LETTERS


def _opening(said: Sequence[str], codes: Sequence[str]) -> int:
    """How many words the longest opening has that a question starts with; 0 where there is none."""
    return max(
        (len(each) for code in codes for each in _openings(code) if list(said[: len(each)]) == list(each)), default=0
    )


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
    codes = _codes(query.language)
    opening = _opening(said, codes)
    asking_words = any(word in _interrogatives(code) for word in said[opening:] for code in codes)
    if asking_words or asked(query.text, codes):
        return False
    content = [c for c in query.concepts if not c.frame and not aside(c.text, query.language)]
    return not content or (0 < opening >= len(said) - _BARE and all(_topical(concept, builder) for concept in content))


def _taken_over(query: Query, history: Sequence[str], share: float, asks: bool, builder: QueryBuilder) -> list[Concept]:
    """Concepts of earlier questions, back to the last that names a topic; none that the new question has itself."""
    known = {concept.text.lower() for concept in query.concepts}
    taken: list[Concept] = []
    for earlier in reversed(history):
        built = builder.build(earlier, guess(earlier, vocabulary=True).code)
        topical = [concept for concept in built.concepts if _topical(concept, builder)]
        spans = asking(earlier, _codes(built.language)) if asks else []
        left = [(start, end) for start, end, fact in spans if fact not in LASTING]
        for concept in built.concepts:
            if concept.frame or concept.text.lower() in known:
                continue
            if concept not in topical and any(a < concept.end and concept.start < b for a, b in left):
                continue
            known.add(concept.text.lower())
            weight = TOPIC if concept in topical else REST if topical else SINCE
            taken.append(replace(concept, weight=concept.weight * weight * share, earlier=True))
        if topical:
            break
    return taken


def _topical(concept: Concept, builder: QueryBuilder) -> bool:
    return not concept.frame and any(
        variant.term in builder.topics.get(code, ()) and variant.weight >= TOPIC_CERTAINTY
        for code, listed in concept.variants.items()
        for variant in listed
    )


def _about_the_unknown(query: Query) -> bool:
    """Whether no text has any word that a question says of its matter: it has left the conversation's subject."""
    own = [c for c in query.concepts if not c.frame and " " not in c.text and not aside(c.text, query.language)]
    return bool(own) and not any(concept.variants for concept in own)


def _codes(language: str | None) -> tuple[str, ...]:
    return (language,) if language in LANGUAGES and language else tuple(LANGUAGES)


@cache
def _references(code: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The words that refer back, and the endings that do: an entry with a hyphen before it is an ending."""
    listed = [fold(word) for word in read_words(LANGUAGES[code].folder / "references.txt")]
    endings = tuple(sorted(word[1:] for word in listed if word.startswith("-")))
    return frozenset(word for word in listed if not word.startswith("-")), endings


@cache
def _asides(code: str) -> frozenset[str]:
    return frozenset(fold(word) for word in read_words(LANGUAGES[code].folder / "asides.txt"))


@cache
def _interrogatives(code: str) -> frozenset[str]:
    return frozenset(fold(word) for word in read_words(LANGUAGES[code].folder / "interrogatives.txt"))


@cache
def _openings(code: str) -> tuple[tuple[str, ...], ...]:
    lines = read_lines(LANGUAGES[code].folder / "openings.txt")
    return tuple(tuple(fold(word) for word in line.split()) for _, line in lines)
