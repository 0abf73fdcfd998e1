"""Errors that leave the server: one shape in JSON, one page in HTML; no traceback and nothing the client sent."""

import sys
import traceback
from collections.abc import Sequence
from http import HTTPStatus

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from qa.errors import EngineError, FonteError, InputError
from web.negotiation import html_asked_for
from web.pages import error_page

CODES = {
    400: ("not_json", "The body is not JSON in UTF-8."),
    401: ("wrong_token", "The token is missing or wrong."),
    403: ("cross_site", "Requests that another site sends are refused."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method."),
    413: ("too_large", "The body is larger than 128 KiB."),
    415: ("unsupported_type", "The body must be application/json, or the form of the page."),
    422: ("wrong_field", "A field is not as it must be."),
    429: ("too_many", "Too many requests came from this address. Wait a moment."),
    500: ("internal", "The server failed. The fault is ours, and has been logged without your question."),
    503: ("unavailable", "The server is busy or its search engine is away. Try again in a moment."),
}
"""Status → (code, sentence)."""

RETRY_AFTER = "5"


class RefusedError(Exception):
    """A request that is not served: the status tells why, `field` which field is to blame.

    `headers` go with the reply.
    """

    def __init__(
        self,
        status: int,
        message: str | None = None,
        field: str | None = None,
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.status, self.field, self.headers = status, field, headers
        self.message = message or CODES[status][1]
        super().__init__(self.message)


def register(app: Flask) -> None:
    """Every way out of the application that is not an answer."""
    app.register_error_handler(RefusedError, _refused)
    app.register_error_handler(InputError, _input)
    app.register_error_handler(EngineError, _engine)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def _refused(problem: RefusedError) -> Response:
    response = reply(problem.status, problem.message, problem.field)
    for name, value in problem.headers:
        response.headers.add(name, value)
    return response


def _input(problem: InputError) -> Response:
    return reply(422, _sentence(str(problem)), problem.field)


def _engine(problem: EngineError) -> Response:
    print(f"qa: {problem}", file=sys.stderr)
    return reply(503)


def _http(problem: HTTPException) -> Response:
    if isinstance(problem.response, Response):
        return problem.response
    status = problem.code or 500
    response = reply(status, None if status in CODES else HTTPStatus(status).phrase + ".")
    for name, value in problem.get_headers():
        if name in ("Allow", "Location", "Retry-After"):
            response.headers[name] = value
    return response


def _fault(problem: Exception) -> Response:
    """A fault of ours: where it happened goes to standard error, but not its message, which may hold the question."""
    where = traceback.extract_tb(problem.__traceback__)[-1]
    kind = type(problem).__name__ if not isinstance(problem, FonteError) else f"{type(problem).__name__}: {problem}"
    print(f"qa: {kind} in {where.name} ({where.filename}:{where.lineno})", file=sys.stderr)
    return reply(500)


def reply(status: int, message: str | None = None, field: str | None = None) -> Response:
    """The error as JSON, or as a page for a browser."""
    code, sentence = CODES.get(status, ("refused", ""))
    if html_asked_for():
        response = error_page(status, code, field)
    else:
        response = jsonify({"error": {"code": code, "message": message or sentence, "field": field}})
    response.status_code = status
    if status == 503:
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."
