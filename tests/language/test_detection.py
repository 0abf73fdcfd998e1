"""Which language: right on every document and nearly every public paragraph, silent where nothing tells."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.documents.corpus import load_corpus
from qa.language.detection import detect, guess
from qa.language.registry import LANGUAGES
from qa.settings import SHIPPED_CORPUS

PUBLIC = Path(__file__).parents[3] / "shared" / "benchmarks" / "squad"
SAMPLED = 1_000  # paragraphs of each language
LEAST_RIGHT = 0.995


def test_every_shipped_document_is_placed_rightly() -> None:
    documents = load_corpus(SHIPPED_CORPUS).documents
    assert len(documents) == 5
    assert {d.id: detect(d.text) for d in documents} == {d.id: d.id.split("/")[0] for d in documents}


def test_public_paragraphs() -> None:
    if not PUBLIC.is_dir():
        pytest.skip("the public paragraphs, ../shared/benchmarks/squad, are not here")
    wrong = []
    for code in ("en", "it"):
        rows = (PUBLIC / code / "corpus.jsonl").read_text("utf-8").splitlines()
        for row in random.Random(7).sample(rows, SAMPLED):
            text = json.loads(row)["text"]
            if detect(text) != code:
                wrong.append((code, detect(text), text[:80]))
    assert len(wrong) <= (1 - LEAST_RIGHT) * 2 * SAMPLED, wrong


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Il magnesio aiuta contro la sciatica?", "it"),
        ("Does ketamine help with fibromyalgia?", "en"),
        ("e per la sciatica?", "it"),
        ("and for sciatica?", "en"),
        ("perché?", "it"),
        ("why?", "en"),
        ("l’infusione è rilassante", "it"),
        ("it isn’t addictive", "en"),
        ("IL KRATOM È SICURO", "it"),
        # nothing tells: not to be guessed
        ("magnesio?", None),
        ("magnesium", None),
        ("kratom", None),
        ("Kratom?", None),
        ("Glucontrol", None),
        ("no", None),
        ("fibromyalgia ketamina", None),
        ("12 mg", None),
        ("😀", None),
        ("?", None),
        ("", None),
    ],
)
def test_short_texts(text: str, code: str | None) -> None:
    assert detect(text) == code
    assert not guess(text).foreign


FOREIGN = [
    "Le magnésium aide-t-il contre la sciatique ?",
    "Ist Kratom gefährlich und wie viel darf ich nehmen?",
    "¿El magnesio ayuda contra el dolor de los nervios?",
    "O magnésio ajuda contra a dor nos nervos?",
    "Is magnesium goed voor de zenuwen en hoeveel moet ik nemen?",
    "Magneziul ajută la durerea de nervi și cât trebuie să iau?",
    "Czy magnez pomaga na ból nerwów i jak długo to trwa?",
    "Hjälper magnesium mot nervsmärta och hur mycket ska jag ta?",
    "Помогает ли магний при боли в нервах?",
    "Βοηθάει το μαγνήσιο στον πόνο;",
    "マグネシウムは神経痛に効きますか",
    "هل يساعد المغنيسيوم في ألم الأعصاب",
    "combien coûte le kratom",
    "wie viel kostet Kratom",
    "¿cuánto cuesta el kratom?",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_another_language_is_recognised(text: str) -> None:
    assert guess(text).code is None
    assert guess(text).foreign


@pytest.mark.parametrize("text", FOREIGN)
def test_another_language_is_recognised_with_the_vocabulary_too(text: str) -> None:
    assert guess(text, vocabulary=True).code is None
    assert guess(text, vocabulary=True).foreign


@pytest.mark.parametrize(
    ("text", "code"),
    [("ketamina fibromialgia", "it"), ("is kratom safe", "en"), ("kratom", None), ("amitriptyline", None)],
)
def test_the_vocabulary_places_telegraphic_questions(text: str, code: str | None) -> None:
    assert guess(text, vocabulary=True).code == code


@given(st.text(max_size=200))
def test_any_text_gets_an_answer_and_the_same_one(text: str) -> None:
    for vocabulary in (False, True):
        first = guess(text, vocabulary)
        assert first == guess(text, vocabulary)
        assert first.code is None or (first.code in LANGUAGES and not first.foreign)
