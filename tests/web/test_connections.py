"""Connections and workers under pressure: a full queue refuses at once, the slow and the idle are in nobody's way."""

import http.client
import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from qa.answering.answerer import Answer, Answerer
from tests.serving import Serving
from web import connections, server
from web.connections import Connection, Workers

WORKERS = server.THREADS


class Gate(Answerer):
    """Answers about "wait" only when the gate is open."""

    def __init__(self, answerer: Answerer) -> None:
        self.open = threading.Event()
        super().__init__(answerer.corpus)

    def ask(self, question: str, language: str | None = None, limit: int = 3, history: Sequence[str] = ()) -> Answer:
        """The real answer, later."""
        if "wait" in question:
            assert self.open.wait(60)
        return super().ask(question, language, limit, history)


def soon(so: Callable[[], bool]) -> None:
    """Waits until it is so."""
    until = time.monotonic() + 30
    while not so():
        assert time.monotonic() < until
        time.sleep(0.01)


def ask(address: str, question: str) -> tuple[int, dict[str, str], Any]:
    """Status, headers and body of a question."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    body = json.dumps({"question": question, "limit": 1}).encode()
    connection.request("POST", "/ask", body, {"Content-Type": "application/json"})
    reply = connection.getresponse()
    told = reply.status, dict(reply.headers), json.loads(reply.read())
    connection.close()
    return told


def test_a_full_queue_refuses_at_once_and_loses_nothing(shipped: Answerer) -> None:
    gate, statuses = Gate(shipped), []
    serving = Serving(gate, queue=2)
    with serving as address:
        asking = [
            threading.Thread(target=lambda: statuses.append(ask(address, "wait for magnesium")[0]))
            for _ in range(WORKERS + 2)
        ]
        try:
            for thread in asking:
                thread.start()
            soon(lambda: len(serving.workers.queue) == 2)
            status, headers, body = ask(address, "wait, I come too late")
        finally:
            gate.open.set()
        for thread in asking:
            thread.join()
        assert ask(address, "magnesium")[0] == 200
    assert (status, headers["Retry-After"], body["error"]["code"]) == (503, "5", "unavailable")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert statuses == [200] * (WORKERS + 2)


def test_a_byte_now_and_then_keeps_no_connection_for_ever(shipped: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 0.5)
    with Serving(shipped) as address, _connected(address) as slow:
        slow.sendall(b"POST /ask HTTP/1.1\r\n")
        assert ask(address, "magnesium")[0] == 200
        ended = False
        until = time.monotonic() + 30
        while not ended and time.monotonic() < until:
            try:
                slow.sendall(b"X")
                slow.settimeout(0.2)
                ended = slow.recv(1) == b""
            except TimeoutError:
                continue
            except OSError:
                ended = True
        assert ended


def test_where_there_is_no_room_the_idlest_goes(shipped: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 20)
    with Serving(shipped) as address:
        idle = []
        for _ in range(60):
            idle.append(_connected(address))
            assert ask(address, "magnesium")[0] == 200
        gone = [each for each in idle if _closed(each)]
        assert len(gone) >= 40
        assert gone == idle[: len(gone)]
        for each in idle:
            each.close()


def _connected(address: str) -> socket.socket:
    host, _, port = address.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=30)


def _closed(connection: socket.socket) -> bool:
    connection.settimeout(0.01)
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


class Task:
    """Something to do that takes a while."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.done, self.cancelled = seconds, False, False

    def service(self) -> None:
        time.sleep(self.seconds)
        self.done = True

    def cancel(self) -> None:
        self.cancelled = True


def test_a_stop_finishes_what_waits_too() -> None:
    workers, tasks = Workers(2, 64), [Task(0.01) for _ in range(20)]
    for task in tasks:
        workers.add_task(task)
    workers.shutdown(timeout=30)
    assert all(task.done for task in tasks)


def test_a_stop_waits_no_longer_than_it_may(caplog: pytest.LogCaptureFixture) -> None:
    workers, long, waiting = Workers(1, 64), Task(3), Task(0)
    workers.add_task(long)
    workers.add_task(waiting)
    workers.shutdown(timeout=0.2)
    assert (long.done, waiting.done, waiting.cancelled) == (False, False, True)


def test_a_connection_names_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    connection = Connection.__new__(Connection)
    connection.addr = ("192.0.2.55", 4242)
    assert "192.0.2.55" not in f"{connection!r} {connection}"
    connection.handle_close = lambda: None
    try:
        raise ValueError("a question about 192.0.2.55")
    except ValueError:
        assert sys.exc_info()[0]
        connection.handle_error()
    told = capfd.readouterr().err
    assert "ValueError" in told and "192.0.2.55" not in told and "question" not in told
