"""`POST /ask` of real servers, asked over HTTP by 1, 8 and 64 clients that keep their connections.

Two servers share the clients as a proxy would part them: that is what `compose.yaml` starts.
"""

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import numpy as np

from tests.event_loop import run_apart
from tests.reliability.running import resident
from tests.reliability.soak import ask

CLIENTS = (1, 8, 64)
SERVERS = (1, 2)
_END = b"\r\n\r\n"


def measure_load(questions: Sequence[str], seconds: float) -> dict[str, str]:
    """What to say of each number of servers and clients; each pair of numbers is asked for so many seconds."""
    requests, told = [ask(question) for question in questions], {}
    for count in SERVERS:
        with ExitStack() as stack:
            servers = [stack.enter_context(_server()) for _ in range(count)]
            _asked(servers, requests, 8, seconds / 2)  # what is read at the first answers
            for clients in CLIENTS:
                before = [resident(process) for _, process in servers]
                said = _asked(servers, requests, clients, seconds)
                grown = ", ".join(
                    f"{held:.0f} → {resident(process):.0f}" for held, (_, process) in zip(before, servers, strict=True)
                )
                told[f"POST /ask, clients {clients}, servers {count}"] = f"{said}, {grown} MB"
    return told


@contextmanager
def _server() -> Iterator[tuple[int, int]]:
    """(port, process) of a server over the five texts."""
    started = subprocess.Popen([sys.executable, "-m", "qa", "serve", "--port", "0"], stderr=subprocess.PIPE, text=True)
    try:
        assert started.stderr is not None
        port = next(int(line.rstrip("/\n").rsplit(":", 1)[1]) for line in started.stderr if "http://" in line)
        threading.Thread(target=started.stderr.read, daemon=True).start()  # a full pipe would stop the server
        yield port, started.pid
    finally:
        started.terminate()
        started.wait()


@dataclass
class _Tally:
    times: list[float] = field(default_factory=list)  # milliseconds of each answer
    failed: int = 0


def _asked(servers: Sequence[tuple[int, int]], requests: Sequence[bytes], clients: int, seconds: float) -> str:
    tally = _Tally()
    begun, worked = time.perf_counter(), time.process_time()

    async def main() -> None:
        over = begun + seconds
        await asyncio.gather(
            *(_client(servers[at % len(servers)][0], requests, at * 7, over, tally) for at in range(clients))
        )

    run_apart(main)
    took, worked = time.perf_counter() - begun, time.process_time() - worked
    times = tally.times
    return (
        f"{len(times) / took:.0f} a second ({len(times):,} in all), median {np.median(times):.1f} ms, "
        f"p99 {np.percentile(times, 99):.0f} ms, {tally.failed} errors, clients on {worked / took:.2f} of a core"
    )


async def _client(port: int, requests: Sequence[bytes], at: int, over: float, tally: _Tally) -> None:
    """Asks one question after the other; a connection that breaks counts as an error and is made anew."""
    while time.perf_counter() < over:
        writer = None
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            while time.perf_counter() < over:
                at += 1
                begun = time.perf_counter()
                writer.write(requests[at % len(requests)])
                head = (await reader.readuntil(_END)).lower()
                await reader.readexactly(int(head.partition(b"content-length:")[2].partition(b"\r\n")[0]))
                tally.times.append((time.perf_counter() - begun) * 1_000)
                tally.failed += not head.startswith(b"http/1.1 200 ")
        except (OSError, asyncio.IncompleteReadError, ValueError):
            tally.failed += 1
        finally:
            if writer is not None:
                writer.close()
