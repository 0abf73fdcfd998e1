"""The real server: `qa serve` in a process of its own, over a socket."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import Server
from tests.web.zinc import write_corpus

CANARY = "canarino verde 9917"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path, "--corpus", str(write_corpus(tmp_path / "corpus")))
    yield running
    running.kill()


def test_it_answers_says_one_line_and_keeps_no_question(server: Server) -> None:
    status, answer = server.ask(json.dumps({"question": f"zinc {CANARY}"}).encode())
    assert (status, json.loads(answer)["question"]) == (200, f"zinc {CANARY}")
    assert server.ask(json.dumps({"question": CANARY * 99}).encode())[0] == 422
    assert server.ask(f"question={CANARY}".encode(), "application/x-www-form-urlencoded")[0] == 200
    assert server.ask(CANARY.encode(), "text/plain")[0] == 415
    assert server.ask(b'{"question": "' + b"a" * 129 * 1024 + b'"}')[0] == 413
    assert server.stop(signal.SIGTERM) == 0
    written = server.log.read_text("utf-8")
    assert len(written.strip().split("\n")) == 1
    assert CANARY not in written


def test_a_stop_lets_an_answer_that_is_under_way_finish(server: Server) -> None:
    """The request is sent but for its last byte; the stop comes first, then that byte, or right after it."""
    body = json.dumps({"question": "zinc"}).encode()
    head = f"POST /ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(head.encode() + body)
        first = connection.recv(1)
        status = server.stop(signal.SIGTERM)
        rest = b"".join(iter(lambda: connection.recv(65536), b""))
    assert first + rest[:7] == b"HTTP/1.1"
    assert json.loads(rest.partition(b"\r\n\r\n")[2])["question"] == "zinc"
    assert status == 0


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (b"POST /ask HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n", 413),
        (b"GET /" + CANARY.replace(" ", "").encode() + b" HTTP/1.1\r\nbad header\r\n\r\n", 400),
        (b"POST /ask HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST /ask HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x", 400),
        (b"POST /ask HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", 400),
        (b"POST /ask HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n", 501),
        (b"get / HTTP/1.1\r\n\r\n", 400),
    ],
)
def test_what_never_reaches_the_application_is_refused_in_the_same_shape(
    server: Server, request_head: bytes, status: int
) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(request_head)
        reply = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = reply.partition(b"\r\n\r\n")
    assert head.split()[1] == str(status).encode()
    assert b"Content-Security-Policy: default-src 'none'" in head
    assert b"no-store" in head
    assert set(json.loads(body)["error"]) == {"code", "message", "field"}
    assert b"canarino" not in reply


@pytest.mark.parametrize("path", [b"/", b"/documents", b"/documents/", b"//evil.example/", b"/nope", b"/passages?p=x"])
def test_no_reply_repeats_what_the_client_calls_the_server(server: Server, path: bytes) -> None:
    """Neither a page nor a redirect: nothing that somebody between could keep and give to others."""
    names = b"Accept: text/html\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n"
    names += b"X-Forwarded-Prefix: /evil\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(b"GET " + path + b" HTTP/1.1\r\nConnection: close\r\n" + names + b"\r\n")
        reply = b"".join(iter(lambda: connection.recv(65536), b""))
    assert reply.startswith(b"HTTP/1.1 ") and b"Location:" not in reply
    assert b"evil" not in reply


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_idle_connections_do_not_hold_up_the_end(server: Server, number: int) -> None:
    with socket.create_connection(("127.0.0.1", server.port)), socket.create_connection(("127.0.0.1", server.port)):
        assert server.stop(number) == 0


def test_a_port_in_use_is_told_in_one_line(server: Server, tmp_path: Path) -> None:
    other = subprocess.run(
        [sys.executable, "-m", "qa", "serve", "--port", str(server.port), "--corpus", str(tmp_path / "corpus")],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
    )
    assert other.returncode == 2
    assert f"cannot listen on 127.0.0.1:{server.port}" in other.stderr
    assert "Traceback" not in other.stderr


def test_a_missing_corpus_is_told_in_one_line(tmp_path: Path) -> None:
    other = subprocess.run(
        [sys.executable, "-m", "qa", "serve", "--port", "0", "--corpus", str(tmp_path / "nowhere")],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
    )
    assert other.returncode == 2
    assert "no such folder" in other.stderr
    assert "Traceback" not in other.stderr
