"""The pages."""

from collections.abc import Sequence

from flask import Flask, Response, make_response

from qa.answering.answerer import Answer
from qa.answering.reply import message
from qa.documents.corpus import Document
from qa.evidence.assessment import Assessment


def register(app: Flask) -> None:
    app.add_url_rule("/", "index", index, methods=["GET"])
    app.view_functions["index"]._spec = {"hide": True}  # type: ignore


def index() -> Response:
    return make_response(
        "<form method=post action=/ask><textarea name=question></textarea><button>Ask</button></form>"
    )


def error_page(status: int, code: str, field: str | None) -> Response:
    return make_response(code)


def answer_page(answer: Answer, history: Sequence[str]) -> Response:
    return make_response(message(answer))


def check_page(text: str, assessment: Assessment) -> Response:
    return make_response("check")


def documents_page() -> Response:
    return make_response("documents")


def document_page(document: Document) -> Response:
    return make_response("document")


def missing_document_page() -> Response:
    return make_response("gone", 404)
