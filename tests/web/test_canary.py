"""A question and an address that occur nowhere else are looked for in all that the server writes, errors included."""

import http.client
import json
import os
import signal
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from qa.answering.answerer import Answer, Answerer
from qa.errors import EngineError
from tests.serving import Server, Serving
from tests.web.zinc import BROWSER, write_corpus

QUESTION = "canarygrass zinc quokkaberry"
ADDRESS = "203.0.113.77"
WORDS = (b"canarygrass", b"quokkaberry", ADDRESS.encode(), socket.inet_aton(ADDRESS))
FORM = "application/x-www-form-urlencoded"

REQUESTS: list[tuple[str, str, bytes, str]] = [
    ("POST", "/ask", json.dumps({"question": QUESTION, "history": [QUESTION]}).encode(), "application/json"),
    ("POST", "/ask", urlencode({"question": QUESTION, "history": QUESTION}).encode(), FORM),
    ("POST", "/assess", json.dumps({"text": QUESTION * 9}).encode(), "application/json"),
    ("POST", "/ask", json.dumps({"question": QUESTION * 99}).encode(), "application/json"),
    ("POST", "/ask", json.dumps({QUESTION: 1}).encode(), "application/json"),
    ("POST", "/ask", json.dumps({"question": "zinc", "language": QUESTION}).encode(), "application/json"),
    ("POST", "/ask", b'{"question": "' + QUESTION.encode(), "application/json"),
    ("POST", "/ask", QUESTION.encode(), "text/plain"),
    ("POST", "/ask", QUESTION.encode() * 6_000, "application/json"),
    ("PUT", "/ask", QUESTION.encode(), "application/json"),
]


def send(port: int) -> list[int]:
    """Sends every request, as a proxy would for a client with the address; gives the statuses."""
    statuses = []
    for method, path, body, kind in REQUESTS:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Content-Type": kind, "X-Forwarded-For": ADDRESS} | (BROWSER if kind == FORM else {})
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        statuses.append(reply.status)
        assert not reply.headers.get("Set-Cookie")
        told = reply.read()
        if kind != FORM and reply.status >= 400:
            assert not any(word in told for word in WORDS)
        connection.close()
    return statuses


def test_nothing_that_is_written_holds_them(tmp_path: Path) -> None:
    corpus, work = write_corpus(tmp_path / "corpus"), tmp_path / "work"
    (work / "tmp").mkdir(parents=True)
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(work / "tmp")
    try:
        server = Server(
            work, "--corpus", str(corpus), cache=str(work / "cache"), rate="12", proxy="127.0.0.1", reload="true"
        )
    finally:
        os.environ.pop("TMPDIR") if before is None else os.environ.update(TMPDIR=before)
    try:
        assert send(server.port) == [200, 200, 200, 422, 422, 422, 400, 415, 413, 405]
        assert 429 in send(server.port)
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
            connection.sendall(f"GET /{QUESTION} HTTP/9\r\n{QUESTION}\r\nX-Forwarded-For {ADDRESS}\r\n\r\n".encode())
            assert not any(word in connection.recv(65_536) for word in WORDS)
        server.process.send_signal(signal.SIGHUP)
        health = json.dumps(server.health()).encode()
        assert server.stop(signal.SIGTERM) == 0
    finally:
        server.kill()
    written = [path for path in (*work.rglob("*"), *corpus.rglob("*")) if path.is_file()]
    assert {path.name for path in written} >= {"server.log", "sources.toml"}
    assert list((work / "cache").glob("index-*.bin"))
    for place, data in (("/healthz", health), *((str(path), path.read_bytes()) for path in written)):
        assert [word for word in WORDS[:3] if word in data] == [], place
    assert not [path for path in written if path.parent == work / "tmp"]


class Failing(Answerer):
    """Fails in every way, with the question in the message."""

    problem: type[Exception] = ZeroDivisionError

    def ask(self, question: str, language: str | None = None, limit: int = 3, history: Sequence[str] = ()) -> Answer:
        """Never an answer."""
        raise self.problem(question, ADDRESS)


class AwayError(EngineError):
    """The engine is away; its own words hold no question."""

    def __init__(self, *said: Any) -> None:
        super().__init__("the engine cannot be reached")


@pytest.mark.parametrize(("problem", "status"), [(ZeroDivisionError, 500), (MemoryError, 500), (AwayError, 503)])
def test_nor_do_errors_of_ours(
    shipped: Answerer, problem: type[Exception], status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    failing = Failing(shipped.corpus)
    failing.problem = problem
    with Serving(failing, proxy="127.0.0.1", rate=100) as address:
        statuses = send(int(address.rpartition(":")[2]))
    assert statuses[:2] == [status, status]
    told = "".join(capfd.readouterr()).encode()
    assert told
    assert [word for word in WORDS[:3] if word in told] == []
