"""The collection in OpenSearch: with each passage what it says and does, beside them the documents and their places.

So a web process reads no text when it starts, and none needs a folder of them. Documents of the index: `passage` with
its content, `text` with a piece of a whole text, `collection` with a part of the rows (of documents, passages, topics),
and one `collection` head, written last, that tells how many parts there are. Parts and pieces are cut by their size,
wherever a document ends: OpenSearch takes no request above 100 MB unless its `http.max_content_length` says otherwise.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opensearchpy import OpenSearch

from qa.documents.corpus import Corpus
from qa.errors import EngineError
from qa.evidence.assessment import Assessment
from qa.retrieval.cache import Index
from qa.retrieval.opensearch_index import Calling, PartError, batches
from qa.retrieval.stored import Content, Contents, Stored, content_of, content_row, facts_of, opened, row_of

_HEAD = "collection"
_PART_ROWS = 5_000
_PART_CHARACTERS = 2_000_000
_PIECE = 1_000_000  # characters of a text in one document of the index


@dataclass(frozen=True)
class Collection:
    """What is written beside the terms."""

    corpus: Corpus
    index: Index
    assessments: Mapping[str, Assessment]

    def content(self, number: int) -> list[Any]:
        """What the passage of this number says and does."""
        passage = self.index.passages[number]
        return content_row(passage, self.assessments[passage.id], self.index.located(number))

    def documents(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """(name, document of the index) of all that belongs to no single passage."""
        for number, document in enumerate(self.corpus.documents):
            yield from in_pieces(f"document-{number}", document.text)
        questions = self.corpus.questions
        yield from in_pieces("questions", questions)
        parts = 0
        for rows in batches(self._rows(), _size, _PART_ROWS, _PART_CHARACTERS):
            yield f"{_HEAD}-{parts}", {"kind": "collection", "content": rows}
            parts += 1
        yield _HEAD, {"kind": "collection", "content": {"parts": parts, "questions": len(_starts(questions))}}

    def _rows(self) -> Iterator[tuple[str, list[Any]]]:
        """(kind, row) of all that a web process holds in memory."""
        numbers = {}
        for number, document in enumerate(self.corpus.documents):
            numbers[document.id] = number
            yield "document", [len(_starts(document.text)), *facts_of(document)]
        for passage in self.index.passages:
            yield "passage", row_of(passage, numbers[passage.document.id])
        for code, terms in self.index.topics.items():
            for term in sorted(terms):
                yield "topic", [code, term]


def read_collection(client: OpenSearch, call: Calling, index: str, digest: str) -> Stored | None:
    """The collection in an index of the corpus of this digest; None where it holds terms alone."""

    def whole(names: Sequence[str]) -> Any:
        said = client.mget(index=index, body={"ids": list(names)}, params={"_source_includes": "content"})
        errors = [row["error"].get("type") for row in said["docs"] if "error" in row]
        if any(kind != "index_not_found_exception" for kind in errors):
            raise PartError  # a shard is away: not the same as a document that is not there
        return said

    def asked(names: Sequence[str]) -> dict[str, Any]:
        said = call(lambda: whole(names))
        return {row["_id"]: row["_source"]["content"] for row in said["docs"] if row.get("found")}

    def had(names: Sequence[str]) -> dict[str, Any]:
        found = asked(names)
        if len(found) < len(names):
            raise EngineError(f"OpenSearch no longer has what index {index!r} held; start again")
        return found

    def contents(numbers: Sequence[int]) -> dict[int, Content]:
        return {int(name): content_of(row) for name, row in had([str(number) for number in numbers]).items()}

    def text(name: str, pieces: int) -> str:
        names = [f"{name}-{piece}" for piece in range(pieces)]
        return "".join(str(had([piece])[piece]) for piece in names)  # each by itself: a reply is bounded too

    head = asked([_HEAD]).get(_HEAD)
    if head is None:
        return None
    rows: dict[str, list[Any]] = {"document": [], "passage": [], "topic": []}
    for part in range(head["parts"]):
        name = f"{_HEAD}-{part}"
        for kind, row in had([name])[name]:
            rows[kind].append(row)
    pieces = [count for count, *_ in rows["document"]]
    topics: dict[str, set[str]] = {}
    for code, term in rows["topic"]:
        topics.setdefault(code, set()).add(term)
    return opened(
        digest,
        text("questions", head["questions"]),
        [facts for _, *facts in rows["document"]],
        rows["passage"],
        {code: frozenset(terms) for code, terms in topics.items()},
        Contents(contents, len(rows["passage"])),
        lambda number: text(f"document-{number}", pieces[number]),
    )


def _starts(text: str) -> range:
    """Where the pieces of a text begin."""
    return range(0, len(text), _PIECE)


def in_pieces(name: str, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(name, document of the index) of each piece of a text."""
    for piece, at in enumerate(_starts(text)):
        yield f"{name}-{piece}", {"kind": "text", "content": text[at : at + _PIECE]}


def _size(row: tuple[str, list[Any]]) -> int:
    return len(json.dumps(row, ensure_ascii=False))
