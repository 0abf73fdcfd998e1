"""What the client wants back: a page, a piece of a page, or JSON; and in which language."""

from collections.abc import Collection

from flask import request

from web.words import known

FORM = "application/x-www-form-urlencoded"
FRAGMENT = "text/vnd.fonte.fragment+html"
"""Asked for in `Accept` by the page's own script: the answer alone, without the page around it."""


def is_form() -> bool:
    """The body is the form of a page."""
    return request.mimetype == FORM


def json_asked_for() -> bool:
    """`Accept` puts JSON before HTML."""
    accept = request.accept_mimetypes
    return accept["application/json"] > accept["text/html"]


def fragment_asked_for() -> bool:
    """`Accept` names the fragment."""
    return any(value == FRAGMENT for value, _ in request.accept_mimetypes)


def html_asked_for() -> bool:
    """A browser is at the other end: `Accept` names HTML, or a form was sent, and JSON is not put first."""
    if json_asked_for():
        return False
    named = any(value in ("text/html", FRAGMENT) for value, _ in request.accept_mimetypes)
    return named or is_form()


def accepted_language(among: Collection[str]) -> str | None:
    """The first of `Accept-Language` that is known, by its main part: `it-CH` is `it`."""
    for value, quality in request.accept_languages:
        code = value.split("-")[0].lower()
        if quality > 0 and code in among:
            return code
    return None


def interface_language() -> tuple[str, bool]:
    """The language of the interface, and whether the address asks for it (`?lang=`) rather than the browser."""
    asked = request.args.get("lang", "")
    if asked in known():
        return asked, True
    return accepted_language(known()) or next(iter(known())), False
