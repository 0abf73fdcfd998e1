"""`POST /assess`, and its page."""

import pytest
from flask.testing import FlaskClient

from tests.web.zinc import BROWSER
from web.schemas import AssessmentBody, ErrorBody

TEXT = "Studies show that our drops relieve pain with no side effects at all. Order now and save 20%!"


def test_labels_have_the_documented_shape_and_exact_spans(client: FlaskClient) -> None:
    body = AssessmentBody.model_validate(client.post("/assess", json={"text": TEXT}).get_json())
    assert body.language == "en"
    assert body.message is None
    assert all(TEXT[span.start : span.end] == span.text for caveat in body.caveats for span in caveat.spans)


def test_a_text_in_another_language_is_said_to_be_unknown(client: FlaskClient) -> None:
    german = "Die Forscher haben gezeigt, dass die Tropfen nicht gegen die Schmerzen helfen, die wir alle kennen."
    body = client.post("/assess", json={"text": german}).get_json()
    assert (body["language"], body["caveats"]) == (None, [])
    assert "English" in body["message"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"text": "x" * 12_000}, 200, None),
        ({"text": " "}, 200, None),
        ({"text": TEXT, "language": "it"}, 200, None),
        ({"text": "x" * 12_001}, 422, "text"),
        ({"text": ""}, 422, "text"),
        ({"text": 3}, 422, "text"),
        ({}, 422, "text"),
        ({"text": TEXT, "language": "xx"}, 422, "language"),
        ({"text": TEXT, "limit": 3}, 422, "limit"),
    ],
)
def test_fields_are_checked(client: FlaskClient, body: dict[str, object], status: int, field: str | None) -> None:
    reply = client.post("/assess", json=body)
    assert reply.status_code == status
    if status != 200:
        assert ErrorBody.model_validate(reply.get_json()).error.field == field


def test_the_form_gets_a_page_with_the_text_still_in_its_box(client: FlaskClient) -> None:
    page = client.post("/assess", data={"text": TEXT}, headers={**BROWSER, "Accept-Language": "it"})
    assert page.status_code == 200
    assert "Come sarebbe etichettato" in page.text
    assert f"\n{TEXT}</textarea>" in page.text


@pytest.mark.parametrize(("text", "told"), [("", "Paste a text first."), ("y" * 12_001, "The text is too long")])
def test_a_refused_form_says_why(client: FlaskClient, text: str, told: str) -> None:
    page = client.post("/assess", data={"text": text}, headers={**BROWSER, "Accept-Language": "en"})
    assert page.status_code == 422
    assert told in page.text
