"""The whole of an answer: `Answerer.ask` in this process, and `POST /ask` of a real server with 1, 8 and 64 clients."""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from qa.answering.answerer import Answerer
from qa.documents.corpus import load_corpus
from qa.settings import SHIPPED_CORPUS

_CLIENTS = (1, 8, 64)


def measure_product(seconds: float) -> dict[str, str]:
    """What to say of each measurement; over HTTP each number of clients asks for so many seconds."""
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
    with _server() as (port, process):
        _load(port, asked, 1, seconds / 2)
        for clients in _CLIENTS:
            before = _resident(process)
            said = _load(port, asked, clients, seconds)
            told[f"POST /ask, {clients} clients"] = f"{said}, server {before:.0f} → {_resident(process):.0f} MB"
    return told


def _resident(process: int) -> float:
    """Megabytes of memory that a process holds."""
    return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1]) * 4096 / 1e6


@contextmanager
def _server() -> Iterator[tuple[int, int]]:
    """(port, process) of a server over the five texts."""
    started = subprocess.Popen([sys.executable, "-m", "qa", "serve", "--port", "0"], stderr=subprocess.PIPE, text=True)
    try:
        assert started.stderr is not None
        port = next(int(line.rstrip("/\n").rsplit(":", 1)[1]) for line in started.stderr if "http://" in line)
        yield port, started.pid
    finally:
        started.terminate()
        started.wait()


def _load(port: int, asked: list[str], clients: int, seconds: float) -> str:
    times: list[float] = []
    failed: list[object] = []
    over = time.perf_counter() + seconds

    def ask(client: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        at = client
        while time.perf_counter() < over:
            at += 1
            body = json.dumps({"question": asked[at % len(asked)]})
            begun = time.perf_counter()
            try:
                connection.request("POST", "/ask", body, {"Content-Type": "application/json"})
                reply = connection.getresponse()
                reply.read()
            except (OSError, http.client.HTTPException) as problem:
                failed.append(problem)
                connection.close()
                continue
            if reply.status != 200:
                failed.append(reply.status)
            times.append((time.perf_counter() - begun) * 1_000)

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(times) / (time.perf_counter() - begun)
    return (
        f"{rate:.0f} a second ({len(times):,} in all), median {np.median(times):.1f} ms, "
        f"p99 {np.percentile(times, 99):.0f} ms, {len(failed)} errors"
    )
