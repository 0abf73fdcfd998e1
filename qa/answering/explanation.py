"""Why a passage stands where it does: what each concept of the question found in it, and how its score adds up."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.answering.answerer import Answer, Answerer, AnswerPassage
from qa.answering.highlights import occurrences
from qa.language.sentences import sentences
from qa.language.unknown import UNKNOWN
from qa.retrieval.bm25 import K1
from qa.retrieval.query import Concept
from qa.retrieval.ranking import OBSERVATIONS, load_weights
from qa.retrieval.terms import index_terms, passage_terms, titles
from qa.retrieval.variants import Variant

GROUPS: Mapping[str, tuple[str, ...]] = {
    "words": ("share of best", "reach"),
    "sentence": ("closeness", "direct closeness", "in order", "side by side"),
    "breadth": ("concepts", "many concepts", "phrases", "near words"),
    "topic": ("on topic", "off topic"),
    "fact": ("tells", "does not tell"),
    "document": ("document",),
}
"""The observations in groups that can be told to a reader in a word each; what else a score holds is "meaning"."""

MEANING = "meaning"
_WORTH_TELLING = 0.05  # points


@dataclass(frozen=True)
class Found:
    """A variant found in a passage: as it stands there, and in which sentences, counted from 1 (0: in its heading)."""

    variant: Variant
    text: str
    sentences: tuple[int, ...]


@dataclass(frozen=True)
class ConceptPart:
    """A concept's part in a passage: the variants found there and its share of what the question's words bring in."""

    concept: Concept
    found: tuple[Found, ...]
    share: float


@dataclass(frozen=True)
class Explanation:
    """The concepts' shares add up to 1 (to 0 where none is found), the parts, by observation, to the score."""

    passage: AnswerPassage
    concepts: tuple[ConceptPart, ...]
    parts: tuple[tuple[str, float], ...]

    @property
    def groups(self) -> dict[str, float]:
        """The parts by group, those that are worth telling; what a reranker adds is "meaning"."""
        parts = dict(self.parts)
        summed = {name: sum(parts.get(each, 0.0) for each in members) for name, members in GROUPS.items()}
        summed[MEANING] = self.passage.score - sum(summed.values())
        return {name: value for name, value in summed.items() if abs(value) >= _WORTH_TELLING}


def explain(answer: Answer, answerer: Answerer) -> list[Explanation]:
    """One explanation for each passage of an answer; nothing is searched again."""
    return [_explained(found, answer, answerer) for found in answer.passages]


def _explained(found: AnswerPassage, answer: Answer, answerer: Answerer) -> Explanation:
    code = found.passage.language or UNKNOWN
    concepts = [concept for concept in answer.query.concepts if concept.variants.get(code)]
    groups = [group for concept in concepts if (group := concept.group(code)) is not None]
    gains = answerer.retriever.gains(groups, code)
    counts = Counter(passage_terms(found.passage, code, answerer.retriever.parts.headings))
    worth = [
        gain * _saturated(sum(variant.weight * counts[variant.term] for variant in concept.variants[code]))
        for concept, gain in zip(concepts, gains, strict=True)
    ]
    shares = dict(zip(map(id, concepts), apportioned(worth, 1.0), strict=True))
    parts = tuple(
        (name, weight * value)
        for name, weight, value in zip(OBSERVATIONS, load_weights(), found.observations, strict=False)
        if value
    )
    told = tuple(
        ConceptPart(concept, _found(concept, found, code), shares.get(id(concept), 0.0))
        for concept in answer.query.concepts
    )
    return Explanation(found, told, parts)


def _saturated(count: float) -> float:
    """BM25's growth with a weighted count, in a passage of mean length: length weighs on all concepts alike."""
    return count / (count + K1)


def apportioned(values: Sequence[float], whole: float) -> list[float]:
    """The values scaled so that they add up to `whole`; as they are where they add up to nothing."""
    total = sum(values)
    return [value / total * whole for value in values] if total else list(values)


def _found(concept: Concept, passage: AnswerPassage, code: str) -> tuple[Found, ...]:
    text = passage.passage.text
    spans = sentences(text, code)
    above = {term for heading in titles(passage.passage) for term in index_terms(heading, code)}
    places: dict[str, list[tuple[int, int]]] = {}
    for start, end, term in occurrences(text, code, {variant.term for variant in concept.variants.get(code, ())}):
        places.setdefault(term, []).append((start, end))
    listed = []
    for variant in concept.variants.get(code, ()):
        here = places.get(variant.term, [])
        numbers = {number for start, _ in here for number, (low, high) in enumerate(spans, 1) if low <= start < high}
        if here or variant.term in above:
            forms = [text[start:end] for start, end in here] or [variant.term.replace("_", " ")]
            said = max(forms, key=lambda form: form.lower() == concept.text.lower())
            listed.append(Found(variant, said, tuple(sorted(numbers)) if here else (0,)))
    return tuple(listed)


def written(explanation: Explanation) -> str:
    """An explanation as lines for the terminal."""
    found = explanation.passage
    lines = [f"{found.rank}. {found.passage.id}  score {found.score:.3f}"]
    for part in sorted(explanation.concepts, key=lambda part: -part.share):
        told = "; ".join(map(_told, part.found)) or "not in this passage"
        lines.append(f"   {part.share:6.1%}  {part.concept.text}: {told}")
    lines.append("   how the score adds up:")
    lines += [f"   {value:+7.3f}  {name}: {OBSERVATIONS[name]}" for name, value in explanation.parts]
    return "\n".join(lines)


def _told(found: Found) -> str:
    place = "heading" if found.sentences == (0,) else f"sentence {', '.join(map(str, found.sentences))}"
    return f"{' '.join(found.text.split())} ({found.variant.via} {found.variant.weight:.2f}, {place})"
