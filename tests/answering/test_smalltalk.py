"""Greetings are answered in kind; what asks something is no greeting."""

import pytest

from qa.answering.answerer import Answerer
from qa.answering.smalltalk import smalltalk

SAID = [
    ("ciao", "hello", "it"),
    ("Ciao!", "hello", "it"),
    ("CIAO", "hello", "it"),
    ("Buongiorno a tutti", "hello", "it"),
    ("come stai?", "hello", "it"),
    ("Hello there", "hello", "en"),
    ("good morning", "hello", "en"),
    ("How are you?", "hello", "en"),
    ("grazie", "thanks", "it"),
    ("Grazie mille!!! 😀", "thanks", "it"),
    ("Ti ringrazio", "thanks", "it"),
    ("thanks a lot", "thanks", "en"),
    ("cheers mate", "thanks", "en"),
    ("Thank you so much for your help", "thanks", "en"),
    ("arrivederci", "goodbye", "it"),
    ("a presto!", "goodbye", "it"),
    ("Bye bye", "goodbye", "en"),
]
ASKED = [
    "Ciao, il magnesio aiuta?",
    "Hello, does kratom work?",
    "Grazie, e gli effetti collaterali?",
    "thanks, and how long does it take",
    "Addio gonfiore con questa tisana",
    "Le tre Grazie di Canova",
    "Highly diluted drops",
    "magnesio",
    "ciao " * 20,
    "",
    "😀",
    "?",
]


@pytest.mark.parametrize(("text", "kind", "code"), SAID)
def test_greetings(answerer: Answerer, text: str, kind: str, code: str) -> None:
    assert smalltalk(text) == (kind, code)
    answer = answerer.ask(text)
    assert (answer.reason, answer.language, answer.passages, answer.answered) == (kind, code, (), False)
    assert answerer.ask(text, language="en").language == "en"  # the interface's words


@pytest.mark.parametrize("text", ASKED)
def test_questions(text: str) -> None:
    assert smalltalk(text) is None
