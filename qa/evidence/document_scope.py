"""Caveats of document scope: what another place of the same document tells, where the passage itself is silent.

Two facts are told so: that the page sells, and that the evidence for what the passage claims was in animals or cells.
The second never where the document brings evidence from people, and only from a passage on the same matter.
"""

from collections.abc import Sequence
from functools import lru_cache

from qa.documents.passages import Passage
from qa.evidence.assessment import Assessment
from qa.evidence.caveats import Caveat, Place
from qa.language.analysis import analyze
from qa.language.registry import LANGUAGES

_SHARED_WORDS = 4  # content words two passages share when they speak of the same substance and effect
_SILENT = frozenset({"uncited_claim", "unnamed_studies"})
_ELSEWHERE = ("animal_evidence", "laboratory_evidence")


def document_caveats(
    passage: Passage, own: Assessment, others: Sequence[tuple[Passage, Assessment]]
) -> tuple[Caveat, ...]:
    """The caveats that `others`, the passages of the same document, add to one; each points at its first trigger."""
    rest = [(other, made) for other, made in others if other.id != passage.id]
    found = []
    if own.promotional != "sell":
        found += _first("promotional", rest)
    silent = any(caveat.kind in _SILENT for caveat in own.caveats)
    people = any("human" in made.evidence for _, made in others)
    if silent and not people:
        near = [(other, made) for other, made in rest if _same_matter(passage, other)]
        found += [caveat for kind in _ELSEWHERE for caveat in _first(kind, near)]
    return tuple(found)


def _first(kind: str, others: Sequence[tuple[Passage, Assessment]]) -> list[Caveat]:
    for other, made in others:
        for caveat in made.caveats:
            if caveat.kind == kind and caveat.spans:
                span = caveat.spans[0]
                return [Caveat(kind, (), "document", Place(other.start + span.start, other.start + span.end))]
    return []


def _same_matter(one: Passage, other: Passage) -> bool:
    if one.language is None or one.language != other.language:
        return False
    return len(_terms(one.text, one.language) & _terms(other.text, one.language)) >= _SHARED_WORDS


@lru_cache(maxsize=5_000)
def _terms(text: str, code: str) -> frozenset[str]:
    return frozenset(term.term for term in analyze(text, LANGUAGES[code]))
