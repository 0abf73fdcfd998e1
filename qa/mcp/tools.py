"""The tools that a chat client may call: what each takes, and its result as JSON. Knows nothing of the protocol."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.answering.answerer import MOST_HISTORY, MOST_PASSAGES, Answerer
from qa.answering.reply import answer_json, assessment_json, caveat_json, document_json, message, source_json
from qa.documents.document import Document
from qa.documents.passages import Passage
from qa.errors import InputError
from qa.evidence.assessment import assess
from qa.language.messages import DEFAULT, english_names, say
from qa.language.registry import LANGUAGES

SCHEME = "fonte://documents/"
LONGEST_TEXT = 12_000
_IN_ANY = english_names(" or ")


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class AskArguments(_Arguments):
    """What `ask` takes: the fields of `POST /ask`."""

    question: str = Field(description=f"the question, in {_IN_ANY}, 1 to 1,000 characters")
    language: str | None = Field(None, description=f"language of the reply's own words: {', '.join(LANGUAGES)}")
    limit: int = Field(3, ge=1, le=MOST_PASSAGES, description="passages at the most")
    history: list[str] = Field(
        default=[],
        max_length=MOST_HISTORY,
        description="earlier questions of this conversation, oldest first",
    )


class AssessArguments(_Arguments):
    """What `assess` takes."""

    text: str = Field(min_length=1, max_length=LONGEST_TEXT, description="the text, 1 to 12,000 characters")
    language: str | None = Field(None, description="language of the text; default: detected")


class SearchArguments(_Arguments):
    """What `search` takes."""

    query: str = Field(description=f"what to look for, in {_IN_ANY}, 1 to 1,000 characters")


class FetchArguments(_Arguments):
    """What `fetch` takes."""

    id: str = Field(min_length=1, max_length=2_000, description="id of a search result, or of a whole document")


@dataclass(frozen=True)
class Tool:
    """A tool: its name, what it is for in words a model reads, its arguments, and the function that does it."""

    name: str
    title: str
    description: str
    arguments: type[_Arguments]
    run: Callable[[Answerer, Any], dict[str, Any]]


def call(answerer: Answerer, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The result of a tool; raises InputError, which names no value, for an unknown tool or wrong arguments."""
    if name not in TOOLS:
        raise InputError(f"there is no tool of this name; known are {', '.join(TOOLS)}")
    tool = TOOLS[name]
    try:
        checked = tool.arguments.model_validate(arguments)
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_context=False, include_input=False)[0]
        field = str(first["loc"][0]) if first["loc"] else None
        known = ", ".join(tool.arguments.model_fields)
        if field not in tool.arguments.model_fields:
            raise InputError(f"unknown argument; known are {known}") from None
        raise InputError(f"{field}: {first['msg'][:1].lower()}{first['msg'][1:]}", field) from None
    return tool.run(answerer, checked)


def _ask(answerer: Answerer, asked: AskArguments) -> dict[str, Any]:
    return answer_json(answerer.ask(asked.question, asked.language, asked.limit, asked.history))


def _assess(answerer: Answerer, given: AssessArguments) -> dict[str, Any]:
    if given.language is not None and given.language not in LANGUAGES:
        raise InputError(f"language is not one of {', '.join(LANGUAGES)}", "language")
    return assessment_json(given.text, assess(given.text, given.language))


def _search(answerer: Answerer, looked_for: SearchArguments) -> dict[str, Any]:
    """Results in the order of the ranking, each with its caveats: no list may hide what the passage would show."""
    answer = answerer.ask(looked_for.query, limit=MOST_PASSAGES)
    results = [
        {
            "id": found.passage.id,
            "title": _title(found.passage),
            "url": _address(found.passage.document, found.passage),
            "text": found.passage.text,
            "caveats": [
                caveat_json(caveat, answer.language, found.passage.text, found.passage.document)
                for caveat in found.caveats
            ],
        }
        for found in answer.passages
    ]
    return {"results": results, "answered": answer.answered, "message": message(answer)}


def _fetch(answerer: Answerer, wanted: FetchArguments) -> dict[str, Any]:
    """A passage or a whole document, verbatim; what must be told of it stands in its metadata."""
    passage = _passage(answerer, wanted.id)
    document = passage.document if passage else find_document(answerer, wanted.id)
    if document is None:
        raise InputError("id: there is no passage or document of this id", "id")
    code = document.language or DEFAULT
    metadata: dict[str, Any] = {**source_json(document), "notice": say(code, "notice")}
    if passage:
        metadata |= {"section": passage.place, "start": passage.start, "end": passage.end}
        metadata["caveats"] = [
            caveat_json(caveat, code, passage.text, document) for caveat in answerer.caveats(passage)
        ]
    else:
        metadata["passages"] = passages_json(answerer, document)
    return {
        "id": wanted.id,
        "title": _title(passage) if passage else document.title,
        "text": passage.text if passage else document.text,
        "url": _address(document, passage),
        "metadata": metadata,
    }


def passages_json(answerer: Answerer, document: Document) -> list[dict[str, Any]]:
    """The passages of a document by their offsets, with their caveats in the document's language."""
    listed = document_json(document, answerer, document.language or DEFAULT, whole=True)["passages"]
    assert isinstance(listed, list)  # for the type checker: `whole` makes it one
    return listed


def find_document(answerer: Answerer, identifier: str) -> Document | None:
    """The document of an id, or of its address; None where there is none."""
    if identifier.startswith(SCHEME):
        identifier = unquote(identifier[len(SCHEME) :])
    return next((each for each in answerer.corpus.documents if each.id == identifier), None)


def document_address(document: Document) -> str:
    """The address of a document as a resource: its id may hold blanks and letters of any alphabet."""
    return SCHEME + quote(document.id)


def _passage(answerer: Answerer, identifier: str) -> Passage | None:
    document = identifier.rpartition("#")[0] or identifier
    return next((each for each in answerer.passages_of(document) if each.id == identifier), None)


def _title(passage: Passage) -> str:
    place = passage.place
    return f"{passage.document.title}, {place}" if place else passage.document.title


def _address(document: Document, passage: Passage | None) -> str:
    """Where a reader finds it: on the web where the source tells, else in this corpus."""
    return document.url or document_address(document) + (f"#p{passage.ordinal}" if passage else "")


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "ask",
            "Ask the texts",
            f"Answers a question about health from a fixed collection of texts in {english_names(' and ')}: verbatim "
            "passages with their sources, and caveats where a passage promotes something or cites no evidence in "
            "people. `answered: false` means that the texts do not answer. Quote passages as they are, name the "
            "source, and pass on every caveat, any alert, and the notice.",
            AskArguments,
            _ask,
        ),
        Tool(
            "assess",
            "Check a text",
            f"Labels any health text in {_IN_ANY}: does it sell, what evidence does it bring, does it "
            "promise safety. The caveats tell what the text does, never whether its claims are true.",
            AssessArguments,
            _assess,
        ),
        Tool(
            "search",
            "Search the texts",
            "Finds passages in the collection, in any of its languages, best first, with their caveats. "
            "`answered: false` means that these are near misses.",
            SearchArguments,
            _search,
        ),
        Tool(
            "fetch",
            "Read a passage or a document",
            "Gives a passage of a search result, or a whole document, word for word, with its source and caveats.",
            FetchArguments,
            _fetch,
        ),
    )
}
