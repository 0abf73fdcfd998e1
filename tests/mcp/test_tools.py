"""What the tools take and give, without the protocol."""

from typing import Any

import pytest

from qa.answering.answerer import Answerer
from qa.answering.reply import answer_json
from qa.documents.corpus import load_corpus
from qa.errors import InputError
from qa.mcp.tools import TOOLS, call
from qa.settings import SHIPPED_CORPUS

QUESTION = "Il magnesio aiuta contro la sciatica?"


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    return Answerer(load_corpus(SHIPPED_CORPUS))


def test_ask_gives_what_ask_gives(answerer: Answerer) -> None:
    given = call(answerer, "ask", {"question": QUESTION, "limit": 2, "language": "en", "history": ["magnesio?"]})
    assert given == answer_json(answerer.ask(QUESTION, "en", 2, ["magnesio?"]))
    assert given["passages"]


def test_every_search_result_can_be_fetched_with_the_same_caveats(answerer: Answerer) -> None:
    found = call(answerer, "search", {"query": "is kratom addictive"})
    assert found["results"]
    assert any(result["caveats"] for result in found["results"])
    for result in found["results"]:
        fetched = call(answerer, "fetch", {"id": result["id"]})
        assert (fetched["id"], fetched["title"], fetched["text"], fetched["url"]) == (
            result["id"], result["title"], result["text"], result["url"],
        )  # fmt: skip
        kinds = [caveat["kind"] for caveat in fetched["metadata"]["caveats"]]
        assert kinds == [caveat["kind"] for caveat in result["caveats"]]
        document = answerer.passages_of(fetched["metadata"]["id"])[0].document
        assert document.text[fetched["metadata"]["start"] : fetched["metadata"]["end"]] == fetched["text"]


@pytest.mark.parametrize("identifier", ["it/mesoterapia-antalgica", "fonte://documents/it/mesoterapia-antalgica"])
def test_a_document_is_fetched_whole(answerer: Answerer, identifier: str) -> None:
    fetched = call(answerer, "fetch", {"id": identifier})
    assert fetched["text"] == (SHIPPED_CORPUS / "it/mesoterapia-antalgica.txt").read_bytes().decode("utf-8")
    assert any(passage["caveats"] for passage in fetched["metadata"]["passages"])
    assert fetched["url"] == "fonte://documents/it/mesoterapia-antalgica"


def test_assess_labels(answerer: Answerer) -> None:
    given = call(answerer, "assess", {"text": "Order our drops today: no risk at all, and a discount of ten euros."})
    assert given["promotional"] == "sell"


@pytest.mark.parametrize(
    ("name", "arguments", "field"),
    [
        ("ask", {}, "question"),
        ("ask", {"question": " "}, "question"),
        ("ask", {"question": "x" * 1_001}, "question"),
        ("ask", {"question": 3}, "question"),
        ("ask", {"question": "magnesium", "limit": "3"}, "limit"),
        ("ask", {"question": "magnesium", "limit": 11}, "limit"),
        ("ask", {"question": "magnesium", "limit": True}, "limit"),
        ("ask", {"question": "magnesium", "language": "xx"}, "language"),
        ("ask", {"question": "magnesium", "history": ["a"] * 11}, "history"),
        ("ask", {"question": "magnesium", "secret canary": 1}, None),
        ("assess", {"text": ""}, "text"),
        ("assess", {"text": "x" * 12_001}, "text"),
        ("assess", {"text": "drops", "language": "xx"}, "language"),
        ("search", {"query": ""}, "question"),
        ("fetch", {"id": "nowhere"}, "id"),
        ("fetch", {"id": "it/mesoterapia-antalgica#999"}, "id"),
        ("fetch", {"id": "../../etc/passwd"}, "id"),
        ("cook", {}, None),
    ],
)
def test_misuse_is_told_and_repeats_nothing(
    answerer: Answerer, name: str, arguments: dict[str, Any], field: str | None
) -> None:
    with pytest.raises(InputError) as problem:
        call(answerer, name, arguments)
    assert problem.value.field == field
    assert "canary" not in str(problem.value)


def test_every_argument_is_described() -> None:
    for tool in TOOLS.values():
        schema = tool.arguments.model_json_schema()
        assert schema["additionalProperties"] is False
        assert all(field["description"] for field in schema["properties"].values())
