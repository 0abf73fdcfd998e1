"""A node is stopped while people ask: nobody goes without an answer and no passage is lost."""

import threading
import time
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from qa.errors import EngineError
from qa.retrieval.embedded import EmbeddedEngine
from qa.retrieval.engine import Entry, Group
from qa.retrieval.opensearch import OpenSearchEngine
from tests.cluster.conftest import Cluster

PASSAGES = 100_000
CLIENTS = 8
_AWAY = 300.0  # seconds for which a client that is told that the cluster is away goes on asking
_PAUSE = 2.0
_VOCABULARY = 30_000
_STOPPED = 30  # nobody asks for the commonest terms: in real texts they are stop words


def _entries() -> Iterator[Entry]:
    draw = np.random.default_rng(8)
    for number in range(PASSAGES):
        ranks = draw.zipf(1.25, 40) % _VOCABULARY
        yield Entry(number, "en", [f"t{rank}" for rank in ranks.tolist()])


def _queries() -> list[list[Group]]:
    draw = np.random.default_rng(9)
    queries = []
    for _ in range(40):
        drawn = [f"t{_STOPPED + rank}" for rank in (draw.zipf(1.25, 9) % _VOCABULARY).tolist()]
        groups = [Group(dict(zip(drawn[at : at + 3], (1.0, 0.6, 0.3), strict=True))) for at in (0, 3, 6)]
        queries.append(groups)
    return queries


class _Asking:
    """Clients that ask one question after the other, and ask again where they are told that the cluster is away."""

    def __init__(self, engine: OpenSearchEngine, queries: Sequence[Sequence[Group]]) -> None:
        self._engine, self._queries = engine, queries
        self._over = threading.Event()
        self.answered = [0] * CLIENTS
        self.asked_again = [0] * CLIENTS
        self.wrong: list[str] = []
        self._expected = [self._engine.search(query, "en", 5) for query in queries]
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(CLIENTS)]

    def __enter__(self) -> "_Asking":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, client: int) -> None:
        at = client
        while not self._over.is_set():
            at = (at + 1) % len(self._queries)
            try:
                found = self._search(client, at)
            except EngineError as problem:
                self.wrong.append(str(problem))
                continue
            if found != self._expected[at]:
                self.wrong.append(f"query {at}: another answer")
            self.answered[client] += 1

    def _search(self, client: int, at: int) -> object:
        until = time.monotonic() + _AWAY
        while True:
            try:
                return self._engine.search(self._queries[at], "en", 5)
            except EngineError:
                if time.monotonic() > until:
                    raise
            self.asked_again[client] += 1
            time.sleep(_PAUSE)


def test_a_node_stops_and_returns(cluster: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    embedded = EmbeddedEngine()
    embedded.index(_entries())
    engine, client = OpenSearchEngine(cluster.client(), "stopping"), cluster.client(tries=3)
    begun = time.monotonic()

    def tell(line: str) -> None:
        with capsys.disabled():
            print(f"\n{time.monotonic() - begun:6.1f} s  {line}", end="")

    engine.write(_entries(), "stopping", shards=3, replicas=1)
    cluster.health(3)
    tell(f"{PASSAGES:,} passages indexed, 3 shards, 1 replica, green")
    queries = _queries()
    for query in queries:
        expected, found = embedded.search(query, "en", 10), engine.search(query, "en", 10)
        assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], rel=1e-6)
    tell(f"{len(queries)} queries score as they do in the embedded engine")
    with _Asking(engine, queries) as asking:
        time.sleep(5)
        tell(f"{sum(asking.answered)} answers to {CLIENTS} clients; node 2 is stopped")
        cluster.stop(2)
        cluster.health(2, "yellow")
        time.sleep(10)
        tell(f"{sum(asking.answered)} answers, two nodes, {client.cluster.health()['status']}")
        client.indices.refresh(index="stopping")
        held = client.count(index="stopping", body={"query": {"term": {"kind": "passage"}}})["count"]
        cluster.start(2)
        health = cluster.health(3)
        tell(f"{sum(asking.answered)} answers, {held:,} passages held meanwhile, {health['status']} again")
    tell(f"{sum(asking.answered)} answers in all, {sum(asking.asked_again)} asked again, {len(asking.wrong)} wrong")
    assert held == PASSAGES
    assert health["status"] == "green"
    assert health["number_of_nodes"] == 3
    assert asking.wrong == []
    assert min(asking.answered) > 0
