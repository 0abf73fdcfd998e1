"""The Python client against a real server, and against what is none."""

import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import qa
from qa.answering.answerer import Answerer
from qa.answering.reply import answer_json, assessment_json, document_json
from qa.client import Client, ClientError
from qa.documents.corpus import load_corpus
from qa.evidence.assessment import assess
from qa.names import HOMES
from qa.settings import SHIPPED_CORPUS
from tests.serving import Serving


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    return Answerer(load_corpus(SHIPPED_CORPUS))


@pytest.fixture(scope="module")
def client(answerer: Answerer) -> Iterator[Client]:
    with Serving(answerer) as address:
        yield Client(address)


def test_answers_are_those_of_the_engine(client: Client, answerer: Answerer) -> None:
    question = "Il magnesio aiuta contro la sciatica?"
    assert client.ask(question) == answer_json(answerer.ask(question))
    asked = client.ask("E la ketamina?", language="en", limit=1, history=[question])
    assert asked == answer_json(answerer.ask("E la ketamina?", "en", 1, [question]))
    assert len(asked["passages"]) == 1


def test_offsets_are_those_of_the_document(client: Client) -> None:
    for passage in client.ask("is kratom addictive")["passages"]:
        text = client.document(passage["source"]["id"])["text"]
        assert text[passage["start"] : passage["end"]] == passage["text"]


def test_texts_documents_and_health(client: Client, answerer: Answerer) -> None:
    text = "Order our drops today: no risk at all."
    assert client.assess(text) == assessment_json(text, assess(text))
    assert client.assess(text, "it")["language"] == "it"
    documents = client.documents()
    assert [document["id"] for document in documents] == [document.id for document in answerer.corpus.documents]
    whole = client.document(documents[0]["id"])
    assert whole["sha256"] == document_json(answerer.corpus.documents[0], answerer, "en")["sha256"]
    assert client.health()["documents"] == 5


@pytest.mark.parametrize(
    ("question", "limit", "field"),
    [("", 3, "question"), ("x" * 1_001, 3, "question"), ("magnesium", 11, "limit")],
)
def test_a_wrong_field_is_named(client: Client, question: str, limit: int, field: str) -> None:
    with pytest.raises(ClientError) as problem:
        client.ask(question, limit=limit)
    assert (problem.value.status, problem.value.code, problem.value.field) == (422, "wrong_field", field)


def test_a_server_that_asks_for_a_token(answerer: Answerer) -> None:
    with Serving(answerer, token="sesamo") as address:
        with pytest.raises(ClientError) as problem:
            Client(address).ask("magnesium")
        assert (problem.value.status, problem.value.code) == (401, "wrong_token")
        assert Client(address, token="sesamo").ask("magnesium") == answer_json(answerer.ask("magnesium"))


def test_a_document_that_is_not_there(client: Client) -> None:
    with pytest.raises(ClientError) as problem:
        client.document("no/such document?#")
    assert (problem.value.status, problem.value.code) == (404, "not_found")


def test_nobody_answers() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but not listening: nobody else gets it, and nobody answers
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ClientError, match="cannot be reached") as problem:
            Client(address).ask("magnesium")
    assert (problem.value.code, problem.value.status) == ("unreachable", None)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "127.0.0.1:8000", "http://", "ftp://host/"])
def test_no_web_address(address: str) -> None:
    with pytest.raises(ValueError, match="is no address like"):
        Client(address)


class Stranger(HTTPServer):
    """A server that answers with what it is told to, in turn, and counts the requests."""

    def __init__(self, *replies: tuple[int, dict[str, str], bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Reply)
        self.replies, self.requests = list(replies), 0

    def __enter__(self) -> "Stranger":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}).start()
        return self

    def __exit__(self, *problem: object) -> None:
        self.shutdown()
        self.server_close()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}"


class _Reply(BaseHTTPRequestHandler):
    server: Stranger

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests += 1
        status, headers, body = self.server.replies.pop(0)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the output belongs to the tests."""


BUSY = b'{"error": {"code": "unavailable", "message": "Busy.", "field": null}}'


def test_a_busy_server_is_asked_again() -> None:
    with Stranger((503, {"Retry-After": "0"}, BUSY), (200, {}, b'{"answered": true}')) as server:
        assert Client(server.address).ask("magnesium")["answered"]
        assert server.requests == 2


@pytest.mark.parametrize(
    ("reply", "tries", "code"),
    [
        ((503, {"Retry-After": "0"}, BUSY), 3, "unavailable"),
        ((503, {"Retry-After": "3600"}, BUSY), 1, "unavailable"),
        ((503, {}, b"<h1>Busy</h1>"), 1, "not_fonte"),
        ((429, {"Retry-After": "0"}, BUSY.replace(b"unavailable", b"too_many")), 3, "too_many"),
        ((429, {"Retry-After": "30"}, BUSY.replace(b"unavailable", b"too_many")), 1, "too_many"),
        ((200, {}, b"<h1>Welcome</h1>"), 1, "not_fonte"),
        ((200, {}, b"[]"), 1, "not_fonte"),
        ((500, {}, b'{"error": "no"}'), 1, "not_fonte"),
        ((307, {"Location": "http://127.0.0.1:9/"}, b""), 1, "not_fonte"),
        ((200, {"Content-Length": "99"}, b'{"cut'), 1, "unreachable"),
    ],
)
def test_what_is_no_answer(reply: tuple[int, dict[str, str], bytes], tries: int, code: str) -> None:
    with Stranger(*[reply] * 3) as server, pytest.raises(ClientError) as problem:
        Client(server.address).ask("magnesium")
    assert (problem.value.code, server.requests) == (code, tries)


def test_importing_the_client_loads_no_engine() -> None:
    code = (
        "import sys, qa.client; print(*sorted(name for name in sys.modules if name.split('.')[0] in ('qa', 'numpy')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["qa", "qa.client", "qa.errors", "qa.names"]


def test_the_public_names_are_those_of_the_stub() -> None:
    stub = (Path(qa.__file__).with_suffix(".pyi")).read_text("utf-8")
    told = re.findall(r"^from (\S+) import \w+ as (\w+)$", stub, re.MULTILINE)
    assert {name: module for module, name in told} == HOMES
    assert sorted(HOMES) == sorted(qa.__all__)
    assert all(getattr(qa, name).__module__ == home for name, home in HOMES.items())
    with pytest.raises(AttributeError, match="module 'qa' has no attribute 'nothing'"):
        qa.nothing  # noqa: B018
