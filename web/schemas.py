"""What goes over the wire, as pydantic models: they check requests and write `/openapi.json`.

Replies are written by `qa.answering.reply`; the tests hold every reply against these models.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, StringConstraints
from pydantic_core import PydanticCustomError

from qa.answering.answerer import LONGEST_QUESTION, MOST_HISTORY, MOST_PASSAGES
from qa.documents.sources import KINDS
from qa.evidence.caveats import LEVELS
from qa.language.registry import LANGUAGES

LONGEST_TEXT = 12_000
"""Code points of a text that `/assess` reads at the most."""


def _known(code: str) -> str:
    if code not in LANGUAGES:
        raise PydanticCustomError("language", "is not one of {codes}", {"codes": ", ".join(LANGUAGES)})
    return code


Code = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": list(LANGUAGES)})]
# The pattern is for readers of the OpenAPI document: what is empty is for the engine to say, which refuses it too.
_VISIBLE: dict[str, JsonValue] = {"pattern": r"[^\s\x00-\x1f\x7f-\x9f]"}
Question = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_QUESTION),
    Field(json_schema_extra=_VISIBLE),
]
Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]


def _whole(value: object) -> object:
    """JSON knows one kind of number: 3.0 is 3."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_LIMITS = Field(ge=1, le=MOST_PASSAGES)
Limit = Annotated[int, BeforeValidator(_whole, json_schema_input_type=Annotated[int, _LIMITS]), _LIMITS]


class _In(BaseModel):
    """A request body: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class _Out(BaseModel):
    """A reply body: all that is in it is named here."""

    model_config = ConfigDict(extra="forbid")


class AskRequest(_In):
    """A question."""

    question: Question = Field(
        json_schema_extra=_VISIBLE, description="1 to 1,000 characters after trimming; at least one of them visible"
    )
    language: Code | None = Field(None, description="language of the reply's own words; default: the question's")
    limit: Limit = Field(3, description="passages at the most")
    history: list[Question] = Field(
        default=[],
        max_length=MOST_HISTORY,
        description="earlier questions of this conversation, oldest first",
    )


class AssessRequest(_In):
    """A text to label."""

    text: Text = Field(description="1 to 12,000 characters")
    language: Code | None = Field(None, description="language of the text; default: detected")


class Highlight(_Out):
    """A matched word or the closest sentence, in code points of the passage's text."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    kind: Literal["term", "sentence"]


class Span(_Out):
    """The words that set off a caveat."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str


class Place(Span):
    """Where in its document a document-scope caveat comes from."""

    link: str


class CaveatBody(_Out):
    """A warning about what a passage does; it never says whether the claim is true."""

    kind: str = Field(json_schema_extra={"enum": list(LEVELS)})
    level: Literal["caution", "note"]
    scope: Literal["passage", "document"]
    title: str
    message: str
    spans: list[Span]
    place: Place | None = Field(None, description="only where scope is document")


class Source(_Out):
    """What is known of a document."""

    id: str
    file: str
    title: str
    author: str | None
    published: str | None = Field(description="2019, 2019-03 or 2019-03-19")
    language: str | None
    kind: str = Field(json_schema_extra={"enum": list(KINDS)})
    url: str | None


class LinkedSource(Source):
    """The document of a passage, with the passage's place on the document's page."""

    link: str


class PassageBody(_Out):
    """A verbatim slice of a document: `text` is exactly the stored text from `start` to `end`."""

    id: str
    rank: int = Field(ge=1)
    score: float = Field(description="orders passages within one answer; means nothing across answers")
    language: str | None
    section: str | None
    text: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    highlights: list[Highlight]
    source: LinkedSource
    caveats: list[CaveatBody]


class AlertBody(_Out):
    """What the question itself calls for, to be shown above everything."""

    kind: Literal["emergency", "medicine"]
    message: str


class AnswerBody(_Out):
    """An answer: passages with source and caveats, or why there are none."""

    question: str
    language: str = Field(description="of the reply's own words")
    interpreted: str = Field(description="the content words that were searched for")
    answered: bool = Field(description="false: the passages are near misses, possibly none")
    confidence: float = Field(ge=0, le=1, description="that the corpus answers; comparable across questions")
    message: str
    missing: list[str] = Field(description="content words of the question that no passage has in any language")
    alert: AlertBody | None
    passages: list[PassageBody] = Field(max_length=MOST_PASSAGES)
    notice: str


class AssessmentBody(_Out):
    """The labels of a text and the caveats that follow from them."""

    language: str | None = Field(description="null: none of the languages known")
    promotional: Literal["sell", "tone", "none"]
    evidence: list[Literal["human", "animal", "in_vitro", "unnamed", "uncited", "unclear", "no_claim"]]
    claim: Literal["benefit", "harm", "both", "none"]
    safety: Literal["yes", "weak", "no"]
    caveats: list[CaveatBody]
    message: str | None = Field(None, description="only where nothing can be said about the text")


class ListedDocument(Source):
    """A document in the list."""

    passages: int = Field(ge=0)
    words: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$", description="of the stored text in UTF-8")


class DocumentList(_Out):
    """The corpus."""

    documents: list[ListedDocument]


class DocumentPassage(_Out):
    """Where a passage lies in its document, and its caveats."""

    id: str
    section: str | None
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    caveats: list[CaveatBody]


class DocumentBody(Source):
    """A whole document."""

    words: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    text: str
    passages: list[DocumentPassage]


class Health(_Out):
    """Is the server well, and over what?"""

    status: Literal["ok"]
    documents: int = Field(ge=0)
    passages: int = Field(ge=0)
    engine: str
    problem: str | None = Field(
        None, description="only where the corpus on disk could not be taken into use; the one before answers on"
    )


class ErrorDetail(_Out):
    """What was wrong: `field` is null when no single field is to blame."""

    code: str = Field(json_schema_extra={"examples": ["wrong_field"]})
    message: str
    field: str | None


class ErrorBody(_Out):
    """Every error has this shape. Nothing the client sent is repeated in it."""

    error: ErrorDetail


EXAMPLE_QUESTION: dict[str, Any] = {
    "question": "Il magnesio aiuta contro la sciatica?",
    "language": "it",
    "limit": 3,
}
EXAMPLE_TEXT: dict[str, Any] = {
    "text": "Studies show that our drops relieve pain with no side effects. Order now!",
    "language": "en",
}
EXAMPLE_ASSESSMENT: dict[str, Any] = {
    "language": "en",
    "promotional": "sell",
    "evidence": ["unnamed"],
    "claim": "benefit",
    "safety": "yes",
    "caveats": [
        {
            "kind": "promotional",
            "level": "caution",
            "scope": "passage",
            "title": "Promotional text",
            "message": "This reads like advertising: the source seems to sell or promote what it describes and may "
            "leave out drawbacks.",
            "spans": [{"start": 63, "end": 72, "text": "Order now"}],
        }
    ],
}
EXAMPLE_ANSWER: dict[str, Any] = {
    "question": "Il magnesio aiuta contro la sciatica?",
    "language": "it",
    "interpreted": "magnesio sciatica",
    "answered": True,
    "confidence": 0.83,
    "message": "1 brano, 1 avvertenza.",
    "missing": [],
    "alert": None,
    "passages": [
        {
            "id": "it/magnesio-e-dolore-ai-nervi#4",
            "rank": 1,
            "score": 12.3,
            "language": "it",
            "section": "Terapia del dolore al nervo sciatico",
            "text": "Il magnesio, secondo i dati sugli animali, aiuta …",
            "start": 2476,
            "end": 2526,
            "highlights": [{"start": 3, "end": 11, "kind": "term"}],
            "source": {
                "id": "it/magnesio-e-dolore-ai-nervi",
                "file": "it/magnesio-e-dolore-ai-nervi.txt",
                "title": "Magnesio e dolore ai nervi",
                "author": "Angelo Marchesi",
                "published": "2019-03-19",
                "language": "it",
                "kind": "article",
                "url": None,
                "link": "/documents/it/magnesio-e-dolore-ai-nervi#p4",
            },
            "caveats": [
                {
                    "kind": "animal_evidence",
                    "level": "caution",
                    "scope": "passage",
                    "title": "Studi su animali, non su persone",
                    "message": "Le prove citate qui vengono da animali: nelle persone l’effetto può essere diverso "
                    "o mancare.",
                    "spans": [{"start": 23, "end": 41, "text": "dati sugli animali"}],
                }
            ],
        }
    ],
    "notice": "Non è un consiglio medico. …",
}
