"""The collection in OpenSearch: with each passage what it says and does, beside them the documents and their places.

So a web process reads no text when it starts, and none needs a folder of them. Documents of the index: `passage` with
its content, `document` with a whole text, `collection` with facts of documents and places of passages in parts, and one
`collection` head, written last, that tells how many parts there are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from opensearchpy import OpenSearch

from qa.documents.corpus import Corpus
from qa.errors import EngineError
from qa.evidence.assessment import Assessment
from qa.retrieval.cache import Index
from qa.retrieval.opensearch_index import Calling, PartError
from qa.retrieval.stored import Content, Contents, Stored, content_of, content_row, facts_of, opened, row_of

_HEAD = "collection"
_PART = 1_000  # documents with their passages in one part


@dataclass(frozen=True)
class Collection:
    """What is written beside the terms."""

    corpus: Corpus
    index: Index
    assessments: Mapping[str, Assessment]

    def content(self, number: int) -> list[Any]:
        """What the passage of this number says and does."""
        passage = self.index.passages[number]
        return content_row(passage, self.assessments[passage.id])

    def documents(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """(name, document of the index) of all that belongs to no single passage."""
        documents = self.corpus.documents
        for number, document in enumerate(documents):
            yield f"document-{number}", {"kind": "document", "content": document.text}
        numbers = {document.id: number for number, document in enumerate(documents)}
        places = {
            name: [row_of(passage, numbers[name]) for passage in listed]
            for name, listed in groupby(self.index.passages, key=lambda passage: passage.document.id)
        }
        parts = range(0, len(documents), _PART)
        for part, at in enumerate(parts):
            some = documents[at : at + _PART]
            rows = [row for document in some for row in places.get(document.id, ())]
            content = {"documents": [facts_of(document) for document in some], "passages": rows}
            yield f"{_HEAD}-{part}", {"kind": "collection", "content": content}
        topics = {code: sorted(terms) for code, terms in self.index.topics.items()}
        head = {"parts": len(parts), "topics": topics, "questions": self.corpus.questions}
        yield _HEAD, {"kind": "collection", "content": head}


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

    def text(number: int) -> str:
        name = f"document-{number}"
        return str(had([name])[name])

    head = asked([_HEAD]).get(_HEAD)
    if head is None:
        return None
    documents: list[Any] = []
    rows: list[Any] = []
    for part in range(head["parts"]):
        name = f"{_HEAD}-{part}"
        found = had([name])[name]
        documents += found["documents"]
        rows += found["passages"]
    topics = {code: frozenset(terms) for code, terms in head["topics"].items()}
    return opened(digest, head["questions"], documents, rows, topics, Contents(contents, len(rows)), text)
