"""The same figures as the outside judge, measured over HTTP, on the same files."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest

from qa import Answerer, assess
from qa.answering.reply import answer_json, assessment_json
from qa.evaluation.caveats import measure_caveats, read_labelled
from qa.evaluation.measures import Result
from qa.settings import SHIPPED_CORPUS
from tests.evaluation.conftest import ROOT

ROUNDED = 0.0006  # the judge rounds its means to three places, we to four


@pytest.fixture(scope="module")
def url(answerer: Answerer) -> Iterator[str]:
    """A server with the two routes that the judge asks."""

    class Routes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name is the library's
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/ask":
                found = answerer.ask(body["question"], None, body["limit"], body.get("history", []))
                reply = answer_json(found)
            else:
                reply = assessment_json(body["text"], assess(body["text"]))
            data = json.dumps(reply).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Routes) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_questions(judge: ModuleType, url: str, result: Result) -> None:
    theirs = judge.questions(url, SHIPPED_CORPUS / "questions.jsonl")
    names = {"hit@1": "hit@1", "hit@3": "hit@3", "hit@5": "hit@5", "rr@5": "RR@5", "refused": "refused"}
    names["both languages@5"] = "languages@5"
    compared = 0
    for kind, measures in theirs.items():
        if kind == "auroc":
            assert result.figures["auroc"].value == pytest.approx(measures, abs=ROUNDED)
            continue
        prefix = "" if kind == "answerable" else f"{kind.replace('/', '.')}."
        for name, value in measures.items():
            ours = "answerable.refused" if kind == "answerable" and name == "refused" else prefix + names.get(name, "")
            if (kind, name) == ("answerable", "both languages@5"):
                continue  # the same as for the kind "both"
            if name == "n":
                ours = prefix + "refused" if prefix else "answerable.refused"
                assert result.figures[ours].n == value, kind
            else:
                assert result.figures[ours].value == pytest.approx(value, abs=ROUNDED), (kind, name)
                compared += 1
    assert compared == 6 * 5 + 1 + 3 and set(theirs) >= {
        "same",
        "cross",
        "both",
        "followup",
        "noisy",
        "none/on",
        "auroc",
    }


@pytest.mark.parametrize("name", ["caveat-examples", "seed-caveats"])
def test_caveats(judge: ModuleType, url: str, name: str) -> None:
    path = ROOT / "tests" / "data" / f"{name}.jsonl"
    theirs = judge.caveats(url, path)
    ours = measure_caveats(read_labelled(path)).figures
    compared = 0
    for key, value in theirs.items():
        if key == "right reason":
            assert ours["right_reason"].value == pytest.approx(value, abs=1e-4)
            continue
        measure_name = "false_alarms" if key[0] == "false alarms" else "F1"
        label, language = key[-2:]
        prefix = label if language == "all" else f"{label}.{language}"
        assert ours[f"{prefix}.{measure_name}"].value == pytest.approx(value, abs=1e-4), key
        compared += 1
    assert compared == 4 * 3 * 2


@pytest.mark.parametrize("name", ["questions.jsonl", "caveat-examples.jsonl", "seed-caveats.jsonl"])
def test_the_shipped_copies_are_the_judges_files(judge: ModuleType, name: str) -> None:
    ours = SHIPPED_CORPUS / name if name.startswith("questions") else ROOT / "tests" / "data" / name
    assert ours.read_bytes() == (Path(str(judge.__file__)).parent / name).read_bytes()
