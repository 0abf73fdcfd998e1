"""Three real OpenSearch nodes on loopback, in one Java process that the tests start and end."""

import os
import queue
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from opensearchpy import OpenSearch, OpenSearchException

from tests.cluster.machine import HEAP_MEGABYTES, HERE, LackError, check_room, jars, java, ports

NODES = 3
PATIENCE = 600  # seconds that any one step may take on a machine with much else to do
_STARTS = 3
_OFFSETS = [*range(NODES), *range(100, 100 + NODES)]  # of HTTP, of the nodes among themselves


class DownError(Exception):
    """The Java process has ended, or says nothing more; with the end of its log."""


class Cluster:
    """The nodes' addresses, and a hand on their switches; nodes count from 0."""

    def __init__(self, order: list[str], folder: Path, first_port: int) -> None:
        self.urls = [f"http://127.0.0.1:{first_port + number}" for number in range(NODES)]
        self._log = folder / "log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [*order, str(folder / "nodes"), str(first_port), str(NODES)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._said: queue.Queue[str | None] = queue.Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def client(self, timeout: float = 120.0, tries: int = 1) -> OpenSearch:
        """A client that knows every node, and asks so many of them before it gives up."""
        return OpenSearch(hosts=self.urls, timeout=timeout, max_retries=tries - 1, pool_maxsize=16)

    def health(self, nodes: int, status: str = "green") -> dict[str, Any]:
        """The cluster's health once it has so many nodes and this status, or as it is when patience ends."""
        client, until = self.client(tries=3), time.monotonic() + PATIENCE
        while True:
            try:
                found: dict[str, Any] = client.cluster.health()
                if (found["number_of_nodes"], found["status"]) == (nodes, status) or time.monotonic() > until:
                    return found
            except OpenSearchException:
                if time.monotonic() > until:
                    raise
            time.sleep(0.5)

    def stop(self, node: int) -> None:
        """Ends one node."""
        self._say(f"stop {node}")

    def start(self, node: int) -> None:
        """Starts it again."""
        self._say(f"start {node}")

    def ready(self) -> None:
        """Returns once all nodes have found each other; raises DownError when they do not."""
        self._await("ready")
        try:
            found = self.health(NODES)
        except OpenSearchException as problem:
            raise DownError(f"the cluster does not answer: {problem}") from problem
        if (found["number_of_nodes"], found["status"]) != (NODES, "green"):
            raise DownError(f"the nodes did not find each other: {found}")

    def end(self) -> None:
        """Ends all nodes, by force where they do not end by themselves."""
        with suppress(OSError, subprocess.TimeoutExpired):
            if self._process.poll() is None:
                self._write("end")
                self._process.wait(60)
        self._process.kill()
        self._listener.join(60)
        with suppress(OSError):  # something may be left that was never written
            self._process.__exit__(None, None, None)  # closes the pipes, and waits

    def _say(self, command: str) -> None:
        self._write(command)
        self._await(f"done {command}")

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _await(self, wanted: str) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                line = self._said.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                raise DownError(f"the cluster did not say {wanted!r} in time\n{self._last()}") from None
            if line is None:
                raise DownError(f"the cluster ended before it said {wanted!r}\n{self._last()}")
            if line == wanted:
                return

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.put(line.strip())
        self._said.put(None)

    def _last(self) -> str:
        return self._log.read_text("utf-8", "replace")[-3_000:]


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The cluster, once all nodes have found each other; skipped, with the reason, where it cannot be had."""
    if not os.environ.get("FONTE_CLUSTER"):
        pytest.skip("takes minutes and 50 MB of jars: run by `make test-cluster`")
    folder = tmp_path_factory.mktemp("cluster")
    try:
        check_room(folder)
        order = [java(), f"-Xmx{HEAP_MEGABYTES}m", "-cp", jars(), str(HERE / "Cluster.java")]
    except LackError as lack:
        pytest.skip(str(lack))
    running = _started(order, folder)
    yield running
    running.end()


def _started(order: list[str], folder: Path) -> Cluster:
    """The cluster on free ports; on others where somebody else was quicker to take those."""
    for turn, port in zip(range(_STARTS), ports(_OFFSETS), strict=False):
        aside = folder / str(turn)
        aside.mkdir()
        running = Cluster(order, aside, port)
        try:
            running.ready()
        except DownError:
            running.end()
            if turn == _STARTS - 1:
                raise
        else:
            return running
    pytest.skip("no free ports")
