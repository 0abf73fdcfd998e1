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
    spoken = [terms(sentence, code) for sentence in spoken_in(folder)[code]]
    asked = [terms(text, code) for text in asked_of(folder)]
    return Texts([row for row in spoken if len(row) > 2], [row for row in asked if row])


def spoken_in(folder: Path) -> dict[str, list[str]]:
    """For each language the sentences of its documents."""
    spoken: dict[str, list[str]] = {}
    for document in load_corpus(folder).documents:
        if code := document.language:
            spoken.setdefault(code, []).extend(
                document.text[start:end] for start, end in sentences(document.text, code)
            )
    return spoken


def asked_of(folder: Path) -> list[str]:
    """The questions that come with a corpus or BEIR folder."""
    for name, field in (("queries.jsonl", "text"), ("questions.jsonl", "question")):
        if (folder / name).is_file():
            return [json.loads(line)[field] for line in (folder / name).read_text("utf-8").splitlines() if line]
    return []


def terms(text: str, code: str) -> Terms:
    """Stems of content words."""
    return [stem(token.text, code) for token in content_words(text, LANGUAGES[code])]
