"""Text to sentences, by NLTK's Punkt with our abbreviations; nothing is downloaded or trained at run time."""

from functools import cache
from typing import Any

from qa.language.nltk_parts import PunktParameters, PunktSentenceTokenizer
from qa.language.registry import LANGUAGES


@cache
def _tokenizer(code: str | None) -> Any:
    parameters = PunktParameters()
    languages = [LANGUAGES[code]] if code in LANGUAGES else LANGUAGES.values()
    parameters.abbrev_types = set().union(*(language.abbreviations for language in languages))
    return PunktSentenceTokenizer(parameters)


def sentences(text: str, code: str | None = None) -> list[tuple[int, int]]:
    """(start, end) of each sentence in code points, blanks around it left out; a line break always ends one.

    Full stops are read by the abbreviations of `code`; where that is no known language, by those of all.
    """
    spans = []
    at = 0
    for line in text.splitlines(keepends=True):
        spans += [
            (at + start, at + end) for start, end in _tokenizer(code).span_tokenize(line) if line[start:end].strip()
        ]
        at += len(line)
    return [_stripped(text, start, end) for start, end in spans]


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
