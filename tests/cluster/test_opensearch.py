"""OpenSearch passes the suite of every engine, goes on where a run broke off, and swaps one index for another."""

from collections.abc import Iterator
from typing import Any

import pytest

from qa.errors import EngineError
from qa.retrieval.engine import Entry, Group
from qa.retrieval.opensearch import OpenSearchEngine
from qa.retrieval.opensearch_collection import in_pieces
from tests.cluster.conftest import Cluster
from tests.conformance.suite import Conformance

PAIN = [Group({"pain": 1.0})]
ENTRIES = [Entry(number, "en", ["pain", f"t{number}"]) for number in range(2_500)]


@pytest.fixture
def engine(cluster: Cluster) -> Iterator[OpenSearchEngine]:
    """An engine with an alias of its own."""
    engine = OpenSearchEngine(cluster.client(), "conformance")
    yield engine
    engine.close()


class TestOpenSearch(Conformance):
    """Scores come back in 32 bits: seven digits."""

    TOLERANCE = 1e-6


def test_a_broken_run_is_completed(cluster: Cluster) -> None:
    engine, client = OpenSearchEngine(cluster.client(), "resumed"), cluster.client()

    def breaking() -> Iterator[Entry]:
        yield from ENTRIES[:1_500]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.write(breaking(), "digest")
    assert not client.indices.exists_alias(name="resumed")
    with pytest.raises(EngineError, match="qa index"):
        engine.attach("digest")
    told: list[int] = []
    engine.write(iter(ENTRIES), "digest", told.append)
    assert told[0] > 1_000  # the first thousand was not written again
    assert engine.size("en") == len(engine.search(PAIN, "en", 9_999)) == 2_500


def test_who_is_overtaken_by_another_run_is_told(cluster: Cluster) -> None:
    first, second = (OpenSearchEngine(cluster.client(), "overtaken") for _ in range(2))
    first.write(iter(ENTRIES[:10]), "in use")

    def overtaken() -> Iterator[Entry]:
        yield from ENTRIES[:1_500]
        first.write(iter(ENTRIES[:20]), "of the other run")
        yield from ENTRIES[1_500:]

    with pytest.raises(EngineError, match="another `qa index`"):
        second.write(overtaken(), "of this run")
    assert len(cluster.client().indices.get(index="overtaken-*")) == 2
    second.attach("of the other run")
    assert second.size("en") == 20


class Long:
    """A text beside the terms, of 100 million bytes."""

    TEXT = "è" * 50_000_001

    def content(self, number: int) -> list[str]:
        return ["pain"]

    def documents(self) -> Iterator[tuple[str, dict[str, Any]]]:
        yield from in_pieces("document-0", self.TEXT)


def test_a_text_of_a_hundred_megabytes(cluster: Cluster) -> None:
    client = cluster.client()
    OpenSearchEngine(client, "long").write(iter(ENTRIES[:10]), "digest", beside=Long())
    names = [name for name, _ in Long().documents()]
    assert len(names) == 51
    pieces = [client.get(index="long", id=name)["_source"]["content"] for name in names]
    assert "".join(pieces) == Long.TEXT


def test_counts_that_are_forgotten_are_asked_again(engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.retrieval.opensearch._COUNTED", 0)
    engine.index(Entry(number, "en", [f"t{number % 7}", f"u{number % 5}"]) for number in range(70))
    several = [Group({f"t{number}": 1.0, f"u{number}": 0.5}) for number in range(4)]
    first = engine.search(several, "en", 70)
    assert engine.search([*several[2:], Group({"t5": 1.0, "t6": 0.5}), *several[:2]], "en", 70)
    assert engine.search(several, "en", 70) == first


def test_a_new_corpus_takes_the_old_ones_place(cluster: Cluster) -> None:
    first, second = (OpenSearchEngine(cluster.client(), "swapped") for _ in range(2))
    first.write(iter(ENTRIES[:10]), "one")
    assert len(first.search(PAIN, "en", 99)) == 10
    second.write(iter(ENTRIES[:20]), "two")
    assert len(second.search(PAIN, "en", 99)) == 20
    assert len(first.search(PAIN, "en", 99)) == 10  # who still reads the one before is not cut off
    assert first.replaced()
    assert not second.replaced()
    with pytest.raises(EngineError, match="another corpus"):
        first.attach("one")
    OpenSearchEngine(cluster.client(), "swapped-too").write(iter(ENTRIES[:5]), "of another name")
    second.write(iter(ENTRIES[:30]), "three")
    assert len(cluster.client().indices.get(index="swapped-*")) == 3
    with pytest.raises(EngineError, match="start again"):
        first.search(PAIN, "en", 99)


def test_a_cluster_that_is_away_is_told_and_comes_back(cluster: Cluster) -> None:
    engine = OpenSearchEngine(cluster.client(), "away")
    with pytest.raises(EngineError, match="no index"):
        engine.attach("anything")
    nobody = OpenSearchEngine(type(cluster.client())(hosts=["http://127.0.0.1:9"], timeout=1, max_retries=0))
    with pytest.raises(EngineError, match="cannot be reached"):
        nobody.attach("anything")
