"""What can be done with a text in no known language: its words as they are written, accents and case off, no more.

Function words are those of the languages in `other-languages.toml`; they count in the index, where they weigh next to
nothing because every passage has them, and are left out of a question, which would else ask for them.
"""

from functools import lru_cache

from qa.language.files import DATA, read_toml
from qa.language.tokens import Token, fold, words

UNKNOWN = "und"
"""Stands for the language None where passages are kept by language: ISO 639's code for undetermined."""


def plain_content(text: str) -> list[Token]:
    """The words of a question that may say something of the matter."""
    return [token for token in words(text) if len(token.text) > 1 and fold(token.text) not in _function_words()]


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    listed = read_toml(DATA / "other-languages.toml").values()
    return frozenset(fold(word) for line in listed for word in str(line).split())
