"""The whole of an answer, `Answerer.ask`: over the five texts, and over a large collection made of public ones."""

import json
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from qa.answering.answerer import Answerer
from qa.cache import Cache, in_use, use
from qa.documents.corpus import load_corpus
from qa.settings import SHIPPED_CORPUS
from tests.benchmarks.texts import asked_of, spoken_in


def shipped_questions() -> list[str]:
    """The questions to the five texts."""
    lines = (SHIPPED_CORPUS / "questions.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]


def measure_answers(public: Path | None, large: int, questions: int) -> dict[str, str]:
    """What to say of each collection; `large`: passages made from the folder `public`, 0 for none."""
    told = _measured(SHIPPED_CORPUS, shipped_questions(), "five texts")
    if public is not None and large:
        with tempfile.TemporaryDirectory() as folder:
            made = write_large(public, large, Path(folder))
            told |= _measured(made, asked_of(public)[:questions], f"{large:,} passages")
    return told


def write_large(public: Path, size: int, folder: Path) -> Path:
    """A BEIR folder of `size` passages of two to four sentences, its languages by turns; always the same ones."""
    draw = random.Random(size)
    spoken = list(spoken_in(public).values())
    with (folder / "corpus.jsonl").open("w", encoding="utf-8") as file:
        for at in range(size):
            text = " ".join(draw.choice(spoken[at % len(spoken)]) for _ in range(draw.randint(2, 4)))
            file.write(json.dumps({"_id": str(at), "title": "", "text": text}) + "\n")
    return folder


def _measured(folder: Path, asked: Sequence[str], name: str) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as cache, _using(Cache(Path(cache))):
        took = []
        for _ in range(2):
            begun = time.perf_counter()
            answerer = Answerer(load_corpus(folder))
            took.append(time.perf_counter() - begun)
        answerer.ask(asked[0])
        first, again = _times(answerer, asked[1:]), _times(answerer, asked[1:])
    return {
        f"opening {name}": f"{took[0]:.2f} s, from the cache {took[1]:.3f} s",
        f"Answerer.ask, {name}": f"{_told(first)}; asked again {_told(again)}",
    }


@contextmanager
def _using(cache: Cache) -> Iterator[None]:
    before = in_use()
    use(cache)
    try:
        yield
    finally:
        use(before)


def _times(answerer: Answerer, asked: Sequence[str]) -> list[float]:
    times = []
    for question in asked:
        begun = time.perf_counter()
        answerer.ask(question)
        times.append((time.perf_counter() - begun) * 1_000)
    return times


def _told(times: Sequence[float]) -> str:
    return f"{np.median(times):.2f} ms, p99 {np.percentile(times, 99):.2f} ms"
