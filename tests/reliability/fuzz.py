"""`make fuzz`: what schemathesis makes of `/openapi.json`, all checks on; then hypothesis on readers and engine.

It must find nothing: no 500, no reply but those documented, no line on the server's standard error.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.request import urlopen

from tests.reliability.running import ROOT, Stopwatch, resident, told
from tests.serving import Server

OPERATIONS = 5
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


def interface(
    requests: int, seconds: float, seed: int = 1, phases: str = "examples,coverage,fuzzing", kind: str = JSON
) -> dict[str, object]:
    """Figures of schemathesis against a server of its own, at least so many requests; `failures` must be 0.

    With bodies that are forms, what is wrong by its type alone is not looked for: a form has none, false is "false".
    """
    figures: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            command = [str(Path(sys.executable).with_name("schemathesis")), "run"]
            command += [str(described(server, Path(folder), kind)), "--url", f"http://127.0.0.1:{server.port}"]
            command += ["--checks", "all", "--phases", phases]
            command += ["--exclude-checks", "negative_data_rejection"] * (kind == FORM)
            (Path(folder) / "schemathesis.toml").write_text(CONFIGURATION, "utf-8")
            command += ["--max-examples", str(-(-requests // OPERATIONS)), "--seed", str(seed), "--no-color"]
            command += ["--continue-on-failure", "--request-timeout", "60"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, cwd=folder)
            generated = re.search(r"([\d,]+) generated", done.stdout)
            found = re.search(r"found ([\d,]+) unique failure", done.stdout)
            figures = {
                "requests": int(generated[1].replace(",", "")) if generated else 0,
                "failures": int(found[1].replace(",", "")) if found else int(done.returncode != 0),
                "server's lines": len(server.log.read_text("utf-8").strip().split("\n")) - 1,
                "server's MB": round(resident(server.process.pid)),
            }
            if figures["failures"] or figures["server's lines"]:
                print(done.stdout, done.stderr, server.log.read_text("utf-8"), sep="\n", file=sys.stderr)
            figures["server is well"] = server.health()["status"] == "ok"
        finally:
            server.kill()
    return figures


def properties(examples: int) -> int:
    """Runs tests/reliability/test_fuzz.py with so many examples a property; gives pytest's exit status."""
    command = [sys.executable, "-m", "pytest", "-q", "tests/reliability/test_fuzz.py", "-k", "not interface"]
    return subprocess.run(command, env=os.environ | {"FONTE_FUZZ": str(examples)}, cwd=ROOT).returncode


def main() -> None:
    """Runs it and tells the figures; exit status 1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--examples", type=int, default=2_000, help="of each property")
    parser.add_argument("--seconds", type=float, default=3_600, help="at the most, for the requests")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    clock = Stopwatch()
    figures = interface(chosen.requests, chosen.seconds, chosen.seed)
    print("\n".join(told({**figures, "seconds": clock()})), flush=True)
    forms = interface(chosen.requests // 10, chosen.seconds, chosen.seed, kind=FORM)
    print("\n".join(told({f"forms: {name}": value for name, value in forms.items()})), flush=True)
    links = interface(OPERATIONS * 40, chosen.seconds, chosen.seed, "stateful")
    print("\n".join(told({f"links: {name}": value for name, value in links.items()})), flush=True)
    status = properties(chosen.examples) if chosen.examples else 0
    bad = [each for each in (figures, forms, links) if each["failures"] or each["server's lines"]]
    sys.exit(bool(bad or status))


if __name__ == "__main__":
    main()
