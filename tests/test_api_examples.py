"""The examples of docs/api.md, run as they stand there against a real server on another port."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.answering.answerer import Answerer
from qa.documents.corpus import load_corpus
from qa.settings import SHIPPED_CORPUS
from tests.serving import Serving

TEXT = (Path(__file__).parents[1] / "docs" / "api.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
SHOWN = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with Serving(Answerer(load_corpus(SHIPPED_CORPUS))) as served:
        yield served


def run(kind: str, example: str) -> str:
    """What an example prints; skips, with the reason, where its language is not on this machine."""
    commands = {
        "sh": ["sh", "-euc"],
        "python": [sys.executable, "-W", "error", "-c"],
        "js": ["node", "--input-type=module", "-e"],
    }
    program = commands[kind][0]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    if kind == "sh" and shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    done = subprocess.run([*commands[kind], example], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def examples(kind: str) -> list[str]:
    """The examples of one language, in order."""
    return [example for language, example in EXAMPLES if language == kind]


@pytest.mark.parametrize(
    ("kind", "number", "expected"),
    [
        ("sh", 0, r'"answered"'),
        ("sh", 1, r'"absolute_safety"'),
        ("sh", 2, r'"title":\s*"Magnesio e dolore ai nervi"'),
        ("python", 0, r"(?s)brani.*“.*magnesio.*consiglio medico"),
        ("python", 1, r"^422 wrong_field question$"),
        ("python", 2, r"^True .* effetti collaterali magnesio sciatica"),
        ("python", 3, r"(?i)kratom"),
        ("js", 0, r"(?i)! .*kratom|kratom"),
        ("js", 1, r"(?i)magnesio"),
    ],
)
def test_an_example_does_what_it_shows(address: str, kind: str, number: int, expected: str) -> None:
    assert re.search(expected, run(kind, examples(kind)[number].replace(SHOWN, address)))


def test_no_example_is_left_out() -> None:
    assert {kind: len(examples(kind)) for kind, _ in EXAMPLES} == {"sh": 3, "python": 4, "js": 2, "json": 1}


def test_the_configuration_for_chat_clients_is_json_and_its_command_exists() -> None:
    (configuration,) = examples("json")
    server = json.loads(configuration)["mcpServers"]["fonte"]
    assert server["command"] == "qa"
    done = subprocess.run([sys.executable, "-m", "qa", *server["args"][:1], "--help"], capture_output=True, text=True)
    assert server["args"][1] in done.stdout
