"""One run over all retrievers of one size: built one after the other, asked in turn, each question several times.

What each holds is measured in a process of its own, since what one frees the next one takes.
"""

import gc
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tests.benchmarks.peers import PEERS, Ask
from tests.benchmarks.texts import Terms, Texts

REPEATS = 7
_WARMING = 1.0  # seconds of questions before any counts: Java compiles what is asked often
_SLOW = 0.05  # seconds a question from which a retriever is warmed up by three, and asked each once
_WEIGHED_FROM = 100_000  # passages: what a smaller index holds drowns in what Python holds


@dataclass(frozen=True)
class Row:
    """A retriever at a size: milliseconds a question (median, 99th percentile), seconds to build, megabytes held.

    `memory` is None where it was not measured, or is held by another program.
    """

    name: str
    size: int
    median: float
    p99: float
    build: float
    memory: float | None


def measure(texts: Texts, size: int, questions: int, in_a_row: int) -> tuple[list[Row], list[str]]:
    """(rows, why others are missing). Each retriever is asked `in_a_row` questions before it is the next one's turn.

    Of the repeats of one question the fastest counts: the machine may be shared.
    """
    gc.collect()  # what was built for another size
    built: list[tuple[str, Ask, float]] = []
    missing = []
    for name, build, most in PEERS:
        if size > most:
            continue
        begun = time.perf_counter()
        try:
            ask = build(texts.passages(size))
        except ImportError as problem:
            missing.append(f"{name}: {problem.msg or problem.name}")
            continue
        built.append((name, ask, time.perf_counter() - begun))
    asked = texts.questions[:questions]
    times = _asked_in_turn([ask for _, ask, _ in built], asked, in_a_row)
    rows = [
        Row(name, size, float(np.median(own)), float(np.percentile(own, 99)), took, None)
        for (name, _, took), own in zip(built, times * 1_000, strict=True)
    ]
    return rows, missing


def _asked_in_turn(
    asks: Sequence[Ask], asked: Sequence[Terms], in_a_row: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Seconds by retriever and question."""
    times = np.full((len(asks), len(asked)), np.inf)
    repeats = []
    for ask in asks:
        for query in asked[:3]:
            begun = time.perf_counter()
            ask(query)
            took = time.perf_counter() - begun
        slow = took > _SLOW
        repeats.append(1 if slow else REPEATS)
        over = time.perf_counter() + (0 if slow else _WARMING)
        while time.perf_counter() < over:
            for query in asked[:20]:
                ask(query)
    gc.collect()
    gc.freeze()  # what is built is no garbage: looking at it again and again would be counted in with the questions
    for first in range(0, len(asked), in_a_row):
        for turn in range(REPEATS):
            for number, ask in enumerate(asks):
                for at in range(first, min(first + in_a_row, len(asked)) if turn < repeats[number] else first):
                    begun = time.perf_counter()
                    said = ask(asked[at])
                    took = said if isinstance(said, float) else time.perf_counter() - begun
                    times[number, at] = min(times[number, at], took)
    gc.unfreeze()
    return times


def weighed(texts: Texts, rows: Sequence[Row]) -> list[Row]:
    """The same with the megabytes that each retriever holds; None for few passages, or where it answers elsewhere."""
    made = list(rows)
    with tempfile.NamedTemporaryFile() as file:
        pickle.dump(texts, file)
        file.flush()
        for at, row in enumerate(rows):
            if row.size < _WEIGHED_FROM:
                continue
            order = [sys.executable, "-m", "tests.benchmarks.weighing", file.name, str(row.size), row.name]
            said = subprocess.run(order, capture_output=True, text=True, check=True).stdout
            if said.strip() != "elsewhere":
                made[at] = replace(row, memory=float(said))
    return made
