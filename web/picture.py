"""A small picture of a document: a strip for each of the three questions, filled where a passage carries a label."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.answering.answerer import Answerer
from qa.documents.passages import Passage
from qa.evidence.caveats import LEVELS, QUESTIONS
from qa.language.messages import say
from web.words import Words

WIDTH, ROW, GAP = 300, 10, 10
QUESTION_ORDER = tuple(dict.fromkeys(QUESTIONS.values()))


@dataclass(frozen=True)
class Block:
    """One passage in one row: where it lies, and "caution", "note" or "none"."""

    x: float
    y: float
    width: float
    level: str


@dataclass(frozen=True)
class Picture:
    """The strips, and the same in words."""

    blocks: tuple[Block, ...]
    rows: tuple[str, ...]
    counts: tuple[str, ...]
    summary: str
    width: int = WIDTH
    height: int = len(QUESTION_ORDER) * (ROW + GAP)

    @property
    def paths(self) -> dict[str, str]:
        """Level → the outlines of its blocks as one SVG path; the strongest is drawn last, over its neighbours."""
        drawn: dict[str, str] = {"none": "", "note": "", "caution": ""}
        for block in self.blocks:
            drawn[block.level] += f"M{block.x:g} {block.y:g}h{block.width:g}v{ROW}h-{block.width:g}z"
        return {level: path for level, path in drawn.items() if path}


def picture(answerer: Answerer, passages: Sequence[Passage], words: Words) -> Picture:
    """The labels along a document; a block is as wide as its passage is long."""
    total = sum(len(passage.text) for passage in passages) or 1
    blocks: list[Block] = []
    kinds: Counter[str] = Counter()
    x = 0.0
    for passage in passages:
        own = {caveat.kind for caveat in answerer.caveats(passage) if caveat.scope == "passage"}
        kinds.update(own)
        width = WIDTH * len(passage.text) / total
        for row, question in enumerate(QUESTION_ORDER):
            level = _strongest(kind for kind in own if QUESTIONS[kind] == question)
            blocks.append(Block(round(x, 1), row * (ROW + GAP) + GAP // 2, round(max(width - 2, 1), 1), level))
        x += width
    counts = tuple(
        words("picture.of", title=say(words.code, f"caveats.{kind}.title"), number=kinds[kind], count=len(passages))
        for kind in LEVELS
        if kinds[kind]
    )
    summary = "; ".join(counts) or words("picture.nothing")
    return Picture(tuple(blocks), tuple(words(f"picture.{question}") for question in QUESTION_ORDER), counts, summary)


def _strongest(kinds: Iterable[str]) -> str:
    levels = {LEVELS[kind] for kind in kinds}
    return "caution" if "caution" in levels else "note" if levels else "none"
