"""The JSON endpoints. `/ask`, `/assess` and `/documents` give pages to browsers, from the same answer."""

from collections.abc import Sequence
from typing import Any

from apiflask import APIBlueprint
from flask import Response, current_app, g, jsonify

from qa.answering.answerer import Answer, Answerer, language_of
from qa.answering.reply import answer_json, assessment_json, document_json
from qa.documents.document import Document
from qa.evidence.assessment import assess
from qa.language.messages import DEFAULT
from qa.language.registry import LANGUAGES
from web import pages
from web.errors import CODES, RefusedError
from web.negotiation import FRAGMENT, accepted_language, is_form, json_asked_for
from web.schemas import (
    EXAMPLE_ANSWER,
    EXAMPLE_ASSESSMENT,
    EXAMPLE_QUESTION,
    EXAMPLE_TEXT,
    AnswerBody,
    AskRequest,
    AssessmentBody,
    AssessRequest,
    DocumentBody,
    DocumentList,
    ErrorBody,
    Health,
)
from web.words import known

api = APIBlueprint("api", __name__, tag="Fonte")


_EVERYWHERE = (401, 429, 503)
"""Where the server has a token, a limit, or too much to do."""


def _replies(*errors: int, pages: Sequence[str] = (), guarded: bool = True) -> Any:
    """The replies of an operation beside its JSON, for the OpenAPI document: pages, and errors by status."""
    text = {"schema": {"type": "string"}}
    replies: dict[int, Any] = {200: {"content": dict.fromkeys(pages, text)}} if pages else {}
    told = ["text/html"] * bool(pages) + ["text/plain"] * (FRAGMENT in pages)
    for status in sorted({*errors, *_EVERYWHERE} if guarded else errors):
        code, sentence = CODES[status]
        body = {
            "schema": {"$ref": f"#/components/schemas/{ErrorBody.__name__}"},
            "example": {"error": {"code": code, "message": sentence, "field": None}},
        }
        content = {"application/json": body, **dict.fromkeys(told, text)}
        replies[status] = {"description": sentence, "content": content}
    return replies


@api.post("/ask")
@api.input(AskRequest, location="json_or_form", arg_name="body", example=EXAMPLE_QUESTION)
@api.output(AnswerBody, description="An answer; `answered: false` when the corpus has none.", example=EXAMPLE_ANSWER)
@api.doc(
    operation_id="ask",
    description="A form gets the whole page, or, with `Accept: " + FRAGMENT + "`, the answer's part of it alone.",
    responses=_replies(400, 403, 413, 415, 422, 500, pages=("text/html", FRAGMENT)),
)
def ask(body: AskRequest) -> Response:
    """Answer a question with verbatim passages, their sources and their caveats"""
    answer = answered(g.answerer, body)
    if is_form() and not json_asked_for():
        return pages.answer_page(answer, body.history)
    return jsonify(answer_json(answer))


def answered(answerer: Answerer, body: AskRequest) -> Answer:
    """The reply's own words are in the language asked for, else the question's, else the browser's.

    A page has words of its own around them: it is in a language of the interface.
    """
    language = body.language or language_of(body.question) or _reader_language()
    if is_form() and not json_asked_for() and language not in known():
        language = _reader_language()
    return answerer.ask(body.question, language, body.limit, body.history)


def _reader_language() -> str:
    """A page is read in the language of its interface, anything else in what `Accept-Language` prefers."""
    return str(g.language) if is_form() else accepted_language(LANGUAGES) or DEFAULT


@api.post("/assess", endpoint="assess")
@api.input(AssessRequest, location="json_or_form", arg_name="body", example=EXAMPLE_TEXT)
@api.output(AssessmentBody, description="Labels and caveats; set automatically.", example=EXAMPLE_ASSESSMENT)
@api.doc(
    operation_id="assess",
    description="A form gets the page that shows the text with its labels.",
    responses=_replies(400, 403, 413, 415, 422, 500, pages=("text/html",)),
)
def assess_text(body: AssessRequest) -> Response:
    """Label a text: does it sell, what evidence does it bring, does it promise safety"""
    assessment = assess(body.text, body.language)
    if is_form() and not json_asked_for():
        return pages.check_page(body.text, assessment)
    return jsonify(assessment_json(body.text, assessment))


@api.get("/documents")
@api.output(DocumentList, description="Every document of the corpus, in the order of their ids.")
@api.doc(operation_id="documents", responses=_replies(pages=("text/html",)))
def documents() -> Response:
    """List the documents"""
    if not json_asked_for():
        return pages.documents_page()
    answerer: Answerer = g.answerer
    listed = [document_json(each, answerer, _reader_language()) for each in answerer.corpus.documents]
    return jsonify({"documents": listed})


@api.get("/documents/<path:id>")
@api.output(DocumentBody, description="The stored text, and its passages with their caveats.")
@api.doc(
    operation_id="document",
    description="Ids are paths and hold slashes: `it/magnesio-e-dolore-ai-nervi`.",
    responses=_replies(404, pages=("text/html",)),
)
def document(id: str) -> Response:
    """Read one document whole"""
    found = find_document(g.answerer, id)
    if not json_asked_for():
        return pages.document_page(found) if found else pages.missing_document_page()
    if found is None:
        raise RefusedError(404, "There is no document of this id.")
    return jsonify(document_json(found, g.answerer, _reader_language(), whole=True))


def find_document(answerer: Answerer, identifier: str) -> Document | None:
    """The document of an id, None where there is none."""
    return next((each for each in answerer.corpus.documents if each.id == identifier), None)


@api.get("/healthz")
@api.output(Health, description="The server answers.")
@api.doc(operation_id="healthz", responses=_replies(503, guarded=False))
def health() -> Response:
    """Is the server well?"""
    answerer: Answerer = g.answerer
    body = {
        "status": "ok",
        "documents": len(answerer.corpus.documents),
        "passages": len(answerer.passages),
        "engine": answerer.engine.name,
    }
    if problem := current_app.config["CORPUS_PROBLEM"]:
        body["problem"] = problem
    return jsonify(body)
