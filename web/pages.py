"""The pages. Each works without JavaScript; the script only adds what a page alone cannot do."""

from collections.abc import Sequence
from typing import Any

from apiflask import APIFlask
from flask import Response, g, make_response, render_template, request, url_for

from qa.answering.answerer import LONGEST_QUESTION, MOST_HISTORY, Answer, Answerer, visible
from qa.documents.document import Document
from qa.documents.passages import Passage
from qa.evidence.assessment import Assessment
from qa.language.messages import language_names, say
from web.cards import Card, answer_card, chosen_card, label, permalink_ids, triggers
from web.marking import pieces
from web.negotiation import FRAGMENT, fragment_asked_for, is_form
from web.picture import picture
from web.schemas import LONGEST_TEXT
from web.sheet import sheet
from web.suggestions import Suggestions
from web.words import Words, known, words_of

ON_A_PAGE = 50
"""Documents that one page of the list shows."""

_STATIC = ("static", "docs_file", "openapi.spec")
_LANDING = {"api.ask": "index", "api.assess": "check"}
"""Pages that only a form reaches → the page to show in the other language instead."""


def register(app: APIFlask) -> None:
    """The pages that nothing but a browser asks for, and what every template may use."""
    for rule, name, view in (
        ("/", "index", index),
        ("/passages", "passages", passages_page),
        ("/check", "check", check_page),
        ("/how-to-read", "how_to_read", how_page),
    ):
        app.add_url_rule(rule, name, app.doc(hide=True)(view), methods=["GET"])
    app.url_defaults(_keep_language)
    app.context_processor(_common)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def index() -> Response:
    """The empty chat."""
    return _chat()


def answer_page(answer: Answer, history: Sequence[str]) -> Response:
    """The chat with one answer; its part alone where the page's own script asks."""
    asked = frozenset([answer.question, *history])
    card = answer_card(answer, g.answerer, _suggestions().follow_ups(answer, asked))
    earlier = [*history, answer.question][-MOST_HISTORY:]
    if fragment_asked_for():
        response = make_response(render_template("answer.html", card=card, history=(), ids=permalink_ids(card)))
        response.mimetype = FRAGMENT
        return response
    return _chat(card=card, history=earlier, earlier=list(history))


def _chat(**values: Any) -> Response:
    values = {"card": None, "history": [], "earlier": [], "question": "", "error": None, **values}
    card: Card | None = values["card"]
    empty = not (card or values["error"] or values["question"])
    examples = _suggestions().examples(g.language) if empty else []
    return make_response(
        render_template(
            "chat.html", examples=examples, ids=permalink_ids(card) if card else [], most=LONGEST_QUESTION, **values
        )
    )


def passages_page() -> Response:
    """The passages that a link names, and which of them are gone."""
    answerer: Answerer = g.answerer
    wanted = list(dict.fromkeys(request.args.getlist("p")))[:50]
    found = [passage for passage in (_passage(answerer, each) for each in wanted) if passage]
    gone = [each for each in wanted if each not in {passage.id for passage in found}]
    card = chosen_card(answerer, found, g.language)
    page = render_template("passages.html", card=card, gone=gone, ids=permalink_ids(card), history=())
    return make_response(page, 200 if found else 404)


def _passage(answerer: Answerer, identifier: str) -> Passage | None:
    document = identifier.rpartition("#")[0] or identifier
    return next((each for each in answerer.passages_of(document) if each.id == identifier), None)


def documents_page() -> Response:
    """The corpus, with each text's labels at a glance."""
    answerer: Answerer = g.answerer
    words = words_of(g.language)
    every = answerer.corpus.documents
    pages = max(1, -(-len(every) // ON_A_PAGE))
    asked = request.args.get("page", "1")
    page = min(max(int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1, 1), pages)
    rows = [
        (document, picture(answerer, answerer.passages_of(document.id), words))
        for document in every[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    ]
    return make_response(render_template("documents.html", rows=rows, page=page, pages=pages))


def document_page(document: Document) -> Response:
    """One text whole, its passages' labels in the margin."""
    answerer: Answerer = g.answerer
    drawn = picture(answerer, answerer.passages_of(document.id), words_of(g.language))
    blocks = sheet(document, answerer, g.language)
    return make_response(render_template("document.html", document=document, blocks=blocks, drawn=drawn))


def missing_document_page() -> Response:
    """A document that is not, or no longer, here; with a way to search on."""
    return make_response(render_template("missing.html"), 404)


def check_page(text: str = "", assessment: Assessment | None = None, error: str | None = None) -> Response:
    """Paste a text, see its labels."""
    values: dict[str, Any] = {"text": text, "assessment": assessment, "error": error, "most": LONGEST_TEXT}
    if assessment:
        values["labels"] = [label(caveat, g.language, text) for caveat in assessment.caveats]
        values["pieces"] = pieces(text, triggers(assessment.caveats))
        if assessment.language is None:
            key = "unknown_language" if any(c.isalnum() for c in text) else "no_words"
            values["unknown"] = say(g.language, key, **({"languages": language_names()} if "un" in key else {}))
    return make_response(render_template("check.html", **values))


def how_page() -> Response:
    """How to read these texts."""
    return make_response(render_template("how.html"))


def error_page(status: int, code: str, field: str | None) -> Response:
    """The error in the words of the interface; a form comes back filled as it was sent."""
    words = words_of(g.language)
    readable = is_form() and status not in (400, 413)
    question = request.form.get("question", "") if readable else ""
    text = request.form.get("text", "") if readable else ""
    told = _told(words, status, field, question, text)
    if fragment_asked_for():
        return Response(told, mimetype="text/plain")
    if request.endpoint == "api.ask" and is_form():
        history = request.form.getlist("history")[-MOST_HISTORY:] if readable else []
        return _chat(question=question, error=told, history=history)
    if request.endpoint == "api.assess" and is_form():
        return check_page(text, error=told)
    return make_response(render_template("error.html", told=told))


def _told(words: Words, status: int, field: str | None, question: str, text: str) -> str:
    if status == 422 and field in ("question", "text"):
        sent = (question if field == "question" else text).strip()
        most = LONGEST_QUESTION if field == "question" else LONGEST_TEXT
        if len(sent) > most:
            return words(f"errors.{field}_long")
        if not any(map(visible, sent)):
            return words(f"errors.{field}_empty")
    key = str(status) if str(status) in words.table["errors"] else "other"
    return words(f"errors.{key}")


def _suggestions() -> Suggestions:
    suggestions: Suggestions = g.suggestions
    return suggestions


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """A language asked for in the address stays in every link."""
    if getattr(g, "language_asked", False) and endpoint not in _STATIC:
        values.setdefault("lang", g.language)


def _common() -> dict[str, Any]:
    return {
        "t": words_of(g.language),
        "lang": g.language,
        "documents_here": len(g.answerer.corpus.documents),
        "switches": _switches,
        "say": say,
    }


def _switches() -> list[tuple[str, str, str]]:
    """(code, its own invitation, address) of this page in every other language of the interface."""
    endpoint = _LANDING.get(request.endpoint or "", request.endpoint or "index")
    values: dict[str, Any] = dict(request.view_args or {}) if endpoint == request.endpoint else {}
    if endpoint == "passages":
        values["p"] = request.args.getlist("p")
    return [
        (code, words("switch"), url_for(endpoint, **{**values, "lang": code}))
        for code, words in known().items()
        if code != g.language
    ]
