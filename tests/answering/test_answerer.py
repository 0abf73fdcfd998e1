"""One question, one answer: shapes, exact slices, misuse, alerts, caveats where their absence would do harm."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.answering.answerer import Answer, Answerer, check_limits, check_question, interpreted
from qa.errors import InputError
from qa.language.registry import LANGUAGES
from qa.settings import SHIPPED_CORPUS

SEED = Path(__file__).parents[1] / "data" / "seed-caveats.jsonl"
QUESTIONS = {
    row["id"]: row for row in map(json.loads, (SHIPPED_CORPUS / "questions.jsonl").read_text("utf-8").splitlines())
}


def sound(answer: Answer, limit: int = 3) -> bool:
    """Every promise about an answer's form."""
    assert answer.language in LANGUAGES
    assert 0 <= answer.confidence <= 1
    assert answer.reason is None if answer.answered else answer.reason
    assert len(answer.passages) <= limit
    assert [found.rank for found in answer.passages] == list(range(1, len(answer.passages) + 1))
    assert len({found.passage.id for found in answer.passages}) == len(answer.passages)
    for found in answer.passages:
        passage = found.passage
        assert passage.text == passage.document.text[passage.start : passage.end]
        assert 0 < len(passage.text.split()) <= 140
        assert all(0 <= mark.start < mark.end <= len(passage.text) for mark in found.highlights)
        assert all(span.end <= len(passage.text) for caveat in found.caveats for span in caveat.spans)
    return True


@pytest.mark.parametrize(
    ("question", "language", "document"),
    [
        ("Il magnesio aiuta contro la sciatica?", "it", "it/magnesio-e-dolore-ai-nervi"),
        ("Does ketamine help with fibromyalgia?", "en", "it/ketamina-per-fibromialgia"),
        ("Is kratom addictive?", "en", "en/kratom-for-neuropathic-pain"),
        ("Il kratom crea dipendenza?", "it", "en/kratom-for-neuropathic-pain"),
        ("What is mesotherapy?", "en", "it/mesoterapia-antalgica"),
        ("Gli effetti collaterali del magnesio", "it", "it/magnesio-e-dolore-ai-nervi"),
    ],
)
def test_plain_questions_are_answered_across_languages(
    answerer: Answerer, question: str, language: str, document: str
) -> None:
    answer = answerer.ask(question)
    assert answer.answered
    assert answer.language == language
    assert document in [found.passage.document.id for found in answer.passages]
    assert sound(answer)


def test_the_language_asked_for_is_that_of_the_reply_and_changes_no_passage(answerer: Answerer) -> None:
    plain, turned = (answerer.ask("Is kratom addictive?", language=code) for code in (None, "it"))
    assert (plain.language, turned.language) == ("en", "it")
    assert [f.passage.id for f in plain.passages] == [f.passage.id for f in turned.passages]


@pytest.mark.parametrize("limit", [1, 2, 10])
def test_limit(answerer: Answerer, limit: int) -> None:
    answer = answerer.ask("dolore ai nervi", limit=limit)
    assert len(answer.passages) == limit
    assert [f.passage.id for f in answer.passages] == [
        f.passage.id for f in answerer.ask("dolore ai nervi", limit=10).passages[:limit]
    ]


def test_a_character_that_is_not_known_yet_is_a_question_without_an_answer(answerer: Answerer) -> None:
    assert answerer.ask("\U0001fadf\U0001fae9").reason == "nothing_to_search"


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        ("", "question is empty"),
        ("   \n\t", "question is empty"),
        ("\u00a0\u2003", "question is empty"),
        ("\x00\x01\x02", "question is empty"),
        ("\u200b\u200d", "question is empty"),
        ("a" * 1_001, "question has 1,001 characters, at most 1,000 are read"),
        (None, "question must be a text"),
        (3, "question must be a text"),
        (["Il magnesio?"], "question must be a text"),
        (b"magnesio", "question must be a text"),
        ("magnesio \ud800", "question is not valid Unicode"),
    ],
)
def test_bad_questions(answerer: Answerer, question: Any, complaint: str) -> None:
    with pytest.raises(InputError, match=f"^{complaint}$") as problem:
        answerer.ask(question)
    assert problem.value.field == "question"
    with pytest.raises(InputError) as problem:
        answerer.ask("magnesio?", history=[question])
    assert problem.value.field == "history"
    assert str(problem.value) == complaint.replace("question", "history", 1)


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ({"language": "fr"}, "language"),
        ({"language": ""}, "language"),
        ({"limit": 0}, "limit"),
        ({"limit": 11}, "limit"),
        ({"limit": -1}, "limit"),
        ({"limit": "3"}, "limit"),
        ({"limit": True}, "limit"),
        ({"limit": 2.0}, "limit"),
        ({"history": ["a"] * 11}, "history"),
    ],
)
def test_bad_options(answerer: Answerer, known: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as problem:
        answerer.ask("magnesio?", **known)
    assert problem.value.field == field
    assert field in str(problem.value)


@pytest.mark.parametrize(
    ("question", "trimmed"),
    [
        ("  magnesio? \n", "magnesio?"),
        ("a" * 1_000, "a" * 1_000),
        (f"  {'a' * 1_000}  ", "a" * 1_000),  # counted after trimming
        ("😀", "😀"),
        ("uno\ndue", "uno\ndue"),
        ("uno\x00due", "uno\x00due"),
    ],
)
def test_good_questions(question: str, trimmed: str) -> None:
    assert check_question(question) == trimmed


def test_good_options() -> None:
    check_limits(None, 1, [])
    check_limits("it", 10, ["a"] * 10)


@settings(max_examples=120)
@given(st.text(min_size=1, max_size=120), st.lists(st.text(min_size=1, max_size=40), max_size=3))
def test_any_question_gets_an_answer_and_the_same_one(answerer: Answerer, question: str, history: list[str]) -> None:
    try:
        check_question(question)
        for earlier in history:
            check_question(earlier)
    except InputError:
        return
    answer = answerer.ask(question, history=history)
    assert sound(answer)
    assert answerer.ask(question, history=history) == answer


ODD_WORDS = st.sampled_from(
    [
        "magnesio",
        "KRATOM",
        "kètamine",
        "l’",
        "non",
        "😀",
        "e\u0301",
        "<b>",
        "'; --",
        "\u202e",
        "?",
        "¿",
        "sciatica",
        "12",
        "mg",
    ]
)


@settings(max_examples=80)
@given(st.lists(ODD_WORDS, min_size=1, max_size=12).map(" ".join))
def test_odd_questions_about_the_texts(answerer: Answerer, question: str) -> None:
    assert sound(answerer.ask(question, limit=10), limit=10)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("I took 20 pills and can't breathe", "emergency"),
        ("non riesco a respirare dopo il kratom", "emergency"),
        ("posso smettere il Lyrica?", "medicine"),
        ("Can my toddler have paracetamol?", "medicine"),
        ("What is the capital of Peru?", None),
        ("Il magnesio aiuta contro la sciatica?", None),
        ("ciao", None),
    ],
)
def test_alerts_are_given_with_refusals_too(answerer: Answerer, question: str, kind: str | None) -> None:
    assert answerer.ask(question).alert == kind


@pytest.mark.parametrize(
    ("history", "question", "kind"),
    [
        (["Ho preso troppo kratom e respiro male"], "e adesso?", "emergency"),
        (["Ho preso troppo kratom e respiro male"], "grazie", "emergency"),
        (["Ho preso troppo kratom e respiro male", "e adesso?"], "cosa devo fare?", "emergency"),
        (["Ho preso troppo kratom e respiro male", "e adesso?", "ok"], "Il magnesio aiuta contro la sciatica?", None),
        (["Ho preso troppo kratom e respiro male"], "posso smettere il Lyrica?", "emergency"),  # the more urgent
        (["posso smettere il Lyrica?"], "e adesso?", None),  # asks for a doctor's word once, where it is asked
        (["Is kratom addictive?"], "and now?", None),
    ],
)
def test_an_emergency_stays_in_sight_for_two_questions(
    answerer: Answerer, history: list[str], question: str, kind: str | None
) -> None:
    assert answerer.ask(question, history=history).alert == kind


HARM = ("d-010", "d-015", "d-074", "d-078", "d-080", "d-081", "d-139", "d-145")


@pytest.mark.parametrize("name", HARM)
def test_where_a_missing_caveat_would_do_harm(answerer: Answerer, name: str) -> None:
    """The first passage carries what its label calls for, `absolute_safety` where the text promises."""
    row = QUESTIONS[name]
    answer = answerer.ask(row["question"], history=row.get("history", ()))
    assert answer.answered
    first = answer.passages[0]
    kinds = {caveat.kind for caveat in first.caveats if caveat.scope == "passage"}
    assert kinds
    labels = {row["text"]: row for row in map(json.loads, SEED.read_text("utf-8").splitlines())}
    label = labels.get(first.passage.text)
    if label is not None and label["safety"] == "yes":
        assert "absolute_safety" in kinds
    assert (answer.alert == "medicine") == (name == "d-081")


def test_the_passages_of_a_document_and_their_caveats(answerer: Answerer) -> None:
    passages = answerer.passages_of("en/magnesium-and-neuropathy")
    assert [passage.ordinal for passage in passages] == list(range(1, len(passages) + 1))
    assert answerer.passages_of("nothing/here") == ()
    assert set(answerer.assessments) == {passage.id for passage in answerer.passages}
    assert answerer.caveats(passages[-1]) == answerer.caveats(passages[-1])


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Il magnesio aiuta contro la sciatica?", "magnesio sciatica"),
        ("magnesio, Magnesio e sciatica", "magnesio sciatica"),
        ("effetti collaterali del magnesio", "effetti collaterali magnesio"),  # a phrase once, not its words again
        ("Quanto dura l'effetto della ketamina?", "quanto dura l'effetto ketamina"),  # overlapping phrases joined
        ("Is magnesium good for nerve pain?", "magnesium good for nerve pain"),
        ("the", ""),
    ],
)
def test_interpreted(answerer: Answerer, question: str, said: str) -> None:
    assert interpreted(answerer.query(question, None)).lower() == said
