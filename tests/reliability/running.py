"""What the long runs share: a corpus that takes a while to index, answers to compare, and how figures are told."""

import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from qa.answering.answerer import Answerer
from qa.answering.reply import answer_json
from qa.cache import Cache, in_use, use
from qa.documents.corpus import load_corpus
from qa.settings import SHIPPED_CORPUS

ROOT = Path(__file__).parents[2]
QUESTIONS = (
    "Il magnesio aiuta contro la sciatica?",
    "is kratom addictive",
    "Does ketamine help with fibromyalgia?",
    "Quanto dura la mesoterapia?",
    "What is the capital of Peru?",
)


def sentences() -> list[str]:
    """The sentences of the shipped texts, roughly cut."""
    texts = [path.read_text("utf-8") for path in sorted(SHIPPED_CORPUS.rglob("*.txt"))]
    return [part for text in texts for part in re.split(r"(?<=[.!?])\s+", text) if 40 < len(part) < 400]


def write_corpus(folder: Path, documents: int, seed: int) -> Path:
    """A folder of documents shuffled together from the sentences of the shipped texts, the same for the same seed."""
    chance, every = random.Random(seed), sentences()
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(documents):
        chosen = chance.sample(every, 12)
        text = f"Text {number} of {seed}\n\n" + "\n\n".join(" ".join(chosen[at : at + 4]) for at in range(0, 12, 4))
        (folder / f"text-{number}.txt").write_text(text + "\n", "utf-8")
    return folder


def environment(cache: Path | None) -> dict[str, str]:
    """The variables of a process with a cache of its own, or none."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("QA_")}
    return kept | {"QA_CACHE": str(cache or ""), "PYTHONPATH": str(ROOT)}


_ANSWERS = """
import json, sys
import qa
from qa.answering.reply import answer_json
answerer = qa.Answerer(qa.load_corpus(sys.argv[1]))
print(json.dumps([answer_json(answerer.ask(question)) for question in sys.argv[2:]]))
"""


def answers(corpus: Path, cache: Path | None, **how: Any) -> tuple[Any, str]:
    """What a fresh process answers, and what it says on standard error; None for answers where it failed."""
    done = subprocess.run(
        [sys.executable, "-c", _ANSWERS, str(corpus), *QUESTIONS],
        env=environment(cache),
        capture_output=True,
        text=True,
        timeout=300,
        **how,
    )
    return (json.loads(done.stdout) if done.returncode == 0 else None), done.stderr


def expected(corpus: Path) -> Any:
    """The same answers from this process, which looks into no cache."""
    before = in_use()
    use(Cache(None))
    try:
        answerer = Answerer(load_corpus(corpus))
        return json.loads(json.dumps([answer_json(answerer.ask(question)) for question in QUESTIONS]))
    finally:
        use(before)


def qa(*arguments: str, cache: Path | None, log: Any = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
    """A command `qa …` in a process of its own."""
    command = [sys.executable, "-m", "qa", *arguments]
    return subprocess.Popen(command, env=environment(cache), stdout=log, stderr=log, cwd=ROOT)


def resident(process: int) -> float:
    """MB of memory that a process holds (Linux)."""
    status = Path(f"/proc/{process}/status").read_text("ascii", "replace")
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def told(figures: Mapping[str, object]) -> Iterator[str]:
    """The figures, one a line."""
    wide = max(map(len, figures))
    for name, value in figures.items():
        yield f"{name:<{wide}}  {value:,.1f}" if isinstance(value, float) else f"{name:<{wide}}  {value}"


class Stopwatch:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._from = time.monotonic()

    def __call__(self) -> float:
        """The seconds."""
        return time.monotonic() - self._from
