"""Which passages answer a question: those of the right document that hold the quote, or most of it at an edge."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from qa.documents.passages import Passage

LONGEST = 145
"""Words; a longer passage answers nothing, so that returning whole documents cannot win."""

EDGE = 0.6
"""Share of a quote that must stand at a passage's own edge where a boundary cuts the quote."""

Judgments = Mapping[str, Mapping[str, int]]
"""Question id → passage id → grade (qrels)."""


class Quoted(Protocol):
    """A document's id and words of it."""

    @property
    def document(self) -> str: ...
    @property
    def quote(self) -> str: ...


class Asked(Protocol):
    """A question with its gold quotes."""

    @property
    def id(self) -> str: ...
    @property
    def gold(self) -> Sequence[Quoted]: ...


def squash(text: str) -> str:
    """Lower case, blanks to one space, one kind of apostrophe: what two copies of a sentence must share."""
    return re.sub(r"\s+", " ", text.replace("’", "'")).strip().lower()


def holds(passage: str, quote: str) -> bool:
    """Whether a passage holds a quote whole, or 60 % of it (4 words at least) at its own start or end."""
    text, quote = squash(passage), squash(quote)
    if quote in text:
        return True
    words = quote.split()
    need = max(4, int(len(words) * EDGE))
    cut = range(need, len(words))
    return any(text.endswith(" ".join(words[:n])) or text.startswith(" ".join(words[-n:])) for n in cut)


def relevant(passage: Passage, gold: Iterable[Quoted]) -> bool:
    """Whether a passage answers: short enough, and of a gold document whose quote it holds."""
    if not 0 < len(passage.text.split()) <= LONGEST:
        return False
    return any(passage.document.id == entry.document and holds(passage.text, entry.quote) for entry in gold)


def judge_quotes(questions: Iterable[Asked], passages: Iterable[Passage]) -> dict[str, dict[str, int]]:
    """The judgments that gold quotes make: grade 1 for every passage that answers."""
    by_document: dict[str, list[Passage]] = {}
    for passage in passages:
        by_document.setdefault(passage.document.id, []).append(passage)
    judged: dict[str, dict[str, int]] = {}
    for question in questions:
        documents = dict.fromkeys(entry.document for entry in question.gold)
        candidates = [passage for document in documents for passage in by_document.get(document, [])]
        judged[question.id] = {p.id: 1 for p in candidates if relevant(p, question.gold)}
    return judged
