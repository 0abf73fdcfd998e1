"""Choosing among equals: of two passages that answer equally well, the one with evidence from people comes first."""

from collections.abc import Mapping, Sequence

from qa.evidence.assessment import Assessment
from qa.retrieval.fusion import Hit

MARGIN = 0.06  # of the way from the first to the tenth score: closer than this counts as equal
_FIRST = 5
_LACKING = frozenset({"animal_evidence", "laboratory_evidence", "unnamed_studies", "uncited_claim"})


def evidence_first(hits: Sequence[Hit], assessments: Mapping[str, Assessment]) -> list[Hit]:
    """The same hits; among the first five a passage with evidence goes before an equal that sells or lacks it."""
    ordered = list(hits)
    if len(ordered) < 2:
        return ordered
    margin = MARGIN * abs(ordered[0].score - ordered[min(10, len(ordered)) - 1].score)
    for place in range(min(_FIRST, len(ordered)) - 1):
        former, latter = ordered[place], ordered[place + 1]
        if (
            abs(former.score - latter.score) <= margin
            and _weak(assessments[former.passage.id])
            and _strong(assessments[latter.passage.id])
        ):
            ordered[place], ordered[place + 1] = latter, former
    return ordered


def _strong(assessment: Assessment) -> bool:
    return "human" in assessment.evidence and assessment.promotional == "none"


def _weak(assessment: Assessment) -> bool:
    lacking = any(caveat.kind in _LACKING for caveat in assessment.caveats)
    return assessment.promotional != "none" or lacking
