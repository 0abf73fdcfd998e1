"""Of two passages that answer about equally well, the one with evidence from people comes first."""

import pytest

from qa.answering.choice import evidence_first
from qa.documents.document import Document
from qa.documents.passages import Passage
from qa.evidence.assessment import Assessment
from qa.evidence.caveats import Caveat
from qa.retrieval.fusion import Hit

MADE = {
    "s": Assessment("en", "none", ("human",), "benefit"),  # strong: evidence from people, sells nothing
    "w": Assessment("en", "none", ("uncited",), "benefit", "no", (Caveat("uncited_claim"),)),
    "p": Assessment("en", "sell", ("human",), "benefit", "no", (Caveat("promotional"),)),
    "n": Assessment("en"),  # neither
}


def chosen(kinds: str, scores: list[float]) -> str:
    hits = []
    for number, (kind, score) in enumerate(zip(kinds, scores, strict=True)):
        document = Document(f"{kind}{number}", "a.txt", "x" * 99, "en", "A")
        hits.append(Hit(Passage(document, 1, None, 0, 9), score))
    made = {hit.passage.id: MADE[hit.passage.document.id[0]] for hit in hits}
    return "".join(hit.passage.document.id[0] for hit in evidence_first(hits, made))


FAR = [9.0, 5.0, 1.0]
NEAR = [9.0, 8.9, 1.0]


@pytest.mark.parametrize(
    ("kinds", "scores", "expected"),
    [
        ("wsn", NEAR, "swn"),
        ("psn", NEAR, "spn"),
        ("wsn", FAR, "wsn"),  # not about equal
        ("nsw", NEAR, "nsw"),  # what needs no evidence gives way to none
        ("wpn", NEAR, "wpn"),  # selling with a trial is no better
        ("swn", NEAR, "swn"),
        ("", [], ""),
        ("w", [1.0], "w"),
        ("ws", [1.0, 1.0], "sw"),
    ],
)
def test_choice(kinds: str, scores: list[float], expected: str) -> None:
    assert chosen(kinds, scores) == expected


def test_beyond_the_first_five_nothing_moves() -> None:
    assert chosen("nnnnnws", [9.0, 8, 7, 6, 5, 4.0, 4.0]) == "nnnnnws"
