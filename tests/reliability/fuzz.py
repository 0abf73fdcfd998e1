"""`make fuzz`: what schemathesis makes of `/openapi.json`, all checks on; then hypothesis on readers and engine.

It must find nothing: no 500, no reply but those documented, no line on the server's standard error.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.reliability import counting
from tests.reliability.running import ROOT, Stopwatch, resident, told
from tests.serving import Server

OPERATIONS = 5
SUMMING_UP = 60.0  # seconds that schemathesis has for it after it was asked to stop
PROPERTIES = ("tests/reliability/test_fuzz.py", "tests/reliability/test_linear.py")
LEAST = 60.0  # seconds for the properties: less is not enough to load what they need
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
CONFIGURATION = """
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, "5xx"]
"""  # its own list lacks 413


def described(server: Server, folder: Path, kind: str) -> Path:
    """A file with the server's own description, in which bodies are of one kind alone."""
    with urlopen(f"http://127.0.0.1:{server.port}/openapi.json", timeout=60) as reply:
        spec = json.load(reply)
    for operations in spec["paths"].values():
        for operation in operations.values():
            if "requestBody" in operation:
                content = operation["requestBody"]["content"]
                operation["requestBody"]["content"] = {kind: content[kind]}
    path = folder / "openapi.json"
    path.write_text(json.dumps(spec), "utf-8")
    return path


class Counted:
    """A file with a digit for each reply, the first of its status, written by the hook of `counting.py` as it comes."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "replies"
        self.path.touch()

    @property
    def replies(self) -> int:
        """How many came, those of a run that was stopped half way too."""
        return self.path.stat().st_size

    @property
    def faults(self) -> int:
        """How many of them were a 5xx."""
        return self.path.read_bytes().count(b"5")


def ended(process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    """Whether it ends in time. If not it is asked to stop, and still sums up what it did."""
    try:
        process.wait(timeout=seconds)
        return True
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=SUMMING_UP)
        return False
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def told_by_schemathesis(command: list[str], folder: Path, seconds: float, counted: Counted) -> tuple[str, int, bool]:
    """(what it wrote, its exit status, whether the time was over first)."""
    hooks = {"SCHEMATHESIS_HOOKS": counting.__name__, counting.FILE: str(counted.path), "PYTHONPATH": str(ROOT)}
    with (folder / "told").open("w+", encoding="utf-8") as told:
        process = subprocess.Popen(command, stdout=told, stderr=told, cwd=folder, env=os.environ | hooks)
        over = not ended(process, seconds)
        told.seek(0)
        return told.read(), process.returncode, over


def failures(told: str, status: int, over: bool) -> int:
    """What one run found: its own count, and where it tells none, one for an end that it did not mean."""
    if found := re.search(r"found ([\d,]+) unique failure", told):
        return int(found[1].replace(",", ""))
    return 0 if over else int(status != 0)


def interface(
    requests: int, seconds: float, seed: int = 1, phases: str = "examples,coverage,fuzzing", kind: str = JSON
) -> dict[str, object]:
    """Figures of schemathesis against a server of its own: run with one seed after the other until so many requests
    are sent or the time is over. `failures`, `5xx` and `server's lines` must be 0.

    With bodies that are forms, what is wrong by its type alone is not looked for: a form has none, false is "false".
    """
    clock = Stopwatch()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Server(folder)
        try:
            counted, found, runs, over = Counted(folder), 0, 0, False
            (folder / "schemathesis.toml").write_text(CONFIGURATION, "utf-8")
            fixed = [str(Path(sys.executable).with_name("schemathesis")), "run"]
            fixed += [str(described(server, folder, kind)), "--url", f"http://127.0.0.1:{server.port}"]
            fixed += ["--checks", "all", "--no-color", "--continue-on-failure", "--request-timeout", "60"]
            fixed += ["--exclude-checks", "negative_data_rejection"] * (kind == FORM)
            while not over and (missing := requests - counted.replies) > 0:
                before = counted.replies
                command = [*fixed, "--max-examples", str(-(-missing // OPERATIONS)), "--seed", str(seed + runs)]
                # What is the same for every seed is sent once.
                command += ["--phases", "fuzzing" if runs and "fuzzing" in phases else phases]
                left = max(1.0, seconds - clock())
                told, status, over = told_by_schemathesis(command, folder, left, counted)
                new = failures(told, status, over)
                found, runs = found + new, runs + 1
                if new:
                    print(told, file=sys.stderr)
                if counted.replies == before:
                    break
            lines = server.log.read_text("utf-8").strip().split("\n")[1:]
            print("\n".join(lines), end="\n" * bool(lines), file=sys.stderr)
            return {
                "requests": counted.replies,
                "failures": found,
                "5xx": counted.faults,
                "server's lines": len(lines),
                "server's MB": round(resident(server.process.pid)),
                "server is well": server.health()["status"] == "ok",
                "seconds": clock(),
                "time was over": over,
            }
        finally:
            server.kill()


def bad(figures: dict[str, object]) -> bool:
    """Whether anything was found."""
    return bool(figures["failures"] or figures["5xx"] or figures["server's lines"] or not figures["server is well"])


def properties(examples: int, seconds: float) -> bool:
    """Runs the tests of `PROPERTIES` with so many examples of each; whether nothing was found in the time."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-k", "not interface", *PROPERTIES]
    process = subprocess.Popen(command, env=os.environ | {"FONTE_FUZZ": str(examples)}, cwd=ROOT)
    if not ended(process, seconds):
        print(f"fuzz: stopped after {seconds:g} seconds, before all properties were tried", file=sys.stderr)
        return process.returncode == pytest.ExitCode.INTERRUPTED
    return process.returncode == 0


def main() -> None:
    """Runs it and tells the figures; exit status 1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--examples", type=int, default=2_000, help="of each property")
    parser.add_argument(
        "--seconds", type=float, default=3_600, help="at the most, for all requests, and again for the rest"
    )
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    runs = {
        "": lambda seconds: interface(chosen.requests, seconds, chosen.seed),
        "forms: ": lambda seconds: interface(chosen.requests // 10, seconds, chosen.seed, kind=FORM),
        "links: ": lambda seconds: interface(OPERATIONS * 40, seconds, chosen.seed, "stateful"),
    }
    clock, status = Stopwatch(), 0
    for name, run in runs.items():
        figures = run(chosen.seconds - clock())
        print("\n".join(told({f"{name}{each}": value for each, value in figures.items()})), flush=True)
        status |= bad(figures)
        if clock() > chosen.seconds:
            print(f"fuzz: stopped after {chosen.seconds:g} seconds, as told; more with --seconds", file=sys.stderr)
            break
    if chosen.examples:
        status |= not properties(chosen.examples, max(chosen.seconds, LEAST))
    sys.exit(status)


if __name__ == "__main__":
    main()
