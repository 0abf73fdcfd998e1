"""How far a question leans on those before it: from 0, it stands by itself, to 1, it says next to nothing alone.

It leans by its opening ("and for how long?"), by a word for something said before ("was that seen in people?"), or by
naming nothing that documents are about. The longer a question is, the more it says itself: in a long one "it" is mostly
something of the same question, and what it does not name it does not need.
"""

from collections.abc import Sequence
from functools import cache

from qa.language.files import read_lines, read_words
from qa.language.registry import LANGUAGES
from qa.language.tokens import fold, words
from qa.retrieval.query import PHRASE_PART, TOPIC_CERTAINTY, Concept, Query, QueryBuilder
from qa.retrieval.variants import DIRECT

IMPLIED = 0.6  # where a short question names no topic and does not point back either: "Which substances are in there?"
BESIDE_OWN_TOPIC = 0.4  # where it names a topic itself but points back: "what about fibromyalgia?"
BESIDE_OWN_NAME = 0.15  # where it names what hardly a passage has: "What treats tennis elbow?"
FROM_AFAR = 0.2  # where it is long, names no topic, but points back
SHORT_OPENING = 10  # words up to which an opening makes a question lean
SHORT_REFERENCE = 9  # words up to which a word for something said before does
LONG = 12  # words beyond which a question says itself what it is about
_RARE = 2, 50  # a name is in so many passages at the most, or in one of so many
_LEAST_LETTERS = 3  # of a word worth naming: less is a number, a slip, "no"
_STEM = 2  # letters that stand at least before an ending that points back


def leaning(query: Query, builder: QueryBuilder) -> float:
    """What the words of earlier questions count for beside those of this one, 0 to 1."""
    length, back = len(words(query.text)), points_back(query, builder)
    if any(topical(concept, builder) for concept in query.concepts):
        return BESIDE_OWN_TOPIC if back else 0.0
    if about_the_unknown(query):
        return 0.0
    if back:
        return 1.0
    if any(_is_name(concept, builder) for concept in query.concepts):
        return BESIDE_OWN_NAME
    if length <= LONG:
        return IMPLIED
    return FROM_AFAR if _opens(query) or _refers(query, len(query.text)) else 0.0


def keeps_the_subject(query: Query, builder: QueryBuilder) -> bool:
    """Whether a short question speaks of something said before, ahead of what it names itself ("does it calm?")."""
    topics = [concept.end for concept in query.concepts if topical(concept, builder)]
    return len(words(query.text)) <= SHORT_REFERENCE and _refers(query, min(topics, default=len(query.text)))


def points_back(query: Query, builder: QueryBuilder) -> bool:
    """Whether a short question goes on from the one before it by its opening or by a word for something said."""
    opens = len(words(query.text)) <= SHORT_OPENING and _opens(query)
    return opens or keeps_the_subject(query, builder)


def _opens(query: Query) -> bool:
    """Whether it begins as what goes on does."""
    return opening([fold(token.text) for token in words(query.text)], codes_of(query.language)) > 0


def _refers(query: Query, until: int) -> bool:
    """Whether a word before that place stands for something said before."""
    codes = codes_of(query.language)
    return any(refers_back(fold(token.text), codes) for token in words(query.text) if token.start < until)


def refers_back(word: str, codes: Sequence[str]) -> bool:
    """Whether a folded word stands for something said before: "it", "ne", "prenderlo"."""
    return any(
        word in listed or any(word.endswith(end) and len(word) >= len(end) + _STEM for end in endings)
        for listed, endings in map(_references, codes)
    )


def aside(text: str, language: str | None) -> bool:
    """Whether a word says nothing of the matter by itself: it refers back, denies ("niente"), or is short."""
    return _said_aside(text, language) or sum(c.isalpha() for c in text) < _LEAST_LETTERS


def names_a_matter(query: Query) -> bool:
    """Whether any word tells of what is asked: no asking word or aside; a short one ("MS") where texts have it."""
    return any(
        not concept.frame
        and not _said_aside(concept.text, query.language)
        and bool(concept.variants or not aside(concept.text, query.language))
        for concept in query.concepts
    )


def _said_aside(text: str, language: str | None) -> bool:
    word, codes = fold(text), codes_of(language)
    return any(word in _asides(code) for code in codes) or refers_back(word, codes)


def opening(said: Sequence[str], codes: Sequence[str]) -> int:
    """How many words the longest opening has that a question starts with; 0 where there is none."""
    return max(
        (len(each) for code in codes for each in _openings(code) if list(said[: len(each)]) == list(each)), default=0
    )


def topical(concept: Concept, builder: QueryBuilder) -> bool:
    """Whether a concept is something that documents are about."""
    return not concept.frame and any(
        variant.term in builder.topics.get(code, ()) and variant.weight >= TOPIC_CERTAINTY
        for code, listed in concept.variants.items()
        for variant in listed
    )


def about_the_unknown(query: Query) -> bool:
    """Whether no text has any word that a question says of its matter: it has left the conversation's subject."""
    own = [c for c in query.concepts if not c.frame and " " not in c.text and not aside(c.text, query.language)]
    return bool(own) and not any(concept.variants for concept in own)


def codes_of(language: str | None) -> tuple[str, ...]:
    """The languages whose words are looked for: the question's, or all of them where it is none of ours."""
    return (language,) if language in LANGUAGES and language else tuple(LANGUAGES)


def _is_name(concept: Concept, builder: QueryBuilder) -> bool:
    """Whether texts have the very word, but hardly a passage: then it is a subject and no aspect of another.

    Not a word of a phrase that means something else ("substances" in "which substances").
    """
    least, one_in = _RARE
    return (
        not concept.frame
        and concept.weight > PHRASE_PART
        and any(
            variant.via in DIRECT
            and variant.weight >= TOPIC_CERTAINTY
            and builder.engine.vocabulary(code).get(variant.term, 0) <= max(least, builder.engine.size(code) // one_in)
            for code, listed in concept.variants.items()
            for variant in listed
        )
    )


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
def _openings(code: str) -> tuple[tuple[str, ...], ...]:
    lines = read_lines(LANGUAGES[code].folder / "openings.txt")
    return tuple(tuple(fold(word) for word in line.split()) for _, line in lines)
