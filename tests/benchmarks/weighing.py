"""`python -m tests.benchmarks.weighing TEXTS SIZE NAME`: megabytes that one retriever holds, alone in this process."""

import ctypes
import gc
import pickle
import sys
from pathlib import Path

from tests.benchmarks.peers import ELSEWHERE, PEERS
from tests.benchmarks.texts import Texts


def main(texts: str, size: str, name: str) -> None:
    """Prints the growth of this process from before its passages were read to after its first answers."""
    if name in ELSEWHERE:
        print("elsewhere")
        return
    read: Texts = pickle.loads(Path(texts).read_bytes())
    build = next(build for other, build, _ in PEERS if other == name)
    build(read.passages(10))(read.questions[0])  # imports, and what is compiled at first use, belong to no index
    before = resident()
    ask = build(read.passages(int(size)))
    for question in read.questions[:3]:
        ask(question)
    print(resident() - before)


def resident() -> float:
    """Megabytes of memory that this process holds, what it could give back given back."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 1e6


if __name__ == "__main__":
    main(*sys.argv[1:])
