"""Text to tokens: the one place where Fonte decides what a word is.

Used by retrieval (which stems tokens) and by the evidence cues (which read them as they are).
"""

import re
import unicodedata
from typing import NamedTuple

_MARK = "\u0300-\u036f"
_WORD = re.compile(rf"[^\W\d_][^\W\d_{_MARK}]*(?:[{_MARK}]+[^\W\d_{_MARK}]*)*|\d+(?:[.,]\d+)*")
_SIGNS = r"|[®™℠€$£%!?:;…\[\]«»“”\"]"
_PIECE = re.compile(_WORD.pattern + _SIGNS)
_PIECE_WITHOUT_MARKS = re.compile(
    r"[^\W\d_]+|\d+(?:[.,]\d+)*" + _SIGNS
)  # the same where there are none, in half the time
_MARKS = re.compile(f"[{_MARK}]")
APOSTROPHES = "'’ʼ‘`´＇"
_FROM_APOSTROPHES = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
_FROM_LETTERS = _FROM_APOSTROPHES | str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d"}
)  # letters that are no letter with an accent to Unicode


class Token(NamedTuple):
    """A word or number of a text; `start` and `end` are code points in that text, `text` is folded."""

    text: str
    start: int
    end: int


def normalize(text: str) -> str:
    """NFC, one kind of apostrophe, lower case; accents stay. Not of the same length as `text`."""
    if text.isascii():
        return text.lower().translate(_FROM_APOSTROPHES)
    return unicodedata.normalize("NFC", text).translate(_FROM_APOSTROPHES).lower()


def fold(text: str) -> str:
    """`normalize`, and accents taken off: `È` and `e` are one."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_FROM_LETTERS).lower()


def words(text: str) -> list[Token]:
    """The words and numbers of `text`, normalized, in order."""
    return [Token(normalize(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]


def pieces(text: str) -> list[Token]:
    """The words, numbers and telling signs (® % ? …) of `text`, accents folded, in order."""
    lowered = text.lower()
    if len(lowered) != len(text):  # one letter of Turkish becomes two
        return [Token(fold(m.group()), m.start(), m.end()) for m in _PIECE.finditer(text)]
    found = (_PIECE if _MARKS.search(lowered) else _PIECE_WITHOUT_MARKS).finditer(lowered)
    new = tuple.__new__
    if lowered.isascii():
        return [new(Token, (m[0], *m.span())) for m in found]
    return [new(Token, (piece if (piece := m[0]).isascii() else fold(piece), *m.span())) for m in found]
