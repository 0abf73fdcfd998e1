"""Follow-up questions: what an elliptical question takes over from the earlier ones."""

from collections.abc import Sequence

from qa.language.detection import guess
from qa.retrieval.query import Query, QueryBuilder

CARRIED = 0.5  # weight of the last question's concepts beside the new one's


def resolve(question: str, history: Sequence[str], language: str | None, builder: QueryBuilder) -> Query:
    """The query of a question in its conversation (oldest first)."""
    query = builder.build(question, language)
    if not history:
        return query
    concepts = list(query.concepts)
    share = CARRIED
    for earlier in reversed(history):
        code = guess(earlier, vocabulary=True).code
        concepts += [c for c in builder.build(earlier, code, share).concepts if not c.frame]
        share *= CARRIED
    return Query(question, language, tuple(concepts))
