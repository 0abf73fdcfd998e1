"""`make soak`: many connections at once, valid and invalid requests mixed; every reply must be the one given alone.

First each request is sent alone and its reply kept. Then `--connections` send them in random order, for `--seconds` or
until `--requests` are sent, while `--idle` connections do nothing and `--slow` send a byte a second. Fresh questions,
which nobody asked before, are asked again alone at the end. Everything stays on this machine.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from qa.settings import SHIPPED_CORPUS
from tests.event_loop import run_apart
from tests.reliability.running import Stopwatch, quantile, resident, sentences, told
from tests.serving import Server

Reply = tuple[int, bytes]
_BROWSER = "text/html,*/*;q=0.8"
_FRESH = 0.05  # of the requests are questions nobody asked before
_MOST_FRESH = 400  # of which so many are compared


def request(method: str, path: str, body: bytes = b"", kind: str = "", **headers: str) -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"Content-Type: {kind}"] * bool(kind) + [
        f"{name.replace('_', '-')}: {value}" for name, value in headers.items()
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def ask(question: str, **more: object) -> bytes:
    """A question as JSON."""
    return request("POST", "/ask", json.dumps({"question": question, **more}).encode(), "application/json")


def mixture() -> list[bytes]:
    """Valid requests of every kind, and some that must be refused."""
    rows = [json.loads(line) for line in (SHIPPED_CORPUS / "questions.jsonl").read_text("utf-8").splitlines() if line]
    found = [ask(row["question"], history=row.get("history", [])[:10]) for row in rows[:60]]
    found += [ask(row["question"], language="it", limit=10) for row in rows[:10]]
    form = "application/x-www-form-urlencoded"
    found += [
        request("POST", "/ask", urlencode({"question": row["question"]}).encode(), form, Accept=_BROWSER)
        for row in rows[60:75]
    ]
    texts = sentences()
    for at in range(0, 60, 6):
        body = json.dumps({"text": " ".join(texts[at : at + 6])}).encode()
        found.append(request("POST", "/assess", body, "application/json"))
    for path in ("/", "/documents", "/check", "/how-to-read", "/documents/it/mesoterapia-antalgica", "/nothing"):
        found.append(request("GET", path, Accept=_BROWSER))
    for path in ("/healthz", "/documents", "/documents/nothing", "/documents/..%2f..%2fetc%2fpasswd", "/%00"):
        found.append(request("GET", path, Accept="application/json"))
    found += [
        request("POST", "/ask", b"{" * 50, "application/json"),
        request("POST", "/ask", b"\xff\xfe", "application/json"),
        request("POST", "/ask", b"[]", "application/json"),
        request("POST", "/ask", b"question", "text/plain"),
        request("POST", "/ask", b'{"question": "' + b"a" * 140_000 + b'"}', "application/json"),
        request("POST", "/ask", b'{"question": "magnesio"}', "application/json", Sec_Fetch_Site="cross-site"),
        request("PUT", "/ask"),
        request("GET", f"/passages?p={quote('it/nothing#1')}", Accept=_BROWSER),
        ask(""),
        ask("\u202e\x00"),
        ask("magnesio", limit=11),
        ask("magnesio", limit=True),
        ask("magnesio", colour="red"),
        ask("x" * 1_001),
        ask("magnesio", history=["x"] * 11),
    ]
    return found


class Line:
    """A connection that stays open as long as the server lets it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, data: bytes) -> Reply:
        """Status and body of the reply."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(data)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = head.partition("content-length:")[2].partition("\r\n")[0]
        body = await reader.readexactly(int(length))
        if "\r\nconnection: close" in head:
            self.close()
        return int(head.split()[1]), body

    def close(self) -> None:
        """Ends it."""
        if self._streams:
            self._streams[1].close()
            self._streams = None


@dataclass
class Soak:
    """A run: its figures as they come in."""

    port: int
    process: int
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    fresh: dict[bytes, Reply] = field(default_factory=dict)
    wrong: int = 0
    lost: int = 0
    slow_bytes: int = 0

    async def run(self, connections: int, idle: int, slow: int, seconds: float, requests: int, seed: int) -> None:
        """All of it."""
        chance, every = random.Random(seed), mixture()
        alone = Line(self.port)
        expected = {data: await alone.send(data) for data in every}
        for data in every:  # nor do they depend on what was asked before
            self.compare(await alone.send(data), expected[data], data)
        alone.close()  # the server would, after a minute
        idlers = [await asyncio.open_connection("127.0.0.1", self.port) for _ in range(idle)]
        crawling = [asyncio.create_task(self.crawl()) for _ in range(slow)]
        measuring = asyncio.create_task(self.measure())
        self.end, self.left = time.monotonic() + seconds, requests
        workers = [self.work(expected, random.Random(chance.random())) for _ in range(connections)]
        await asyncio.gather(*workers)
        for task in (*crawling, measuring):
            task.cancel()
        await asyncio.gather(*crawling, measuring, return_exceptions=True)
        for _, writer in idlers:
            writer.close()
        for data, reply in self.fresh.items():
            self.compare(reply, await alone.send(data), data)
        alone.close()
        await asyncio.sleep(0.1)  # what was closed is let go in the next turns of the loop

    async def work(self, expected: dict[bytes, Reply], chance: random.Random) -> None:
        """One connection after its last reply sends the next request."""
        line, every, words = Line(self.port), list(expected), " ".join(sentences()).split()
        while time.monotonic() < self.end and self.left > 0:
            self.left -= 1
            fresh = chance.random() < _FRESH
            data = ask(" ".join(chance.sample(words, 6))) if fresh else chance.choice(every)
            begun = time.perf_counter()
            try:
                reply = await line.send(data)
            except (OSError, EOFError, ValueError):
                self.lost += 1
                line.close()
                continue
            self.seconds.append(time.perf_counter() - begun)
            self.statuses[reply[0]] += 1
            if not fresh:
                self.compare(reply, expected[data], data)
            elif len(self.fresh) < _MOST_FRESH:
                self.fresh[data] = reply
        line.close()

    def compare(self, reply: Reply, expected: Reply, data: bytes) -> None:
        """Counts a reply that is another than the one given alone."""
        if reply != expected:
            self.wrong += 1
            if self.wrong <= 3:
                print(f"WRONG: {data[:200]!r}: {reply[0]} {reply[1][:200]!r}", file=sys.stderr)

    async def crawl(self) -> None:
        """A client that sends a byte a second."""
        while True:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                for byte in ask("is kratom addictive"):
                    writer.write(bytes([byte]))
                    self.slow_bytes += 1
                    await asyncio.sleep(1)
                    if writer.is_closing():
                        break
            finally:
                writer.close()

    async def measure(self) -> None:
        """The server's memory, twice a second."""
        while True:
            self.memory.append(resident(self.process))
            await asyncio.sleep(0.5)

    def figures(self) -> dict[str, object]:
        """What is told."""
        half = self.memory[len(self.memory) // 2] if self.memory else 0.0
        return {
            "requests": len(self.seconds) + self.lost,
            "replies that differ from the one given alone": self.wrong,
            "requests without a reply": self.lost,
            "5xx": sum(count for status, count in self.statuses.items() if status >= 500),
            "refused (4xx)": sum(count for status, count in self.statuses.items() if 400 <= status < 500),
            "fresh questions asked again alone": len(self.fresh),
            "median, ms": 1_000 * quantile(self.seconds, 0.5),
            "p99, ms": 1_000 * quantile(self.seconds, 0.99),
            "memory at the start, MB": self.memory[0] if self.memory else 0.0,
            "memory half way, MB": half,
            "memory at the end, MB": self.memory[-1] if self.memory else 0.0,
            "bytes sent by slow clients": self.slow_bytes,
        }


def run(
    connections: int = 64, idle: int = 500, slow: int = 20, seconds: float = 120, requests: int = 100_000, seed: int = 1
) -> dict[str, object]:
    """Figures of a run against a server of its own."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            soak = Soak(server.port, server.process.pid)
            clock = Stopwatch()
            run_apart(lambda: soak.run(connections, idle, slow, seconds, requests, seed))
            figures = soak.figures()
            took = clock()
            lines = server.log.read_text("utf-8").strip().split("\n")[1:]
            return {**figures, "server's lines": len(lines), "seconds in all": took}
        finally:
            server.kill()


def good(figures: dict[str, object]) -> bool:
    """Whether nothing was wrong or lost, and memory did not grow in the second half by a tenth."""
    names = ("replies that differ from the one given alone", "requests without a reply", "5xx", "server's lines")
    half, end = (float(str(figures[f"memory {when}, MB"])) for when in ("half way", "at the end"))
    return not any(figures[name] for name in names) and end <= 1.1 * half


def main() -> None:
    """Runs it and tells the figures; exit status 1 when anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("connections", 64), ("idle", 500), ("slow", 20), ("seconds", 120), ("requests", 100_000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--seed", type=int, default=1)
    figures = run(**vars(parser.parse_args()))
    print("\n".join(told(figures)))
    sys.exit(not good(figures))


if __name__ == "__main__":
    main()
