"""The caveats Fonte shows: their kinds, levels and order. Their words are in `language/data/<code>/messages.toml`."""

from collections.abc import Iterable
from dataclasses import dataclass

LEVELS = {
    "absolute_safety": "caution",
    "promotional": "caution",
    "one_sided": "note",
    "animal_evidence": "caution",
    "laboratory_evidence": "caution",
    "unnamed_studies": "note",
    "uncited_claim": "note",
}
"""Kind → level, in the order of showing: safety, selling, evidence."""

QUESTIONS = {
    "absolute_safety": "safety",
    "promotional": "selling",
    "one_sided": "selling",
    "animal_evidence": "evidence",
    "laboratory_evidence": "evidence",
    "unnamed_studies": "evidence",
    "uncited_claim": "evidence",
}
"""Kind → which of the three questions about a passage it answers; the first caveat of each is always open."""


@dataclass(frozen=True, slots=True)
class Span:
    """Words that set off a caveat: code points in the passage's own text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where in its document a document-scope caveat comes from: code points in the document's stored text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Caveat:
    """A warning about a passage. `scope` is "passage", or "document" where another place of its document tells it."""

    kind: str
    spans: tuple[Span, ...] = ()
    scope: str = "passage"
    place: Place | None = None

    @property
    def level(self) -> str:
        """`caution` or `note`."""
        return LEVELS[self.kind]


def ordered(caveats: Iterable[Caveat]) -> tuple[Caveat, ...]:
    """In the order of showing; passage scope before document scope."""
    rank = {kind: number for number, kind in enumerate(LEVELS)}
    return tuple(sorted(caveats, key=lambda caveat: (caveat.scope != "passage", rank[caveat.kind])))


def folded(caveats: Iterable[Caveat]) -> tuple[Caveat, ...]:
    """Those that may start folded: every passage-scope caveat but the first on each of the three questions."""
    seen: set[str] = set()
    later = []
    for caveat in ordered(caveats):
        if caveat.scope == "passage":
            if QUESTIONS[caveat.kind] in seen:
                later.append(caveat)
            seen.add(QUESTIONS[caveat.kind])
    return tuple(later)
