"""One run over all retrievers of one size: built one after the other, asked in turn, each question several times."""

import gc
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.benchmarks.peers import PEERS, Ask
from tests.benchmarks.texts import Terms, Texts

REPEATS = 3


@dataclass(frozen=True)
class Row:
    """A retriever at a size: milliseconds a question (median, 99th percentile), seconds to build, megabytes held."""

    name: str
    size: int
    median: float
    p99: float
    build: float
    memory: float


def measure(texts: Texts, size: int, questions: int) -> tuple[list[Row], list[str]]:
    """(rows, why others are missing). Of the repeats of one question the fastest counts: the machine may be shared."""
    built: list[tuple[str, Ask, float, float]] = []
    missing = []
    for name, build, most in PEERS:
        if size > most:
            continue
        gc.collect()
        before, begun = _resident(), time.perf_counter()
        try:
            ask = build(texts.passages(size))
        except ImportError as problem:
            missing.append(f"{name}: {problem.name} is not installed")
            continue
        took = time.perf_counter() - begun
        gc.collect()
        built.append((name, ask, took, _resident() - before))
    asked = texts.questions[:questions]
    times = _asked_in_turn([ask for _, ask, _, _ in built], asked)
    rows = [
        Row(name, size, float(np.median(own)), float(np.percentile(own, 99)), took, held)
        for (name, _, took, held), own in zip(built, times * 1_000, strict=True)
    ]
    return rows, missing


def _asked_in_turn(asks: Sequence[Ask], asked: Sequence[Terms]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Seconds by retriever and question."""
    times = np.full((len(asks), len(asked)), np.inf)
    for ask in asks:
        for query in asked[:20]:
            ask(query)
    for at, query in enumerate(asked):
        for _ in range(REPEATS):
            for number, ask in enumerate(asks):
                begun = time.perf_counter()
                ask(query)
                times[number, at] = min(times[number, at], time.perf_counter() - begun)
    return times


def exponent(rows: Sequence[Row]) -> float | None:
    """By what power of the number of passages the median grows; None from fewer than three sizes."""
    if len(rows) < 3:
        return None
    return float(np.polyfit(np.log([row.size for row in rows]), np.log([row.median for row in rows]), 1)[0])


def _resident() -> float:
    """Megabytes of memory that this process holds; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return 0.0
    return pages * 4096 / 1e6
