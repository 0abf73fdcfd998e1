"""Answers, assessments and documents as the JSON that `/ask`, `qa ask --json` and every other door give out."""

from typing import Any
from urllib.parse import quote

from qa.answering.answerer import Answer, Answerer, AnswerPassage
from qa.answering.smalltalk import REPLIES
from qa.documents.document import Document
from qa.evidence.assessment import Assessment
from qa.evidence.caveats import Caveat
from qa.language.messages import DEFAULT, count, language_names, say
from qa.language.registry import LANGUAGES


def answer_json(answer: Answer) -> dict[str, Any]:
    """The body of `/ask`."""
    code = answer.language
    return {
        "question": answer.question,
        "language": code,
        "interpreted": answer.interpreted,
        "answered": answer.answered,
        "confidence": round(answer.confidence, 4),
        "message": message(answer),
        "missing": list(answer.missing),
        "alert": {"kind": answer.alert, "message": say(code, f"alerts.{answer.alert}")} if answer.alert else None,
        "passages": [passage_json(passage, code) for passage in answer.passages],
        "notice": say(code, "notice"),
    }


def message(answer: Answer) -> str:
    """One or two sentences that sum the answer up: how many passages and cautions, or why there are none."""
    code = answer.language
    if answer.reason in REPLIES:
        return say(code, f"smalltalk.{answer.reason}", languages=language_names())
    if answer.reason == "foreign":
        return " ".join(say(each, "foreign", languages=language_names()) for each in LANGUAGES)
    if answer.reason == "nothing_to_search":
        return say(code, "nothing_to_search")
    if not answer.answered:
        near = [say(code, "near_miss")] if answer.passages else []
        return " ".join([say(code, "not_found"), *near, *unjudged(answer)])
    counted = [count(code, "passages", len(answer.passages))]
    if any(found.passage.language for found in answer.passages):
        counted.append(count(code, "cautions", cautions(answer)))
    summary = ", ".join(counted) + "."
    if answer.missing:
        form = "one" if len(answer.missing) == 1 else "other"
        summary += " " + say(code, f"missing.{form}", words=", ".join(answer.missing))
    return " ".join([summary, *unjudged(answer)])


def unjudged(answer: Answer) -> list[str]:
    """That passages in a language Fonte does not know were found by their words alone and carry no caveats."""
    some = any(found.passage.language is None for found in answer.passages)
    return [say(answer.language, "unjudged", languages=language_names())] if some else []


def cautions(answer: Answer) -> int:
    """Passage-scope caveats of an answer, all levels."""
    return sum(caveat.scope == "passage" for passage in answer.passages for caveat in passage.caveats)


def passage_json(found: AnswerPassage, code: str) -> dict[str, Any]:
    """One passage of an answer, in the reply language `code`."""
    passage = found.passage
    return {
        "id": passage.id,
        "rank": found.rank,
        "score": round(found.score, 6),
        "language": passage.language,
        "section": passage.place,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "highlights": [mark._asdict() for mark in found.highlights],
        "source": {**source_json(passage.document), "link": passage_link(passage.document.id, passage.ordinal)},
        "caveats": [caveat_json(caveat, code, passage.text, passage.document) for caveat in found.caveats],
    }


def source_json(document: Document) -> dict[str, Any]:
    """What is known of a document."""
    return {
        "id": document.id,
        "file": document.file,
        "title": document.title,
        "author": document.author,
        "published": document.published,
        "language": document.language,
        "kind": document.kind,
        "url": document.url,
    }


def passage_link(document_id: str, ordinal: int) -> str:
    """The place of a passage on its document's page."""
    return f"/documents/{quote(document_id)}#p{ordinal}"


def caveat_json(caveat: Caveat, code: str, text: str, document: Document | None = None) -> dict[str, Any]:
    """A caveat in the words of the language `code`; `text` is the passage its spans count in."""
    body: dict[str, Any] = {
        "kind": caveat.kind,
        "level": caveat.level,
        "scope": caveat.scope,
        "title": say(code, f"caveats.{caveat.kind}.title"),
        "message": say(code, f"caveats.{caveat.kind}.message"),
        "spans": [{"start": span.start, "end": span.end, "text": text[span.start : span.end]} for span in caveat.spans],
    }
    if caveat.place and document:
        body["place"] = {
            "start": caveat.place.start,
            "end": caveat.place.end,
            "text": document.text[caveat.place.start : caveat.place.end],
            "link": f"/documents/{quote(document.id)}#c{caveat.place.start}",
        }
    return body


def assessment_json(text: str, assessment: Assessment, code: str | None = None) -> dict[str, Any]:
    """The body of `/assess`; its words are in `code`, by default the language of the text."""
    words = code or assessment.language or DEFAULT
    body: dict[str, Any] = {
        "language": assessment.language,
        "promotional": assessment.promotional,
        "evidence": list(assessment.evidence),
        "claim": assessment.claim,
        "safety": assessment.safety,
        "caveats": [caveat_json(caveat, words, text) for caveat in assessment.caveats],
    }
    if assessment.language is None:
        known = any(c.isalnum() for c in text)
        body["message"] = (
            say(words, "unknown_language", languages=language_names()) if known else say(words, "no_words")
        )
    return body


def document_json(document: Document, answerer: Answerer, code: str, whole: bool = False) -> dict[str, Any]:
    """A document for the list; with `whole`, its text and passages with their caveats too."""
    passages = answerer.passages_of(document.id)
    body = {
        **source_json(document),
        "passages": len(passages),
        "words": document.words,
        "sha256": document.sha256,
    }
    if whole:
        body["text"] = document.text
        body["passages"] = [
            {
                "id": passage.id,
                "section": passage.place,
                "start": passage.start,
                "end": passage.end,
                "caveats": [caveat_json(caveat, code, passage.text, document) for caveat in answerer.caveats(passage)],
            }
            for passage in passages
        ]
    return body
