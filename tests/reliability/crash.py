"""`make crash`: kills at random moments, disks full and read-only, stops in the middle; the next start is right.

Every kill is a `kill -9` of `qa index`, of a process that writes a cache, or of `qa serve --reload` while its folder
changes. After each a fresh process with the same cache must give the answers of one that never had a cache.
"""

import argparse
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from qa.cache import Cache, in_use
from tests.reliability.running import QUESTIONS, Stopwatch, answers, environment, expected, qa, told, write_corpus
from tests.serving import Server

DOCUMENTS = 40
STOP_SECONDS = 5.0
_WRITER = """
import sys
from pathlib import Path
import numpy as np
from qa.cache import Cache, in_use
cache = Cache(Path(sys.argv[1]))
print("ready", flush=True)
turn = 0
while True:
    key = turn % 4
    cache.write("x", str(key), {"numbers": np.full(500_000, key, np.int64)})
    turn += 1
"""


class Crash:
    """A run: its chances, its folder, and what came out."""

    def __init__(self, folder: Path, seed: int, documents: int = DOCUMENTS, stop_seconds: float = STOP_SECONDS) -> None:
        self.stop_seconds = stop_seconds
        self.folder, self.chance, self.seed, self.documents = folder, random.Random(seed), seed, documents
        self.found: Counter[str] = Counter()
        self._number = 0

    def expect(self, right: bool, what: str, told: object = "") -> None:
        """Counts what came out."""
        self.found["checked"] += 1
        if not right:
            self.found["wrong"] += 1
            print(f"WRONG: {what} {told}", file=sys.stderr)

    def corpus(self) -> Path:
        """A corpus like no other of this run."""
        self._number += 1
        return write_corpus(self.folder / f"corpus-{self._number}", self.documents, self.seed * 1_000 + self._number)

    def same_as_ever(self, corpus: Path, cache: Path | None, reference: Any, what: str, **how: Any) -> str:
        """Asks a fresh process and compares; gives what it said on standard error."""
        given, said = answers(corpus, cache, **how)
        self.expect(given == reference, f"answers after {what}", said[-500:])
        self.expect("Traceback" not in said, f"a traceback after {what}", said[-500:])
        self.found["damaged files met"] += said.count("cannot be used")
        return said

    def warm(self, name: str) -> Path:
        """A cache folder that has what this user's has: the dictionaries, read; the index of a new corpus it lacks."""
        cache, known = self.folder / name, in_use().folder
        cache.mkdir()
        for path in known.glob("*.bin") if known and known.is_dir() else ():
            shutil.copy(path, cache)
        return cache

    def indexing(self, kills: int) -> None:
        """`qa index`, killed on its way; each try goes on with the cache that the one before left."""
        corpus, cache = self.corpus(), self.warm("cache-indexing")
        clock = Stopwatch()
        answers(corpus, cache)
        whole = clock()
        for number in range(kills):
            if number % 5 == 4:  # the first start of a corpus is another thing than the next
                shutil.rmtree(cache, ignore_errors=True)
            changed = corpus / f"text-{number % self.documents}.txt"
            changed.write_text(changed.read_text("utf-8") + f"\nA paragraph, the {number}th, about zinc.\n", "utf-8")
            process = qa("index", "--corpus", str(corpus), cache=cache)
            time.sleep(self.chance.uniform(0.05, whole))
            process.kill()
            self.found["kills while indexing"] += process.wait() != 0
            self.found["  ended before the kill"] += process.returncode == 0
            reference = expected(corpus)
            self.same_as_ever(corpus, cache, reference, "a kill while indexing")

    def writing(self, kills: int) -> None:
        """A process that does nothing but write a cache, killed; what is then read is whole or not there."""
        cache = self.folder / "cache-writing"
        for _ in range(kills):
            command = [sys.executable, "-c", _WRITER, str(cache)]
            process = subprocess.Popen(command, env=environment(cache), stdout=subprocess.PIPE)
            assert process.stdout
            process.stdout.readline()
            time.sleep(self.chance.uniform(0, 0.2))
            process.kill()
            process.wait()
            process.stdout.close()
            self.found["kills while writing a cache"] += 1
            for key in range(4):
                parts = Cache(cache).read("x", str(key))
                whole = parts is None or bool(np.all(parts["numbers"] == key) and len(parts["numbers"]) == 500_000)
                self.expect(whole, f"part {key} of the cache")
        left = [path for path in cache.iterdir() if path.name.startswith(".")]
        self.found["  half files left aside"] += len(left)
        for path in left:
            os.utime(path, (1, 1))
        Cache(cache).write("x", "last", {"numbers": np.zeros(1)})
        self.expect(not [path for path in cache.iterdir() if path.name.startswith(".")], "half files stay for ever")

    def reloading(self, kills: int) -> None:
        """`qa serve --reload`, killed while it takes a change into use; the next start has the change."""
        corpus, cache = self.corpus(), self.warm("cache-reloading")
        for number in range(kills):
            where = self.folder / f"server-{number}"
            where.mkdir()
            server = Server(where, "--corpus", str(corpus), "--reload", cache=str(cache))
            (corpus / f"new-{number}.txt").write_text(f"A new text, the {number}th, tells of zinc.\n", "utf-8")
            time.sleep(self.chance.uniform(0.5, 4.0))
            server.kill()
            self.found["kills while reloading"] += 1
            reference = expected(corpus)
            self.same_as_ever(corpus, cache, reference, "a kill while reloading")

    def full(self) -> None:
        """A disk that takes a thousand bytes a file: served from memory, and said so."""
        corpus = self.corpus()
        said = self.same_as_ever(corpus, self.warm("full"), expected(corpus), "a full disk", preexec_fn=_little_room)
        self.expect(said.count("stays in memory alone") == 1, "the full disk is told once", said)
        self.found["disks full or not to be written"] += 1

    def disks(self) -> None:
        """The same with file systems of their own, full or read-only, and a cache folder that cannot be made."""
        corpus, file = self.corpus(), self.folder / "a-file"
        reference = expected(corpus)
        file.write_text("in the way", "utf-8")
        said = self.same_as_ever(corpus, file / "cache", reference, "a cache folder that cannot be made")
        self.expect(said.count("stays in memory alone") == 1, "the missing folder is told once", said)
        self.found["disks full or not to be written"] += 1
        for options, name in (("size=100k", "a full disk"), ("size=100k,ro", "a read-only disk")):
            with _Disk(self.folder / "disk", options) as disk:
                if disk is None:
                    self.found["disks not tried: mounting is not allowed here"] += 1
                    continue
                said = self.same_as_ever(corpus, disk, reference, name)
                self.expect(said.count("stays in memory alone") == 1, f"{name} is told once", said)
                self.found["disks full or not to be written"] += 1

    def stopping(self, stops: int) -> None:
        """SIGTERM with questions in hand: all that were taken are answered, and the end comes within five seconds."""
        corpus = self.corpus()
        reference = expected(corpus)[0]
        for number in range(stops):
            where = self.folder / f"stop-{number}"
            where.mkdir()
            server = Server(where, "--corpus", str(corpus), cache=str(self.folder / "cache-stopping"))
            bodies: list[bytes] = []
            threads = [threading.Thread(target=_ask, args=(server.port, bodies)) for _ in range(24)]
            for thread in threads:
                thread.start()
            waited = Stopwatch()
            while not bodies and waited() < 60:  # the first is answered, so others are in hand
                time.sleep(0.01)
            clock = Stopwatch()
            self.expect(server.stop(signal.SIGTERM) == 0, "exit status of a stop")
            self.found["slowest stop, ms"] = max(self.found["slowest stop, ms"], round(1_000 * clock()))
            self.expect(clock() < self.stop_seconds, "a stop took too long", clock())
            for thread in threads:
                thread.join()
            server.kill()
            self.found["stops"] += 1
            for body in bodies:
                whole = body.partition(b"\r\n\r\n")[2]
                self.found["  questions answered" if body else "  questions not taken any more"] += 1
                self.expect(not body or json.loads(whole) == reference, "an answer after a stop", whole[:3_000])


def _little_room() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))


class _Disk:
    """A small file system in memory; None where it may not be mounted."""

    def __init__(self, folder: Path, options: str) -> None:
        self._folder, self._options = folder, options
        self._mounted = False

    def __enter__(self) -> Path | None:
        self._folder.mkdir(exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", self._options, "tmpfs", str(self._folder)]
        try:
            self._mounted = subprocess.run(command, capture_output=True).returncode == 0
        except FileNotFoundError:
            return None
        return self._folder if self._mounted else None

    def __exit__(self, *problem: object) -> None:
        if self._mounted:
            subprocess.run(["umount", str(self._folder)], capture_output=True, check=True)


def _ask(port: int, replies: list[bytes]) -> None:
    """Adds the whole reply to a question; empty where the connection was refused or ended before it."""
    body = json.dumps({"question": QUESTIONS[0]}).encode()
    head = "POST /ask HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            replies.append(b"".join(iter(lambda: connection.recv(65_536), b"")))
    except OSError:
        replies.append(b"")


def run(kills: int, seed: int, stops: int, documents: int = DOCUMENTS) -> Counter[str]:
    """All of it; in what comes out `wrong` must be 0."""
    with tempfile.TemporaryDirectory() as folder:
        crash = Crash(Path(folder), seed, documents)
        each = kills // 3
        crash.writing(each)
        crash.indexing(kills - 2 * each)
        crash.reloading(each)
        crash.full()
        crash.disks()
        crash.stopping(stops)
    crash.found["wrong"] += 0
    return crash.found


def main() -> None:
    """Runs it and tells the figures; exit status 1 when anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--stops", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    clock = Stopwatch()
    found = run(chosen.kills, chosen.seed, chosen.stops)
    print("\n".join(told({**found, "seconds": clock()})))
    sys.exit(bool(found["wrong"]))


if __name__ == "__main__":
    main()
