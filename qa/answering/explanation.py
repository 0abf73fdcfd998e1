"""Why a passage stands where it does: what each concept of the question found in it, and how its score adds up."""

from dataclasses import dataclass

from qa.answering.answerer import Answer, Answerer, AnswerPassage
from qa.retrieval.query import Concept
from qa.retrieval.ranking import OBSERVATIONS, load_weights, sentence_profile
from qa.retrieval.variants import Variant


@dataclass(frozen=True)
class ConceptPart:
    """A concept's part in a passage: the variants found there and the share of the passage's BM25 score, 0 to 1."""

    concept: Concept
    found: tuple[Variant, ...]
    share: float


@dataclass(frozen=True)
class Explanation:
    """The concepts' shares add up to 1; the parts of the score, observation by observation, add up to the score."""

    passage: AnswerPassage
    concepts: tuple[ConceptPart, ...]
    parts: tuple[tuple[str, float], ...]


def explain(answer: Answer, answerer: Answerer) -> list[Explanation]:
    """One explanation for each passage of an answer."""
    return [_explained(found, answer, answerer) for found in answer.passages]


def _explained(found: AnswerPassage, answer: Answer, answerer: Answerer) -> Explanation:
    code = found.passage.language or ""
    profile, _ = sentence_profile(found.passage.text, code)
    number = answerer.passages.index(found.passage)
    scores = []
    for concept in answer.query.concepts:
        group = concept.group(code)
        entries = answerer.engine.search([group], code, answerer.engine.size(code)) if group else []
        scores.append(next((entry.score for entry in entries if entry.number == number), 0.0))
    total = sum(scores) or 1.0
    concepts = tuple(
        ConceptPart(
            concept,
            tuple(variant for variant in concept.variants.get(code, ()) if variant.term in profile),
            score / total,
        )
        for concept, score in zip(answer.query.concepts, scores, strict=True)
    )
    hit = next((hit for hit in answerer.retriever.search(answer.query, 60) if hit.passage.id == found.passage.id), None)
    seen = hit.observations if hit else ()
    parts = tuple(
        (name, weight * value) for name, weight, value in zip(OBSERVATIONS, load_weights(), seen, strict=False) if value
    )
    return Explanation(found, concepts, parts)


def written(explanation: Explanation) -> str:
    """An explanation as lines for the terminal."""
    found = explanation.passage
    lines = [f"{found.rank}. {found.passage.id}  score {found.score:.3f}"]
    for part in sorted(explanation.concepts, key=lambda part: -part.share):
        told = (
            ", ".join(f"{v.term.replace('_', ' ')} ({v.via} {v.weight:.2f})" for v in part.found)
            or "not in this passage"
        )
        lines.append(f"   {part.share:6.1%}  {part.concept.text}: {told}")
    lines.append("   how the score adds up:")
    lines += [f"   {value:+7.3f}  {name}: {OBSERVATIONS[name]}" for name, value in explanation.parts]
    return "\n".join(lines)
