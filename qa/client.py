"""A client of a Fonte server in one module, with nothing but the standard library.

    from qa.client import Client

    fonte = Client("http://127.0.0.1:8000")
    answer = fonte.ask("Does magnesium help with neuropathy?")
    for passage in answer["passages"]:
        print(passage["text"], [caveat["title"] for caveat in passage["caveats"]])

Replies are the JSON of the server, typed. Offsets count code points, as Python's strings do.
"""

import json
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPException, HTTPMessage
from typing import Any, Literal, NotRequired, TypedDict, cast
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from qa.errors import FonteError

_LATER = (429, 503)
LONGEST_WAIT = 10.0  # seconds that a `Retry-After` is obeyed for


class ClientError(FonteError):
    """What the server refused, or why it could not be reached.

    `status` is the HTTP status, None where no answer came. `code` is the server's word for it ("wrong_field", …), or
    "unreachable", or "not_fonte" for an answer that is none of ours. `field` names the field to blame, or is None.
    """

    def __init__(self, message: str, code: str, status: int | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.code, self.status, self.field = code, status, field


class Highlight(TypedDict):
    """A matched word, or the closest sentence, in the passage's text."""

    start: int
    end: int
    kind: Literal["term", "sentence"]


class Span(TypedDict):
    """The words that set off a caveat, in the passage's text."""

    start: int
    end: int
    text: str


class Place(Span):
    """Where in its document a caveat of document scope comes from."""

    link: str


class Caveat(TypedDict):
    """What a passage does; never whether its claim is true."""

    kind: str
    level: Literal["caution", "note"]
    scope: Literal["passage", "document"]
    title: str
    message: str
    spans: list[Span]
    place: NotRequired[Place]


class Source(TypedDict):
    """What is known of a document."""

    id: str
    file: str
    title: str
    author: str | None
    published: str | None
    language: str | None
    kind: str
    url: str | None
    link: NotRequired[str]


class Passage(TypedDict):
    """A passage, verbatim: `text` is the document's text from `start` to `end`."""

    id: str
    rank: int
    score: float
    language: str | None
    section: str | None
    text: str
    start: int
    end: int
    highlights: list[Highlight]
    source: Source
    caveats: list[Caveat]


class Alert(TypedDict):
    """What the question itself calls for; show it first."""

    kind: Literal["emergency", "medicine"]
    message: str


class Answer(TypedDict):
    """The body of `/ask`. Not answered: `passages` are near misses."""

    question: str
    language: str
    interpreted: str
    answered: bool
    confidence: float
    message: str
    missing: list[str]
    alert: Alert | None
    passages: list[Passage]
    notice: str


class Assessment(TypedDict):
    """The body of `/assess`."""

    language: str | None
    promotional: Literal["sell", "tone", "none"]
    evidence: list[str]
    claim: Literal["benefit", "harm", "both", "none"]
    safety: Literal["yes", "weak", "no"]
    caveats: list[Caveat]
    message: NotRequired[str]


class DocumentPassage(TypedDict):
    """A passage of a document, by its place in the text."""

    id: str
    section: str | None
    start: int
    end: int
    caveats: list[Caveat]


class Listed(Source):
    """A document of the list."""

    passages: int
    words: int
    sha256: str


class Document(Source):
    """A document with its text."""

    passages: list[DocumentPassage]
    words: int
    sha256: str
    text: str


class _NoRedirect(HTTPRedirectHandler):
    """A redirected POST would come back as a GET, and a question might go to another host."""

    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        return None


class Client:
    """One server. Holds no connection: it may be shared between threads."""

    def __init__(
        self, address: str = "http://127.0.0.1:8000", timeout: float = 30.0, retries: int = 2, token: str = ""
    ) -> None:
        """`timeout`: seconds for each try. `retries`: when it is busy, or one asks too often. `token`: of the server.

        Raises ValueError for no web address.
        """
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{address!r} is no address like http://127.0.0.1:8000")
        self._address = address.rstrip("/")
        self._timeout = timeout
        self._retries = retries
        self._headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._opener = build_opener(_NoRedirect)

    def ask(self, question: str, language: str | None = None, limit: int = 3, history: Sequence[str] = ()) -> Answer:
        """The best passages for a question; `answered` is False where the texts do not answer."""
        body: dict[str, object] = {"question": question, "limit": limit, "history": list(history)}
        if language is not None:
            body["language"] = language
        return cast(Answer, self._call("/ask", body))

    def assess(self, text: str, language: str | None = None) -> Assessment:
        """Labels and caveats of a text of at most 12,000 characters."""
        return cast(Assessment, self._call("/assess", {"text": text} | ({"language": language} if language else {})))

    def documents(self) -> list[Listed]:
        """Every document of the corpus."""
        return cast(list[Listed], self._call("/documents")["documents"])

    def document(self, identifier: str) -> Document:
        """One document with its text; its id is a path like `it/magnesio-e-dolore-ai-nervi`."""
        return cast(Document, self._call(f"/documents/{quote(identifier)}"))

    def health(self) -> dict[str, Any]:
        """Status, engine, and how many documents and passages there are."""
        return self._call("/healthz")

    def _call(self, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode("utf-8")
        for left in range(self._retries, -1, -1):
            request = Request(self._address + path, data, self._headers)
            try:
                with self._opener.open(request, timeout=self._timeout) as response:
                    return _body(response.read(), response.status)
            except HTTPError as refusal:
                with refusal:
                    problem = _refusal(refusal.read(), refusal.code)
                    wait = refusal.headers.get("Retry-After", "")
                if refusal.code not in _LATER or not left or not wait.isdigit() or float(wait) > LONGEST_WAIT:
                    raise problem from None
                time.sleep(float(wait))
            except (OSError, HTTPException) as problem:
                reason = getattr(problem, "reason", problem)
                raise ClientError(f"{self._address} cannot be reached: {reason}", "unreachable") from problem
        raise AssertionError("the last try returns or raises")


def _body(data: bytes, status: int) -> dict[str, Any]:
    try:
        body = json.loads(data)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ClientError("what answers there is no Fonte server", "not_fonte", status)
    return body


def _refusal(data: bytes, status: int) -> ClientError:
    try:
        error = _body(data, status)["error"]
        return ClientError(str(error["message"]), str(error["code"]), status, error["field"])
    except (ClientError, KeyError, TypeError):
        return ClientError(f"what answers there is no Fonte server (status {status})", "not_fonte", status)
