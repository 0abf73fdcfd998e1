"""`POST /ask`: what it takes, what it refuses, and in which shape it answers."""

import json

import pytest
from flask.testing import FlaskClient

from qa.settings import SHIPPED_CORPUS
from tests.web.zinc import BROWSER
from web.negotiation import FRAGMENT
from web.schemas import AnswerBody, ErrorBody

QUESTION = "Il magnesio aiuta contro la sciatica?"
CANARY = "canarino giallo 7731"


def test_an_answer_has_the_documented_shape_and_exact_slices(client: FlaskClient) -> None:
    body = client.post("/ask", json={"question": QUESTION, "limit": 5}).get_json()
    answer = AnswerBody.model_validate(body)
    assert answer.language == "it"
    assert answer.passages
    for passage in answer.passages:
        stored = (SHIPPED_CORPUS / passage.source.file).read_bytes().decode("utf-8")
        assert stored[passage.start : passage.end] == passage.text
        assert passage.source.link == f"/documents/{passage.source.id}#p{passage.id.rpartition('#')[2]}"
        for caveat in passage.caveats:
            assert all(passage.text[span.start : span.end] == span.text for span in caveat.spans)


@pytest.mark.parametrize(
    ("body", "accept", "language"),
    [
        ({"question": QUESTION}, "en", "it"),
        ({"question": "Does ketamine help with fibromyalgia?"}, "it", "en"),
        ({"question": "7731?"}, "it-CH, en;q=0.5", "it"),
        ({"question": "7731?"}, "fr, it;q=0.5", "it"),
        ({"question": "7731?"}, "fr", "en"),
        ({"question": QUESTION, "language": "en"}, "it", "en"),
    ],
)
def test_the_replys_own_words(client: FlaskClient, body: dict[str, str], accept: str, language: str) -> None:
    reply = client.post("/ask", json=body, headers={"Accept-Language": accept})
    assert reply.get_json()["language"] == language


@pytest.mark.parametrize("limit", [1, 10])
def test_a_limit_is_kept(client: FlaskClient, limit: int) -> None:
    reply = client.post("/ask", json={"question": "magnesio nervi dolore", "limit": limit}).get_json()
    assert 1 <= len(reply["passages"]) <= limit


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"question": "🌿"}, 200, None),
        ({"question": "x" * 1000}, 200, None),
        ({"question": " " + "x" * 1000 + " "}, 200, None),
        ({"question": "a", "language": None, "history": []}, 200, None),
        ({"question": "x" * 1001}, 422, "question"),
        ({"question": ""}, 422, "question"),
        ({"question": " \n\t"}, 422, "question"),
        ({"question": "\x00\x01"}, 422, "question"),
        ({"question": None}, 422, "question"),
        ({"question": 3}, 422, "question"),
        ({"question": ["a"]}, 422, "question"),
        ({}, 422, "question"),
        ({"question": "a", "limit": 0}, 422, "limit"),
        ({"question": "a", "limit": 11}, 422, "limit"),
        ({"question": "a", "limit": "3"}, 422, "limit"),
        ({"question": "a", "limit": True}, 422, "limit"),
        ({"question": "a", "limit": 3.5}, 422, "limit"),
        ({"question": "a", "limit": 3.0}, 200, None),  # JSON knows one kind of number
        ({"question": "a", "limit": 1e300}, 422, "limit"),
        ({"question": "a", "limit": None}, 422, "limit"),
        ({"question": "a", "language": "xx"}, 422, "language"),
        ({"question": "a", "language": "IT"}, 422, "language"),
        ({"question": "a", "language": 1}, 422, "language"),
        ({"question": "a", "history": "b"}, 422, "history"),
        ({"question": "a", "history": ["b"] * 11}, 422, "history"),
        ({"question": "a", "history": ["x" * 1001]}, 422, "history"),
        ({"question": "a", "history": [""]}, 422, "history"),
        ({"question": "a", "history": [1]}, 422, "history"),
        ({"question": "a", "colour": "red"}, 422, "colour"),
        ({"question": "a", CANARY: 1}, 422, None),
        ([QUESTION], 422, None),
        ("a", 422, None),
        (3, 422, None),
    ],
)
def test_fields_are_checked(client: FlaskClient, body: object, status: int, field: str | None) -> None:
    reply = client.post("/ask", json=body)
    assert reply.status_code == status
    if status != 200:
        assert ErrorBody.model_validate(reply.get_json()).error.field == field
        assert "canarino" not in reply.text


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "not_json"),
        (b"", "application/json", 400, "not_json"),
        (b'{"question": "\xff"}', "application/json", 400, "not_json"),
        ('{"question": "è"}'.encode("utf-16"), "application/json", 400, "not_json"),
        (b'{"question": NaN}', "application/json", 400, "not_json"),
        (b"null", "application/json", 422, "wrong_field"),
        (b"[" * 100_000, "application/json", 400, "not_json"),
        (b'{"question": "\\ud800"}', "application/json", 422, "wrong_field"),
        (b'{"question": "a", "limit": 1e999}', "application/json", 422, "wrong_field"),
        (b'{"question": "a"}', "text/plain", 415, "unsupported_type"),
        (b'{"question": "a"}', None, 415, "unsupported_type"),
        (b"question=a", "multipart/form-data", 415, "unsupported_type"),
        (json.dumps({"question": "a" * 131_000}).encode(), "application/json", 422, "wrong_field"),
        (json.dumps({"question": "a" * 132_000}).encode(), "application/json", 413, "too_large"),
        (b"question=" + b"a" * 132_000, "application/x-www-form-urlencoded", 413, "too_large"),
    ],
)
def test_bodies_are_checked(client: FlaskClient, body: bytes, kind: str | None, status: int, code: str) -> None:
    reply = client.post("/ask", data=body, content_type=kind, headers={"Accept": "application/json"})
    assert (reply.status_code, reply.get_json()["error"]["code"]) == (status, code)


def test_errors_never_repeat_the_question(client: FlaskClient) -> None:
    for body in ({"question": CANARY * 60}, {"question": CANARY, "limit": 0}, {"question": CANARY, "language": CANARY}):
        reply = client.post("/ask", json=body)
        assert reply.status_code == 422
        assert "canarino" not in reply.text


def test_history_changes_what_is_searched_for(client: FlaskClient) -> None:
    alone = client.post("/ask", json={"question": "And for sciatica?"}).get_json()
    after = client.post("/ask", json={"question": "And for sciatica?", "history": ["Does magnesium help?"]}).get_json()
    assert "magnesium" not in alone["interpreted"]
    assert "magnesium" in after["interpreted"]


def test_a_form_gets_the_whole_page(client: FlaskClient) -> None:
    page = client.post("/ask", data={"question": QUESTION, "history": ["prima", "seconda"]}, headers=BROWSER)
    assert page.mimetype == "text/html"
    assert page.text.startswith("<!doctype html>")
    assert '<article class="turn" lang="it">' in page.text
    for earlier in ("prima", "seconda", QUESTION):
        assert f'name="history" value="{earlier}"' in page.text


def test_a_form_without_an_accept_header_gets_the_page_too(client: FlaskClient) -> None:
    assert client.post("/ask", data={"question": QUESTION}).mimetype == "text/html"


def test_a_form_may_ask_for_json(client: FlaskClient) -> None:
    reply = client.post("/ask", data={"question": QUESTION, "limit": "2"}, headers={"Accept": "application/json"})
    assert len(AnswerBody.model_validate(reply.get_json()).passages) <= 2


def test_the_script_gets_the_answer_alone(client: FlaskClient) -> None:
    part = client.post("/ask", data={"question": QUESTION}, headers={"Accept": FRAGMENT})
    assert part.mimetype == FRAGMENT
    assert part.text.strip().startswith("<article")
    assert "<html" not in part.text


@pytest.mark.parametrize(
    ("question", "told"), [("", "Write a question first."), ("y" * 1001, "The question is too long")]
)
def test_a_refused_form_keeps_the_question_in_its_box(client: FlaskClient, question: str, told: str) -> None:
    page = client.post("/ask", data={"question": question}, headers={**BROWSER, "Accept-Language": "en"})
    assert page.status_code == 422
    assert told in page.text
    assert f"\n{question}</textarea>" in page.text
    part = client.post("/ask", data={"question": question}, headers={"Accept": FRAGMENT, "Accept-Language": "en"})
    assert (part.status_code, part.mimetype) == (422, "text/plain")
    assert part.text.startswith(told)


def test_the_same_question_gets_the_same_answer(client: FlaskClient) -> None:
    first, second = (client.post("/ask", json={"question": QUESTION}).data for _ in range(2))
    assert first == second
