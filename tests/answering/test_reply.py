"""Answers and assessments as JSON: the documented shape, and the words of every kind of answer."""

import json
from typing import Any

import pytest

from qa.answering.answerer import Answerer
from qa.answering.reply import answer_json, assessment_json, document_json, message
from qa.evidence.assessment import assess
from qa.evidence.caveats import LEVELS
from qa.language.messages import say
from qa.settings import SHIPPED_CORPUS

ANSWER = {
    "question": str, "language": str, "interpreted": str, "answered": bool, "confidence": float, "message": str,
    "missing": list, "alert": (dict, type(None)), "passages": list, "notice": str,
}  # fmt: skip
PASSAGE = {
    "id": str, "rank": int, "score": float, "language": str, "section": (str, type(None)), "text": str, "start": int,
    "end": int, "highlights": list, "source": dict, "caveats": list,
}  # fmt: skip
SOURCE = {"id", "file", "title", "author", "published", "language", "kind", "url", "link"}
FOREIGN = " ".join(say(code, "foreign", languages="English, italiano") for code in ("en", "it"))
CAVEAT = {"kind", "level", "scope", "title", "message", "spans"}


def shaped(body: dict[str, Any], shape: dict[str, Any]) -> bool:
    assert set(body) == set(shape)
    assert [key for key, kind in shape.items() if not isinstance(body[key], kind)] == []
    return True


@pytest.mark.parametrize(
    ("question", "history"),
    [
        ("Il magnesio aiuta contro la sciatica?", []),
        ("Is kratom addictive?", []),
        ("e gli effetti collaterali?", ["Il magnesio aiuta?"]),
        ("What is the capital of Peru?", []),
        ("I took 20 pills and can't breathe", []),
        ("ciao", []),
        ("😀", []),
    ],
)
def test_the_body_of_an_answer(answerer: Answerer, question: str, history: list[str]) -> None:
    body = answer_json(answerer.ask(question, history=history))
    assert json.loads(json.dumps(body)) == body
    assert shaped(body, ANSWER)
    assert 0 <= body["confidence"] <= 1
    for passage in body["passages"]:
        assert shaped(passage, PASSAGE)
        source = passage["source"]
        assert set(source) == SOURCE
        stored = (SHIPPED_CORPUS / source["file"]).read_bytes().decode("utf-8")
        assert stored[passage["start"] : passage["end"]] == passage["text"]
        assert source["link"] == f"/documents/{source['id']}#p{passage['id'].rpartition('#')[2]}"
        for caveat in passage["caveats"]:
            assert set(caveat) == CAVEAT | ({"place"} if caveat["scope"] == "document" else set())
            assert caveat["level"] == LEVELS[caveat["kind"]]
            assert all(passage["text"][span["start"] : span["end"]] == span["text"] for span in caveat["spans"])
            if caveat["scope"] == "document":
                place = caveat["place"]
                assert caveat["spans"] == []
                assert stored[place["start"] : place["end"]] == place["text"]
                assert place["link"] == f"/documents/{source['id']}#c{place['start']}"


@pytest.mark.parametrize(
    ("question", "language", "said"),
    [
        ("ciao", None, say("it", "smalltalk.hello")),
        ("ciao", "en", say("en", "smalltalk.hello")),
        ("thanks", None, say("en", "smalltalk.thanks")),
        ("😀", "it", say("it", "nothing_to_search")),
        ("qwertx", "it", say("it", "not_found")),
        ("qwertx", "en", say("en", "not_found")),
        ("Помогает ли магний при боли?", None, FOREIGN),
    ],
)
def test_messages(answerer: Answerer, question: str, language: str | None, said: str) -> None:
    assert message(answerer.ask(question, language=language)) == said


def test_the_summary_counts_passages_and_the_caveats_of_passages(answerer: Answerer) -> None:
    answer = answerer.ask("Il magnesio aiuta contro la sciatica?")
    body = answer_json(answer)
    count = sum(caveat["scope"] == "passage" for passage in body["passages"] for caveat in passage["caveats"])
    assert body["message"] == f"3 brani, {count} avvertenze." and count > 1


def test_near_misses_are_called_so(answerer: Answerer) -> None:
    answers = [answerer.ask(question) for question in ("Quanti gol ha segnato la Juventus?", "qwertx")]
    for answer in answers:
        assert (say(answer.language, "near_miss") in message(answer)) == bool(answer.passages)


@pytest.mark.parametrize(
    ("text", "code", "language", "says"),
    [
        ("Buy now: our drops relieve pain!", None, "en", None),
        ("", None, None, say("en", "no_words")),
        ("…", "it", None, say("it", "no_words")),
        (
            "Помогает ли магний при боли в нервах?",
            None,
            None,
            say("en", "unknown_language", languages="English, italiano"),
        ),
    ],
)
def test_the_body_of_an_assessment(text: str, code: str | None, language: str | None, says: str | None) -> None:
    body = assessment_json(text, assess(text), code)
    assert body["language"] == language
    assert body.get("message") == says
    assert {"language", "promotional", "evidence", "claim", "safety", "caveats"} <= set(body)
    if language is None:
        assert body["caveats"] == []


def test_a_document_tells_its_passages(answerer: Answerer) -> None:
    document = answerer.corpus.documents[0]
    short, whole = (document_json(document, answerer, "en", whole=flag) for flag in (False, True))
    assert isinstance(short["passages"], int)
    assert short["passages"] == len(whole["passages"]) == len(answerer.passages_of(document.id))
    assert whole["text"] == document.text
    assert "text" not in short
    assert short["sha256"] == document.sha256
