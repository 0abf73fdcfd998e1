"""The whole of an answer: `Answerer.ask` in this process, and `POST /ask` of a real server with 1, 8 and 64 clients."""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from qa.answering.answerer import Answerer
from qa.documents.corpus import load_corpus
from qa.settings import SHIPPED_CORPUS

_SECONDS = 10.0
_CLIENTS = (1, 8, 64)


def measure_product() -> dict[str, str]:
    """What to say of each measurement."""
    asked = [
        json.loads(line)["question"] for line in (SHIPPED_CORPUS / "questions.jsonl").read_text("utf-8").splitlines()
    ]
    begun = time.perf_counter()
    answerer = Answerer(load_corpus(SHIPPED_CORPUS))
    opened = time.perf_counter() - begun
    for question in asked:
        answerer.ask(question)
    times = []
    for question in asked:
        begun = time.perf_counter()
        answerer.ask(question)
        times.append((time.perf_counter() - begun) * 1_000)
    told = {
        "opening the five texts": f"{opened * 1_000:.0f} ms",
        "Answerer.ask": f"{np.median(times):.2f} ms, p99 {np.percentile(times, 99):.2f} ms",
    }
    with _server() as port:
        for clients in _CLIENTS:
            told[f"POST /ask, {clients} clients"] = _load(port, asked, clients)
    return told


@contextmanager
def _server() -> Iterator[int]:
    started = subprocess.Popen([sys.executable, "-m", "qa", "serve", "--port", "0"], stderr=subprocess.PIPE, text=True)
    try:
        assert started.stderr is not None
        port = next(int(line.rstrip("/\n").rsplit(":", 1)[1]) for line in started.stderr if "http://" in line)
        yield port
    finally:
        started.terminate()
        started.wait()


def _load(port: int, asked: list[str], clients: int) -> str:
    times: list[float] = []
    failed: list[int] = []
    over = time.perf_counter() + _SECONDS

    def ask(client: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        at = client
        while time.perf_counter() < over:
            at += 1
            body = json.dumps({"question": asked[at % len(asked)]})
            begun = time.perf_counter()
            connection.request("POST", "/ask", body, {"Content-Type": "application/json"})
            reply = connection.getresponse()
            reply.read()
            times.append((time.perf_counter() - begun) * 1_000)
            if reply.status != 200:
                failed.append(reply.status)

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(times) / _SECONDS
    return (
        f"{rate:.0f} a second, median {np.median(times):.1f} ms, p99 {np.percentile(times, 99):.0f} ms, "
        f"{len(failed)} errors"
    )
