"""The headers of every response, and the refusal of requests that another site sends."""

from flask import Flask, Response, request

from web.errors import RefusedError

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types fonte"
)
# Swagger UI writes style attributes and data: images, and sets innerHTML; so its page, which shows nothing of a
# user's, has a policy of its own. Scripts stay bound to our own files there too.
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}
_OWN = ("same-origin", "none")
_INDEXED = ("index", "documents", "document", "how_to_read")
"""Endpoints that search engines may list; everything else, answers above all, they may not."""


def register(app: Flask) -> None:
    """On every response, errors too."""
    app.before_request(_same_site)
    app.after_request(_finish)


def _same_site() -> None:
    """Browsers say who sends a request; programs say nothing and are let through."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "none") not in _OWN:
        raise RefusedError(403)


def _finish(response: Response) -> Response:
    response.headers.update(HEADERS)
    endpoint = (request.endpoint or "").rsplit(".", 1)[-1]
    response.headers["Content-Security-Policy"] = DOCS_POLICY if endpoint == "docs" else POLICY
    if endpoint in ("static", "docs_file") and response.status_code in (200, 206, 304):
        response.headers["Cache-Control"] = "public, max-age=3600"
    else:
        response.headers["Cache-Control"] = "no-store"
        response.vary.update(("Accept", "Accept-Language"))
    if endpoint not in (*_INDEXED, "static") or response.status_code >= 400:
        response.headers["X-Robots-Tag"] = "noindex"
    return response
