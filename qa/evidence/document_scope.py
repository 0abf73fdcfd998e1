"""Caveats of document scope: what another place of the same document tells, where the passage itself is silent."""

from collections.abc import Sequence

from qa.documents.passages import Passage
from qa.evidence.assessment import Assessment
from qa.evidence.caveats import Caveat, Place


def document_caveats(
    passage: Passage, own: Assessment, others: Sequence[tuple[Passage, Assessment]]
) -> tuple[Caveat, ...]:
    """The advert elsewhere on the page of a passage that does not sell by itself; its place is the first trigger."""
    if own.promotional == "sell":
        return ()
    for other, assessment in others:
        if other.document.id == passage.document.id and other.id != passage.id and assessment.promotional == "sell":
            span = next(c for c in assessment.caveats if c.kind == "promotional").spans[0]
            place = Place(other.start + span.start, other.start + span.end)
            return (Caveat("promotional", (), "document", place),)
    return ()
