"""The application: a factory that receives its collaborators and wires the rest."""

from importlib.metadata import version

from apiflask import APIFlask
from flask import g

from qa.answering.answerer import Answerer
from qa.settings import Settings
from web import bodies, docs, errors, headers, pages
from web.api import api
from web.negotiation import interface_language


def create_app(answerer: Answerer, settings: Settings) -> APIFlask:
    """A WSGI application that answers from `answerer`; put another into `app.config["ANSWERER"]` to swap corpora."""
    app = APIFlask(__name__, title="Fonte", version=version("fonte"), docs_path=None, json_errors=False)
    app.config.update(
        ANSWERER=answerer,
        SETTINGS=settings,
        MAX_CONTENT_LENGTH=bodies.MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=bodies.MOST_BYTES,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.url_map.merge_slashes = False
    headers.register(app)
    app.before_request(_open)
    errors.register(app)
    docs.register(app)
    app.register_blueprint(api)
    pages.register(app)
    return app


def _open() -> None:
    """One answerer for the whole of a request, whatever is swapped meanwhile; and the language of the interface."""
    from flask import current_app

    g.answerer = current_app.config["ANSWERER"]
    g.language, g.language_asked = interface_language()
