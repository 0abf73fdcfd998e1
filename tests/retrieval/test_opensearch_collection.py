"""What is written beside the terms comes in bounded pieces, however long a document is, and is read back exactly."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from qa.retrieval import opensearch_collection, opensearch_index
from qa.retrieval.opensearch_collection import read_collection
from qa.retrieval.opensearch_index import Writer
from qa.settings import SHIPPED_CORPUS
from tests.retrieval.open_search import FakeCluster, call, collected, written

PARAGRAPH = "Zinc number {} was found in the water of the well, è vero 🦵, and nobody who drank of it has told us.\n\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One document of more than a hundred passages between eight of one each, and one of none."""
    for name in "abcdghij":
        (tmp_path / f"{name}.txt").write_text(f"Zinc {name}\n\n{PARAGRAPH.format(name)}", "utf-8")
    (tmp_path / "e.txt").write_text("Wells\n\n" + "".join(PARAGRAPH.format(n) * 4 for n in range(400)), "utf-8")
    (tmp_path / "f.txt").write_text("Nothing more\n", "utf-8")
    (tmp_path / "questions.jsonl").write_text('{"id": "è"}\n' * 30, "utf-8")
    return tmp_path


def test_parts_and_pieces_are_bounded_and_read_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opensearch_collection, "_PART_ROWS", 7)
    monkeypatch.setattr(opensearch_collection, "_PIECE", 100)
    cluster, collection = FakeCluster(), collected(folder)
    index = written(cluster, collection)
    held: Mapping[str, Any] = cluster.held[index]["rows"]
    kinds = [row["kind"] for row in held.values()]
    parts = [row["content"] for name, row in held.items() if name.startswith("collection-")]
    assert len(collection.index.passages) > 100
    assert {len(part) for part in parts[:-1]} == {7}
    assert all(len(row["content"]) <= 100 for row in held.values() if row["kind"] == "text")
    assert kinds.count("text") > 1_000
    stored = read_collection(cluster, call, index, collection.corpus.digest)
    assert stored is not None
    assert stored.corpus.questions == collection.corpus.questions
    assert stored.corpus.documents == collection.corpus.documents
    assert [each.text for each in stored.corpus.documents] == [each.text for each in collection.corpus.documents]
    assert stored.index.topics == collection.index.topics
    assert len(stored.index.passages) == len(collection.index.passages)
    for own, other in zip(collection.index.passages, stored.index.passages, strict=True):
        assert (other.id, other.start, other.end, other.section, other.text, other.document) == (
            own.id, own.start, own.end, own.section, own.text, own.document,
        )  # fmt: skip


def test_parts_are_bounded_by_what_they_hold_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opensearch_collection, "_PART_CHARACTERS", 1_500)
    parts = [row["content"] for name, row in collected(folder).documents() if name.startswith("collection-")]
    assert len(parts) > 5
    assert max(len(json.dumps(part, ensure_ascii=False)) for part in parts) < 2_000


def test_the_shipped_texts_are_few_and_small() -> None:
    held = dict(collected(SHIPPED_CORPUS).documents())
    assert [name for name in held if name.startswith("collection")] == ["collection-0", "collection"]
    assert held["collection"]["content"]["parts"] == 1


def test_no_request_is_larger_than_it_may_be(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opensearch_index, "_BULK_BYTES", 20_000)
    monkeypatch.setattr(opensearch_index, "_TERMS_A_DOCUMENT", 100)
    monkeypatch.setattr(opensearch_collection, "_PART_CHARACTERS", 5_000)
    monkeypatch.setattr(opensearch_collection, "_PIECE", 5_000)
    cluster = FakeCluster()
    written(cluster, collected(folder))
    assert len(cluster.bodies) > 20
    assert max(map(len, cluster.bodies)) <= 20_000


def test_a_text_of_fifty_megabytes(tmp_path: Path) -> None:
    """More than a file may have, but a PDF's text or a row of BEIR may: each request stays small, in bytes."""
    text = "è" * 50_000_001
    pieces = dict(opensearch_collection.in_pieces("document-0", text))
    cluster = FakeCluster()
    writer = Writer(cluster, call, "any", "digest")
    writer._create(shards=1, replicas=0)
    assert sum(writer._bulks(pieces.items())) == 51
    assert max(map(len, cluster.bodies)) <= opensearch_index._BULK_BYTES
    assert sum(map(len, cluster.bodies)) > 100_000_000
    assert "".join(row["content"] for row in cluster.held[writer._index]["rows"].values()) == text
