"""The token: without it nothing is told but that the server is well; it is compared whole and never shown."""

import base64

import pytest
from flask.testing import FlaskClient

from qa.answering.answerer import Answerer
from qa.settings import load_settings
from tests.web.zinc import BROWSER
from web.app import create_app
from web.tokens import same

TOKEN = "sesamo-perché-19"


@pytest.fixture
def guarded(shipped: Answerer) -> FlaskClient:
    """A client of a server with a token."""
    return create_app(shipped, load_settings(token=TOKEN)).test_client()


def basic(password: str, user: str = "anyone") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def bearer(token: str) -> str:
    return f"Bearer {token.encode().decode('latin-1')}"  # as a socket hands the bytes to WSGI


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (None, 401),
        (bearer(TOKEN), 200),
        (basic(TOKEN), 200),
        (basic(TOKEN, ""), 200),
        (bearer(TOKEN + "x"), 401),
        (bearer(TOKEN[:-1]), 401),
        (bearer(""), 401),
        ("Bearer", 401),
        (TOKEN.encode().decode("latin-1"), 401),
        (basic(""), 401),
        ("Basic nonsense", 401),
        ('Digest username="x", response="y"', 401),
        ("Bearer a=b, c=d", 401),
    ],
)
def test_only_the_token_opens(guarded: FlaskClient, sent: str | None, status: int) -> None:
    reply = guarded.post("/ask", json={"question": "magnesio"}, headers={"Authorization": sent} if sent else {})
    assert reply.status_code == status
    if status == 401:
        assert reply.get_json() == {
            "error": {"code": "wrong_token", "message": "The token is missing or wrong.", "field": None}
        }
        schemes = [value.split()[0] for value in reply.headers.getlist("WWW-Authenticate")]
        assert schemes == ["Bearer", "Basic"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 401),
        ("GET", "/documents", 401),
        ("GET", "/documents/it/mesoterapia-antalgica", 401),
        ("GET", "/passages?p=x", 401),
        ("GET", "/openapi.json", 401),
        ("GET", "/docs", 401),
        ("GET", "/nothing", 401),
        ("POST", "/assess", 401),
        ("PUT", "/ask", 401),
        ("GET", "/healthz", 200),
        ("GET", "/static/fonte.css", 200),
    ],
)
def test_what_is_open_without_it(guarded: FlaskClient, method: str, path: str, status: int) -> None:
    with guarded.open(path, method=method) as reply:
        assert reply.status_code == status
        assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_a_browser_is_told_in_a_page(guarded: FlaskClient) -> None:
    page = guarded.get("/", headers={**BROWSER, "Accept-Language": "it"})
    assert (page.status_code, page.mimetype) == (401, "text/html")
    assert "chiede un token" in page.text
    asked = guarded.get("/", headers={**BROWSER, "Authorization": basic(TOKEN)})
    assert asked.status_code == 200


def test_the_description_tells_of_it(guarded: FlaskClient, client: FlaskClient) -> None:
    spec = guarded.get("/openapi.json", headers={"Authorization": bearer(TOKEN)}).get_json()
    assert spec["security"] == [{"token": []}]
    assert spec["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}
    assert spec["paths"]["/healthz"]["get"]["security"] == []
    assert "security" not in client.get("/openapi.json").get_json()


@pytest.mark.parametrize(
    ("sent", "token", "equal"),
    [
        ("a", "a", True),
        ("a", "b", False),
        ("", "a", False),
        ("aa", "a", False),
        ("è", "è", True),
        ("\ud800", "?", True),
    ],
)
def test_comparing(sent: str, token: str, equal: bool) -> None:
    assert same(sent, token) is equal
