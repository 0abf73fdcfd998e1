"""How often a cluster is asked, how long the pauses are, and what is said when it stays without an answer."""

from collections.abc import Callable
from pathlib import Path

import certifi
import pytest
from opensearchpy import (
    AuthenticationException,
    ConnectionError,
    ConnectionTimeout,
    RequestError,
    SSLError,
    TransportError,
)

from qa.errors import EngineError, InputError
from qa.retrieval import opensearch
from qa.retrieval.opensearch import OpenSearchEngine, call, open_client
from qa.retrieval.opensearch_index import PartError
from qa.settings import Settings
from tests.retrieval.open_search import FakeCluster

AWAY = ConnectionError("N/A", "refused", OSError())
LATE = ConnectionTimeout("TIMEOUT", "late", OSError())
BUSY = TransportError(503, "unavailable_shards_exception", {})


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made; none takes any time."""
    made: list[float] = []
    monkeypatch.setattr(opensearch.time, "sleep", made.append)
    return made


def failing(*problems: Exception) -> Callable[[], str]:
    """Raises these in turn, then answers."""
    turns = iter(problems)

    def ask() -> str:
        for problem in turns:
            raise problem
        return "answer"

    return ask


@pytest.mark.parametrize("problem", [AWAY, LATE, BUSY, PartError()], ids=lambda each: type(each).__name__)
def test_what_may_pass_is_tried_again_with_longer_pauses(problem: Exception, pauses: list[float]) -> None:
    assert call(failing(problem, problem, problem)) == "answer"
    assert pauses == [0.1, 0.2, 0.4]
    with pytest.raises(EngineError, match=r"cannot be reached|refuses: 503|a part of the collection only"):
        call(failing(*[problem] * 4))


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (RequestError(400, "parsing_exception", {}), "refuses: 400 parsing_exception"),
        (AuthenticationException(401, "security_exception", {}), "refuses: 401 security_exception"),
        (TransportError(501, "<html>\nof a proxy: pain", "<html>"), "refuses: 501$"),
    ],
)
def test_what_does_not_pass_is_told_at_once(problem: Exception, said: str, pauses: list[float]) -> None:
    with pytest.raises(EngineError, match=said):
        call(failing(problem))
    assert pauses == []


def test_who_writes_has_more_patience(pauses: list[float]) -> None:
    cluster = FakeCluster()
    cluster.busy = 6
    engine = OpenSearchEngine(cluster, "wells")
    engine.write([opensearch.Entry(0, "en", ["pain"])], "one")
    assert engine.size("en") == 1
    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2]
    cluster.busy = 99
    with pytest.raises(EngineError, match="too busy"):
        engine.write([opensearch.Entry(0, "en", ["pain"])], "two")
    assert sum(pauses[6:]) > 10
    assert engine.size("en") == 1


def test_a_certificate_that_is_not_trusted_is_told_as_that(pauses: list[float]) -> None:
    said = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate"
    with pytest.raises(EngineError, match=r"its certificate: .* self-signed certificate; .*certificates"):
        call(failing(*[SSLError("N/A", said, OSError())] * 4))


@pytest.mark.parametrize(
    ("name", "said"), [("nowhere.pem", "No such file"), ("text.pem", "no certificate"), (".", "directory")]
)
def test_a_file_of_certificates_that_is_none_is_named_at_once(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "text.pem").write_text("no more than a text", "utf-8")
    with pytest.raises(InputError, match=said) as problem:
        open_client(Settings(certificates=tmp_path / name))
    assert problem.value.field == "certificates"
    assert str(tmp_path / name) in str(problem.value)


def test_a_file_of_certificates() -> None:
    open_client(Settings(certificates=Path(certifi.where()), url="https://one:9200")).close()
