"""A document laid out as a page: its passages with their labels, and what stands between them."""

from collections.abc import Iterator
from dataclasses import dataclass

from qa.answering.answerer import Answerer
from qa.documents.document import Document
from qa.documents.passages import Passage, headings
from web.cards import Label, labels, triggers
from web.marking import Mark, Piece, pieces


@dataclass(frozen=True)
class Block:
    """A run of the document. `kind`: "passage", "heading", or "between" for all else that was published."""

    kind: str
    text: list[Piece]
    passage: Passage | None = None
    labels: tuple[Label, ...] = ()
    elsewhere: tuple[Label, ...] = ()


def sheet(document: Document, answerer: Answerer, code: str) -> list[Block]:
    """Every line of the text proper that is not blank, in order, passages whole; front matter is told elsewhere."""
    passages = answerer.passages_of(document.id)
    anchors = _anchors(answerer, passages)
    titles = set() if document.whole else set(headings(document.text))
    blocks: list[Block] = []
    at = document.body
    for passage in passages:
        blocks += _between(document.text, at, passage.start, titles, anchors)
        caveats = answerer.caveats(passage)
        marks = triggers(caveats) + _moved(anchors, passage.start, passage.end)
        drawn = labels(caveats, code, passage)
        blocks.append(
            Block(
                "passage",
                pieces(passage.text, marks),
                passage,
                tuple(each for each in drawn if not each.link),
                tuple(each for each in drawn if each.link),
            )
        )
        at = passage.end
    blocks += _between(document.text, at, len(document.text), titles, anchors)
    return blocks


def _between(text: str, start: int, end: int, titles: set[tuple[int, int]], anchors: list[Mark]) -> Iterator[Block]:
    """The lines between two passages that hold anything to see."""
    for line in text[start:end].split("\n"):
        stop = start + len(line)
        shown = line.strip("\ufeff \t\r")
        if shown:
            low = start + line.index(shown)
            kind = "heading" if any(low <= a and b <= stop for a, b in titles) else "between"
            yield Block(kind, pieces(shown, _moved(anchors, low, low + len(shown))))
        start = stop + 1


def _anchors(answerer: Answerer, passages: tuple[Passage, ...]) -> list[Mark]:
    """The places that document-scope caveats of this document link to."""
    places = {caveat.place for passage in passages for caveat in answerer.caveats(passage) if caveat.place}
    return [(place.start, place.end, f"#c{place.start}") for place in sorted(places, key=lambda p: p.start)]


def _moved(anchors: list[Mark], start: int, end: int) -> list[Mark]:
    return [(a - start, b - start, what) for a, b, what in anchors if a < end and b > start]
