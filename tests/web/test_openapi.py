"""`/openapi.json` describes what the server does; `/docs` shows it without another host."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from web.schemas import EXAMPLE_ANSWER, EXAMPLE_ASSESSMENT, AnswerBody, AskRequest, AssessmentBody, AssessRequest


@pytest.fixture
def spec(client: FlaskClient) -> dict[str, Any]:
    body: dict[str, Any] = client.get("/openapi.json").get_json()
    return body


def test_every_endpoint_of_the_api_is_described(spec: dict[str, Any]) -> None:
    described = {(path, method) for path, operations in spec["paths"].items() for method in operations}
    assert described == {
        ("/ask", "post"),
        ("/assess", "post"),
        ("/documents", "get"),
        ("/documents/{id}", "get"),
        ("/healthz", "get"),
    }


def test_errors_have_their_shape_and_an_example(spec: dict[str, Any]) -> None:
    responses = spec["paths"]["/ask"]["post"]["responses"]
    assert set(responses) == {"200", "400", "401", "403", "413", "415", "422", "429", "500", "503"}
    for status, response in responses.items():
        if status != "200":
            content = response["content"]["application/json"]
            assert content["schema"] == {"$ref": "#/components/schemas/ErrorBody"}
            assert set(content["example"]["error"]) == {"code", "message", "field"}


def test_every_reference_leads_somewhere(spec: dict[str, Any]) -> None:
    names = set(re.findall(r"'#/components/schemas/([^']+)'", str(spec)))
    assert names and names <= set(spec["components"]["schemas"])


def test_the_examples_are_right(spec: dict[str, Any]) -> None:
    ask, assess = (
        spec["paths"][path]["post"]["requestBody"]["content"]["application/json"] for path in ("/ask", "/assess")
    )
    AskRequest.model_validate(ask["example"])
    AssessRequest.model_validate(assess["example"])
    for passage in AnswerBody.model_validate(EXAMPLE_ANSWER).passages:
        assert passage.end - passage.start == len(passage.text)
        for caveat in passage.caveats:
            assert all(passage.text[span.start : span.end] == span.text for span in caveat.spans)
    text = assess["example"]["text"]
    for caveat in AssessmentBody.model_validate(EXAMPLE_ASSESSMENT).caveats:
        assert all(text[span.start : span.end] == span.text for span in caveat.spans)


def test_unknown_fields_are_told_to_be_refused(spec: dict[str, Any]) -> None:
    assert spec["components"]["schemas"]["AskRequest"]["additionalProperties"] is False


@pytest.mark.parametrize("name", ["AskRequest", "AskForm"])
def test_the_limits_of_fields_are_described(spec: dict[str, Any], name: str) -> None:
    fields = spec["components"]["schemas"][name]["properties"]
    limit = fields["limit"]
    assert (limit["type"], limit["minimum"], limit["maximum"]) == ("integer", 1, 10)
    assert fields["question"]["maxLength"] == 1_000


def test_a_form_has_no_null(spec: dict[str, Any]) -> None:
    form = spec["components"]["schemas"]["AskForm"]["properties"]
    assert form["language"]["type"] == "string" and form["language"]["enum"] == ["en", "it"]
    assert "anyOf" not in str(form)


def test_the_docs_page_loads_only_our_files(client: FlaskClient) -> None:
    page = client.get("/docs")
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert address.startswith("/")
        with client.get(address) as response:
            assert response.status_code == 200
    assert client.get("/docs/swagger-ui.js").status_code == 404  # only what the page needs is served
