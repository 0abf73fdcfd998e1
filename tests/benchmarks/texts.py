"""Passages and questions of any number, made of public texts: their sentences, drawn anew."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.documents.corpus import load_corpus
from qa.language.analysis import content_words, stem
from qa.language.registry import LANGUAGES
from qa.language.sentences import sentences

Terms = list[str]


@dataclass(frozen=True)
class Texts:
    """Sentences and questions as index terms of one language."""

    sentences: list[Terms]
    questions: list[Terms]

    def passages(self, size: int) -> Iterator[Terms]:
        """`size` passages of two to four sentences; always the same ones."""
        draw = random.Random(size)
        for _ in range(size):
            yield [term for _ in range(draw.randint(2, 4)) for term in draw.choice(self.sentences)]


def read_texts(folder: Path, code: str) -> Texts:
    """The texts of a corpus or BEIR folder in one language, and its questions."""
    corpus = load_corpus(folder)
    spoken = [
        terms(document.text[start:end], code)
        for document in corpus.documents
        if document.language == code
        for start, end in sentences(document.text, code)
    ]
    asked = [terms(text, code) for text in _questions(folder)]
    return Texts([row for row in spoken if len(row) > 2], [row for row in asked if row])


def terms(text: str, code: str) -> Terms:
    """Stems of content words."""
    return [stem(token.text, code) for token in content_words(text, LANGUAGES[code])]


def _questions(folder: Path) -> list[str]:
    for name, field in (("queries.jsonl", "text"), ("questions.jsonl", "question")):
        if (folder / name).is_file():
            return [json.loads(line)[field] for line in (folder / name).read_text("utf-8").splitlines() if line]
    return []
