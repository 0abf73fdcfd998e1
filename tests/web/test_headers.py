"""Headers on every response, errors too; requests from another site refused."""

import pytest
from flask.testing import FlaskClient

from qa.answering.answerer import Answerer
from qa.settings import load_settings
from tests.web.zinc import BROWSER
from web.app import create_app

EVERY = [
    ("GET", "/"),
    ("GET", "/documents"),
    ("GET", "/documents/it/mesoterapia-antalgica"),
    ("GET", "/documents/nope"),
    ("GET", "/passages?p=nope"),
    ("GET", "/check"),
    ("GET", "/how-to-read"),
    ("GET", "/docs"),
    ("GET", "/docs/swagger-ui.css"),
    ("GET", "/openapi.json"),
    ("GET", "/healthz"),
    ("GET", "/static/fonte.css"),
    ("GET", "/static/../app.py"),
    ("GET", "/nope"),
    ("POST", "/ask"),
    ("POST", "/assess"),
    ("PUT", "/ask"),
    ("GET", "/ask"),
    ("HEAD", "/"),
    ("OPTIONS", "/ask"),
]


@pytest.mark.parametrize(("method", "path"), EVERY)
def test_every_response_is_guarded(client: FlaskClient, method: str, path: str) -> None:
    with client.open(path, method=method) as response:
        headers = response.headers
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "script-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    if path != "/docs":
        assert "unsafe" not in policy
        assert "require-trusted-types-for 'script'; trusted-types fonte" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    for feature in ("camera", "microphone", "geolocation"):
        assert f"{feature}=()" in headers["Permissions-Policy"]
    stored = path in ("/static/fonte.css", "/docs/swagger-ui.css")
    assert (headers["Cache-Control"] == "no-store") is not stored
    assert "Set-Cookie" not in headers
    assert "Server" not in headers


@pytest.mark.parametrize(
    ("path", "indexed"),
    [("/", True), ("/documents", True), ("/how-to-read", True), ("/passages?p=x", False), ("/documents/nope", False)],
)
def test_answers_are_not_indexed(client: FlaskClient, path: str, indexed: bool) -> None:
    assert ("X-Robots-Tag" not in client.get(path, headers=BROWSER).headers) is indexed


def test_an_answer_page_is_not_indexed(client: FlaskClient) -> None:
    assert client.post("/ask", data={"question": "magnesio"}).headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    ("site", "status"),
    [
        (None, 200),
        ("none", 200),
        ("same-origin", 200),
        ("same-site", 403),
        ("cross-site", 403),
        ("nonsense", 403),
        ("", 403),
    ],
)
@pytest.mark.parametrize("path", ["/ask", "/assess"])
def test_another_site_may_not_post(client: FlaskClient, path: str, site: str | None, status: int) -> None:
    headers = {} if site is None else {"Sec-Fetch-Site": site}
    body = {"question": "magnesio"} if path == "/ask" else {"text": "magnesio"}
    assert client.post(path, json=body, headers=headers).status_code == status
    page = client.post(path, data=body, headers={**BROWSER, **headers})
    assert (page.status_code, page.mimetype) == (status, "text/html")


def test_the_wrong_method_says_which_is_right(client: FlaskClient) -> None:
    reply = client.put("/ask")
    assert reply.status_code == 405
    assert "POST" in reply.headers["Allow"]
    assert reply.get_json()["error"]["code"] == "method_not_allowed"


class Faulty(Answerer):
    """An engine with a fault in it, whose message holds the question."""

    def ask(self, question: str, *rest: object, **named: object) -> None:  # type: ignore[override]
        raise ZeroDivisionError(f"cannot divide {question}")


def test_a_fault_of_ours_tells_nothing(shipped: Answerer, capfd: pytest.CaptureFixture[str]) -> None:
    with create_app(Faulty(shipped.corpus), load_settings()).test_client() as client:
        reply = client.post("/ask", json={"question": "canary 7731"})
        page = client.post("/ask", data={"question": "canary 7731"}, headers=BROWSER)
    assert (reply.status_code, reply.get_json()["error"]["code"]) == (500, "internal")
    assert "canary" not in reply.text and "ZeroDivision" not in reply.text
    assert (page.status_code, page.mimetype) == (500, "text/html")
    assert "ZeroDivision" not in page.text
    assert "canary 7731</textarea>" in page.text  # the box keeps it
    told = capfd.readouterr().err
    assert "ZeroDivisionError in ask" in told
    assert "canary" not in told
