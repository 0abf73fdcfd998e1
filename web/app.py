"""The application: a factory that receives its collaborators and wires the rest."""

from importlib.metadata import version

from apiflask import APIFlask
from flask import current_app, g

from qa.answering.answerer import Answerer
from qa.settings import Settings
from web import bodies, docs, errors, headers, limits, pages, tokens
from web.api import api
from web.negotiation import interface_language
from web.suggestions import Suggestions


def create_app(answerer: Answerer, settings: Settings) -> APIFlask:
    """A WSGI application that answers from `answerer`; another in `app.config["ANSWERER"]` swaps corpora.

    `app.config["CORPUS_PROBLEM"]`: why the corpus on disk is not the one in use, None where it is.
    """
    app = APIFlask(__name__, title="Fonte", version=version("fonte"), docs_path=None, json_errors=False)
    app.config.update(
        ANSWERER=answerer,
        SETTINGS=settings,
        CORPUS_PROBLEM=None,
        MAX_CONTENT_LENGTH=bodies.MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=bodies.MOST_BYTES,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.merge_slashes = False
    app.before_request(_open)
    limits.register(app, settings)
    headers.register(app)
    tokens.register(app, settings)
    errors.register(app)
    docs.register(app)
    app.register_blueprint(api)
    pages.register(app)
    return app


def _open() -> None:
    """One answerer for the whole of a request, whatever is swapped meanwhile; and the interface's language."""
    answerer = current_app.config["ANSWERER"]
    suggestions = current_app.config.get("SUGGESTIONS")
    if suggestions is None or suggestions.answerer is not answerer:
        suggestions = current_app.config["SUGGESTIONS"] = Suggestions(answerer)
    g.answerer, g.suggestions = answerer, suggestions
    g.language, g.language_asked = interface_language()
