"""What sort of fact a question asks for, and what a passage tells."""

import pytest

from qa.retrieval.facts import FACTS, asked, told

ASKS = [
    ("Quanto costa il kratom?", "it", "price"),
    ("How much does a ketamine infusion cost?", "en", "price"),
    ("La mutua passa la mesoterapia?", "it", "cover"),
    ("Is kratom legal in Italy?", "en", "law"),
    ("Quanti mg di magnesio al giorno?", "it", "dose"),
    ("Can I take it while breast-feeding?", "en", "pregnancy"),
    ("Posso berci sopra una birra?", "it", "alcohol"),
    ("Which foods are rich in magnesium?", "en", "food"),
    ("How long does an infusion take?", "en", "duration"),
    ("Dove si compra il kratom?", "it", "buy"),
    ("Is it safe for my dog?", "en", "animals"),
]
ASKS_NOTHING_OF_IT = [
    ("Il magnesio aiuta contro la sciatica?", "it", {"price", "law", "dose", "buy"}),
    ("Does ketamine help with fibromyalgia?", "en", {"price", "law", "dose", "buy"}),
    ("", "it", set(FACTS)),
    ("😀", "en", set(FACTS)),
]


@pytest.mark.parametrize(("question", "code", "fact"), ASKS)
def test_asked(question: str, code: str, fact: str) -> None:
    assert fact in asked(question, (code,))
    assert fact in asked(question, ("en", "it"))  # where the language is unclear, both are read


@pytest.mark.parametrize(("question", "code", "facts"), ASKS_NOTHING_OF_IT)
def test_not_asked(question: str, code: str, facts: set[str]) -> None:
    assert asked(question, (code,)) & facts == set()


@pytest.mark.parametrize(
    ("text", "code", "fact", "tells"),
    [
        ("Il trattamento dura circa 10 minuti.", "it", "duration", True),
        ("Vengono iniettati circa 0,2 cc di farmaco.", "it", "dose", True),
        ("A bottle costs 20 euros.", "en", "price", True),
        ("Take 300 mg a day.", "en", "dose", True),
        ("Il magnesio allevia il dolore.", "it", "price", False),
        ("Magnesium may help.", "en", "dose", False),
    ],
)
def test_told(text: str, code: str, fact: str, tells: bool) -> None:
    assert (fact in told(text, code)) == tells


def test_facts_are_listed_once() -> None:
    assert len(FACTS) == len(set(FACTS))
